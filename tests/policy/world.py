"""People, months, events and absences for one test, and the sweep over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from psycopg2.extras import execute_values

from policy.compiler import SweepRow, SweepStatement, compile_pay, compile_sweep, evidence, trace
from policy.language import Checked, load_document
from policy.language.checked import Rule
from staff.kernel.periods import Month
from tests.policy.facts import CATALOGUE

PEOPLE = (
    "id bigint, department_id bigint, position text, hired_on date, regularised_on date, post_since date, left_on date, "
    "birth_date date, tier text, tier_since date, demoted_on date, "
    "adoption_id bigint"
)
MONTHS = (
    "employee_id bigint, month integer, counts boolean, "
    + ", ".join(f"s{n} numeric" for n in range(1, 65))
    + ", total numeric, grade text, rank integer, stars integer"
)
EVENTS = (
    "id bigint, employee_id bigint, day date, kind text, status text not null default '', "
    "subject text not null default '', quantity numeric, note text, decided_on date"
)
ABSENCES = "employee_id bigint, first_day date, last_day date, kind text"
PAY = "employee_id bigint, base numeric, post_wage numeric, performance numeric"
RESULTS = (
    "employee_id bigint, department_id bigint, month integer, counts boolean, total numeric, grade text, rank integer, "
    "stars integer, cases text[]"
)
TABLES = {"pay": PAY, "results": RESULTS, "people": PEOPLE, "months": MONTHS, "events": EVENTS, "absences": ABSENCES}
RELATIONS = {name: f"test_{name}" for name in ("people", "months", "events", "absences")}


class World:
    """Rows in temporary tables, written with names and read back as verdicts."""

    def __init__(self, cursor: Any) -> None:
        self.cursor = cursor
        self.events = 0

    def create(self) -> None:
        for name, columns in TABLES.items():
            self.cursor.execute(f"CREATE TEMPORARY TABLE test_{name} ({columns}) ON COMMIT DROP")

    def insert(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        columns = list(rows[0])
        execute_values(
            self.cursor,
            f"INSERT INTO test_{table} ({', '.join(columns)}) VALUES %s",
            [tuple(row[column] for column in columns) for row in rows],
        )

    def person(self, id_: int = 1, tier: str = "regular", hired_on: str = "2020-01-01", **more: Any) -> int:
        row = {"id": id_, "tier": tier, "hired_on": hired_on, "tier_since": hired_on, **more}
        self.insert("people", [row])
        return id_

    def month(self, month: str, id_: int = 1, counts: bool = True, **values: Any) -> None:
        self.insert("months", [{"employee_id": id_, "month": Month.parse(month).number, "counts": counts, **values}])

    def months(self, last: str, count: int, id_: int = 1, **values: Any) -> None:
        """The same values in some months up to the last."""
        for back in range(count):
            self.month(str(Month.parse(last) + -back), id_, **values)

    def event(self, kind: str, day: str, id_: int = 1, **more: Any) -> None:
        self.events += 1
        self.insert("events", [{"id": self.events, "employee_id": id_, "kind": kind, "day": day, **more}])

    def absence(self, first: str, last: str, id_: int = 1) -> None:
        self.insert("absences", [{"employee_id": id_, "first_day": first, "last_day": last, "kind": "leave"}])

    def rows(self, statement: SweepStatement, as_of: str) -> dict[int, SweepRow]:
        self.cursor.execute(statement.sql(**RELATIONS), statement.params(Month.parse(as_of)))
        return {row[0]: SweepRow(*row) for row in self.cursor.fetchall()}

    def sweep(self, policy: Checked, as_of: str, id_: int = 1) -> Any:
        """What a file of the sweep says of one person; None where the policy does not apply."""
        statement = compile_sweep(policy)
        row = self.rows(statement, as_of).get(id_)
        return row and trace(statement, row, Month.parse(as_of))

    def pay(self, policy: Checked, month: str) -> list[tuple[Any, ...]]:
        """Lines of the pay run: component, amount, what is missing."""
        statement = compile_pay(policy)
        relations = {name: f"test_{name}" for name in statement.relations}
        self.cursor.execute(statement.sql(people="test_people", **relations), statement.params(Month.parse(month)))
        return sorted((row[1], row[2], row[3]) for row in self.cursor.fetchall())

    def evidence(self, policy: Checked, rule: Rule, as_of: str, id_: int = 1) -> list[dict[str, Any]]:
        found = evidence(compile_sweep(policy), rule)
        assert found is not None
        self.cursor.execute(found.sql(**RELATIONS), found.params(Month.parse(as_of), id_))
        names = [column.name for column in self.cursor.description]
        return [dict(zip(names, row, strict=True)) for row in self.cursor.fetchall()]


def ladder(rules: Mapping[str, str] | None = None, triggers: Mapping[str, str] | None = None, head: str = "") -> str:
    """A document with two tiers, some rules on its step and some triggers."""
    lines = ["policy: probe", "title: {zh: 试, en: Probe}", "in_force: 2020-01-01", "approved_by: gm", head.strip("\n")]
    lines += ["ladder:", "  tiers:", "    - {key: low, zh: 低级, en: Low}", "    - {key: high, zh: 高级, en: High}"]
    lines += ["  promotions:", "    - from: low", "      to: high", "      require:"]
    lines += _clause("一.1", rules or {"hired": "hired_on <= as_of"}, "        ")
    if triggers:
        lines += ["  demotions:", *_clause("二.1", triggers, "    ")]
    return "\n".join(line for line in lines if line) + "\n"


def _clause(number: str, rules: Mapping[str, str], indent: str) -> Iterable[str]:
    yield f"{indent}- clause: {number}"
    yield f"{indent}  text: 条款"
    yield f"{indent}  rules:"
    for key, text in rules.items():
        yield f"{indent}    {key}: {text!r}" if "#" not in text else f"{indent}    {key}: {text}"


def probe(rules: Mapping[str, str] | None = None, triggers: Mapping[str, str] | None = None, head: str = "") -> Checked:
    """The checked form of ``ladder``."""
    return load_document(ladder(rules, triggers, head), CATALOGUE)


def day(text: str) -> date:
    return date.fromisoformat(text)
