"""A scorecard and its cases → one statement: the results of a quarter or a year, of every person or of every team.

It reads what is stored one level down: a quarter its months, a year its quarters, a team its members' rows of the same
period. Layers, each over all at once: ``p`` whom it is about, ``u`` the rows below, ``m`` aggregates over results of months,
``h`` masks of the stored results of earlier periods, ``x`` the total, ``r`` its rank, ``g`` the grade, ``b`` periods that hold
with this one among them, ``k…`` who leads. A null row below makes the total null, and nothing is raised.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from policy.catalogue import Column, Key
from policy.compiler.leaders import Leaders
from policy.compiler.plan import Columns, Plan
from policy.compiler.results import RANK, History, aggregates, cases_array, layer
from policy.compiler.scalar import month_leaf, person_leaf, scalar
from policy.compiler.sql import Relation, Sql, column
from policy.language import typed as t
from policy.language.checked import Case, Checked, Scorecard
from policy.language.periods import LENGTHS
from staff.kernel.periods import Term

Subject = Literal["person", "team"]
_NAMES = {length: name for name, length in LENGTHS.items()}


@dataclass(frozen=True, eq=False)
class PeriodStatement:
    """One policy's results of a quarter or a year. Compile once, run over any relations with the columns of the reference."""

    checked: Checked
    scorecard: Scorecard
    length: int
    subject: Subject
    plan: Plan = field(repr=False)
    text: PeriodText = field(repr=False)

    @property
    def people_columns(self) -> tuple[str, ...]:
        """Columns of the relation of people (of teams: ``id`` and ``department_id`` are the department's) that it reads."""
        leaders = ("adoption_id", *(("left_on",) if self.subject == "person" else ())) if self.text.leaders.used else ()
        return tuple(dict.fromkeys(("id", "department_id", *leaders, *self.plan.people)))

    def params(self, term: Term) -> dict[str, Any]:
        """Parameters of the text for one quarter or year. ``ValueError`` for one of the other length."""
        if term.length != self.length:
            raise ValueError(f"{term} is no {_NAMES[self.length]}")
        return {
            "F": term.first.number, "M": term.last.number, "A": term.last.next.number,
            "last_day": term.last.last_day,
        }  # fmt: skip

    def sql(self, *, people: Relation, below: Relation, months: Relation, facts: Relation, results: Relation) -> str:
        """The text; rows are ``id``, then ``RESULT_COLUMNS``.

        ``people``: whom it is about as they are on the period's last day; ``below``: the policy's stored results one level
        down, of teams their members'; ``months``: of months; ``results``: of earlier periods of this level and subject, all
        ``employee_id, department_id, month, counts, total, grade, rank, stars, cases text[]``; ``facts``: monthly values.
        """
        return self.text.whole(self.people_columns, people, below, months, facts, results)


def compile_period(checked: Checked, length: int, subject: Subject = "person") -> PeriodStatement:
    """The results of a quarter (3) or a year (12): mean, grade, rank, and the cases of ``every`` and ``for``.

    ``ValueError`` where the policy has no scorecard, or a parameter has no value.
    """
    if checked.scorecard is None:
        raise ValueError(f"{checked.key} has no scorecard")
    if checked.unset:
        raise ValueError(f"{checked.key} lacks values for {', '.join(checked.unset)}")
    cases = [case for case in checked.cases if (case.every, case.subject) == (_NAMES[length], subject)]
    streaks = [part for case in cases for part in aggregates(case) if part.function == "streak"]
    plan = Plan(max(((part.span.months or length) // length for part in streaks), default=1))
    text = PeriodText(checked.scorecard, plan, cases, length, subject)
    return PeriodStatement(checked, checked.scorecard, length, subject, plan, text)


class PeriodText:
    """Prints the layers of one statement; what they need is gathered when it is made."""

    def __init__(self, card: Scorecard, plan: Plan, cases: list[Case], length: int, subject: Subject) -> None:
        self.card, self.plan, self.length, self.subject = card, plan, length, subject
        self.of_person = subject == "person"
        self.key = "employee_id" if self.of_person else "department_id"
        self.history = History(plan, length, self.key)
        self.months = MonthsBelow(plan)
        self.leaders = Leaders()
        self.stars = self.months.stars() if card.stars is not None and self.of_person else None
        self.grade = self._grade(card.grade)
        self.raised: dict[Key, list[str]] = {}
        for case in cases:
            self.raised.setdefault(case.kind, []).append(self._case(case))

    def _grade(self, node: t.Typed | None) -> str:
        """By the policy's own lines, where they rest on total and rank alone: other facts are a month's."""
        if node is None:
            return "NULL::text"
        leaves = [part for part in node.walk() if not any(True for _ in part.parts) and not isinstance(part, t.Const)]
        if not all(isinstance(leaf, t.Result) and leaf.column in ("total", "rank") for leaf in leaves):
            return "NULL::text"
        return f"(CASE WHEN v.total IS NOT NULL THEN {scalar(node, self._own)} END)::text"

    def _own(self, node: t.Typed) -> Sql | None:
        """Leaves of a layer after x: the period's own results, and the person's row."""
        if isinstance(node, t.Result):
            return column("v", node.column) if node.column in ("total", "rank", "grade") else None
        if not self.of_person or not isinstance(node, t.Person | t.EvaluationDay | t.Completed):
            return None
        self.plan.note_people(node)
        found = person_leaf(node)
        return None if found is None else Sql(f"v.{self.plan.values.add(found)}")

    def _case(self, case: Case) -> str:
        """The condition that a period raises the case."""

        def leaf(node: t.Typed) -> Sql | None:
            if isinstance(node, t.Raised):
                return Sql(f"({' OR '.join(self.raised[node.case])})") if node.case in self.raised else None
            if isinstance(node, t.MonthAggregate):
                if node.function == "streak":
                    return self.history.value(node, self._own, case.kind if case.restart else None)
                return self.months.value(node) if self.of_person else None
            return self._own(node)

        if case.when is not None:
            return f"(({scalar(case.when, leaf)}) IS TRUE)"
        if case.top is None:
            raise TypeError(f"the case {case.kind} has no condition")
        if isinstance(case.top, t.MonthAggregate) and case.top.function == "months" and self.of_person:
            return self.leaders.leads(*self.months.bounds(case.top))
        return self.leaders.leads_by(scalar(case.top, leaf))

    # layers

    def whole(
        self, people_columns: Iterable[str], people: Relation, below: Relation, months: Relation, facts: Relation,
        results: Relation,
    ) -> str:  # fmt: skip
        """All layers."""
        columns = ", ".join(f"p.{name}" for name in people_columns)
        parts = [
            f"p AS MATERIALIZED (\n  SELECT {columns}\n  FROM {people} p)",
            self._below(below),
            *self.months.layers(months, facts),
            *self.history.layers(months, results),
            self._x(),
            layer("r", "x", f"{RANK if self.of_person else 'NULL::integer'} AS rank"),
            layer("g", "r", f"{self.grade} AS grade"),
        ]
        last = "g"
        if self.history.joined.names:
            parts.append(layer("b", last, *self.history.joined.select()))
            last = "b"
        more, last = self.leaders.layers(last)
        return "WITH " + ",\n".join([*parts, *more]) + "\n" + self._result(last)

    def _below(self, below: Relation) -> str:
        window = "BETWEEN %(F)s AND %(M)s" if self.of_person else "= %(M)s"
        return (
            f"u AS MATERIALIZED (\n  SELECT r.{self.key} AS id, count(*) FILTER (WHERE r.counts) AS n,\n"
            "    count(r.total) FILTER (WHERE r.counts) AS known, sum(r.total) FILTER (WHERE r.counts) AS added\n"
            f"  FROM {below} r JOIN p ON p.id = r.{self.key} WHERE r.month {window}\n  GROUP BY r.{self.key})"
        )

    def _x(self) -> str:
        counting = "u.n > 0"
        columns = [
            "p.id", "p.department_id", f"({counting}) AS counts",
            f"CASE WHEN {counting} AND u.n = u.known THEN round(u.added / u.n, 2) END AS total",
            f"(CASE WHEN {counting} THEN {self.stars} END)::integer AS stars" if self.stars else "NULL::integer AS stars",
            *self._leading(), *self.plan.values.select(),
        ]  # fmt: skip
        joins = "".join(f" LEFT JOIN {name} ON {name}.id = p.id" for name in [*self.months.name, *self.history.name])
        selected = ",\n    ".join(columns)
        return f"x AS (\n  SELECT {selected}\n  FROM p JOIN u ON u.id = p.id{joins}\n  OFFSET 0)"

    def _leading(self) -> list[str]:
        if not self.leaders.used:
            return []
        there = "(p.left_on IS NULL OR p.left_on >= %(last_day)s)" if self.of_person else "true"
        return ["p.adoption_id", f"(u.n > 0 AND {there}) AS candidate"]

    def _result(self, last: str) -> str:
        return (
            "SELECT v.id, v.department_id, v.counts, '{}'::jsonb AS items, v.total, v.rank, v.grade, v.stars,\n"
            f"  {cases_array(self.raised)} AS cases, '{{}}'::text[] AS missing\nFROM {last} v"
        )


class MonthsBelow:
    """Aggregates over a person's stored results of months, the last of them the period's last; all in one pass."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.columns = Columns("m")
        self.widest = 0
        self.reads_facts = False

    @property
    def name(self) -> list[str]:
        """The layer, where there is one."""
        return ["m"] if self.columns.names else []

    def layers(self, months: Relation, facts: Relation) -> list[str]:
        """``m``: one pass over the widest window."""
        if not self.columns.names:
            return []
        columns = ",\n    ".join(["r.employee_id AS id", *self.columns.select()])
        joined = f"\n  LEFT JOIN {facts} f ON f.employee_id = r.employee_id AND f.month = r.month"
        first = f"least(%(F)s, %(M)s - {self.widest - 1})" if self.widest else "%(F)s"
        return [
            f"m AS MATERIALIZED (\n  SELECT {columns}\n  FROM {months} r JOIN p ON p.id = r.employee_id"
            f"{joined if self.reads_facts else ''}\n  WHERE r.month BETWEEN {first} AND %(M)s\n  GROUP BY r.employee_id)"
        ]

    def stars(self) -> str:
        """SQL of layer x: the period's months of five stars among those that are rated."""
        rated = column("r", Column("stars"))
        name = self.columns.add(f"count(*) FILTER (WHERE r.counts AND r.month >= %(F)s AND {rated} = 5)")
        return f"coalesce(m.{name}, 0)"

    def bounds(self, node: t.MonthAggregate) -> tuple[str, str]:
        """The least and the most that ``months(…)`` may come to, whatever the months that are not known hold."""
        held = self._count(node, f"({scalar(node.of, self._leaf)})")
        return held, f"({held} + {self._unknown(node)})"

    def value(self, node: t.MonthAggregate) -> Sql:
        """An aggregate over months; null where one that it needs is not known."""
        unknown = self._unknown(node)
        if node.function == "months":
            return Sql(f"(CASE WHEN {unknown} = 0 THEN {self.bounds(node)[0]} END)")
        counting = self._count(node, "true")
        if node.function == "each":
            held = self._count(node, f"({scalar(node.of, self._leaf)})")
            return Sql(
                f"(CASE WHEN {counting} = 0 THEN NULL WHEN {held} + {unknown} <> {counting} THEN false "
                f"WHEN {unknown} = 0 THEN true END)"
            )
        function = {"mean": "sum", "lowest": "min", "highest": "max"}.get(node.function, node.function)
        found = self._column(f"{function}({scalar(node.of, self._leaf)}) FILTER (WHERE {self._window(node)})")
        value = {"sum": f"coalesce({found}, 0)", "mean": f"({found} / nullif({counting}, 0))"}.get(node.function, found)
        return Sql(f"(CASE WHEN {unknown} = 0 THEN {value} END)")

    def _leaf(self, node: t.Typed) -> Sql | None:
        if isinstance(node, t.Result):
            return column("r", node.column)
        found = month_leaf(node)
        self.reads_facts = self.reads_facts or found is not None
        return found

    def _unknown(self, node: t.MonthAggregate) -> str:
        return self._count(node, f"({scalar(node.of, self._leaf)}) IS NULL")

    def _count(self, node: t.MonthAggregate, condition: str) -> str:
        return f"coalesce({self._column(f'count(*) FILTER (WHERE {self._window(node)} AND {condition})')}, 0)"

    def _window(self, node: t.MonthAggregate) -> str:
        months = node.span.months or 1
        self.widest = max(self.widest, months)
        return f"r.counts AND r.month > %(M)s - {months}"

    def _column(self, sql: str) -> str:
        return f"v.{self.plan.values.add(f'm.{self.columns.add(sql)}')}"
