"""People as the portal lists and opens them: only those in scope, each with today's department and supervisor."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When
from django.utils.translation import gettext as _

from staff.kernel.access import Access, Forbidden, Thing, Verb
from staff.models import DepartmentPeriod, Employee, SupervisorPeriod
from staff.models.querysets import within


def people(access: Access, *, thing: Thing, day: date, words: str = "") -> QuerySet[Any]:
    """Whoever's ``thing`` the account may read, by pinyin; ``department_name`` and ``supervisor_name`` are of the day.

    Leavers come last: whoever works here is looked for first.
    """
    placed = DepartmentPeriod.objects.filter(employee=OuterRef("pk"), period__contains=day)
    led = SupervisorPeriod.objects.filter(employee=OuterRef("pk"), period__contains=day)
    return (
        Employee.objects.visible_to(access, Verb.READ, thing)
        .search(words)
        .annotate(
            department_name=Subquery(placed.values("department__name")[:1]),
            supervisor_name=Subquery(led.values("supervisor__name")[:1]),
        )
        .order_by(F("left_on").desc(nulls_first=True), "pinyin", "employee_no")
    )


def person_in_scope(access: Access, employee_no: str, *, thing: Thing) -> Employee:
    """The person, where their ``thing`` may be read.

    Raises ``Employee.DoesNotExist`` for whoever is out of scope (for this reader there is no such person) and
    ``Forbidden`` where the person may be seen, but not this about them.
    """
    seen = Employee.objects.visible_to(access, Verb.READ, thing).filter(employee_no=employee_no).first()
    if seen is not None:
        return seen
    known: Employee = Employee.objects.visible_to(access).get(employee_no=employee_no)
    access.require(thing, Verb.READ)
    raise Forbidden(_("%(name)s is in your scope, but not for this. Ask HR.") % {"name": known})


def things_reached(
    access: Access, person: Employee, things: Iterable[Thing], verb: Verb = Verb.READ
) -> frozenset[Thing]:
    """Those of the things that one has the verb on about this very person (rule 5). One query at most.

    Roles of different scopes reach different things of one person, so no role by itself answers this.
    """
    scopes = {thing: access.scope(thing, verb) for thing in things}
    found = {thing for thing, scope in scopes.items() if scope.company}
    asked = {
        thing.value: Case(When(within(scope, access.day), then=Value(True)), default=Value(False))
        for thing, scope in scopes.items()
        if not (scope.company or scope.empty)
    }
    if asked:
        reached = Employee.objects.filter(pk=person.pk).values(
            **{f"reaches_{name}": case for name, case in asked.items()}
        )
        found |= {Thing(name.removeprefix("reaches_")) for row in reached for name, holds in row.items() if holds}
    return frozenset(found)
