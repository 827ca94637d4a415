"""People as the portal lists and opens them: only those in scope, each with today's department and supervisor."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from staff.kernel.access import Access, Forbidden, Thing, Verb
from staff.models import DepartmentPeriod, Employee, SupervisorPeriod


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
