"""A person doubts what was reported about them."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from assessment.models import AssessmentMonth, Doubt, DoubtState, EmployeeMonth, Event, EventStatus, Metric, MonthState
from assessment.selectors.doubts import accounts_that_answer, supervisor_account
from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.outbox import Message, tell
from staff.kernel.periods import Month
from staff.kernel.refusals import told
from staff.models import Employee

#: As much as fits a letter.
LONGEST = 2000


@transaction.atomic
def raise_doubt(*, access: Access, about: Metric | Event, month: Month, text: str) -> Doubt:
    """About a value of one's own month, or an event of one's own. It lies with whoever leads the person today; with HR
    where nobody does, or where the month is sealed, for then only a correction puts it right.

    Raises ``Refused`` (no words, nothing is reported there, the same is doubted already), ``Forbidden`` (not one's own).
    """
    access.require(Thing.DOUBT, Verb.CREATE)
    employee = Employee.objects.filter(pk=access.employee_id or 0).first()
    if employee is None or (isinstance(about, Event) and about.employee_id != employee.pk):
        raise Forbidden(_("A doubt is raised by the person whom the report is about."))
    state = _first_with(employee, month, access.day)
    doubt = Doubt(employee=employee, month=month, text=worded(text), shown=_shown(employee, about, month), state=state)
    if isinstance(about, Event):
        doubt.event = about
    else:
        doubt.metric = about
    twice = _("You have doubted this already, and the answer is still to come.")
    with told({"one_open_doubt_a_value": twice, "one_open_doubt_an_event": twice}):
        doubt.save()
    audit.record(
        access, "doubt_raised", object_type="doubt", object_key=doubt.pk, employee_id=employee.pk,
        after={"month": str(month), "about": about.key if isinstance(about, Metric) else about.event_no, "state": doubt.state},
    )  # fmt: skip
    tell_whoever_answers(doubt, access)
    return doubt


def worded(text: str) -> str:
    """Trimmed. Raises ``Refused`` where nothing is said, or too much."""
    text = text.strip()
    if not text:
        raise Refused(_("Say it in words: without them nobody can look into it."), code="text")
    if len(text) > LONGEST:
        raise Refused(_("At most %(most)s characters.") % {"most": LONGEST}, code="text")
    return text


def require_own(access: Access, doubt: Doubt) -> None:
    """Raises ``Forbidden``: what was raised is passed on and withdrawn by whoever raised it."""
    access.require(Thing.DOUBT, Verb.CREATE)
    if doubt.employee_id != access.employee_id:
        raise Forbidden(_("Only the person who raised it does this."))


def tell_whoever_answers(doubt: Doubt, access: Access) -> None:
    """Each of them once a step."""
    tell(
        Message(f"doubt:{doubt.pk}:{doubt.state}:{account}", account, "doubt_to_answer", {"doubt": doubt.pk})
        for account in accounts_that_answer(doubt, access.day)
    )


def _first_with(employee: Employee, month: Month, day: date) -> DoubtState:
    sealed = AssessmentMonth.objects.filter(month=month, state=MonthState.SEALED).exists()
    return DoubtState.WITH_HR if sealed or supervisor_account(employee, day) is None else DoubtState.RAISED


def _shown(employee: Employee, about: Metric | Event, month: Month) -> str:
    """What stands there now: a plain number, or the event in words."""
    if isinstance(about, Event):
        return f"{about.day.isoformat()} {EventStatus(about.status).label} {about.subject}".strip()[:200]
    row = EmployeeMonth.objects.filter(employee=employee, month=month).first()
    value = getattr(row, f"s{about.slot}") if row else None
    if value is None:
        raise Refused(_("Nothing is reported there. What is missing is owed by your supervisor, and the page says so."))
    return f"{value.normalize():f}"
