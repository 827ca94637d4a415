"""One person's month, worked: the facts each item rests on, the line that was taken, the months running so far.

It is the month's statement over a population of one whose total, rank, grade and stars are those stored: what is told and
how it came about cannot differ without its being seen, for the items are computed once more beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from policy.catalogue import Key
from policy.compiler.layers import absence_layers, event_layers
from policy.compiler.month import MonthStatement, MonthText
from policy.compiler.plan import Plan
from policy.compiler.say import quantity
from policy.compiler.scalar import Leaf, scalar
from policy.compiler.sql import Relation
from policy.language import typed as t
from policy.language.checked import Case, Checked, Scorecard
from policy.language.faults import Language

_FACTS = (t.Value, t.InputValue, t.EventAggregate, t.AbsentDays, t.Completed, t.Person)

Fact = Decimal | date | bool | str | None


@dataclass(frozen=True)
class Streak:
    """A case that so many months running raise. ``run`` counts them up to the month, at most ``asked``; None: a month of
    them is not known.
    """

    case: Case
    of: t.Typed
    asked: int
    run: int | None


@dataclass(frozen=True)
class Worked:
    """``points`` by item as they come out today; ``facts`` by leaf; ``taken``: of each choice the number of its line, from 0,
    None where a fact of it is missing.
    """

    points: Mapping[Key, Decimal | None]
    facts: Mapping[t.Typed, Fact]
    taken: Mapping[t.Choice, int | None]
    streaks: tuple[Streak, ...]

    def words(self, node: t.Typed, language: Language) -> dict[t.Typed, str]:
        """The facts that a node rests on, each with its unit; what is not known is left out."""
        found = ((fact, self.facts.get(fact)) for fact in facts_in(node))
        return {fact: said(fact, value, language) for fact, value in found if value is not None}


@dataclass(frozen=True, eq=False)
class WorkedStatement(MonthStatement):
    """One row of one person: texts of the points, the facts, the lines taken, the months running."""

    text: WorkedText = field(repr=False)

    def read(self, points: Sequence[str | None], facts: Sequence[str | None], taken: Sequence[str | None],
             runs: Sequence[str | None]) -> Worked:  # fmt: skip
        """The row, each column a list of texts."""
        text = self.text
        return Worked(
            points={key: None if one is None else Decimal(one) for key, one in zip(text.points, points, strict=True)},
            facts={node: _value(node, one) for node, one in zip(text.facts, facts, strict=True)},
            taken={node: None if one is None else int(one) for node, one in zip(text.choices, taken, strict=True)},
            streaks=tuple(
                Streak(case, node.of, node.span.months or 0, None if run is None else int(Decimal(run)))
                for (case, node), run in zip(text.streaks, runs, strict=True)
            ),
        )


def compile_worked(checked: Checked) -> WorkedStatement:
    """``ValueError`` where the policy has no scorecard, or a parameter has no value."""
    if checked.scorecard is None or checked.unset:
        raise ValueError(f"{checked.key} has no scorecard that can be worked")
    streaks = [
        (case, part)
        for case in checked.cases
        if (case.every, case.subject) == ("month", "person") and case.when is not None
        for part in case.when.walk()
        if isinstance(part, t.MonthAggregate) and part.function == "streak"
    ]
    plan = Plan(max((part.span.months or 1 for _, part in streaks), default=1))
    return WorkedStatement(checked, checked.scorecard, plan, WorkedText(checked, checked.scorecard, plan, streaks))


def facts_in(node: t.Typed) -> Iterator[t.Typed]:
    """The facts that a value rests on, in the order in which it speaks of them, each once."""
    found: dict[t.Typed, None] = {}
    _gather(node, found)
    yield from found


def said(node: t.Typed, value: Fact, language: Language) -> str:
    """A fact's value with its unit: 92.5%, 3 次, 是."""
    if isinstance(value, bool):
        return ("是" if value else "否") if language == "zh" else ("yes" if value else "no")
    return quantity(value, node.unit, node, language) if isinstance(value, Decimal) else str(value)


class WorkedText(MonthText):
    """Prints the layers; the month's results are read instead of made."""

    def __init__(
        self, checked: Checked, card: Scorecard, plan: Plan, streaks: list[tuple[Case, t.MonthAggregate]]
    ) -> None:
        super().__init__(checked, card, plan, [])
        self.streaks = streaks
        own = self.later_leaf(("total", "rank", "grade", "stars"))
        roots = [*(item.score for item in card.items), *(part for part in (card.grade, card.stars) if part)]
        found: dict[t.Typed, None] = {}
        for root in roots:
            _gather(root, found)
        self.facts = list(found)
        self.choices = list(dict.fromkeys(part for root in roots for part in root.walk() if isinstance(part, t.Choice)))
        self._seen = [f"({scalar(node, own)})::text" for node in self.facts]
        self._taken = [f"({_line(node, own)})::text" for node in self.choices]
        self._runs = [
            f"({self.history.value(node, own, case.kind if case.restart else None)})::text" for case, node in streaks
        ]

    def whole(
        self, people_columns: Iterable[str], people: Relation, months: Relation, events: Relation, absences: Relation,
        results: Relation,
    ) -> str:  # fmt: skip
        """All layers."""
        columns = ", ".join([*(f"p.{name}" for name in people_columns), *self.plan.since.select()])
        stored = (
            "s AS (\n  SELECT v.*, q.total, q.rank, q.grade, q.stars\n"
            f"  FROM x v LEFT JOIN {results} q ON q.employee_id = v.id AND q.month = %(M)s\n  OFFSET 0)"
        )
        joined = self.history.joined.select()
        parts = [
            f"p AS MATERIALIZED (\n  SELECT {columns}\n  FROM {people} p)",
            *event_layers(self.plan, events, leavers=True),
            *absence_layers(self.plan, absences),
            *self.history.layers(months, results),
            self._x(months),
            stored,
            *([f"b AS (\n  SELECT v.*, {', '.join(joined)}\n  FROM s v\n  OFFSET 0)"] if joined else []),
        ]
        points = [f"trim_scale(v.i{at})::text" for at in range(len(self.points))]
        lists = ", ".join(map(_array, (points, self._seen, self._taken, self._runs)))
        return "WITH " + ",\n".join(parts) + f"\nSELECT {lists}\nFROM {'b' if joined else 's'} v"


def _gather(node: t.Typed, found: dict[t.Typed, None]) -> None:
    if isinstance(node, _FACTS):
        found.setdefault(node)
        return
    for part in node.parts:
        _gather(part, found)


def _line(node: t.Choice, leaf: Leaf) -> str:
    """The number of the line that is taken, as ``scalar`` takes it."""
    cases = []
    for at, (_value_of, when) in enumerate(node.lines):
        if when is None:
            cases.append(f"ELSE {at}")
        else:
            condition = scalar(when, leaf)
            cases.append(f"WHEN ({condition}) IS NULL THEN NULL WHEN {condition} THEN {at}")
    return f"CASE {' '.join(cases)} END"


def _array(texts: Sequence[str]) -> str:
    return f"ARRAY[{', '.join(texts)}]::text[]"


def _value(node: t.Typed, text: str | None) -> Fact:
    if text is None:
        return None
    if node.unit == "yes_no":
        return Decimal(text) != 0 if text not in ("true", "false") else text == "true"
    if node.unit == "date":
        return date.fromisoformat(text)
    return text if node.unit == "text" else Decimal(text)
