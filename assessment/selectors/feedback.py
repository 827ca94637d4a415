"""Feedback of results: whose result of a sealed month stands and was not fed back, who reads what, whose turn it is.

What is owed is the last sealed month: a later one takes its place, and the earlier can still be fed back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from assessment.models import (
    Assessed,
    AssessmentMonth,
    Feedback,
    FeedbackAct,
    FeedbackState,
    Level,
    MonthState,
    Result,
)
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.periods import Month
from staff.kernel.workdays import Workdays
from staff.models import Account, DepartmentPeriod, Employee, Role, SupervisorPeriod
from staff.models.querysets import within
from staff.selectors.grants import accounts_of_role
from staff.selectors.leaders import account_of, heads_of

#: Working days for the talk after the seal, for the person's answer, for the head's and for HR's (the policy process names
#: five for the person's; for the others it is a reading).
DAYS = 5
LEADERS = frozenset({Role.SUPERVISOR.value, Role.HEAD.value})
HEAD, HR = frozenset({Role.HEAD.value}), frozenset({Role.HR.value})
_SEALED = AssessmentMonth.objects.filter(state=MonthState.SEALED)


def leads_people(access: Access) -> bool:
    """Whether there may be somebody to feed results back to."""
    return bool(access.roles & LEADERS)


def sealed_months(most: int = 12) -> list[Month]:
    """The latest first."""
    return list(_SEALED.order_by("-month").values_list("month", flat=True)[:most])


def last_sealed() -> AssessmentMonth | None:
    """The month whose results are owed."""
    found: AssessmentMonth | None = _SEALED.order_by("-month").first()
    return found


def stands_of(month: Any) -> QuerySet[Result]:
    """Results of record of the sealed month that came to something: nobody who was exempt, and nothing that waits for data."""
    record = Assessed.objects.filter(
        policy=OuterRef("policy"), level=Level.MONTH, month=OuterRef("month"), of_record=True
    )
    rows = Result.objects.filter(level=Level.MONTH, month=month, employee__isnull=False, counts=True, missing=[])
    found: QuerySet[Result] = rows.filter(Exists(record))
    return found


def owed(month: Any, day: date) -> QuerySet[Result]:
    """Those results of whoever works here on the day that nobody has fed back."""
    given = Feedback.objects.filter(employee=OuterRef("employee"), month=OuterRef("month"))
    rows = stands_of(month).filter(~Exists(given), Q(employee__left_on__isnull=True) | Q(employee__left_on__gt=day))
    found: QuerySet[Result] = rows.filter(employee__in=Employee.objects.employed_on(day).values("pk"))
    return found


def last_owed(day: date) -> QuerySet[Result]:
    """``owed`` of the last sealed month, in one query."""
    return owed(Subquery(_SEALED.order_by("-month").values("month")[:1]), day)


def led_by(access: Access) -> Exists:
    """Of a row with an ``employee``: whether they report to the reader directly on the day."""
    return Exists(
        SupervisorPeriod.objects.filter(
            employee=OuterRef("employee"), supervisor=access.leads_as, period__contains=access.day
        )
    )


def of_leader(access: Access, month: Month) -> QuerySet[Any]:
    """Results of the month of those to whom the reader may feed them back, their own reports first. ``mine``: reports to the
    reader; ``leader``: the name of whoever leads them; ``fed`` and ``fed_state``: the feedback, where it was given.
    """
    acting = access.in_roles(LEADERS)
    given = Feedback.objects.filter(employee=OuterRef("employee"), month=OuterRef("month"))
    leads = SupervisorPeriod.objects.filter(employee=OuterRef("employee"), period__contains=access.day)
    rows = stands_of(month).filter(employee__in=Employee.objects.visible_to(acting, Verb.CREATE, Thing.FEEDBACK))
    found: QuerySet[Any] = (
        rows.exclude(employee__in=access.people)
        .select_related("employee", "department")
        .annotate(
            mine=led_by(access), leader=Subquery(leads.values("supervisor__name")[:1]),
            fed=Subquery(given.values("pk")[:1]), fed_state=Subquery(given.values("state")[:1]),
        )
        .order_by("-mine", "employee__employee_no", "policy")
    )  # fmt: skip
    return found


def waiting_for(access: Access) -> QuerySet[Result]:
    """Of the last sealed month, what the reader owes: those who report to them directly."""
    if not access.roles & LEADERS:
        return Result.objects.none()
    return last_owed(access.day).filter(led_by(access)).exclude(employee__in=access.people)


def feedback_in_scope(access: Access, pk: int) -> Feedback:
    """Raises ``Feedback.DoesNotExist`` for one outside the scope."""
    return Feedback.objects.visible_to(access).select_related("employee").get(pk=pk)


def feedback_of(access: Access, employee: Employee, month: Month) -> Feedback | None:
    """Of somebody's month, where the reader may read it."""
    found: Feedback | None = Feedback.objects.visible_to(access).filter(employee=employee, month=month).first()
    return found


def acts_of(feedback: Feedback) -> Sequence[FeedbackAct]:
    """In order, with whoever acted."""
    return list(feedback.acts.select_related("by__employee").order_by("pk"))


def to_act(access: Access) -> QuerySet[Feedback]:
    """What waits for the reader: their own, objections to answer as head or as HR. One query."""
    state, mine = FeedbackState, Q(pk__in=[])
    if access.employee_id is not None and access.behalf is None:
        mine = Q(employee=access.employee_id, state__in=[state.TOLD, state.ANSWERED], due_on__gte=access.day)
    for role, verb, at in ((HEAD, Verb.UPDATE, state.OBJECTED), (HR, Verb.DECIDE, state.WITH_HR)):
        acting = access.in_roles(role)
        if acting.roles:
            inside = within(acting.scope(Thing.FEEDBACK, verb), access.day, "employee__")
            apart = ~Q(employee__in=access.people) & ~Q(told_by__in=access.accounts)
            first = Q(answered_by__isnull=True) | ~Q(answered_by__in=access.accounts)
            mine |= Q(inside, apart, first, state=at)
    return Feedback.objects.filter(mine).select_related("employee").order_by("due_on", "pk")


def with_hr(access: Access) -> QuerySet[Feedback]:
    """Objections that wait for HR's last answer in the reader's scope."""
    found: QuerySet[Feedback] = Feedback.objects.visible_to(access, Verb.DECIDE).filter(state=FeedbackState.WITH_HR)
    return found


def heads_but(feedback: Feedback, day: date) -> list[int]:
    """Accounts of the heads above the person, without whoever fed the result back."""
    return [pk for pk in heads_of(feedback.employee, day) if pk != feedback.told_by_id]


def accounts_that_act(feedback: Feedback, day: date) -> list[int]:
    """Whose turn it is."""
    if feedback.state in (FeedbackState.TOLD, FeedbackState.ANSWERED):
        return account_of(feedback.employee_id)
    if feedback.state == FeedbackState.OBJECTED:
        return heads_but(feedback, day) or accounts_of_role(Role.HR, feedback.employee, day)
    if feedback.state == FeedbackState.WITH_HR:
        taken = {feedback.told_by_id, feedback.answered_by_id}
        return [pk for pk in accounts_of_role(Role.HR, feedback.employee, day) if pk not in taken]
    return []


def owed_by_leader(access: Access, month: Month) -> list[tuple[str, str, int]]:
    """(name, number, how many) of whoever leads those in the reader's scope who were not told their result; most first. The
    name is empty where nobody leads them.
    """
    leads = SupervisorPeriod.objects.filter(employee=OuterRef("employee"), period__contains=access.day)
    people = Employee.objects.visible_to(access.others(), Verb.READ, Thing.FEEDBACK)
    rows = owed(month, access.day).filter(employee__in=people)
    named = rows.annotate(
        leader=Subquery(leads.values("supervisor__name")[:1]),
        number=Subquery(leads.values("supervisor__employee_no")[:1]),
    )
    found = named.order_by().values("leader", "number").annotate(n=Count("employee", distinct=True))
    return [(one["leader"] or "", one["number"] or "", one["n"]) for one in found.order_by("-n", "number")]


def late_objections(day: date) -> Iterable[tuple[Feedback, int]]:
    """Objections whose answer was due before the day, and the person's department."""
    placed = DepartmentPeriod.objects.filter(employee=OuterRef("employee"), period__contains=day)
    rows = Feedback.objects.filter(state__in=[FeedbackState.OBJECTED, FeedbackState.WITH_HR], due_on__lt=day)
    rows = rows.annotate(place=Subquery(placed.values("department")[:1])).filter(place__isnull=False)
    return [(row, row.place) for row in rows.select_related("employee").order_by("pk")]


def late_talks(day: date) -> tuple[Month, date, list[tuple[int, int, int]]] | None:
    """(month, its last day, [(account of whoever leads, a department of theirs, how many)]) where the last sealed month's
    talks were due before the day.
    """
    month = last_sealed()
    if month is None or month.sealed_at is None:
        return None
    due_on = talks_due(month)
    if due_on >= day:
        return None
    leads = SupervisorPeriod.objects.filter(employee=OuterRef("employee"), period__contains=day)
    rows = owed(month.month, day).annotate(leader=Subquery(leads.values("supervisor")[:1])).filter(leader__isnull=False)
    count: dict[int, tuple[int, int]] = {}
    for leader, department in rows.order_by("employee__employee_no").values_list("leader", "department"):
        first, n = count.get(leader, (department, 0))
        count[leader] = (first, n + 1)
    accounts = Account.objects.filter(employee__in=count, is_active=True).order_by("pk")
    return (
        month.month,
        due_on,
        [(pk, *count[employee]) for pk, employee in accounts.values_list("pk", "employee")],
    )


def talks_due(month: AssessmentMonth) -> date:
    """The last day for the talks of a sealed month. One query."""
    from django.utils import timezone

    if month.sealed_at is None:
        raise ValueError(month.month)
    return Workdays.known().nth_after(timezone.localdate(month.sealed_at), DAYS)
