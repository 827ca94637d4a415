"""A scorecard and its cases → one statement: a month's result of every person of whole departments.

Layers, each over all people at once: ``p`` people, ``e``, ``d…``, ``a…`` events and absences, ``h`` masks and sums of the
stored results of earlier months, ``x`` facts and points, ``t`` the total, ``r`` rank, grade and stars (``g``, ``s`` where one
rests on another), ``b`` months that hold with this one among them, ``k…`` who leads under an adoption. Strict: what rests
on something missing is null, and nothing is raised.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from policy.catalogue import Key
from policy.compiler.layers import absence_layers, event_layers, layer_names
from policy.compiler.leaders import Leaders
from policy.compiler.plan import Plan
from policy.compiler.results import RANK, History, aggregates, cases_array, layer
from policy.compiler.scalar import Given, Leaf, month_leaf, places, scalar
from policy.compiler.sql import Relation, Sql, all_of, column, literal
from policy.language import typed as t
from policy.language.checked import Case, Checked, Scorecard
from staff.kernel.periods import Month

#: Who is compared: whoever counts and is employed on the last day, as in quarters and years.
_CANDIDATE = "coalesce(f.counts, true) AND (p.left_on IS NULL OR p.left_on >= %(last_day)s)"


@dataclass(frozen=True, eq=False)
class MonthStatement:
    """One policy's results of a month. Compile once, run over any relations with the columns of the reference."""

    checked: Checked
    scorecard: Scorecard
    plan: Plan = field(repr=False)
    text: MonthText = field(repr=False)

    @property
    def people_columns(self) -> tuple[str, ...]:
        """Columns of the relation of people that the statement reads."""
        leaders = ("adoption_id",) if self.text.leaders.used else ()
        return tuple(dict.fromkeys(("id", "department_id", "hired_on", "left_on", *self.plan.people, *leaders)))

    def params(self, month: Month) -> dict[str, Any]:
        """Parameters of the text for one month."""
        days = {f"d{n}": (month + (1 - n)).first_day for n in sorted(self.plan.windows)}
        return {
            "M": month.number, "A": month.next.number, "A_day": month.next.first_day, "last_day": month.last_day, **days,
        }  # fmt: skip

    def sql(
        self, *, people: Relation, months: Relation, events: Relation, absences: Relation, results: Relation
    ) -> str:
        """The text; rows are ``id``, then ``RESULT_COLUMNS``.

        ``people``: whole departments as they are on the month's last day; ``results``: the policy's stored results of
        earlier months, ``employee_id, month, counts, total, grade, rank, stars, cases text[]``.
        """
        return self.text.whole(self.people_columns, people, months, events, absences, results)


def compile_month(checked: Checked) -> MonthStatement:
    """The month's results of a policy: its scorecard, and the cases that a month raises for a person.

    ``ValueError`` where it has no scorecard, or a parameter has no value.
    """
    if checked.scorecard is None:
        raise ValueError(f"{checked.key} has no scorecard")
    if checked.unset:
        raise ValueError(f"{checked.key} lacks values for {', '.join(checked.unset)}")
    cases = [case for case in checked.cases if (case.every, case.subject) == ("month", "person")]
    looked_at = [part for case in cases for part in aggregates(case)]
    plan = Plan(max((part.span.months or 1 for part in looked_at), default=1))
    text = MonthText(checked, checked.scorecard, plan, cases)
    return MonthStatement(checked, checked.scorecard, plan, text)


class MonthText:
    """Prints the layers of one statement; what they need is gathered when it is made."""

    def __init__(self, checked: Checked, card: Scorecard, plan: Plan, cases: list[Case]) -> None:
        self.card, self.plan = card, plan
        self.history = History(plan)
        self.leaders = Leaders()
        self.last = "t"
        """The layer that all results are in."""
        self.points = {
            item.key: self._strict(item.score, "({})::numeric" if _rounded(item.score) else "round({}, 2)")
            for item in card.items
        }
        self.missing = self._missing([item.score for item in card.items], card.grade, card.stars)
        self.grade = self._later(card.grade, "total", "rank")
        self.stars = self._later(card.stars, "total", "rank", "grade")
        self.raised: dict[Key, list[str]] = {}
        for case in cases:
            self.raised.setdefault(case.kind, []).append(self._case(case))
        rules = checked.applies.rules if checked.applies else ()
        self.scope = [self._in_scope(rule.observed, rule.op, rule.threshold) for rule in rules]

    def _leaf(self, node: t.Typed) -> Sql | None:
        """Leaves of layer x."""
        return None if isinstance(node, t.Result) else month_leaf(node) or self.plan.leaf(node)

    def _strict(self, node: t.Typed, form: str) -> str:
        """Null where anything that it rests on is missing, even if it could not matter."""
        absent = [condition for _, condition in _absent(node, self._leaf)]
        value = form.format(scalar(node, Given(self._leaf)))
        return f"CASE WHEN NOT ({' OR '.join(absent)}) THEN {value} END" if absent else value

    def _missing(self, scores: Iterable[t.Typed], *more: t.Typed | None) -> dict[Key, str]:
        """Each fact that items, grade and stars rest on → the condition that it is missing."""
        found: dict[Key, list[str]] = {}
        for node in (*scores, *(part for part in more if part is not None)):
            for key, condition in _absent(node, self._leaf):
                known = found.setdefault(key, [])
                if condition not in known:
                    known.append(condition)
        return {key: " OR ".join(conditions) for key, conditions in found.items()}

    def _later(self, node: t.Typed | None, *results: str) -> str | None:
        """A value of a layer after x: facts are columns of x by then, results are those of the layers before."""
        if node is None:
            return None
        given = Given(self._leaf)
        total = bool(self.card.items) and all(given.settles(item.score) for item in self.card.items)
        return scalar(node, Given(self.later_leaf(results), total))

    def later_leaf(self, results: Iterable[str]) -> Leaf:
        """Leaves of a layer after x, which is called ``v``."""
        known = frozenset(results)

        def leaf(node: t.Typed) -> Sql | None:
            if isinstance(node, t.Result):
                return column("v", node.column) if node.column in known else None
            found = self._leaf(node)
            return None if found is None else Sql(f"v.{self.plan.values.add(found)}")

        return leaf

    def _case(self, case: Case) -> str:
        """The condition that a person's month raises the case; who leads is compared among everybody under one adoption."""
        own = self.later_leaf(("total", "rank", "grade", "stars"))

        def leaf(node: t.Typed) -> Sql | None:
            if isinstance(node, t.Raised):
                return Sql(f"({' OR '.join(self.raised[node.case])})") if node.case in self.raised else None
            if isinstance(node, t.MonthAggregate):
                return self.history.value(node, own, case.kind if case.restart else None)
            return own(node)

        if case.when is not None:
            return f"(({scalar(case.when, leaf)}) IS TRUE)"
        if case.top is None:
            raise TypeError(f"the case {case.kind} has no condition")
        return self.leaders.leads_by(scalar(case.top, leaf))

    def _in_scope(self, observed: t.Typed, op: str, threshold: t.Typed | None) -> str:
        comparison = t.Compare("bool", op, observed, threshold or t.Const("none", None))
        return f"coalesce({scalar(comparison, self._leaf)}, false)"

    # layers

    def whole(
        self, people_columns: Iterable[str], people: Relation, months: Relation, events: Relation, absences: Relation,
        results: Relation,
    ) -> str:  # fmt: skip
        """All layers."""
        columns = ", ".join([*(f"p.{name}" for name in people_columns), *self.plan.since.select()])
        parts = [
            f"p AS MATERIALIZED (\n  SELECT {columns}\n  FROM {people} p)",
            *event_layers(self.plan, events, leavers=True),
            *absence_layers(self.plan, absences),
            *self.history.layers(months, results),
            self._x(months),
            layer("t", "x", f"{self._total()} AS total"),
            *self._judged(),
        ]
        return "WITH " + ",\n".join(parts) + "\n" + self._result()

    def _judged(self) -> list[str]:
        """Rank, grade and stars in as few layers as will do: ``r`` on the total, ``g`` on the rank, ``s`` on the grade."""
        rank = f"{RANK if self.points else 'NULL::integer'} AS rank"
        grade = f"{self._complete(self.grade, 'text')} AS grade"
        stars = f"{self._complete(self.stars, 'integer')} AS stars"
        by_rank = _rests_on(self.card.grade, "rank")
        at = 2 if _rests_on(self.card.stars, "grade") and by_rank else int(_rests_on(self.card.stars, "rank", "grade"))
        columns: list[list[str]] = [[rank], [], []]
        columns[int(by_rank)].append(grade)
        columns[at].append(stars)
        found, last = [], "t"
        for name, added in zip("rgs", columns, strict=True):
            if added:
                found.append(layer(name, last, *added))
                last = name
        if self.history.joined.names:
            found.append(layer("b", last, *self.history.joined.select()))
            last = "b"
        more, self.last = self.leaders.layers(last)
        return [*found, *more]

    def _x(self, months: Relation) -> str:
        absent = [f"({condition})" for condition in dict.fromkeys(self.missing.values())]
        incomplete = f"({' OR '.join(absent)})" if absent else "false"
        names = [f"CASE WHEN {condition} THEN {literal(key)} END" for key, condition in self.missing.items()]
        listed = f"array_remove(ARRAY[{', '.join(names)}], NULL)"
        missing = f"CASE WHEN coalesce(f.counts, true) AND {incomplete} THEN {listed} ELSE '{{}}' END"
        columns = [
            "p.id", "p.department_id", "coalesce(f.counts, true) AS counts",
            f"(coalesce(f.counts, true) AND NOT {incomplete}) AS complete",
            *([f"{missing} AS missing"] if names else ["'{}'::text[] AS missing"]),
            *(f"CASE WHEN coalesce(f.counts, true) THEN {points} END AS i{at}"
              for at, points in enumerate(self.points.values())),
            *(["p.adoption_id", f"({_CANDIDATE}) AS candidate"] if self.leaders.used else []),
            *self.plan.values.select(),
        ]  # fmt: skip
        joins = "".join(
            f" LEFT JOIN {name} ON {name}.id = p.id" for name in [*layer_names(self.plan), *self.history.name]
        )
        where = f"\n  WHERE {all_of(self.scope)}" if self.scope else ""
        selected = ",\n    ".join(columns)
        return (
            f"x AS (\n  SELECT {selected}\n  FROM p LEFT JOIN {months} f ON f.employee_id = p.id AND f.month = %(M)s"
            f"{joins}{where}\n  OFFSET 0)"
        )

    def _total(self) -> str:
        points = [f"v.i{at}" for at in range(len(self.points))]
        if not points:
            return "NULL::numeric"
        added = " + ".join(points)
        total = added if self.card.total == "sum" else f"round(({added}) / {len(points)}, 2)"
        return f"CASE WHEN v.complete THEN {total} END"

    def _complete(self, value: str | None, type_: str) -> str:
        return f"NULL::{type_}" if value is None else f"(CASE WHEN v.complete THEN {value} END)::{type_}"

    def _result(self) -> str:
        items = ", ".join(f"{literal(key)}, trim_scale(v.i{at})" for at, key in enumerate(self.points))
        return (
            f"SELECT v.id, v.department_id, v.counts, jsonb_build_object({items}) AS items, v.total, v.rank, v.grade,"
            f" v.stars,\n  {cases_array(self.raised)} AS cases, v.missing\nFROM {self.last} v"
        )


def _rounded(score: t.Typed) -> bool:
    """Lines of fixed points, which have two decimals or fewer."""
    values = [value for value, _ in score.lines] if isinstance(score, t.Choice) else []
    return bool(values) and all(isinstance(value, t.Const) and places(value) <= 2 for value in values)


def _rests_on(node: t.Typed | None, *results: str) -> bool:
    return node is not None and any(isinstance(part, t.Result) and part.column in results for part in node.walk())


def _absent(node: t.Typed, leaf: Leaf) -> list[tuple[Key, str]]:
    """Facts that a value rests on, each with the condition that it is missing: not reported, or zero where it divides."""
    found: list[tuple[Key, str]] = []
    for part in node.walk():
        key = _key(part)
        if key is not None:
            found.append((key, f"{scalar(part, leaf)} IS NULL"))
        if isinstance(part, t.Arith) and part.op == "/":
            keys = [key for inner in part.right.walk() if (key := _key(inner)) is not None]
            found += [(key, f"{scalar(part.right, leaf)} = 0") for key in keys]
    return list(dict.fromkeys(found))


def _key(node: t.Typed) -> Key | None:
    """The key of a fact that may be missing: a person's row and events are complete."""
    if isinstance(node, t.Value):
        return node.metric.key
    return node.key if isinstance(node, t.InputValue) else None
