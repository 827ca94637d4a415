"""A small company for tests: people and facts by the same tables and actions that the product uses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from psycopg2.extras import DateRange

from assessment.models import EmployeeMonth, Event, Metric
from policy.actions.policy_adopt import adopt
from policy.models import Adoption
from promotion.models import LedgerKind, LedgerLine
from staff.kernel.access import Access
from staff.kernel.periods import Month, months_between
from staff.models import Absence, Department, DepartmentPeriod, Employee, SupervisorPeriod

TODAY = date(2026, 11, 10)
LADDER = "info-service"


def operator(day: date = TODAY) -> Access:
    return Access.system(day, "operator", channel="command")


def job(day: date = TODAY) -> Access:
    return Access.system(day, "job", channel="job")


class Company:
    """``policy`` is adopted for the department named 客服部 unless ``policy`` is empty."""

    def __init__(self, policy: str = LADDER, starts_on: date = date(2017, 1, 1)) -> None:
        self.root = Department.objects.create(name="总部")
        self.department = Department.objects.create(name="客服部", parent=self.root)
        self.numbers = 0
        if policy:
            self.adopt(policy, starts_on)

    def next_number(self) -> int:
        self.numbers += 1
        return self.numbers

    def adopt(
        self, key: str = LADDER, starts_on: date = date(2017, 1, 1), department: Department | None = None, **values: str
    ) -> Adoption:
        return adopt(
            access=operator(), key=key, department=department or self.department, starts_on=starts_on, values=values
        )

    def person(
        self,
        tier: str = "star",
        *,
        no: str = "",
        hired_on: date = date(2024, 1, 1),
        tier_since: date | None = None,
        regularised_on: date | None = date(2024, 4, 1),
        department: Department | None = None,
        supervisor: Employee | None = None,
        ladder: str = LADDER,
        **fields: Any,
    ) -> Employee:
        number = no or f"K{self.next_number():04d}"
        fields.setdefault("name", f"员工{number}")
        employee = Employee.objects.create(
            employee_no=number, hired_on=hired_on, regularised_on=regularised_on, **fields
        )
        DepartmentPeriod.objects.create(
            employee=employee, department=department or self.department, period=DateRange(hired_on, None)
        )
        if supervisor:
            SupervisorPeriod.objects.create(employee=employee, supervisor=supervisor, period=DateRange(hired_on, None))
        if tier:
            self.transition(employee, tier, tier_since or hired_on, ladder=ladder)
        return employee

    def transition(
        self, employee: Employee, tier: str, day: date, *, kind: str = LedgerKind.ENTRY, ladder: str = LADDER
    ) -> None:
        LedgerLine.objects.bulk_create(
            [
                LedgerLine(
                    seq=0, employee=employee, kind=kind, ladder=ladder, to_tier=tier, effective_on=day, channel="test"
                )
            ]
        )

    def values(self, employee: Employee, metric: str, values: dict[str, Any]) -> None:
        """``values``: month as YYYY-MM → number, or None to take it back."""
        reported(employee, {month: {metric: number} for month, number in values.items()})

    def every_month(self, employee: Employee, metric: str, number: Any, first: str, last: str) -> None:
        months = months_between(Month.parse(first), Month.parse(last))
        self.values(employee, metric, {str(month): number for month in months})

    def event(self, employee: Employee, kind: str, day: date, **fields: Any) -> Event:
        return Event.objects.create(
            event_no=f"E{self.next_number():06d}", employee=employee, kind_id=kind, day=day, **fields
        )

    def absence(self, employee: Employee, first_day: date, last_day: date, kind: str = "leave") -> Absence:
        return Absence.objects.create(employee=employee, first_day=first_day, last_day=last_day, kind=kind)


def reported(employee: Employee, months: Mapping[str, Mapping[str, Any]]) -> None:
    """Puts in what was reported of the person, in one statement: month as YYYY-MM → metric → number or None. The same metrics
    in every month.
    """
    metrics = next(iter(months.values()), {})
    slots = dict(Metric.objects.filter(key__in=metrics).values_list("key", "slot"))
    rows = [
        EmployeeMonth(
            employee=employee, month=Month.parse(month), **{f"s{slots[metric]}": values[metric] for metric in metrics}
        )
        for month, values in months.items()
    ]
    EmployeeMonth.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["employee", "month"],
        update_fields=[f"s{slots[metric]}" for metric in metrics],
    )  # fmt: skip
