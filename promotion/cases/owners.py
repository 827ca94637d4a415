"""Whose turn it is in a case: the accounts that act next on a day."""

from __future__ import annotations

from datetime import date

from promotion.applications.owners import account_of, heads_of, supervisor_of
from promotion.cases.bounds import bound, person_of
from promotion.cases.models import Proceeding, ProceedingState, Track
from staff.models import Account, Role
from staff.selectors.grants import accounts_of_role

S = ProceedingState
_OF_HR = (S.PROPOSED, S.CHECKED, S.ARRANGED, S.REASSESSED)


def hr_of(proceeding: Proceeding, day: date) -> list[int]:
    return accounts_of_role(Role.HR, person_of(proceeding), day)


def heads(proceeding: Proceeding, day: date) -> list[int]:
    """Of the person's department or the next above, without whoever checked the facts."""
    return [pk for pk in heads_of(person_of(proceeding), day) if pk != proceeding.checked_by_id]


def deciders_of(proceeding: Proceeding, day: date) -> list[int]:
    """Whoever HR named; else every general manager who stands apart. None where nobody is left."""
    if proceeding.decider_id is not None:
        return [proceeding.decider_id]
    managers = accounts_of_role(Role.GM, person_of(proceeding), day)
    people = dict(Account.objects.filter(pk__in=managers).values_list("pk", "employee"))
    return [pk for pk in managers if not bound(proceeding, pk, people[pk], day)]


def accounts_at(proceeding: Proceeding, day: date) -> list[int]:
    """Who acts at the state where it stands; while a term of the person runs that is the person, who need not."""
    person, state = person_of(proceeding), proceeding.state
    if state in _OF_HR:
        return hr_of(proceeding, day)
    if state == S.SERVED and proceeding.statement_due is not None and day <= proceeding.statement_due:
        return account_of(person.pk)
    if state in (S.SERVED, S.STATED):
        able = heads(proceeding, day) if proceeding.track == Track.DEMOTION else []
        return able or hr_of(proceeding, day)  # without a head who may, HR sees to it that there is one
    if state == S.DECIDED:
        return account_of(person.pk)
    if state == S.APPEALED:
        return deciders_of(proceeding, day) or hr_of(proceeding, day)
    if state == S.PLANNED:
        return supervisor_of(person, day)
    return accounts_of_role(Role.GM, person, day) if state == S.RESTORING else []
