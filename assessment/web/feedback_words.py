"""What feedback of results tells the product: messages, what waits for whom, what is late, its terms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessment.models import FEEDBACK_ENDED, Feedback, FeedbackState
from assessment.selectors.feedback import (
    DAYS,
    LEADERS,
    accounts_that_act,
    last_sealed,
    late_objections,
    late_talks,
    talks_due,
    to_act,
    waiting_for,
)
from staff.kernel.access import Access
from staff.kernel.overdue import Overdue, register_overdue
from staff.kernel.todos import Todo, register_todos
from staff.kernel.told import Payload, register_message
from staff.kernel.workdays import Workdays, register_terms

_SAID = {
    "feedback_given": gettext_lazy("Your result of a month was fed back to you. Read it, then acknowledge or object."),
    "feedback_to_answer": gettext_lazy("An objection to a month's result waits for your answer."),
    "feedback_answered": gettext_lazy("Your objection to a month's result has been answered."),
}
_STATES = {
    FeedbackState.TOLD: gettext_lazy("Result of %(month)s: acknowledge it, or object"),
    FeedbackState.ANSWERED: gettext_lazy(
        "Result of %(month)s: your objection was answered; not content, pass it on to HR"
    ),
    FeedbackState.OBJECTED: gettext_lazy("%(name)s objects to the result of %(month)s"),
    FeedbackState.WITH_HR: gettext_lazy("%(name)s objects to the result of %(month)s: HR answers"),
}


def register() -> None:
    """Called once, when the apps are up."""
    for kind, words in _SAID.items():
        register_message(kind, lambda payload, words=words: str(words), _page)  # type: ignore[misc]
    register_message(
        "feedback_owed",
        lambda p: _("Results of %(month)s wait to be fed back to those who report to you.") % {"month": p["month"]},
        lambda p: reverse("feedback-list") + f"?month={p['month']}",
    )
    register_todos("feedback", todos)
    register_overdue("feedback", overdue)
    register_terms("feedback", regrow)


def todos(access: Access) -> Iterable[Todo]:
    """The reader's talks that are owed, as one; their own feedback to answer; objections to answer. Four queries at most."""
    if access.roles & LEADERS and (n := waiting_for(access).values("employee").distinct().count()):
        month = last_sealed()
        if month is not None:
            text = ngettext(
                "Result of %(month)s: %(n)d person to talk with", "Results of %(month)s: %(n)d people to talk with", n
            )
            yield Todo(
                f"feedback:{month.month}", text % {"n": n, "month": month.month},
                reverse("feedback-list") + f"?month={month.month}", talks_due(month),
            )  # fmt: skip
    if access.employee_id is None and access.account_id is None:
        return
    for one in to_act(access):
        text = str(_STATES[FeedbackState(one.state)]) % {"month": one.month, "name": one.employee.name}
        yield Todo(f"feedback:{one.pk}:{one.state}", text, reverse("feedback", args=[one.pk]), one.due_on, one.since)


def overdue(day: date) -> Iterable[Overdue]:
    """Talks of the last sealed month, one entry a leader; objections that nobody has answered. An employee's own term is none:
    silence is their right.
    """
    found = late_talks(day)
    if found is not None:
        month, due_on, leaders = found
        for account, department, _n in leaders:
            yield Overdue(
                f"feedback:{month}:{account}",
                (account,),
                None,
                department,
                due_on,
                "feedback_owed",
                {"month": str(month)},
            )
    for one, department in late_objections(day):
        if one.due_on is not None:
            yield Overdue(
                f"feedback:{one.pk}:{one.state}", tuple(accounts_that_act(one, day)), one.employee_id, department, one.due_on,
                "feedback_to_answer", {"feedback": one.pk},
            )  # fmt: skip


def regrow(known: Workdays) -> int:
    """Running terms that are longer by the calendar as it is known now."""
    grown = 0
    for one in Feedback.objects.select_for_update().exclude(state__in=FEEDBACK_ENDED).order_by("pk"):
        end = known.nth_after(one.since, DAYS)
        if one.due_on is not None and end > one.due_on:
            grown += Feedback.objects.filter(pk=one.pk).update(due_on=end)
    return grown


def _page(payload: Payload) -> str:
    return reverse("feedback", args=[payload["feedback"]])
