"""The general manager decides: approves, or declines with a clause and a reason."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from promotion.applications.actions.step_finish import at, decline, done_before, finish_step, who_was_first
from promotion.applications.attesting import Answer, complete, keep_answers
from promotion.applications.deciding import grounds_of, refuse_ungrounded
from promotion.applications.models import DECISION, Act, Application
from promotion.applications.process import clauses_to_name
from promotion.applications.rights import require_decision
from staff.kernel.access import Access, Refused


@transaction.atomic
def approve(
    *,
    access: Access,
    application: Application,
    words: str = "",
    answers: Mapping[str, Answer] | None = None,
    key: str | None = None,
) -> Application:
    """It goes on to the public notice. ``words`` answer what differs between the frozen standing and today's; ``answers`` are
    the clauses that no earlier step of the process had anybody to judge.

    Raises ``Forbidden`` (not the general manager; oneself; a superior), ``Refused`` (data is waited for; a difference without
    words; a result of the process or a clause that is not met; decided or withdrawn meanwhile, by whom).
    """
    require_decision(access, application)
    if done_before(application, key):
        return application
    # Whoever comes second waits here for whoever was first, and reads what they did.
    if not Application.objects.select_for_update().filter(at(DECISION), pk=application.pk).exists():
        raise Refused(who_was_first(application), code="state")
    application.refresh_from_db()
    grounds, answers = grounds_of(application), answers or {}
    refuse_ungrounded(application, grounds, words, answers)
    application = finish_step(
        access=access, application=application, step=DECISION, act=Act.APPROVED, words=words, key=key,
        data={"differences": [d.finding.clause.number for d in grounds.differences]} if grounds.differences else None,
    )  # fmt: skip
    keep_answers(access, application, "gm", complete(application, DECISION, answers))
    return application


@transaction.atomic
def decline_application(
    *, access: Access, application: Application, words: str, clause: str, key: str | None = None
) -> Application:
    """With the clause and the reason, which the person reads and may appeal.

    Raises ``Forbidden``, ``Refused`` (no clause or reason; decided or withdrawn meanwhile, by whom).
    """
    require_decision(access, application)
    return decline(
        access=access, application=application, step=DECISION, words=words, clause=named(application, clause), key=key
    )


def named(application: Application, clause: str) -> str:
    """The clause as the document numbers it. Raises ``Refused`` for one that it has not."""
    clause = clause.strip()
    if clause not in clauses_to_name(application):
        raise Refused(
            _("Name the clause by which it is declined: %(clauses)s.")
            % {"clauses": _(", ").join(clauses_to_name(application))},
            code="clause",
        )
    return clause
