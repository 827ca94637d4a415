"""What a person's months came to: one month whole, beside the month before and the team's median, and the totals of years."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db import DataError, connection, transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, JSONObject

from assessment.models import Assessed, AssessmentMonth, EmployeeMonth, ItemAssessor, Level, Metric, MonthState, Result
from assessment.selectors.results import query_over
from policy.compiler.worked import Worked, WorkedStatement, compile_worked
from policy.language import Checked, Faults
from policy.models import Adoption
from policy.selectors import checked, values_digest
from staff.kernel.access import Access
from staff.kernel.periods import Month
from staff.models import Employee, SupervisorPeriod

#: From so many people up a team has a median: of fewer, one could tell whose figure it is.
LEAST = 5
#: Months that the trend shows.
TREND = 24
#: What the median of totals is called among those of items.
TOTAL = ""
#: What another page tells of somebody's latest result.
_TOLD = ("month", "total", "full_marks", "stars")

#: The middle of an odd number, the mean of the middle two of an even one; exact.
_MEDIANS = """
    WITH r AS (
        SELECT total, items FROM assessment_result
        WHERE level = 'month' AND month = %(month)s AND policy = %(policy)s AND department_id = %(department)s
          AND employee_id IS NOT NULL AND counts AND missing = '{}'
    ), each(key, value) AS (
        SELECT '', total FROM r WHERE total IS NOT NULL
        UNION ALL SELECT i.key, i.value::numeric FROM r, jsonb_each_text(r.items) i WHERE i.value IS NOT NULL
    )
    SELECT key, count(*), trim_scale((percentile_disc(0.5) WITHIN GROUP (ORDER BY value)
                                    + percentile_disc(0.5) WITHIN GROUP (ORDER BY value DESC)) / 2)
    FROM each GROUP BY key
"""


@dataclass(frozen=True, slots=True)
class Team:
    """Those of the department whom the policy assessed in the month. ``medians`` by item, and of the totals under ``TOTAL``:
    none where fewer than ``LEAST`` people have a result, and none before the month is sealed, or whoever looks while values
    come in would see one colleague's figure in how it moves.
    """

    ranked: int = 0
    medians: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lack:
    """A value that the result waits for. ``owner`` can enter it today; empty: nobody leads the person, or nobody may any more.

    ``zero``: it is there, but is 0 where something is divided by it.
    """

    key: str
    owner: str
    zero: bool


@dataclass(frozen=True, slots=True)
class OwnResult:
    """A month's result whole. ``before``: the month before by the same policy. ``worked`` is None where the facts of that
    time cannot be read any more; ``assessors``: who scored an item, by its key.
    """

    result: Result
    checked: Checked
    of_record: bool
    sealed: bool
    before: Result | None
    team: Team
    worked: Worked | None
    lacks: tuple[Lack, ...] = ()
    assessors: Mapping[str, str] = field(default_factory=dict)

    @property
    def changed(self) -> frozenset[str]:
        """Items whose facts have changed since the result was made."""
        points = self.worked.points if self.worked else {}
        return frozenset(key for key, now in points.items() if now != _points(self.result, key))

    def points(self, key: str) -> Decimal | None:
        """Of an item, as they were told."""
        return _points(self.result, key)

    def points_before(self, key: str) -> Decimal | None:
        return _points(self.before, key) if self.before else None


#: Of an account's employee: has ever been assessed.
HAS_RESULTS = "has results"


def results_of_employee() -> QuerySet[Result]:
    """Rows of whoever the query around it is about."""
    found: QuerySet[Result] = Result.objects.filter(employee=OuterRef("pk"))
    return found


def result_in(employee: Employee, month: Month) -> Result | None:
    """What the month came to; None where it has not been assessed."""
    found: Result | None = Result.objects.filter(employee=employee, level=Level.MONTH, month=month).first()
    return found


def latest_result(access: Access, employee: Employee) -> Result | None:
    """The last month that came to something, where one may read it."""
    latest: Result | None = _latest(access).filter(employee=employee).first()
    return latest


def latest_beside(access: Access, employee: str) -> Subquery:
    """``latest_result`` as a column of another query, whose ``employee`` names the person; ``latest_read`` reads it."""
    told = JSONObject(**{name: Cast(name, TextField()) for name in _TOLD})
    return Subquery(_latest(access).filter(employee=OuterRef(employee)).values(told=told)[:1])


def latest_read(told: Mapping[str, str | None] | None) -> Result | None:
    """The month, total, full marks and stars of ``latest_beside``."""
    if told is None:
        return None
    month, total, full_marks, stars = (told[name] for name in _TOLD)
    return Result(
        month=Month(int(month or 0)),
        total=None if total is None else Decimal(total),
        full_marks=None if full_marks is None else Decimal(full_marks),
        stars=None if stars is None else int(stars),
    )


def _latest(access: Access) -> QuerySet[Result]:
    found: QuerySet[Result] = Result.objects.visible_to(access).filter(level=Level.MONTH, counts=True)
    return found.order_by("-month")


def results_of(access: Access, employee: Employee) -> list[Result]:
    """Every result of the person that one may read, the latest period first; months, quarters and years together."""
    found = Result.objects.visible_to(access).filter(employee=employee)
    return list(found.select_related("version", "department").order_by("-month", "level", "policy"))


def own_result(access: Access, employee: Employee, result: Result, others: Sequence[Result]) -> OwnResult | None:
    """One of ``results_of``, whole; ``others`` are all of them. None where its document cannot be read any more."""
    document = document_of(result)
    if document is None:
        return None
    month = result.month
    record, sealed = _states(result)
    same = (each for each in others if each.level == Level.MONTH and each.policy == result.policy)
    worked = _worked(employee, result, document)
    return OwnResult(
        result=result,
        checked=document,
        of_record=record,
        sealed=sealed,
        before=next((each for each in same if each.month == month.previous), None),
        team=team_of(result, of_record=record),
        worked=worked,
        lacks=_lacks(access, employee, result, sealed) if result.missing else (),
        assessors=_assessors(employee, month),
    )


def team_of(result: Result, *, of_record: bool) -> Team:
    """The team of a month's result."""
    params: dict[str, Any] = {"month": result.month.number, "policy": result.policy, "department": result.department_id}
    with connection.cursor() as cursor:
        cursor.execute(_MEDIANS, params)
        rows = cursor.fetchall()
    ranked = next((count for key, count, _ in rows if key == TOTAL), 0)
    return Team(ranked, {key: median for key, count, median in rows if of_record and count >= LEAST})


def _states(result: Result) -> tuple[bool, bool]:
    """Whether the result is of record, and whether its month is sealed."""
    state = AssessmentMonth.objects.filter(month=result.month, state=MonthState.SEALED)
    record = Assessed.objects.filter(policy=result.policy, level=result.level, month=result.month, of_record=True)
    found = Result.objects.filter(pk=result.pk).values_list(Exists(record), Exists(state))
    return found.get()


def document_of(result: Result) -> Checked | None:
    """The version with the values of the adoption that governed it."""
    for values in Adoption.objects.filter(version=result.version_id).values_list("values", flat=True):
        if values_digest(values) == result.values_digest:
            try:
                return checked(result.version, values)
            except Faults:
                return None
    return None


@lru_cache(maxsize=256)
def _statement(document: Checked) -> WorkedStatement:
    return compile_worked(document)


def _worked(employee: Employee, result: Result, document: Checked) -> Worked | None:
    statement = _statement(document)
    query = query_over(statement, result.policy, result.month, [result.department_id], [employee.pk])
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(query.sql, query.params)
            row = cursor.fetchone()
    except DataError:
        # What was entered since fails in the statement. The stored result stands, and the assessment tells of the failure.
        return None
    return statement.read(*row) if row else None


def _lacks(access: Access, employee: Employee, result: Result, sealed: bool) -> tuple[Lack, ...]:
    """Whoever leads the person today can enter what is missing; of a sealed month nobody can."""
    today = SupervisorPeriod.objects.filter(employee=employee, period__contains=access.day)
    led = today.select_related("supervisor").first()
    owner = led.supervisor.name if led and not sealed else ""
    row = EmployeeMonth.objects.filter(employee=employee, month=result.month).first()
    slots = dict(Metric.objects.filter(key__in=result.missing).values_list("key", "slot"))
    there = {key for key, slot in slots.items() if row is not None and getattr(row, f"s{slot}") is not None}
    return tuple(Lack(key, owner, key in there) for key in result.missing)


def _assessors(employee: Employee, month: Month) -> dict[str, str]:
    named = ItemAssessor.objects.filter(employee=employee, month=month)
    return dict(named.values_list("metric__key", "assessor__name"))


def _points(result: Result, key: str) -> Decimal | None:
    found = result.items.get(key)
    return None if found is None else Decimal(str(found))


def months_in(results: Iterable[Result]) -> list[Month]:
    """The months that have a result, the latest first."""
    return list(dict.fromkeys(each.month for each in results if each.level == Level.MONTH))
