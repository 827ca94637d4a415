"""Vacant posts as each reader may see them, and the shortlist of one: all holders of the top tier, ranked by nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, QuerySet

from policy.language.checked import Checked
from policy.models import PolicyVersion
from policy.selectors import Governed, governing_department, unbound
from promotion.ledger.models import TierPeriod
from promotion.shortlist.models import Vacancy, VacancyState
from staff.kernel.access import Access, Thing, Verb
from staff.models import Department, DepartmentClosure, DepartmentPeriod, Employee

_WITH = ("department", "version", "chosen", "opened_by__employee", "settled_by__employee")


@dataclass(frozen=True, slots=True)
class Listed:
    """One holder of the top tier: where they belong, since when they hold it, and by which steps they came there (tier and its
    first day, the oldest first).
    """

    employee: Employee
    department: str
    since: date
    path: tuple[tuple[str, date], ...]


def vacancies(access: Access) -> QuerySet[Vacancy]:
    """In scope, what is open first, then the latest."""
    rows = Vacancy.objects.visible_to(access).select_related(*_WITH).defer("version__document")
    return rows.order_by(F("settled_at").desc(nulls_first=True), "-pk")


def to_decide(access: Access) -> QuerySet[Vacancy]:
    """Open ones that the reader decides: not what they, or whoever they stand in for, marked."""
    if not access.may(Thing.VACANCY, Verb.DECIDE):
        return Vacancy.objects.none()
    rows = Vacancy.objects.visible_to(access, Verb.DECIDE).filter(state=VacancyState.OPEN)
    return rows.exclude(opened_by__in=access.accounts).select_related(*_WITH).defer("version__document").order_by("pk")


def ladder_of(department: Department, day: date) -> Governed | None:
    """What governs the department's ladder on the day; None where nothing does."""
    return governing_department(department.pk, day, part="ladder")


def clauses_of(policy: Checked) -> list[tuple[str, str]]:
    """(number, text) of the passages on which a shortlist may rest: those of the source that no rule rests on."""
    return [(passage.clause, passage.text) for passage in policy.passages]


def clause_text(version: PolicyVersion, clause: str) -> str:
    """The passage's own words; empty where the document has none of that number."""
    return dict(clauses_of(unbound(version))).get(clause, "")


def shortlist(vacancy: Vacancy, day: date) -> list[Listed]:
    """While it is open, whoever holds the tier on the day, works in the department or below it; once it is settled, whoever was
    listed then. By employee no., which says nothing about merit. Three queries.
    """
    if vacancy.state == VacancyState.OPEN:
        people = _holders(vacancy, day)
    else:
        people = Employee.objects.filter(pk__in=vacancy.listed.values("employee"))
        day = vacancy.settled_at.date() if vacancy.settled_at else day
    found = list(people.order_by("employee_no"))
    return _with_record(found, vacancy, day)


def _holders(vacancy: Vacancy, day: date) -> QuerySet[Any]:
    below = DepartmentClosure.objects.filter(ancestor=vacancy.department_id).values("descendant")
    placed = DepartmentPeriod.objects.filter(department__in=below, period__contains=day)
    held = TierPeriod.objects.filter(ladder=vacancy.version.key, tier=vacancy.tier, period__contains=day)
    rows: QuerySet[Any] = Employee.objects.employed_on(day)
    return rows.filter(pk__in=placed.values("employee")).filter(pk__in=held.values("employee"))


def _with_record(people: Sequence[Employee], vacancy: Vacancy, day: date) -> list[Listed]:
    ids = [person.pk for person in people]
    steps: dict[int, list[tuple[str, date]]] = {}
    rows = TierPeriod.objects.filter(employee__in=ids, ladder=vacancy.version.key, period__startswith__lte=day)
    for row in rows.order_by("period"):
        path = steps.setdefault(row.employee_id, [])
        if not path or path[-1][0] != row.tier:
            path.append((row.tier, row.period.lower or date.min))
    placed = DepartmentPeriod.objects.filter(employee__in=ids, period__contains=day)
    where = dict(placed.values_list("employee", "department__name"))
    return [
        Listed(person, where.get(person.pk, ""), steps[person.pk][-1][1], tuple(steps[person.pk]))
        for person in people
        if person.pk in steps
    ]
