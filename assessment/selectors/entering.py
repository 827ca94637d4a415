"""When whom may be written about: leaders within the window and before the hand-in; HR until the month is sealed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from assessment.models import MonthState
from assessment.selectors.windows import Window
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.periods import Month
from staff.models import Employee, Role, SupervisorPeriod

#: Roles whose word about a month is bound to its window.
LEADERS: frozenset[str] = frozenset({Role.SUPERVISOR, Role.HEAD})


def leads(access: Access) -> bool:
    """Whether months are entered as a supervisor or head."""
    return bool(access.roles_for(Thing.VALUE, Verb.UPDATE) & LEADERS)


def as_leader(access: Access) -> Access:
    """The same account, reaching those alone whom it leads."""
    return access.in_roles(LEADERS)


def freely_written(access: Access, people: Iterable[int]) -> frozenset[int]:
    """Those of the people (ids) whose values the account writes outside the window too: with a reason, as HR does."""
    chosen = frozenset(people)
    if access.everything:
        return chosen
    beyond = access.in_roles(access.roles - LEADERS)
    if beyond.scope(Thing.VALUE, Verb.UPDATE).empty:
        return frozenset()
    reached = Employee.objects.visible_to(beyond, Verb.UPDATE, Thing.VALUE).filter(pk__in=chosen)
    return frozenset(reached.values_list("pk", flat=True))


def handed_in(month: Month, people: Iterable[int], day: date) -> frozenset[int]:
    """Those of the people (ids) whose supervisor of the day has handed the month in."""
    led = SupervisorPeriod.objects.filter(
        employee__in=frozenset(people), period__contains=day, supervisor__hand_ins__month=month
    )
    return frozenset(led.values_list("employee_id", flat=True))


def why_shut(window: Window, day: date) -> str:
    """Why leaders enter nothing of the month on the day, and who can; empty while they do."""
    words = {"month": window.month, "first": window.first, "last": window.last}
    if window.state == MonthState.SEALED:
        return _("%(month)s is sealed. What is wrong in it is put right by a correction; ask HR.") % words
    if window.state == MonthState.CLOSING:
        return _("The intake of %(month)s is over. HR enters what is missing, with a reason; ask HR.") % words
    if day < window.first:
        return _("%(month)s is entered from %(first)s to %(last)s. Before that HR can, with a reason.") % words
    if day > window.last:
        return _("%(month)s was to be entered by %(last)s. HR enters what is missing, with a reason; ask HR.") % words
    return ""


def why_handed_in() -> str:
    return _("The team's month has been handed in. Take the hand-in back first, then change it.")
