"""What the room of applications tells the product: messages, what waits for whom, what is late, its terms, news of teams."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from policy.web.process import PROCESS
from promotion.applications.models import DECISION, EFFECT, Appeal, AppealState, Application, ApplicationState
from promotion.applications.owners import accounts_at, deciders_of
from promotion.applications.process import OPINION, PANELS, REVIEW, days_of
from promotion.applications.waiting import appeals_to_decide, waiting_for
from promotion.panels.selectors import seated
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.overdue import Overdue, register_overdue
from staff.kernel.team_news import News, register_team_news
from staff.kernel.todos import Todo, register_todos
from staff.kernel.told import Payload, register_message
from staff.kernel.workdays import Workdays, register_terms
from staff.models import Role
from staff.selectors.access import own_line
from staff.selectors.grants import accounts_of_role

_MESSAGES = {
    "application_nominated": gettext_lazy("HR nominates you for the next tier. Accept, or decline."),
    "application_submitted": gettext_lazy("An application for your promotion is under way."),
    "application_returned": gettext_lazy("Your application was returned for completion."),
    "application_declined": gettext_lazy(
        "There is a decision on your application. Open it to read it; you may appeal."
    ),
    "application_halted": gettext_lazy("Your application was halted. Open it to read why."),
    "application_approved": gettext_lazy("Your application is approved and will be posted."),
    "application_effective": gettext_lazy("Your promotion is in the ledger."),
    "opinion_asked": gettext_lazy("An application waits for your opinion."),
    "review_asked": gettext_lazy("An application waits for your review."),
    "decision_asked": gettext_lazy("An application waits for your decision."),
    "application_without_decider": gettext_lazy(
        "An application waits for a decision, and nobody is left who may take it: have another general manager granted."
    ),
    "application_refused": gettext_lazy(
        "A promotion could not take effect on its day: the ledger does not take it. Open it to read why."
    ),
    "notice_asked": gettext_lazy("An approved application waits to be posted."),
    "round_asked": gettext_lazy("An application waits to be put into a round."),
    "application_reminded": gettext_lazy("HR reminds you: an application waits for your next step."),
    "application_unseated": gettext_lazy("You stand before a panel no more. Open your application to read why."),
    "appeal_to_decide": gettext_lazy("An appeal against a decline waits for your decision."),
    "appeal_without_decider": gettext_lazy("An appeal waits, and nobody is left who may decide: name somebody."),
    "appeal_answered": gettext_lazy("Your appeal has been decided. Open the application to read it."),
    "application_late": gettext_lazy("An application waits for its next step, and its day has gone by."),
}
#: What waits at a step for whoever acts there, in words.
_WAITS = {
    OPINION: gettext_lazy("Give your opinion on the application of %(name)s"),
    REVIEW: gettext_lazy("Review the application of %(name)s"),
    DECISION: gettext_lazy("Decide on the application of %(name)s"),
    **dict.fromkeys(PANELS, gettext_lazy("Put the application of %(name)s into a round")),
}


def declare() -> None:
    for kind, words in _MESSAGES.items():
        register_message(kind, _saying(words), _page)
    register_todos("applications", _todos)
    register_overdue("applications", _overdue)
    register_terms("applications", _regrow)
    register_team_news("applications", _news)


def _todos(access: Access) -> Iterable[Todo]:
    yield from _own(access)
    yield from _appeals(access)
    rows = Application.objects.filter(waiting_for(access), state=ApplicationState.OPEN)
    rows = rows.filter(~seated())
    for row in rows.select_related("employee").order_by("due_on", "pk")[:_MOST]:
        text = str(_WAITS[row.step]) % {"name": row.employee.name}
        yield Todo(f"application:{row.pk}:{row.step}", text, _address(row), row.due_on, row.step_since.date())


#: Waiting things that are listed one by one.
_MOST = 100


def _appeals(access: Access) -> Iterator[Todo]:
    """Those that the reader decides; and for HR those that nobody is left to decide."""
    for one in appeals_to_decide(access)[:_MOST]:
        text = _("Decide on the appeal of %(name)s") % {"name": one.application.employee.name}
        yield Todo(f"appeal:{one.pk}", text, _address(one.application), one.due_on, one.raised_at.date())
    others = access.others().in_roles(frozenset({"hr"}))
    if not others.may(Thing.APPLICATION, Verb.UPDATE):
        return
    scoped = Application.objects.visible_to(others, Verb.UPDATE).exclude(employee__in=own_line(access))
    rows = Appeal.objects.filter(state=AppealState.OPEN, decider=None, application__in=scoped.values("pk"))
    for one in rows.select_related("application__employee").order_by("due_on", "pk")[:_MOST]:
        if not deciders_of(one, access.day):
            text = _("Name who decides on the appeal of %(name)s") % {"name": one.application.employee.name}
            yield Todo(f"appeal:{one.pk}:name", text, _address(one.application), one.due_on, one.raised_at.date())


def _own(access: Access) -> Iterator[Todo]:
    if access.employee_id is None or access.only is not None:
        return
    words = {
        ApplicationState.NOMINATED: _("HR nominates you: accept or decline"),
        ApplicationState.RETURNED: _("Complete your application and hand it in again"),
        ApplicationState.DRAFT: _("Your application is begun and not handed in"),
    }
    for row in Application.objects.filter(employee=access.employee_id, state__in=list(words)):
        state = ApplicationState(row.state)
        yield Todo(f"application:{row.pk}:{row.state}", words[state], _address(row), None, row.step_since.date())


def _overdue(day: date) -> Iterable[Overdue]:
    late = Q(due_on__lt=day) | Q(step=EFFECT, effective_on__lt=day)
    rows = Application.objects.filter(late, state=ApplicationState.OPEN).select_related("employee", "version")
    for row in rows.order_by("pk").iterator(chunk_size=500):
        due = row.due_on or row.effective_on
        if due is not None:
            yield Overdue(
                f"application:{row.pk}:{row.step}:{row.attempt}", tuple(accounts_at(row, row.step, day)),
                row.employee_id, row.department_id, due, "application_late", {"application": row.pk},
            )  # fmt: skip
    appeals = Appeal.objects.filter(state=AppealState.OPEN, due_on__lt=day).select_related("application__employee")
    for appeal in appeals.order_by("pk").iterator(chunk_size=500):
        about = appeal.application
        owners = deciders_of(appeal, day) or accounts_of_role(Role.HR, about.employee, day)
        yield Overdue(
            f"appeal:{appeal.pk}", tuple(owners), about.employee_id, about.department_id, appeal.due_on,
            "application_late", {"application": about.pk},
        )  # fmt: skip


def _regrow(known: Workdays) -> int:
    """Running terms by the calendar of now; none is shortened."""
    grown = 0
    rows = Application.objects.select_for_update(of=("self",)).filter(state=ApplicationState.OPEN, due_on__isnull=False)
    for row in rows.select_related("version"):
        days = days_of(row, row.step)
        if days is None or row.due_on is None:
            continue
        end = known.nth_after(row.step_since.date(), days)
        if end > row.due_on:
            grown += Application.objects.filter(pk=row.pk).update(due_on=end)
    return grown


def _news(day: date) -> Iterable[News]:
    """How many wait at each step in each department; no names."""
    rows = Application.objects.filter(state=ApplicationState.OPEN, step__in=list(_WAITS)).order_by()
    for step, department, n in (
        rows.values_list("step", "department").annotate(n=Count("pk")).order_by("step", "department")
    ):
        yield News(f"application:{step}", department, n, _counted(step))


def _counted(step: str) -> Callable[[int, str], str]:
    def said(n: int, name: str) -> str:
        words = ngettext(
            "%(department)s: %(n)d application waits (%(step)s)",
            "%(department)s: %(n)d applications wait (%(step)s)",
            n,
        )
        return words % {"department": name, "n": n, "step": str(PROCESS.get(step, step))}

    return said


def _saying(words: object) -> Callable[[Payload], str]:
    return lambda payload: str(words)


def _page(payload: Payload) -> str:
    return reverse("application", args=[f"A-{payload['application']:05}"])


def _address(row: Application) -> str:
    return reverse("application", args=[row.number])
