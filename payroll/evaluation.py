"""From a policy and a population to lines of pay: the one place where a compiled pay statement meets the tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from policy.compiler import PayStatement, Relation, compile_pay
from policy.language import Checked
from policy.selectors import Governed
from promotion.sweep.population import PERSON_COLUMNS, Population, on_tiers, paid_population
from staff.kernel.periods import Month

#: The row in force on the month's last day: the latest that has started.
_PAY_ROWS = """(
    SELECT DISTINCT ON (employee_id) * FROM payroll_payrecord WHERE starts_on <= %(last_day)s
    ORDER BY employee_id, starts_on DESC
)"""

#: What the policy said of each person's month. Whose result is missing something raised nothing yet, which is not nothing.
_RESULTS = """(
    SELECT employee_id, month, total, grade, rank, stars, CASE WHEN missing = '{}' THEN cases END AS cases
    FROM assessment_result WHERE level = 'month' AND policy = %(pay_policy)s AND employee_id IS NOT NULL AND month = %(M)s
)"""

#: Columns of a person's row that are no dates.
_TYPES = {"department_id": "bigint", "position": "text"}


@dataclass(frozen=True, slots=True)
class PayQuery:
    """A query of ``(id, component, amount, missing)`` and its parameters."""

    sql: str
    params: Mapping[str, Any]


@lru_cache(maxsize=256)
def statement_of(checked: Checked) -> PayStatement:
    return compile_pay(checked)


def paid_now(governed: Governed, month: Month) -> PayQuery:
    """Everybody whom the policy governs and who worked a day of the month, over the facts as they are and the results that
    are stored: a line of pay and the score it rests on cannot differ.
    """
    query = paid_over(governed, month, results=_RESULTS)
    return PayQuery(query.sql, {**query.params, "pay_policy": governed.version.key})


def paid_among(governed: Governed, month: Month, among: Iterable[int], tiers: Mapping[int, str] | None) -> PayQuery:
    """The same of a few people, each on the tier that ``tiers`` names; on the one that was paid by where it is None."""
    people = on_tiers(paid_population(governed, month), tiers, among)
    statement = statement_of(governed.checked)
    query = _query(statement, people, month, months="assessment_employeemonth", pay=_PAY_ROWS, results=_RESULTS)
    return PayQuery(query.sql, {**query.params, "pay_policy": governed.version.key})


def paid_over(governed: Governed, month: Month, *, results: str) -> PayQuery:
    """The same over results that are given: ``employee_id, month, total, grade, rank, stars, cases``."""
    people = paid_population(governed, month)
    statement = statement_of(governed.checked)
    return _query(statement, people, month, months="assessment_employeemonth", pay=_PAY_ROWS, results=results)


def paid_by_tier(checked: Checked, tiers: Sequence[str], month: Month) -> PayQuery:
    """The same statement over one person a tier, of whom nothing else is known; ``id`` counts the tiers from 1."""
    columns = ", ".join(f"NULL::{_TYPES.get(name, 'date')} AS {name}" for name in PERSON_COLUMNS)
    people = Population(
        Relation(f"SELECT n AS id, tier, {columns} FROM unnest(%(pop_tiers)s::text[]) WITH ORDINALITY AS t(tier, n)"),
        {"pop_tiers": list(tiers)},
    )
    nobody = "(SELECT * FROM {} WHERE false)"
    return _query(
        statement_of(checked), people, month,
        months=nobody.format("assessment_employeemonth"), pay=nobody.format("payroll_payrecord"),
        results=nobody.format("assessment_result"),
    )  # fmt: skip


def _query(
    statement: PayStatement, people: Population, month: Month, *, months: str, pay: str, results: str
) -> PayQuery:
    sql = statement.sql(
        people=Relation(f"({people.relation})"),
        months=Relation(months),
        events=Relation("assessment_event"),
        absences=Relation("staff_absence"),
        pay=Relation(pay),
        results=Relation(results),
    )
    return PayQuery(sql, {**statement.params(month), **people.params})
