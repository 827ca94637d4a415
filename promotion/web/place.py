"""Where somebody stands in the house on a day: department, head, supervisor; and who led them in earlier months."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from staff.models import DepartmentClosure, Employee, SupervisorPeriod


@dataclass(frozen=True, slots=True)
class Place:
    """Names for the page; empty where there is none. ``head`` is the nearest head above who is somebody else."""

    department_id: int | None = None
    department: str = ""
    head: str = ""
    supervisor: str = ""


def led_by(employee: Employee) -> list[SupervisorPeriod]:
    """Everybody who ever supervised the person, in one query."""
    return list(SupervisorPeriod.objects.filter(employee=employee).select_related("supervisor").order_by("period"))


def place_of(employee: Employee, day: date, led: list[SupervisorPeriod]) -> Place:
    """One query: the way up the departments with their heads."""
    way = list(
        DepartmentClosure.objects.filter(
            descendant__employee_periods__employee=employee, descendant__employee_periods__period__contains=day
        )
        .select_related("ancestor__head")
        .order_by("depth")
    )
    heads = [step.ancestor.head for step in way if step.ancestor.head and step.ancestor.head.pk != employee.pk]
    return Place(
        department_id=way[0].ancestor_id if way else None,
        department=way[0].ancestor.name if way else "",
        head=heads[0].name if heads else "",
        supervisor=supervisors_on(led, [day]).get(day, ""),
    )


def supervisors_on(led: list[SupervisorPeriod], days: Iterable[date]) -> dict[date, str]:
    """Who supervised on each day: of a month's last day, they owe what was not reported."""
    return {day: period.supervisor.name for day in days for period in led if day in period.period}
