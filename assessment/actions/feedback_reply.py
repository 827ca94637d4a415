"""The person answers the feedback: acknowledges it, objects to it with reasons, or passes the head's answer on to HR."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assessment.actions.doubt_raise import worded
from assessment.models import Feedback, FeedbackAct, FeedbackState, FeedbackStep
from assessment.selectors.feedback import DAYS, accounts_that_act, heads_but
from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.outbox import Message, tell
from staff.kernel.workdays import term_end


@transaction.atomic
def acknowledge_feedback(*, access: Access, feedback: Feedback, words: str = "") -> Feedback:
    """Read, with words or without; it gives nothing up. Raises ``Refused`` (answered, or too late), ``Forbidden``."""
    require_own(access, feedback)
    said = worded(words) if words.strip() else ""
    return move(
        access=access, feedback=feedback, where=FeedbackState.TOLD, step=FeedbackStep.ACKNOWLEDGED,
        state=FeedbackState.ACKNOWLEDGED, words=said, due_on=None, code="feedback_acknowledged",
    )  # fmt: skip


@transaction.atomic
def object_to_feedback(*, access: Access, feedback: Feedback, words: str) -> Feedback:
    """With reasons. The head answers; HR does at once where whoever fed it back is the head. Raises as
    ``acknowledge_feedback``; ``Refused`` also without words.
    """
    require_own(access, feedback)
    heads = heads_but(feedback, access.day)
    state = FeedbackState.OBJECTED if heads else FeedbackState.WITH_HR
    return move(
        access=access, feedback=feedback, where=FeedbackState.TOLD, step=FeedbackStep.OBJECTED, state=state,
        words=worded(words), due_on=term_end(access.day, DAYS), code="feedback_objected", kind="feedback_to_answer",
    )  # fmt: skip


@transaction.atomic
def pass_on_feedback(*, access: Access, feedback: Feedback) -> Feedback:
    """The head's answer does not content the person: HR answers once more, for the last time. Raises as above."""
    require_own(access, feedback)
    return move(
        access=access, feedback=feedback, where=FeedbackState.ANSWERED, step=FeedbackStep.PASSED_ON,
        state=FeedbackState.WITH_HR, due_on=term_end(access.day, DAYS), code="feedback_passed_on", kind="feedback_to_answer",
    )  # fmt: skip


def require_own(access: Access, feedback: Feedback) -> None:
    """Raises ``Forbidden`` for everybody but the person."""
    access.require_person()
    access.require(Thing.FEEDBACK, Verb.UPDATE)
    if access.employee_id is None or feedback.employee_id != access.employee_id:
        raise Forbidden(_("Only the person whose result it is does this."))


def move(
    *, access: Access, feedback: Feedback, where: str, step: str, state: str, code: str, words: str = "", kind: str = "",
    to: Iterable[int] | None = None, **changes: Any,
) -> Feedback:  # fmt: skip
    """From ``where`` to ``state``, once: whoever comes second, or after the last day, is told so. ``kind`` is what is told
    ``to`` some accounts, or to whoever acts next. It checks no right.
    """
    claimed = Feedback.objects.filter(pk=feedback.pk, state=where, due_on__gte=access.day).update(
        state=state, since=access.day, **changes
    )
    feedback.refresh_from_db()
    if not claimed:
        raise Refused(refusal(feedback, where), code="state")
    FeedbackAct.objects.create(feedback=feedback, step=step, by_id=access.account_id, words=words)
    audit.record(
        access, code, object_type="feedback", object_key=feedback.pk, employee_id=feedback.employee_id,
        before={"state": where}, after={"state": state},
    )  # fmt: skip
    if kind:
        told = accounts_that_act(feedback, access.day) if to is None else to
        tell(
            Message(f"feedback:{feedback.pk}:{state}:{one}", one, kind, {"feedback": feedback.pk})
            for one in dict.fromkeys(told)
        )
    return feedback


def refusal(feedback: Feedback, where: str) -> str:
    """Why it is not moved from there any more."""
    if feedback.state == where:
        return _("The term ended on %(day)s at 24:00. What is wrong in the month can still be doubted.") % {
            "day": feedback.due_on
        }
    return _("It is “%(state)s” meanwhile. Load the page again.") % {"state": feedback.get_state_display()}
