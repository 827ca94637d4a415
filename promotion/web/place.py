"""Where somebody stands in the house on a day: department, head, supervisor; and who led them in earlier months."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from staff.kernel.periods import Month
from staff.models import DepartmentClosure, Employee, SupervisorPeriod


@dataclass(frozen=True, slots=True)
class Place:
    """Names for the page; empty where there is none. ``head`` is the nearest head above who is somebody else."""

    department_id: int | None = None
    department: str = ""
    head: str = ""
    supervisor: str = ""


def place_of(employee: Employee, day: date) -> Place:
    """Two queries: the way up the departments with their heads, and the supervisor of the day."""
    way = list(
        DepartmentClosure.objects.filter(
            descendant__employee_periods__employee=employee, descendant__employee_periods__period__contains=day
        )
        .select_related("ancestor__head")
        .order_by("depth")
    )
    led = SupervisorPeriod.objects.filter(employee=employee, period__contains=day).select_related("supervisor").first()
    heads = [step.ancestor.head for step in way if step.ancestor.head and step.ancestor.head.pk != employee.pk]
    return Place(
        department_id=way[0].ancestor_id if way else None,
        department=way[0].ancestor.name if way else "",
        head=heads[0].name if heads else "",
        supervisor=led.supervisor.name if led else "",
    )


def supervisors_of(employee_id: int, months: Collection[Month]) -> dict[Month, str]:
    """Who supervised on the last day of each month: they owe what was not reported. No query where nothing is missing."""
    if not months:
        return {}
    periods = list(SupervisorPeriod.objects.filter(employee_id=employee_id).select_related("supervisor"))
    return {month: period.supervisor.name for month in months for period in periods if month.last_day in period.period}
