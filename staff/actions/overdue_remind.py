"""A step whose term is over reminds its owner, then the owner's superior, then HR. Nothing else follows from it."""

from __future__ import annotations

from collections.abc import Iterator

from staff.kernel.access import Access, Thing, Verb
from staff.kernel.outbox import Message, tell
from staff.kernel.overdue import Overdue, overdue_on
from staff.kernel.workdays import Workdays
from staff.models import DepartmentClosure, Role, RoleGrant, SupervisorPeriod
from staff.selectors.inbox import OVERDUE

#: From which working day after the last one on who hears of it.
OWNER, SUPERIOR, HR = 1, 3, 6


def remind_overdue(*, access: Access) -> int:
    """May be repeated: each is told once a step and term. The number of messages that were new. Raises ``Forbidden``."""
    access.require(Thing.JOB, Verb.UPDATE)
    found = overdue_on(access.day)
    if not found:
        return 0
    known = Workdays.known()
    return tell(message for one in found for message in _of(one, known.between(one.due_on, access.day), access))


def _of(one: Overdue, late: int, access: Access) -> Iterator[Message]:
    reached: list[tuple[str, list[int]]] = []
    if late >= OWNER:
        reached.append(("owner", list(one.owners)))
    if late >= SUPERIOR:
        reached.append(("superior", _superiors(one.owners, access)))
    if late >= HR:
        reached.append(("hr", _hr(one.department_id, access)))
    told: set[int] = set()
    for who, accounts in reached:
        for account in accounts:
            if account not in told:
                told.add(account)
                payload = {"of": one.kind, "due_on": one.due_on.isoformat(), **one.payload}
                yield Message(f"overdue:{one.key}:{one.due_on}:{who}:{account}"[:120], account, OVERDUE, payload)


def _superiors(owners: tuple[int, ...], access: Access) -> list[int]:
    """Accounts of whoever leads the owners directly on the day."""
    led = SupervisorPeriod.objects.filter(
        employee__account__in=owners, period__contains=access.day, supervisor__account__is_active=True
    )
    return sorted(set(led.values_list("supervisor__account", flat=True)))


def _hr(department_id: int, access: Access) -> list[int]:
    """HR of the department, or of one above it."""
    above = set(DepartmentClosure.objects.filter(descendant=department_id).values_list("ancestor_id", flat=True))
    grants = RoleGrant.objects.filter(role=Role.HR, period__contains=access.day, account__is_active=True)
    return sorted(
        {
            grant.account_id
            for grant in grants
            if grant.covers(access.day) and (grant.department_id is None or grant.department_id in above)
        }
    )
