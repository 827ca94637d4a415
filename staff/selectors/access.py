"""What an account may reach on a day, read afresh each time: changed rights bite on the next request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.expressions import RawSQL

from staff.kernel.access import Access
from staff.models import Account, DepartmentClosure, Employee, Role, RoleGrant, SupervisorPeriod

#: Everybody above somebody in the chain of supervisors on a day; a cycle ends by itself.
_ABOVE = """
WITH RECURSIVE above(id) AS (
    SELECT supervisor_id FROM staff_supervisorperiod WHERE employee_id = %s AND period @> %s::date
    UNION
    SELECT s.supervisor_id FROM staff_supervisorperiod s JOIN above ON s.employee_id = above.id
    WHERE s.period @> %s::date
)
SELECT id FROM above WHERE id <> %s
"""

#: What apps ask of the account's employee: name → rows of ``OuterRef("pk")`` on a day, of which there are some or none.
_asked: dict[str, Callable[[date], QuerySet[Any]]] = {}

_NOBODY = Access(account_id=None, employee_id=None, day=date.min)


def ask_of_employee(name: str, rows: QuerySet[Any] | Callable[[date], QuerySet[Any]]) -> None:
    """Called once by an app: ``name`` is in ``Access.about`` of those of whom there are rows, on the day where it matters. It
    costs no query of its own.
    """
    _asked[name] = rows if callable(rows) else lambda day: rows


def access_of(account: Account, day: date, *, channel: str = "web") -> Access:
    """Roles and departments of the account on the day, in two queries. An inactive account reaches nothing."""
    if not account.is_active:
        return replace(_NOBODY, day=day, channel=channel)
    departments = _granted(account, day)
    roles = set(departments)
    about: frozenset[str] = frozenset()
    if account.employee_id is not None:
        roles.add(Role.EMPLOYEE)
        leads, headed, about = _by_position(account.employee_id, day)
        if leads:
            roles.add(Role.SUPERVISOR)
        if headed:
            roles.add(Role.HEAD)
            granted = departments.get(Role.HEAD, frozenset())
            departments[Role.HEAD] = None if granted is None else granted | headed
    return Access(
        account_id=account.pk,
        employee_id=account.employee_id,
        day=day,
        roles=frozenset(roles),
        departments=departments,
        channel=channel,
        label=str(account),
        about=about,
    )


def is_above(above_id: int, below_id: int, day: date) -> bool:
    """Whether the first of two employees leads the second on the day, directly or through others."""
    return above_id in superiors(below_id, day)


def superiors(employee_id: int, day: date) -> frozenset[int]:
    """Ids of whoever leads the employee on the day, directly or through others. Nobody is above themselves."""
    with connection.cursor() as cursor:
        cursor.execute(_ABOVE, (employee_id, day, day, employee_id))
        return frozenset(pk for (pk,) in cursor.fetchall())


def own_line(access: Access) -> frozenset[int]:
    """Ids of the employee who asks and of whoever leads them, and the same of whoever they stand in for: on their records
    others act.
    """
    return access.people.union(*(superiors(pk, access.day) for pk in sorted(access.people)))


def superiors_sql(employee_id: int, day: date) -> RawSQL:
    """``superiors`` inside another query."""
    return RawSQL(_ABOVE, (employee_id, day, day, employee_id))  # noqa: S611


def _granted(account: Account, day: date) -> dict[str, frozenset[int] | None]:
    """Role → department ids with all below, or ``None`` for the company."""
    below = DepartmentClosure.objects.filter(ancestor=OuterRef("department"))
    grants = RoleGrant.objects.filter(account=account, period__contains=day).annotate(
        below=ArraySubquery(below.values("descendant"))
    )
    found: dict[str, frozenset[int] | None] = {}
    for grant in grants:
        if not grant.covers(day):
            continue
        held = found.get(grant.role, frozenset())
        found[grant.role] = None if grant.department_id is None or held is None else held | frozenset(grant.below)
    return found


def _by_position(employee_id: int, day: date) -> tuple[bool, frozenset[int], frozenset[str]]:
    """Whether the employee leads anybody on the day, the departments that they head, with all below, and what apps ask."""
    led = SupervisorPeriod.objects.filter(supervisor=OuterRef("pk"), period__contains=day)
    headed = DepartmentClosure.objects.filter(ancestor__head=OuterRef("pk")).values("descendant")
    asked = [Exists(rows(day)) for rows in _asked.values()]
    person = Employee.objects.filter(pk=employee_id)
    leads, departments, *answers = person.values_list(Exists(led), ArraySubquery(headed), *asked).get()
    about = frozenset(name for name, holds in zip(_asked, answers, strict=True) if holds)
    return leads, frozenset(departments), about
