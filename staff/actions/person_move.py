"""A person moves, from a day on: to another department, or under another supervisor."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from psycopg2.extras import DateRange

from staff.actions.person_change import reject_strangers, require_in_scope
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.models import Department, DepartmentPeriod, Employee, SupervisorPeriod
from staff.selectors.access import is_above


@transaction.atomic
def move_department(*, access: Access, employee: Employee, department: Department, from_day: date) -> None:
    """In ``department`` from the day until the next move that is recorded already, if any. The same again writes nothing.

    Raises ``Refused`` (a day before the hiring), ``Forbidden`` (either department outside one's scope, oneself).
    """
    access.require_about(employee.pk, Thing.PERSON, Verb.UPDATE)
    require_in_scope(access, employee, Verb.UPDATE)
    reject_strangers(access, department, Verb.UPDATE)
    _require_employed(employee, from_day)
    before = _replace(DepartmentPeriod, employee, from_day, "department", department)
    if before is not department:
        _record(access, "department_moved", employee, from_day, str(before or ""), department.name)


@transaction.atomic
def move_supervisor(*, access: Access, employee: Employee, supervisor: Employee | None, from_day: date) -> None:
    """Under ``supervisor`` (None: under nobody) from the day until the next change that is recorded already, if any.

    Raises ``Refused`` (a day before the hiring, oneself, somebody of one's own line), ``Forbidden``.
    """
    access.require_about(employee.pk, Thing.PERSON, Verb.UPDATE)
    require_in_scope(access, employee, Verb.UPDATE)
    _require_employed(employee, from_day)
    if supervisor == employee:
        raise Refused(_("Nobody is their own supervisor."), code="supervisor")
    if supervisor and is_above(employee.pk, supervisor.pk, from_day):
        raise Refused(
            _("%(name)s reports to this person on that day: the line would close in a ring.") % {"name": supervisor},
            code="supervisor",
        )
    before = _replace(SupervisorPeriod, employee, from_day, "supervisor", supervisor)
    if before != supervisor:
        number = supervisor.employee_no if supervisor else None
        _record(access, "supervisor_moved", employee, from_day, before.employee_no if before else None, number)


def _require_employed(employee: Employee, day: date) -> None:
    if day < employee.hired_on:
        raise Refused(
            _("The person was hired on %(day)s, after that day.") % {"day": employee.hired_on}, code="from_day"
        )


def _replace(periods: type[Any], employee: Employee, day: date, field: str, value: Any) -> Any:
    """What held on the day; from the day on, until the next change, ``value`` holds instead."""
    held = (
        periods.objects.select_for_update()
        .filter(employee=employee, period__contains=day)
        .select_related(field)
        .first()
    )
    before = getattr(held, field) if held else None
    if before == value:
        return value
    later = periods.objects.filter(employee=employee, period__startswith__gt=day).order_by("period").first()
    until = held.period.upper if held else later.period.lower if later else None
    if held and held.period.lower == day:
        held.delete()
    elif held:
        held.period = DateRange(held.period.lower, day)
        held.save(update_fields=["period"])
    if value is not None:
        periods.objects.create(employee=employee, period=DateRange(day, until), **{field: value})
    return before


def _record(access: Access, action: str, employee: Employee, day: date, before: Any, after: Any) -> None:
    audit.record(
        access,
        action,
        object_type="employee",
        object_key=employee.employee_no,
        employee_id=employee.pk,
        before={"was": before},
        after={"is": after, "from": day.isoformat()},
    )
