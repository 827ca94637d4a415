"""A ladder → one statement: outcome, verdicts and compact evidence for every person of a relation.

Layers, each over all people at once: ``p`` people with their masks, ``m`` months, ``e`` events, ``d…`` different values,
``a…`` absences, ``x`` observed values and missing months, ``y`` verdicts, ``z`` what they come to. ``OFFSET 0`` keeps
PostgreSQL from pasting the expressions of one layer into every use in the next.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from policy.compiler.layers import absence_layers, event_layers, layer_names
from policy.compiler.outcome import Outcome, Verdict
from policy.compiler.plan import Plan, process_parameter
from policy.compiler.sql import Relation, Sql, all_of, literal, month_of
from policy.compiler.verdict import Printed, print_rule
from policy.language import typed as t
from policy.language.checked import Checked, Clause, Ladder, Rule
from policy.language.functions import whole_months
from staff.kernel.periods import Month

ProcessValue = Decimal | bool | None
"""What the process yielded: a total, a yes or no; None where it has not yet."""


@dataclass(frozen=True, eq=False)
class SweepStatement:
    """One policy's sweep. Compile once, run over any relations with the columns of the reference."""

    checked: Checked
    ladder: Ladder
    plan: Plan = field(repr=False)
    printed: dict[Rule, Printed] = field(repr=False)
    reach: int | None
    """Months, the as-of month included, whose facts can change a result; None: facts of any date."""
    has_peers: bool = False
    """A result depends on other people's (ranks): people must then be whole departments."""

    def rules_of(self, tier: str) -> list[tuple[Clause, Rule]]:
        """Measured rules that a tier is judged by, in the order of evidence: its step's conditions, then triggers."""
        step = self.ladder.step_from(tier)
        clauses = (*(step.clauses if step else ()), *self.ladder.demotions)
        return [(clause, rule) for clause in clauses for rule in clause.rules]

    @property
    def people_columns(self) -> tuple[str, ...]:
        """Columns of the relation of people that the statement reads."""
        return tuple(dict.fromkeys(("id", "tier", "hired_on", *self.plan.people)))

    @property
    def reads_results(self) -> bool:
        """A rule speaks of the month's results: the relation of months must then carry them (``total``)."""
        return any(isinstance(part, t.Result) for rule in self.printed for part in rule.observed.walk())

    def params(self, as_of: Month, process: Mapping[str, ProcessValue] | None = None) -> dict[str, object]:
        """Parameters of the text for one as-of month. ``process``: what the process yielded, None of what it has not yet."""
        given = {process_parameter(key): (process or {}).get(key) for key in sorted(self.plan.processes)}
        days = {f"d{n}": (as_of + (1 - n)).first_day for n in sorted(self.plan.windows)}
        return {
            "M": as_of.number,
            "A": as_of.next.number,
            "A_day": as_of.next.first_day,
            "last_day": as_of.last_day,
            **days,
            **{name: int(value) if isinstance(value, bool) else value for name, value in given.items()},
        }

    def sql(self, *, people: Relation, months: Relation, events: Relation, absences: Relation) -> str:
        """The text, with named parameters as psycopg2 takes them."""
        return SweepText(self).whole(people, months, events, absences)


def compile_sweep(checked: Checked, *, with_process: bool = False) -> SweepStatement:
    """The sweep of a policy's ladder; ``with_process`` for one person, with what the process has yielded among the parameters.

    ``ValueError`` where it has none, or a parameter has no value.
    """
    if checked.ladder is None:
        raise ValueError(f"{checked.key} has no ladder")
    if checked.unset:
        raise ValueError(f"{checked.key} lacks values for {', '.join(checked.unset)}")
    clauses = [clause for step in checked.ladder.steps for clause in step.clauses]
    clauses += [*checked.ladder.demotions, *([checked.applies] if checked.applies else [])]
    rules = [rule for clause in clauses for rule in clause.rules]
    plan = Plan(max((_months(rule) for rule in rules), default=1), _least(checked), with_process=with_process)
    printed = {rule: print_rule(plan, rule) for rule in rules}
    reach = None if plan.unbounded else max(plan.widest, *plan.windows, 1)
    return SweepStatement(checked, checked.ladder, plan, printed, reach)


def _least(checked: Checked) -> int:
    """The reading ``min_counting_months``, where the document has one."""
    reading = checked.readings.get("min_counting_months")
    return (whole_months(reading.typed) or 0) if reading else 0


def _months(rule: Rule) -> int:
    found = [n.span.months or 1 for n in rule.observed.walk() if isinstance(n, t.MonthAggregate)]
    return max(found, default=1)


class SweepText:
    """Prints the layers of one statement."""

    def __init__(self, statement: SweepStatement) -> None:
        self.statement, self.plan, self.ladder = statement, statement.plan, statement.ladder

    @cached_property
    def tiers(self) -> list[Sql]:
        return [literal(tier.key) for tier in self.ladder.tiers]

    def whole(self, people: Relation, months: Relation, events: Relation, absences: Relation) -> str:
        """All layers."""
        parts = [
            self.people_layer(people),
            *self._months(months),
            *event_layers(self.plan, events),
            *absence_layers(self.plan, absences),
        ]
        return "WITH " + ",\n".join([*parts, self._x(), self._y(), self._z()]) + "\n" + self._result()

    def people_layer(self, people: Relation) -> str:
        """``p``: the people of the ladder's tiers, the tier their step leads to, and their masks of months."""
        targets = [f"WHEN {literal(step.source)} THEN {literal(step.target)}" for step in self.ladder.steps]
        target = f"CASE p.tier {' '.join(targets)} END" if targets else "NULL::text"
        columns = [f"p.{name}" for name in self.statement.people_columns]
        inner = ", ".join([*columns, f"{target} AS target", f"{month_of('p.hired_on')} AS hired_m"])
        masks = ", ".join(["p.*", f"{self.plan.mask_from('p.hired_m')} AS emask", *self.plan.since.select()])
        where = f"p.tier IN ({', '.join(self.tiers)})"
        return (
            f"p AS MATERIALIZED (\n  SELECT {masks}\n  FROM (SELECT {inner}\n"
            f"        FROM {people} p WHERE {where} OFFSET 0) p)"
        )

    def _months(self, months: Relation) -> list[str]:
        if not self.plan.months.names:
            return []
        columns = ",\n    ".join(
            ["p.id", "bit_or(f.bit) FILTER (WHERE NOT f.counts) AS off", *self.plan.months.select()]
        )
        back = self.plan.widest - 1
        row = f"SELECT f.*, %(M)s - f.month AS k, {self.plan.one} << (%(M)s - f.month) AS bit FROM {months} f"
        window = f"f.month BETWEEN %(M)s - {back} AND %(M)s"
        return [
            f"m AS MATERIALIZED (\n  SELECT {columns}\n  FROM p JOIN ({row} WHERE {window}) f"
            f" ON f.employee_id = p.id AND f.month >= p.hired_m\n  GROUP BY p.id)"
        ]

    def _x(self) -> str:
        months = ["m"] if self.plan.months.names else []
        joins = "".join(f" LEFT JOIN {name} ON {name}.id = p.id" for name in [*months, *layer_names(self.plan)])
        columns = ",\n    ".join(["p.id", "p.tier", "p.target", *self.plan.values.select()])
        return f"x AS (\n  SELECT {columns}\n  FROM p{joins}\n  OFFSET 0)"

    def _y(self) -> str:
        columns = ",\n    ".join(["x.*", *self.plan.verdicts.select()])
        return f"y AS (\n  SELECT {columns}\n  FROM x\n  OFFSET 0)"

    def _verdicts(self, clauses: tuple[Clause, ...], process: bool) -> list[str]:
        rules = [rule for clause in clauses for rule in clause.rules if process or not rule.by_process]
        return list(dict.fromkeys(self.statement.printed[rule].verdict for rule in rules))

    def _z(self) -> str:
        triggers = self._verdicts(self.ladder.demotions, process=False)
        fired = f"({' OR '.join(triggers)}) IS TRUE" if triggers else "false"
        cases = []
        for step in self.ladder.steps:
            found = self._verdicts(step.clauses, process=False)
            cases.append(f"WHEN {literal(step.source)} THEN {' AND '.join(found) if found else 'true'}")
        ok = f"CASE y.tier {' '.join(cases)} END" if cases else "NULL::boolean"
        return f"z AS (\n  SELECT y.*, {fired} AS fired, {ok} AS ok\n  FROM y\n  OFFSET 0)"

    def _result(self) -> str:
        bottom, top = self.tiers[0], self.tiers[-1]
        cases = [
            (f"fired AND tier = {bottom}", Outcome.WARNING), ("fired", Outcome.DEMOTION_PROPOSED),
            (f"tier = {top}", Outcome.TOP), ("ok", Outcome.ELIGIBLE), ("NOT ok", Outcome.NOT_YET),
        ]  # fmt: skip
        whens = " ".join(f"WHEN {condition} THEN {int(outcome)}" for condition, outcome in cases)
        outcome = f"(CASE {whens} ELSE {int(Outcome.WAITING_FOR_DATA)} END)::smallint"
        below = [f"WHEN {upper} THEN {lower}" for lower, upper in zip(self.tiers, self.tiers[1:], strict=False)]
        down = f"CASE tier {' '.join(below)} END" if below else "NULL::text"
        target = f"CASE WHEN fired AND tier <> {bottom} THEN {down} ELSE target END"
        scope = self.statement.checked.applies
        where = f"\nWHERE {all_of(self._verdicts((scope,), process=False))}" if scope else ""
        return (
            f"SELECT id, tier, {outcome} AS outcome, {target} AS target,\n  {self._by_tier(self._bits, 'bigint')} AS bits,\n"
            f"  {self._by_tier(self._observed, 'bigint[]')} AS observed,\n"
            f"  {self._by_tier(self._missing, 'bigint[]')} AS missing\nFROM z{where}"
        )

    def _by_tier(self, printer: Callable[[str], str], type_: str) -> str:
        cases = [f"WHEN {literal(tier.key)} THEN {printer(tier.key)}" for tier in self.ladder.tiers]
        return f"CASE tier {' '.join(cases)} END::{type_}"

    def _printed(self, tier: str) -> list[Printed]:
        return [self.statement.printed[rule] for _, rule in self.statement.rules_of(tier)]

    def _bits(self, tier: str) -> str:
        """Two bits a rule, the first rule lowest."""
        bits = [
            f"(coalesce({printed.verdict}::int, {int(Verdict.UNKNOWN)})::bigint << {2 * at})"
            for at, printed in enumerate(self._printed(tier))
        ]
        return f"({' | '.join(bits)})" if bits else "0"

    def _observed(self, tier: str) -> str:
        return f"ARRAY[{', '.join(printed.observed for printed in self._printed(tier))}]::bigint[]"

    def _missing(self, tier: str) -> str:
        masks = [printed.missing or "0" for printed in self._printed(tier)]
        some = list(dict.fromkeys(mask for mask in masks if mask != "0"))
        if not some:
            return "NULL"
        return f"CASE WHEN ({' | '.join(some)}) <> 0 THEN ARRAY[{', '.join(masks)}]::bigint[] END"
