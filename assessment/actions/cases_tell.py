"""Tell of cases: the person of their own, and whoever has to act that there are some. Only names of kinds' pages, no facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet

from assessment.models import Case
from staff.kernel.outbox import Message, tell
from staff.models import DepartmentClosure, Role, RoleGrant, SupervisorPeriod

#: Ids a query.
_BATCH = 5000


def tell_of_cases(ids: list[int], *, day: date) -> int:
    """Each person of their cases; HR of the departments, and whoever else has to act, once a policy and period."""
    told = 0
    for cases in _batches(ids):
        told += tell(_to_people(cases, "case_raised"))
        told += tell(_to_hr(cases, day))
        told += tell(_to_supervisors(cases, day))
        told += tell(_to_heads(cases))
    return told


def tell_of_withdrawn(ids: list[int]) -> int:
    """Each person that a case of theirs stands no more."""
    return sum(tell(_to_people(cases, "case_withdrawn")) for cases in _batches(ids))


def _batches(ids: list[int]) -> Iterator[QuerySet[Case]]:
    for at in range(0, len(ids), _BATCH):
        yield Case.objects.filter(pk__in=ids[at : at + _BATCH]).order_by("pk")


def _to_people(cases: QuerySet[Case], kind: str) -> Iterator[Message]:
    reached = cases.filter(employee__account__is_active=True).values_list("pk", "employee__account")
    for case, account in reached.iterator(chunk_size=2000):
        yield Message(f"{kind}:{case}", account, kind, {"case": case})


def _to_hr(cases: QuerySet[Case], day: date) -> Iterator[Message]:
    grants = RoleGrant.objects.filter(role=Role.HR, period__contains=day, account__is_active=True)
    holders = [grant for grant in grants.select_related("account") if grant.covers(day)]
    if not holders:
        return
    periods = list(cases.order_by().values_list("policy", "level", "month", "department").distinct())
    above: dict[int, set[int]] = {}
    of = {department for *_period, department in periods}
    for descendant, ancestor in DepartmentClosure.objects.filter(descendant__in=of).values_list(
        "descendant_id", "ancestor_id"
    ):
        above.setdefault(descendant, set()).add(ancestor)
    for grant in holders:
        reached = {
            tuple(period)
            for *period, department in periods
            if grant.department_id is None or grant.department_id in above.get(department, set())
        }
        yield from _to_act(grant.account_id, reached)


def _to_supervisors(cases: QuerySet[Case], day: date) -> Iterator[Message]:
    theirs = cases.filter(owner=Role.SUPERVISOR, employee__isnull=False)
    led = SupervisorPeriod.objects.filter(
        employee__cases__in=theirs, period__contains=day, supervisor__account__is_active=True
    )
    periods = led.order_by().values_list(
        "supervisor__account", "employee__cases__policy", "employee__cases__level", "employee__cases__month"
    )
    yield from _each(periods.distinct())


def _to_heads(cases: QuerySet[Case]) -> Iterator[Message]:
    periods = cases.filter(owner=Role.HEAD, department__head__account__is_active=True).order_by()
    yield from _each(periods.values_list("department__head__account", "policy", "level", "month").distinct())


def _each(periods: Iterable[Any]) -> Iterator[Message]:
    for account, *period in periods:
        yield from _to_act(account, {tuple(period)})


def _to_act(account: int, periods: set[tuple[Any, ...]]) -> Iterator[Message]:
    for policy, level, month in sorted(periods, key=str):
        payload = {"policy": policy, "level": level, "month": str(month)}
        yield Message(f"cases:{policy}:{level}:{month}:{account}", account, "cases_to_act", payload)
