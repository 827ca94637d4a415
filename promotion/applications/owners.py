"""Whose turn it is: the accounts that act at a step of an application on a day."""

from __future__ import annotations

from datetime import date

from promotion.applications.bounds import advised, bound
from promotion.applications.models import DECISION, Appeal, Application
from promotion.applications.process import OPINION, PANELS, REVIEW, step_of
from promotion.panels.models import Round
from promotion.panels.selectors import accounts_of_judges, panel_turn_of
from staff.models import Account, Role
from staff.selectors.grants import accounts_of_role
from staff.selectors.leaders import account_of, heads_of, supervisor_of

__all__ = [
    "account_of",
    "accounts_at",
    "before_panel",
    "deciders_of",
    "heads_of",
    "managers_of",
    "opining",
    "supervisor_of",
]


def accounts_at(application: Application, step: str, day: date) -> list[int]:
    """Before a panel its judges, all alike, while they have to declare or to score, and the general managers at a tie; else
    HR. HR's at the last step, once its day has gone by without the ledger's taking it.
    """
    employee = application.employee
    if step == OPINION:
        return opining(application, day) or heads_of(employee, day)
    if step == REVIEW:
        return heads_of(employee, day)
    if step == DECISION:
        return managers_of(application, day) or accounts_of_role(Role.HR, employee, day)
    if step in PANELS:
        return before_panel(application, day)[2]
    return accounts_of_role(Role.HR, employee, day)


def before_panel(application: Application, day: date) -> tuple[Role, Round | None, list[int]]:
    """Whose turn it is at a panel's step, in which round (none where HR has to arrange one), and their accounts."""
    employee = application.employee
    role, round = panel_turn_of(application, day) or (Role.HR, None)
    if round is not None and role == Role.JUDGE:
        return role, round, accounts_of_judges(round)
    return role, round, accounts_of_role(role, employee, day)


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
