"""Role grants as each role may read them, and the accounts that it may grant to."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from staff.kernel.access import Access, Thing, Verb
from staff.models import Account, DepartmentClosure, DepartmentPeriod, Employee, Role, RoleGrant

#: Their grants reach the whole company, and so does their reading of them.
_ALL = frozenset({Role.GM, Role.AUDITOR, Role.OPERATOR})


def grants_visible_to(access: Access) -> QuerySet[RoleGrant]:
    """All for the general manager, auditors and operators; HR those of its people; everybody their own."""
    if access.everything or access.roles_for(Thing.GRANT, Verb.READ) & _ALL:
        return RoleGrant.objects.all()
    return RoleGrant.objects.filter(account__in=Account.objects.visible_to(access))


def grantees(access: Access) -> QuerySet[Any]:
    """Accounts that a role may be granted to: those of HR's people, all for the general manager and the operator."""
    if access.everything or access.roles_for(Thing.GRANT, Verb.CREATE) & _ALL:
        return Account.objects.all()
    return Account.objects.visible_to(access)


def accounts_of_role(role: str, employee: Employee, day: date) -> list[int]:
    """Active accounts that hold the role on the day for the department where the person then belongs, without the
    person's own."""
    placed = DepartmentPeriod.objects.filter(employee=employee, period__contains=day).values("department_id")
    above = DepartmentClosure.objects.filter(descendant__in=placed).values("ancestor_id")
    held = RoleGrant.objects.filter(role=role, period__contains=day, account__is_active=True)
    reaching = held.filter(Q(department__isnull=True) | Q(department__in=above)).exclude(account__employee=employee)
    return sorted({grant.account_id for grant in reaching if grant.covers(day)})


def accounts_in_role(role: str, day: date, *, company: bool = False) -> list[int]:
    """Active accounts that hold a grant of the role on the day; with ``company`` only grants for the whole of it."""
    held = RoleGrant.objects.filter(role=role, period__contains=day, account__is_active=True)
    if company:
        held = held.filter(department__isnull=True)
    return sorted({grant.account_id for grant in held if grant.covers(day)})
