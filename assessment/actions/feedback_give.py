"""Whoever leads a person has told them the result of a sealed month: the talk, and what was agreed."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from assessment.actions.doubt_raise import LONGEST
from assessment.models import AssessmentMonth, Feedback, FeedbackAct, FeedbackState, FeedbackStep
from assessment.selectors.feedback import DAYS, LEADERS, stands_of
from staff.actions.person_change import require_in_scope
from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.outbox import Message, tell
from staff.kernel.periods import Month
from staff.kernel.refusals import told
from staff.kernel.workdays import term_end
from staff.models import Employee
from staff.selectors.leaders import account_of


@transaction.atomic
def give_feedback(
    *, access: Access, employee: Employee, month: Month, held_on: date, summary: str, agreed: str
) -> Feedback:
    """``held_on``: the day of the talk, after the month was sealed. The person may answer for five working days after today.

    Raises ``Forbidden`` (neither supervisor nor head of the person, oneself, a superior), ``Refused`` (no summary, a day that
    is still to come or before the month's seal, no result that stands, fed back already and by whom).
    """
    access.require_person()
    require_leader(access, employee)
    summary, agreed = summary.strip(), agreed.strip()
    for code, text in (("summary", summary), ("agreed", agreed)):
        if len(text) > LONGEST:
            raise Refused(_("At most %(most)s characters.") % {"most": LONGEST}, code=code)
    if not summary:
        raise Refused(_("Say in words what was talked over: the person reads it."), code="summary")
    _require_day(access, employee, month, held_on)
    again = _("The result of %(month)s has been fed back to %(name)s already.") % {
        "month": month,
        "name": employee.name,
    }
    with told({"one_feedback_a_person_and_month": again}), transaction.atomic():
        feedback = Feedback.objects.create(
            employee=employee, month=month, held_on=held_on, state=FeedbackState.TOLD, since=access.day,
            due_on=term_end(access.day, DAYS), told_by_id=access.account_id or 0,
        )  # fmt: skip
    FeedbackAct.objects.create(
        feedback=feedback, step=FeedbackStep.TOLD, by_id=access.account_id, words=summary, agreed=agreed
    )
    audit.record(
        access, "feedback_given", object_type="feedback", object_key=feedback.pk, employee_id=employee.pk,
        after={"month": str(month), "held_on": held_on.isoformat(), "state": feedback.state},
    )  # fmt: skip
    tell(
        Message(f"feedback:{feedback.pk}:told:{one}", one, "feedback_given", {"feedback": feedback.pk})
        for one in account_of(employee.pk)
    )
    return feedback


def require_leader(access: Access, employee: Employee) -> None:
    """Raises ``Forbidden`` for whoever is neither supervisor nor head of the person, or is the person, or led by them."""
    acting = access.in_roles(LEADERS)
    if not acting.roles:
        raise Forbidden(_("The result is fed back by the person's supervisor, or by the head of the department."))
    acting.require_about(employee.pk, Thing.FEEDBACK, Verb.CREATE)
    require_in_scope(acting, employee, Verb.CREATE, Thing.FEEDBACK)


def _require_day(access: Access, employee: Employee, month: Month, held_on: date) -> None:
    sealed = AssessmentMonth.objects.filter(month=month).values_list("sealed_at__date", flat=True).first()
    if not stands_of(month).filter(employee=employee).exists() or sealed is None:
        raise Refused(
            _("%(name)s has no result of %(month)s that stands: the month is sealed and assessed first.")
            % {"name": employee.name, "month": month},
            code="result",
        )
    if not sealed <= held_on <= access.day:
        raise Refused(
            _("The talk was held between %(first)s, when the month was sealed, and today.") % {"first": sealed},
            code="held_on",
        )
