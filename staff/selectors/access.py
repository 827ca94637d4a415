"""What an account may reach on a day, read afresh each time: changed rights bite on the next request."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.db import connection

from staff.kernel.access import Access
from staff.models import Account, Department, DepartmentClosure, Role, RoleGrant, SupervisorPeriod

#: Everybody above somebody in the chain of supervisors on a day; a cycle ends by itself.
_ABOVE = """
WITH RECURSIVE above(id) AS (
    SELECT supervisor_id FROM staff_supervisorperiod WHERE employee_id = %(below)s AND period @> %(day)s::date
    UNION
    SELECT s.supervisor_id FROM staff_supervisorperiod s JOIN above ON s.employee_id = above.id
    WHERE s.period @> %(day)s::date
)
SELECT id FROM above WHERE id <> %(below)s
"""

_NOBODY = Access(account_id=None, employee_id=None, day=date.min)


def access_of(account: Account, day: date, *, channel: str = "web") -> Access:
    """Roles and departments of the account on the day. An inactive account reaches nothing."""
    if not account.is_active:
        return replace(_NOBODY, day=day, channel=channel)
    departments = _granted(account, day)
    roles = set(departments)
    if account.employee_id is not None:
        roles.add(Role.EMPLOYEE)
        if SupervisorPeriod.objects.filter(supervisor=account.employee_id, period__contains=day).exists():
            roles.add(Role.SUPERVISOR)
    return Access(
        account_id=account.pk,
        employee_id=account.employee_id,
        day=day,
        roles=frozenset(roles),
        departments=departments,
        channel=channel,
        label=str(account),
    )


def is_above(above_id: int, below_id: int, day: date) -> bool:
    """Whether the first of two employees leads the second on the day, directly or through others."""
    return above_id in superiors(below_id, day)


def superiors(employee_id: int, day: date) -> frozenset[int]:
    """Ids of whoever leads the employee on the day, directly or through others. Nobody is above themselves."""
    with connection.cursor() as cursor:
        cursor.execute(_ABOVE, {"below": employee_id, "day": day})
        return frozenset(pk for (pk,) in cursor.fetchall())


def _granted(account: Account, day: date) -> dict[str, frozenset[int] | None]:
    """Role → department ids with all below, or ``None`` for the company. Being a department's head is a grant too."""
    company: set[str] = set()
    roots: dict[str, set[int]] = {}
    for grant in RoleGrant.objects.filter(account=account, period__contains=day):
        if not grant.covers(day):
            continue
        if grant.department_id is None:
            company.add(grant.role)
        else:
            roots.setdefault(grant.role, set()).add(grant.department_id)
    if account.employee_id is not None:
        headed = set(Department.objects.filter(head_id=account.employee_id).values_list("pk", flat=True))
        if headed:
            roots.setdefault(Role.HEAD, set()).update(headed)
    below = _below({root for ids in roots.values() for root in ids})
    scoped: dict[str, frozenset[int] | None] = {
        role: frozenset(child for root in ids for child in below[root]) for role, ids in roots.items()
    }
    return {**scoped, **dict.fromkeys(company)}


def _below(roots: set[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {root: set() for root in roots}
    if roots:
        pairs = DepartmentClosure.objects.filter(ancestor_id__in=roots).values_list("ancestor_id", "descendant_id")
        for ancestor, descendant in pairs:
            found[ancestor].add(descendant)
    return found
