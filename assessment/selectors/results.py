"""Results of a month: the place where a compiled scorecard meets the tables, and the lines of its file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Min
from django.db.models.functions import Collate

from assessment.models import EmployeeMonth, Event, Level, Result
from policy.compiler import MonthStatement, Relation, compile_month
from policy.language import Checked
from policy.models import Adoption
from policy.selectors import Governed
from staff.kernel.periods import Month
from staff.models import Absence

#: Those who worked a day of the month, a leaver too, where they belong on its last day.
_PEOPLE = """(
    SELECT e.id, d.department_id, e.position, e.hired_on, e.regularised_on, e.post_since, e.left_on, e.birth_date{tiers}
    FROM staff_employee e
    JOIN staff_departmentperiod d ON d.employee_id = e.id AND d.period @> %(last_day)s::date
        AND d.department_id = ANY(%(departments)s){tier_rows}
    WHERE e.hired_on <= %(last_day)s AND (e.left_on IS NULL OR e.left_on >= %(first_day)s)
)"""

_STORED = (
    "(SELECT employee_id, month, counts, total, grade, rank, stars, cases FROM assessment_result "
    "WHERE policy = %(policy)s AND level = 'month' AND employee_id IS NOT NULL)"
)

#: The adoption that governs each department: of those that reach it, the nearest. Once for all, for the closure is a view.
_ADOPTIONS = (
    "(SELECT DISTINCT ON (c.descendant_id) c.descendant_id, a.id AS adoption_id FROM policy_adoption a "
    "JOIN staff_departmentclosure c ON c.ancestor_id = a.department_id "
    "WHERE a.id = ANY(%(adoptions)s) ORDER BY c.descendant_id, c.depth)"
)
_ADOPTED = (
    f"(SELECT q.*, o.adoption_id FROM {{people}} q LEFT JOIN {_ADOPTIONS} o ON o.descendant_id = q.department_id)"
)

#: Columns about the tier, and the joins they come from: the ledger's app knows them.
_tiers: list[str] = ["", ""]


def register_tiers(columns: str, joins: str) -> None:
    """Called once, by the app that keeps the tiers. The joins speak of ``e.id``, ``%(last_day)s`` and ``%(policy)s``."""
    _tiers[:] = [columns, joins]


@dataclass(frozen=True, slots=True)
class ResultQuery:
    """A query of ``id``, then ``RESULT_COLUMNS``, and its parameters."""

    sql: str
    params: Mapping[str, Any]


@lru_cache(maxsize=256)
def statement_of(checked: Checked) -> MonthStatement:
    return compile_month(checked)


def assessed_now(governed: Governed, month: Month) -> ResultQuery:
    """Everybody whom the policy governs, over the facts and the earlier results as they are."""
    statement, key = statement_of(governed.checked), governed.version.key
    return query_over(statement, key, month, governed.department_ids, adoptions=governed.adoption_ids)


def people_relation(columns: Iterable[str]) -> Relation:
    """Those who worked a day from ``%(first_day)s`` to ``%(last_day)s``; about tiers, and the adoption among ``%(adoptions)s``,
    only if the columns ask for them.
    """
    tiers, joins = _tiers if {"tier", "tier_since", "demoted_on"} & set(columns) else ("", "")
    return with_adoption(columns, Relation(_PEOPLE.format(tiers=tiers, tier_rows=joins)))


def with_adoption(columns: Iterable[str], people: Relation) -> Relation:
    """Which adoption, among ``%(adoptions)s``, governs each of them, if the columns ask for it."""
    return Relation(_ADOPTED.format(people=people)) if "adoption_id" in columns else people


def query_over(
    statement: MonthStatement, policy: str, month: Month, departments: Iterable[int], only: Iterable[int] | None = None,
    adoptions: Iterable[int] = (),
) -> ResultQuery:  # fmt: skip
    """The statement over the people of departments; ``only``: over some of them (ids), where ranks say nothing and nobody
    leads. ``adoptions`` (ids): those that govern them, under each of which somebody leads.
    """
    people = people_relation(statement.people_columns)
    sql = statement.sql(
        people=Relation(people if only is None else f"(SELECT q.* FROM {people} q WHERE q.id = ANY(%(only)s))"),
        months=Relation("assessment_employeemonth"),
        events=Relation("assessment_event"),
        absences=Relation("staff_absence"),
        results=Relation(_STORED),
    )
    params = {
        **statement.params(month),
        "first_day": month.first_day,
        "departments": list(departments),
        "adoptions": list(adoptions),
        "policy": policy,
        **({} if only is None else {"only": list(only)}),
    }
    return ResultQuery(sql, params)


def first_in_force(policy: str) -> Month | None:
    """The month in which the policy was first adopted from; None: never."""
    start = Adoption.objects.filter(policy=policy).aggregate(day=Min("period__startswith"))["day"]
    return Month.of(start) if start is not None else None


def first_month(policy: str) -> Month | None:
    """From which month on the policy may have results: since it is in force, and something is known; None: never."""
    start = first_in_force(policy)
    days = (Event.objects.aggregate(day=Min("day"))["day"], Absence.objects.aggregate(day=Min("first_day"))["day"])
    known = [Month.of(day) for day in days if day is not None]
    reported = EmployeeMonth.objects.order_by("month").values_list("month", flat=True).first()
    known += [reported] if reported is not None else []
    return max(start, min(known)) if start is not None and known else None


def month_lines(month: Month) -> Iterator[str]:
    """The file of a month's results, in order of ``employee_no``; memory does not grow with people."""
    results = (
        Result.objects.filter(level=Level.MONTH, month=month, employee__isnull=False)
        .select_related("employee")
        .order_by(Collate("employee__employee_no", "C"), "policy")
    )
    for result in results.iterator(chunk_size=2000):
        line = {
            "employee_no": result.employee.employee_no,
            "month": str(month),
            "policy": result.policy,
            "items": result.items,
            "total": number(result.total),
            "full_marks": number(result.full_marks),
            "grade": result.grade,
            "rank": result.rank,
            "stars": result.stars,
            "cases": sorted(result.cases),
        }
        yield as_line(line)


def month_gaps(month: Month) -> Iterator[tuple[str, str, list[str]]]:
    """Who has no result for want of data: employee no., policy, keys of what is missing."""
    results = Result.objects.filter(level=Level.MONTH, month=month, employee__isnull=False).exclude(missing=[])
    rows = results.order_by(Collate("employee__employee_no", "C"), "policy")
    yield from rows.values_list("employee__employee_no", "policy", "missing").iterator(chunk_size=2000)


def as_line(values: Mapping[str, Any]) -> str:
    """One JSON object, as files of results have it."""
    return json.dumps(values, ensure_ascii=False, separators=(", ", ": "))


def number(value: Decimal | None) -> int | float | None:
    """As files of results write it: whole numbers without a point."""
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)
