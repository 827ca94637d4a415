"""Doubts: who sees which, who owes an answer, and whom it is told to.

A supervisor or head answers first, for those whom they lead today; HR of the person's department answers in the end, and
also what a supervisor leaves lying. Nobody answers about themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from assessment.models import OPEN_DOUBTS, Doubt, DoubtState
from staff.kernel.access import Access, Thing, Verb
from staff.models import Account, Employee, Role, SupervisorPeriod
from staff.models.querysets import within
from staff.selectors.grants import accounts_of_role

#: What a page shows of the person and of whoever acted, in the query of the rows.
_RELATED = (
    "employee", "metric", "event__kind", "answered_by__employee", "supervisor_answered_by__employee",
)  # fmt: skip


def answers_doubts(access: Access) -> bool:
    """Whether doubts of a team come to this account first."""
    return bool(access.roles_for(Thing.DOUBT, Verb.UPDATE))


def count_to_answer(access: Access) -> int:
    """How many wait for this very account: those of the people who report to it directly today."""
    if access.leads_as is None or "supervisor" not in access.roles:
        return 0
    return Doubt.objects.filter(_reports_to(access), state=DoubtState.RAISED).count()


def others_doubts(access: Access) -> QuerySet[Doubt]:
    """Doubts of the people in one's scope, one's own apart: what waits for oneself first, then what is open, then the
    latest. ``mine`` marks the first, ``supervisor_name`` names who leads the person today.
    """
    led = SupervisorPeriod.objects.filter(employee=OuterRef("employee"), period__contains=access.day)
    waits = Case(When(_waits_for(access), then=Value(True)), default=Value(False), output_field=BooleanField())
    is_open = Case(When(state__in=OPEN_DOUBTS, then=Value(True)), default=Value(False), output_field=BooleanField())
    return (
        Doubt.objects.visible_to(access)
        .exclude(employee__in=access.people)
        .select_related(*_RELATED)
        .annotate(mine=waits, is_open=is_open, supervisor_name=Subquery(led.values("supervisor__name")[:1]))
        .order_by("-mine", "-is_open", "-raised_at", "-pk")
    )


def own_doubts(access: Access) -> QuerySet[Doubt]:
    """The account's own, the latest first."""
    return Doubt.objects.filter(employee=access.employee_id).select_related(*_RELATED)


def doubt_in_scope(access: Access, pk: int) -> Doubt:
    """Raises ``Doubt.DoesNotExist`` for one outside the scope."""
    return Doubt.objects.visible_to(access).select_related(*_RELATED).get(pk=pk)


def step_of(access: Access, doubt: Doubt) -> DoubtState | None:
    """The step at which this account may answer now: ``raised`` as supervisor or head, ``with_hr`` as HR; None for neither.

    Whoever leads the person answers as such while it is their turn, whatever other roles they hold.
    """
    if doubt.employee_id in access.people:
        return None
    if doubt.state == DoubtState.RAISED and _reaches(access, doubt, Verb.UPDATE):
        return DoubtState.RAISED
    if doubt.open and _reaches(access, doubt, Verb.DECIDE):
        return DoubtState.WITH_HR
    return None


def supervisor_account(employee: Employee, day: date) -> Account | None:
    """The account of whoever leads the person on the day; None where nobody does, or they cannot sign in."""
    led = SupervisorPeriod.objects.filter(employee=employee, period__contains=day)
    found: Account | None = Account.objects.filter(employee__in=led.values("supervisor"), is_active=True).first()
    return found


def accounts_that_answer(doubt: Doubt, day: date) -> Iterable[int]:
    """The accounts with which an open doubt lies on the day."""
    supervisor = supervisor_account(doubt.employee, day) if doubt.state == DoubtState.RAISED else None
    return [supervisor.pk] if supervisor else accounts_of_role(Role.HR, doubt.employee, day)


def _reaches(access: Access, doubt: Doubt, verb: Verb) -> bool:
    return Employee.objects.visible_to(access, verb, Thing.DOUBT).filter(pk=doubt.employee_id).exists()


def _reports_to(access: Access) -> Exists:
    led = SupervisorPeriod.objects.filter(
        employee=OuterRef("employee"), supervisor=access.leads_as, period__contains=access.day
    )
    return Exists(led)


def _waits_for(access: Access) -> Q:
    """Raised by one's direct reports, or with HR where one is HR of the person."""
    decides = within(access.scope(Thing.DOUBT, Verb.DECIDE), access.day, "employee__")
    return Q(Q(state=DoubtState.RAISED), _reports_to(access)) | Q(Q(state=DoubtState.WITH_HR), decides)
