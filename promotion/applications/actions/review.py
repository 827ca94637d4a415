"""The head of department reviews: each clause that the policy leaves to them is met or unmet, with a reason."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from promotion.applications.actions.judge import judge
from promotion.applications.actions.step_finish import decline, reasoned
from promotion.applications.attesting import Answer
from promotion.applications.models import Act, Application
from promotion.applications.process import REVIEW, clause_of
from promotion.applications.rights import require_review
from staff.kernel.access import Access


@transaction.atomic
def review(
    *,
    access: Access,
    application: Application,
    words: str = "",
    answers: Mapping[str, Answer] | None = None,
    passed: bool = True,
    key: str | None = None,
) -> Application:
    """An unmet clause ends it, with that clause and its reason; so does ``passed=False``, with the words and the clause of the
    review itself.

    Raises ``Forbidden`` (not a head of the person's department), ``Refused`` (a clause not answered; elsewhere meanwhile).
    """
    require_review(access, application)
    if not passed:
        return decline(
            access=access, application=application, step=REVIEW, words=reasoned(words), key=key,
            clause=clause_of(application, REVIEW),
        )  # fmt: skip
    return judge(
        access=access, application=application, step=REVIEW, act=Act.REVIEWED, words=words, public=True,
        answers=answers or {}, key=key,
    )  # fmt: skip
