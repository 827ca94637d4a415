"""Accounts of a person, of whoever leads them, and of the heads above them, on a day."""

from __future__ import annotations

from datetime import date

from staff.models import Account, DepartmentClosure, Employee, Role, RoleGrant, SupervisorPeriod


def account_of(employee_id: int) -> list[int]:
    """The person's own account; none where they cannot sign in."""
    return list(Account.objects.filter(employee=employee_id, is_active=True).values_list("pk", flat=True))


def supervisor_of(employee: Employee, day: date) -> list[int]:
    """The account of whoever leads the person directly on the day."""
    led = SupervisorPeriod.objects.filter(employee=employee, period__contains=day)
    return list(
        Account.objects.filter(employee__in=led.values("supervisor"), is_active=True).values_list("pk", flat=True)
    )


def heads_of(employee: Employee, day: date) -> list[int]:
    """The heads of the nearest department above the person that has one: by its post, or by a grant for that department.

    The person's own account, and those of a post's holder who cannot sign in, do not count.
    """
    above = DepartmentClosure.objects.filter(
        descendant__employee_periods__employee=employee, descendant__employee_periods__period__contains=day
    ).order_by("depth")
    grants: dict[int | None, list[int]] = {}
    for grant in RoleGrant.objects.filter(role=Role.HEAD, period__contains=day, account__is_active=True).exclude(
        account__employee=employee
    ):
        if grant.covers(day):
            grants.setdefault(grant.department_id, []).append(grant.account_id)
    for department, account, active in above.values_list(
        "ancestor", "ancestor__head__account", "ancestor__head__account__is_active"
    ):
        found = set(grants.get(department, []))
        if account is not None and active:
            found.add(account)
        found -= set(account_of(employee.pk))
        if found:
            return sorted(found)
    return sorted(grants.get(None, []))
