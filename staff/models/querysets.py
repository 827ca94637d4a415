"""Row scopes. Every list in the product starts from ``visible_to``; a row outside it does not exist."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL

from staff.kernel.access import Access, Scope, Thing, Verb

#: Everybody below somebody in the chain of supervisors on a day, however deep; a cycle ends by itself. It stays SQL: whoever
#: leads many would carry all their ids from query to query.
_CHAIN = """
WITH RECURSIVE chain(id) AS (
    SELECT employee_id FROM staff_supervisorperiod WHERE supervisor_id = %s AND period @> %s::date
    UNION
    SELECT s.employee_id FROM staff_supervisorperiod s JOIN chain ON s.supervisor_id = chain.id
    WHERE s.period @> %s::date
)
SELECT id FROM chain WHERE id <> %s
"""


def within(scope: Scope, day: date, prefix: str = "") -> Q:
    """The condition that a row's employee (reached by ``prefix``, such as ``employee__``) lies in the scope on the day."""
    if scope.company:
        return Q()
    person = f"{prefix}id" if prefix else "pk"
    condition = Q(pk__in=[])
    if scope.own is not None:
        condition |= Q(**{person: scope.own})
    if scope.led_by is not None:
        condition |= Q(**{f"{person}__in": RawSQL(_CHAIN, (scope.led_by, day, day, scope.led_by))})  # noqa: S611
    if scope.departments:
        from staff.models import DepartmentPeriod

        # Whoever comes later belongs already where their first placement will be.
        begun = DepartmentPeriod.objects.filter(
            employee=OuterRef("employee"), period__startswith__lt=OuterRef("period__startswith")
        )
        placed = DepartmentPeriod.objects.filter(
            Q(period__contains=day) | Q(Q(period__startswith__gt=day), ~Exists(begun)),
            department_id__in=scope.departments,
        )
        condition = condition | Q(Exists(placed.filter(employee_id=OuterRef(person))))
    return condition


class AboutEmployee(models.QuerySet[Any]):
    """Rows with an ``employee``; the thing they are is named by the subclass."""

    thing: Thing = Thing.PERSON
    path = "employee__"

    def visible_to(self, access: Access, verb: Verb = Verb.READ) -> Self:
        scope = access.scope(self.thing, verb)
        return self.filter(within(scope, access.day, self.path))


class EmployeeQuerySet(AboutEmployee):
    path = ""

    def visible_to(self, access: Access, verb: Verb = Verb.READ, thing: Thing = Thing.PERSON) -> Self:
        """People whose ``thing`` may be reached: a payroll officer sees more of some than of others."""
        return self.filter(within(access.scope(thing, verb), access.day))

    def employed_on(self, day: date) -> Self:
        """``left_on`` is the last day of work; on that day's evening the person is gone."""
        return self.filter(hired_on__lte=day).filter(Q(left_on__isnull=True) | Q(left_on__gt=day))

    def search(self, words: str) -> Self:
        """By name, number, pinyin or initials."""
        found = self
        for word in words.split():
            found = found.filter(
                Q(name__icontains=word) | Q(employee_no__icontains=word) | Q(pinyin__icontains=word.lower())
            )
        return found


class AbsenceQuerySet(AboutEmployee):
    thing = Thing.ABSENCE


class DepartmentQuerySet(models.QuerySet[Any]):
    def visible_to(self, access: Access) -> Self:
        """Departments of one's scopes, the own one, and those of the people one may see."""
        scope = access.scope(Thing.PERSON)
        if scope.company:
            return self
        from staff.models import DepartmentPeriod

        people = within(replace(scope, departments=frozenset()), access.day, "employee__")
        theirs = DepartmentPeriod.objects.filter(people, period__contains=access.day)
        return self.filter(Q(pk__in=scope.departments) | Q(pk__in=theirs.values("department_id")))


class AccountQuerySet(models.QuerySet[Any]):
    def visible_to(self, access: Access) -> Self:
        """Operators and auditors see all accounts, HR those of its people, everybody their own."""
        scope = access.scope(Thing.ACCOUNT)
        if scope.company:
            return self
        from staff.models import Employee

        people = Employee.objects.visible_to(access, Verb.READ, Thing.ACCOUNT)
        return self.filter(Q(pk=access.account_id) | Q(employee__in=people))
