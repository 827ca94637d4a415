"""An objection to a month's result is answered: by the head first, and once more by HR where the person passes it on."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from assessment.actions.doubt_raise import worded
from assessment.actions.feedback_reply import move, refusal
from assessment.models import Feedback, FeedbackState, FeedbackStep
from assessment.selectors.feedback import DAYS, HEAD, HR
from staff.actions.person_change import require_in_scope
from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.workdays import term_end
from staff.selectors.leaders import account_of

S = FeedbackState


@transaction.atomic
def answer_feedback(*, access: Access, feedback: Feedback, words: str) -> Feedback:
    """In writing. It changes no result: what was wrong in the month is put right by a correction. An answer that comes late is
    taken: nothing adverse follows from somebody else's delay.

    Raises ``Forbidden`` (not whose turn it is, oneself, a superior, whoever fed it back or answered first), ``Refused`` (no
    words; answered meanwhile).
    """
    require_turn(access, feedback)
    first = feedback.state == S.OBJECTED
    # The day by which it is answered does not end the right to answer.
    Feedback.objects.filter(pk=feedback.pk, state=feedback.state, due_on__lt=access.day).update(due_on=access.day)
    if first:
        return move(
            access=access, feedback=feedback, where=S.OBJECTED, step=FeedbackStep.ANSWERED, state=S.ANSWERED,
            words=worded(words), answered_by=access.account_id, due_on=term_end(access.day, DAYS), code="feedback_answered",
            kind="feedback_answered", to=account_of(feedback.employee_id),
        )  # fmt: skip
    return move(
        access=access, feedback=feedback, where=S.WITH_HR, step=FeedbackStep.CLOSED, state=S.CLOSED, words=worded(words),
        closed_by=access.account_id, due_on=None, code="feedback_closed", kind="feedback_answered",
        to=account_of(feedback.employee_id),
    )  # fmt: skip


def require_turn(access: Access, feedback: Feedback) -> None:
    """Raises ``Forbidden``, ``Refused`` as ``answer_feedback`` does."""
    access.require_person()
    if feedback.state not in (S.OBJECTED, S.WITH_HR):
        if not (access.may(Thing.FEEDBACK, Verb.DECIDE) or access.in_roles(HEAD).roles):
            raise Forbidden(_("An objection is answered by the head of the department, then by HR."))
        raise Refused(refusal(feedback, S.OBJECTED), code="state")
    role, verb = (HEAD, Verb.UPDATE) if feedback.state == S.OBJECTED else (HR, Verb.DECIDE)
    acting = access.in_roles(role)
    if not acting.roles:
        raise Forbidden(
            _("The head of the department answers first.") if role is HEAD else _("HR of the department answers now.")
        )
    acting.require_about(feedback.employee_id, Thing.FEEDBACK, verb)
    require_in_scope(acting, feedback.employee, verb, Thing.FEEDBACK)
    if access.accounts & {feedback.told_by_id, feedback.answered_by_id}:
        raise Forbidden(_("You fed the result back or gave the first answer; somebody else answers this."))


@transaction.atomic
def lapse_feedback(*, access: Access) -> int:
    """Terms of persons that were over before the day of ``access``: silence is recorded as silence; a head's answer that was
    not passed on stands. How many. Raises ``Forbidden``.
    """
    access.require(Thing.JOB, Verb.UPDATE)
    over = Q(due_on__lt=access.day, state__in=[S.TOLD, S.ANSWERED])
    rows = list(Feedback.objects.select_for_update().filter(over).order_by("pk"))
    for row in rows:
        state, step = (S.SILENT, FeedbackStep.SILENT) if row.state == S.TOLD else (S.CLOSED, FeedbackStep.CONTENT)
        before = row.state
        Feedback.objects.filter(pk=row.pk).update(state=state, since=access.day, due_on=None)
        row.acts.create(step=step)
        audit.record(
            access, "feedback_lapsed", object_type="feedback", object_key=row.pk, employee_id=row.employee_id,
            before={"state": before}, after={"state": state},
        )  # fmt: skip
    return len(rows)
