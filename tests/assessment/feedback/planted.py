"""A feedback that stands, for tests of who reaches it."""

from __future__ import annotations

from assessment.models import Feedback, FeedbackAct
from staff.kernel.periods import Month
from staff.kernel.workdays import term_end
from staff.models import Account, Employee
from tests.permissions.canaries import Secret

WORDS = "canary-talk"


def planted_feedback(person: Employee, month: Month, by: Account) -> Feedback:
    """Told by ``by`` on the third of the second month after, and not answered yet."""
    held_on = month.next.next.first_day.replace(day=3)
    feedback: Feedback = Feedback.objects.create(
        employee=person, month=month, held_on=held_on, since=held_on, due_on=term_end(held_on, 5), told_by=by
    )
    FeedbackAct.objects.create(feedback=feedback, step="told", by=by, words=f"{WORDS}-{person.employee_no}")
    return feedback


def of_the_talk(person: Employee, *readers: str) -> Secret:
    """What was said to the person."""
    return Secret(f"the talk of {person}", (f"{WORDS}-{person.employee_no}",), frozenset(readers))
