"""People × clauses: columns of a policy's rules, the thresholds of each step, and what a person's cell says.

Columns follow from the compiled policy, whatever its ladder. A rule that the process decides, or a clause that people judge,
has none: nobody waits for it here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import gettext as _

from policy.compiler import Finding, Outcome, SweepStatement, Verdict, asked, findings, label
from policy.compiler.outcome import Evidence
from policy.compiler.say import rounded
from policy.language.checked import Clause, Rule, Text
from policy.language.nodes import plain_number
from promotion.web.tiers import say
from staff.kernel.periods import Month

Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """Rules of several steps that look at the same; ``places`` are (clause, rule) by tier."""

    words: Text
    trigger: bool
    places: tuple[tuple[str, Place], ...]
    lead: bool = False
    """The first of the triggers: a rule parts it from the conditions."""

    @property
    def name(self) -> str:
        return say(self.words)

    def place(self, tier: str) -> Place | None:
        return dict(self.places).get(tier)


@dataclass(frozen=True, slots=True)
class Threshold:
    """What a step asks in a column, and the number of the clause; empty where the step has no such rule."""

    column: Column
    asks: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """One cell. ``tone`` is met, unmet, unknown, fired, off (a trigger that rests) or na (not asked of this step)."""

    column: Column
    tone: str
    words: str = ""
    seen: str = ""
    gap: str = ""
    finding: Finding | None = None

    @property
    def icon(self) -> str:
        return "maybe" if self.column.trigger and self.tone == "unknown" else self.tone

    @property
    def marked(self) -> bool:
        return self.tone not in ("off", "na")


@lru_cache(maxsize=256)
def columns_of(statement: SweepStatement) -> tuple[Column, ...]:
    """Conditions in the order of the ladder, then triggers. A rule of the same key and subject shares its column."""
    order: list[tuple[str, str, int, bool]] = []
    words: dict[tuple[str, str, int, bool], Text] = {}
    places: dict[tuple[str, str, int, bool], list[tuple[str, Place]]] = {}
    for tier in (str(one.key) for one in statement.ladder.tiers):
        before, seen = -1, dict[tuple[str, str, bool], int]()
        for trigger, clause, rule in _measured(statement, tier):
            text = label(rule)
            base = str(rule.key), text.zh, trigger
            seen[base] = seen.get(base, -1) + 1
            key = base[0], base[1], seen[base], trigger
            if key not in places:
                order.insert(before + 1, key)
            before = order.index(key)
            words.setdefault(key, text)
            places.setdefault(key, []).append((tier, (clause.number, str(rule.key))))
    order.sort(key=lambda key: key[3])
    first = next((key for key in order if key[3]), None)
    return tuple(Column(words[key], key[3], tuple(places[key]), key == first) for key in order)


def thresholds(statement: SweepStatement, tier: str, month: Month) -> list[Threshold]:
    """The band of a step: a threshold for each column."""
    rules = {(clause.number, str(rule.key)): rule for clause, rule in statement.rules_of(tier)}
    found = []
    for column in columns_of(statement):
        place = column.place(tier)
        found.append(Threshold(column, say(asked(rules[place], month)), place[0]) if place else Threshold(column))
    return found


def marks(statement: SweepStatement, row: Evidence, month: Month) -> list[Mark]:
    """A cell for each column."""
    explained = findings(statement, row, month)
    sides = {
        False: {(f.clause.number, f.rule): f for f in explained.conditions},
        True: {(f.clause.number, f.rule): f for f in explained.triggers},
    }
    return [
        _mark(column, sides[column.trigger].get(column.place(row.tier) or ("", None)))
        for column in columns_of(statement)
    ]


def only_lacks(row: Evidence, cells: Iterable[Mark]) -> str:
    """The one condition that is unmet while every other is met; empty otherwise."""
    conditions = [cell for cell in cells if not cell.column.trigger and cell.tone != "na"]
    short = [cell for cell in conditions if cell.tone != "met"]
    alone = row.outcome == Outcome.NOT_YET and len(conditions) > 1 and len(short) == 1 and short[0].tone == "unmet"
    return short[0].column.name if alone else ""


def seen_words(finding: Finding) -> str:
    """What was observed, as short as a cell: ``3``, ``11 / 12``, ``2026-10-09``, ``—`` for nothing."""
    seen = finding.observed
    if seen is None:
        return "—"
    if isinstance(seen, bool):
        return _("yes") if seen else _("no")
    if isinstance(seen, date):
        return seen.isoformat()
    each = isinstance(finding.threshold, Decimal) and rule_of(finding).threshold is None
    much = plain_number(rounded(seen, None if each else finding.threshold))
    return f"{much} / {plain_number(finding.threshold)}" if each else much  # type: ignore[arg-type]


def verdict_words(column: Column, tone: str) -> str:
    if tone == "unknown":
        return _("waiting for data")
    if column.trigger:
        return _("clause met") if tone == "fired" else _("clause not met")
    return {"met": _("met"), "unmet": _("unmet"), "na": _("not asked of this tier")}[tone]


def _measured(statement: SweepStatement, tier: str) -> Iterator[tuple[bool, Clause, Rule]]:
    step = statement.ladder.step_from(tier)
    both: Sequence[tuple[bool, tuple[Clause, ...]]] = (
        (False, step.clauses if step else ()),
        (True, statement.ladder.demotions),
    )
    for trigger, clauses in both:
        for clause in clauses:
            for rule in clause.rules:
                if not rule.by_process:
                    yield trigger, clause, rule


def _mark(column: Column, finding: Finding | None) -> Mark:
    if finding is None:
        return Mark(column, "na", _("not asked of this tier"))
    tone = str(finding.verdict)
    if column.trigger and finding.verdict is not Verdict.UNKNOWN:
        tone = "fired" if finding.verdict is Verdict.MET else "off"
    gap = _("+%(n)s missing") % {"n": len(finding.missing)} if tone == "unknown" and finding.missing else ""
    return Mark(column, tone, verdict_words(column, tone), seen_words(finding), gap, finding)


def rule_of(finding: Finding) -> Rule:
    """The rule behind a measured finding."""
    return next(rule for rule in finding.clause.rules if str(rule.key) == finding.rule)
