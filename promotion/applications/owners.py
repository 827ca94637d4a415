"""Whose turn it is: the accounts that act at a step of an application on a day."""

from __future__ import annotations

from datetime import date

from promotion.applications.bounds import advised, bound
from promotion.applications.models import DECISION, Appeal, Application
from promotion.applications.process import OPINION, REVIEW, step_of
from staff.models import Account, DepartmentClosure, Employee, Role, RoleGrant, SupervisorPeriod
from staff.selectors.grants import accounts_of_role


def accounts_at(application: Application, step: str, day: date) -> list[int]:
    """HR's at the last step, once its day has gone by without the ledger's taking it."""
    employee = application.employee
    if step == OPINION:
        return opining(application, day) or heads_of(employee, day)
    if step == REVIEW:
        return heads_of(employee, day)
    if step == DECISION:
        return managers_of(application, day) or accounts_of_role(Role.HR, employee, day)
    return accounts_of_role(Role.HR, employee, day)


def opining(application: Application, day: date) -> list[int]:
    """Whoever leads the person directly; none where the document has the head give the opinion, or they cannot sign in."""
    step = step_of(application, OPINION)
    return [] if step is not None and step.owner == Role.HEAD else supervisor_of(application.employee, day)


def managers_of(application: Application, day: date) -> list[int]:
    """The general managers who may decide: none who took part before. None where nobody is left."""
    return [pk for pk in accounts_of_role(Role.GM, application.employee, day) if not advised(application, pk)]


def deciders_of(appeal: Appeal, day: date) -> list[int]:
    """Whoever HR named; else every general manager who neither took nor advised the decision. None where nobody is left."""
    if appeal.decider_id is not None:
        return [appeal.decider_id]
    application = appeal.application
    managers = accounts_of_role(Role.GM, application.employee, day)
    people = dict(Account.objects.filter(pk__in=managers).values_list("pk", "employee"))
    return [pk for pk in managers if not bound(application, pk, people[pk], day)]


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
