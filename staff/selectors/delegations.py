"""Who stands in for whom: as each reader may see it, and what it lets the deputy reach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, Protocol, TypeVar

from django.db.models import Q, QuerySet

from staff.kernel.access import Access, Behalf, Thing, Verb
from staff.models import DELEGABLE, Account, Delegation, Employee
from staff.models.querysets import within
from staff.selectors.access import access_of

_NAMES = ("holder__employee", "deputy__employee", "confirmed_by__employee", "ended_by__employee")
#: What stays of ``Access.about`` for whoever stands in.
STANDS_IN = "stands in"
#: Under which name the data of an act keep whose role it was.
_BEHALF = "on_behalf_of"


class _Act(Protocol):
    data: Any
    on_behalf_of: str


Act = TypeVar("Act", bound=_Act)


def standing_in(own: Access, delegation_id: int) -> Access | None:
    """What the account reaches in the role that was handed to it: as far as the holder reaches in it on the day, and no role
    of its own beside it. None where the delegation is not in force, or the holder holds the role no more. Three queries.
    """
    if own.account_id is None or own.only is not None:
        return None
    rows = Delegation.objects.in_force(own.day).select_related("holder__employee")
    found = rows.filter(pk=delegation_id, deputy=own.account_id).first()
    if found is None:
        return None
    holder = access_of(found.holder, own.day)
    if found.role not in holder.roles:
        return None
    behalf = Behalf(found.pk, found.holder_id, holder.employee_id, str(found.holder), found.until)
    departments = {role: reach for role, reach in holder.departments.items() if role == found.role}
    return own.standing_in(behalf, found.role, departments, own.about & {STANDS_IN})


def delegable_roles(access: Access) -> list[str]:
    """Those of one's own roles that one may hand on for a while."""
    if access.behalf is not None or access.account_id is None:
        return []
    return [role.value for role in DELEGABLE if role.value in access.roles]


def given_by(access: Access) -> QuerySet[Delegation]:
    """One's own role in others' hands, the latest first."""
    return Delegation.objects.filter(holder=access.account_id).select_related(*_NAMES).order_by("-pk")


def held_by(access: Access) -> QuerySet[Delegation]:
    """For whom one stands in, now or later."""
    rows = Delegation.objects.filter(deputy=access.account_id).not_over(access.day)
    return rows.select_related(*_NAMES).order_by("period", "pk")


def delegations_visible_to(access: Access) -> QuerySet[Delegation]:
    """For HR those of the people in its scope (of an account without a person, the company's HR), the general manager and
    auditors all; everybody their own, on either side.
    """
    scope = access.others().scope(Thing.DELEGATION)
    rows = Delegation.objects.select_related(*_NAMES)
    if scope.company:
        return rows
    own = Q(holder=access.account_id) | Q(deputy=access.account_id)
    if not access.roles_for(Thing.DELEGATION, Verb.UPDATE):
        return rows.filter(own)
    people = Employee.objects.filter(within(replace(scope, led_by=None), access.day))
    return rows.filter(own | Q(holder__employee__in=people.values("pk")))


def deputy_named(number: str, name: str, day: date) -> Account | None:
    """The account of somebody employed on the day, by number and name together: by the number alone nobody learns a name."""
    employed = Employee.objects.employed_on(day).filter(employee_no=number.strip(), name=name.strip())
    found: Account | None = Account.objects.filter(is_active=True, employee__in=employed.values("pk")).first()
    return found


def with_holders(acts: Iterable[Act]) -> list[Act]:
    """Acts of a course with whose role it was, where somebody stood in (``behalf_noted``). One query at most."""
    found = list(acts)
    asked = {act.data[_BEHALF] for act in found if _BEHALF in act.data}
    names = (
        {row.pk: str(row) for row in Account.objects.filter(pk__in=asked).select_related("employee")} if asked else {}
    )
    for act in found:
        act.on_behalf_of = names.get(act.data.get(_BEHALF), "")
    return found


def behalf_noted(access: Access) -> dict[str, int]:
    """What an act's ``data`` keep of it; empty for whoever acts in their own role."""
    return {_BEHALF: access.behalf.account_id} if access.behalf else {}
