"""Cases as people read them: who sees which, in which order, narrowed and counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Count, Q, QuerySet, Value, When
from django.db.models import Case as Choice

from assessment.models import ADVERSE, AssessmentMonth, Case, CaseState, MonthState
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.periods import Month
from staff.models import Employee, Role

#: What a list shows beside the row, in its query; documents are read once a version.
_RELATED = ("employee", "department", "version")
_HEAVY = ("version__document",)
#: Somebody's who looks after others; with the roles of these there is more to read than one's own.
_OF_OTHERS = frozenset({Role.SUPERVISOR, Role.HEAD, Role.HR, Role.GM, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a list is narrowed to; empty asks for nothing. ``state`` may be ``new``: open, and of the month sealed last."""

    month: Month | None = None
    kind: str = ""
    state: str = ""
    adverse: bool | None = None
    departments: frozenset[int] | None = None
    words: str = ""


NEW = "new"


def reads_others(access: Access) -> bool:
    """Whether cases of other people are there to be read."""
    return access.everything or bool(access.roles_for(Thing.CASE, Verb.READ) & _OF_OTHERS)


def month_sealed_last() -> Month | None:
    return (
        AssessmentMonth.objects.filter(state=MonthState.SEALED)
        .order_by("-month")
        .values_list("month", flat=True)
        .first()
    )


def is_new(month: Month | None) -> Q:
    """Open, and of the period that ended with the month sealed last."""
    return Q(month=month, state=CaseState.OPEN) if month is not None else Q(pk__in=[])


def cases_listed(access: Access, asked: CaseFilter, sealed: Month | None, verb: Verb = Verb.READ) -> QuerySet[Case]:
    """Of the reader's scope: the month's new ones first (``fresh``), then what is open, then the latest and adverse."""
    fresh = Choice(When(is_new(sealed), then=Value(True)), default=Value(False), output_field=BooleanField())
    waits = Choice(When(state=CaseState.OPEN, then=Value(True)), default=Value(False), output_field=BooleanField())
    against = Choice(When(kind__in=ADVERSE, then=Value(True)), default=Value(False), output_field=BooleanField())
    rows = narrowed(Case.objects.visible_to(access, verb), asked, sealed)
    rows = rows.annotate(fresh=fresh, waits=waits, against=against).select_related(*_RELATED).defer(*_HEAVY)
    return rows.order_by("-fresh", "-waits", "-month", "-against", "kind", "employee__employee_no", "-pk")


def narrowed(rows: QuerySet[Case], asked: CaseFilter, sealed: Month | None) -> QuerySet[Case]:
    found = rows
    if asked.month is not None:
        found = found.filter(month=asked.month)
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.state == NEW:
        found = found.filter(is_new(sealed))
    elif asked.state:
        found = found.filter(state=asked.state)
    if asked.adverse is not None:
        found = found.filter(kind__in=ADVERSE) if asked.adverse else found.exclude(kind__in=ADVERSE)
    if asked.departments is not None:
        found = found.filter(department__in=asked.departments)
    if asked.words:
        people = Employee.objects.all().search(asked.words)
        found = found.filter(Q(employee__in=people) | Q(employee__isnull=True, department__name__icontains=asked.words))
    return found


def counted(rows: QuerySet[Case], sealed: Month | None) -> dict[str, int]:
    """How many there are: in all, new, and in each state. One query."""
    states = {state.value: Count("pk", filter=Q(state=state)) for state in CaseState}
    found: dict[str, int] = rows.order_by().aggregate(all=Count("pk"), new=Count("pk", filter=is_new(sealed)), **states)
    return found


def months_of_cases(access: Access) -> list[Month]:
    """The last months of periods with a case in scope, the latest first."""
    rows = Case.objects.visible_to(access).order_by("-month").values_list("month", flat=True)
    return list(rows.distinct()[:36])


def own_cases(access: Access) -> QuerySet[Case]:
    """The account's own, what is open first."""
    return _in_order(Case.objects.filter(employee=access.employee_id))


def cases_of_others(access: Access) -> QuerySet[Case]:
    """Of the people and teams in scope, one's own apart, what is open first."""
    return _in_order(Case.objects.visible_to(access).exclude(employee=access.employee_id, employee__isnull=False))


def _in_order(rows: QuerySet[Case]) -> QuerySet[Case]:
    waits = Choice(When(state=CaseState.OPEN, then=Value(True)), default=Value(False), output_field=BooleanField())
    rows = rows.annotate(waits=waits).select_related(*_RELATED).defer(*_HEAVY)
    return rows.order_by("-waits", "-month", "-pk")


def case_in_scope(access: Access, pk: int) -> Case:
    """Raises ``Case.DoesNotExist`` for one outside the scope."""
    rows = Case.objects.visible_to(access).select_related(*_RELATED, "handled_by__employee")
    found: Case = rows.get(pk=pk)
    return found


def may_handle(access: Access, case: Case) -> bool:
    """Whether this account may mark the case as handled now: HR of the person or team, and nobody their own."""
    if not case.open or (case.employee_id is not None and case.employee_id == access.employee_id):
        return False
    if not access.may(Thing.CASE, Verb.UPDATE):
        return False
    mine: Any = Case.objects.visible_to(access, Verb.UPDATE).filter(pk=case.pk)
    return bool(mine.exists())
