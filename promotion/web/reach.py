"""Who finds whose standings: their team, the people of their scope, or nobody but themselves."""

from __future__ import annotations

from dataclasses import replace

from staff.kernel.access import Access, Thing, Verb
from staff.models import Role

_LEADERS = frozenset({Role.SUPERVISOR, Role.HEAD})


def looks_after_people(access: Access) -> bool:
    """Whether there is anybody beside oneself whose standing may be read."""
    return not replace(access.scope(Thing.STANDING), own=None).empty


def leads_people(access: Access) -> bool:
    """Whether the people of the scope are a team: those of a supervisor or head who works with nobody else's."""
    roles = access.roles_for(Thing.STANDING, Verb.READ) - {Role.EMPLOYEE}
    return bool(roles) and roles <= _LEADERS
