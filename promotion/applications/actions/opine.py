"""Whoever leads the person gives an opinion, and answers the clauses that the policy leaves to them."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from promotion.applications.actions.judge import judge
from promotion.applications.actions.step_finish import reasoned
from promotion.applications.attesting import Answer
from promotion.applications.models import Act, Application
from promotion.applications.process import OPINION
from promotion.applications.rights import require_opinion
from staff.kernel.access import Access


@transaction.atomic
def opine(
    *,
    access: Access,
    application: Application,
    words: str,
    answers: Mapping[str, Answer] | None = None,
    key: str | None = None,
) -> Application:
    """The words are for whoever decides. A clause that is found unmet ends it, with that clause and its reason.

    Raises ``Forbidden`` (not whoever leads the person directly), ``Refused`` (no words; a clause not answered; elsewhere).
    """
    require_opinion(access, application)
    return judge(
        access=access, application=application, step=OPINION, act=Act.OPINED, words=reasoned(words), public=False,
        answers=answers or {}, key=key,
    )  # fmt: skip
