"""Observed value, its lowest and highest possible value, threshold → SQL of a verdict (NULL: unknown).

The tables of ``docs/policy-language.md`` ("Three values"), to the letter.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from policy.compiler.plan import Plan
from policy.compiler.scalar import month_leaf, places, scalar
from policy.compiler.sql import Sql, all_of, literal
from policy.language import typed as t
from policy.language.bounds import bounds
from policy.language.checked import Rule


@dataclass(frozen=True)
class Printed:
    """A rule in SQL, over the columns of layers x and y.

    Observed value as evidence, mask of missing months (None: it cannot miss one), verdict.
    """

    observed: Sql
    missing: Sql | None
    verdict: Sql


@dataclass(frozen=True)
class Interval:
    """Lowest and highest possible value. ``None``: unbounded as soon as a month is missing, then ``exact`` is the value."""

    low: str | None
    high: str | None
    exact: str
    complete: str
    """Condition that no month is missing."""


def print_rule(plan: Plan, rule: Rule) -> Printed:
    """Adds what the rule needs to the plan."""
    if isinstance(rule.observed, t.MonthAggregate):
        return MonthPrinter(plan, rule.observed).printed(rule)
    return _exact(plan, rule)


def _exact(plan: Plan, rule: Rule) -> Printed:
    """Facts that are complete: an absent date makes the comparison unmet. What the process yields is not known to a sweep, and
    unknown until it is there to whoever asks with it.
    """
    value = plan.values.add(scalar(rule.observed, plan.leaf))
    evidence = _evidence(rule.observed, value)
    if rule.by_process and not plan.with_process:
        return Printed(evidence, None, plan.verdicts.add("NULL::boolean"))
    comparison = f"{value} {_op(rule)} {_threshold(plan, rule)}"
    comparison = f"({comparison})" if rule.by_process else f"coalesce({comparison}, false)"
    return Printed(evidence, None, plan.verdicts.add(comparison))


def _op(rule: Rule) -> str:
    """Who has no position is not at the front desk: a text that is not there differs from every word."""
    unlike = "IS DISTINCT FROM" if rule.unit == "text" else "<>"
    return unlike if rule.op == "!=" else rule.op


def _threshold(plan: Plan, rule: Rule) -> Sql:
    if rule.threshold is None:
        raise TypeError("each(…) has no threshold")
    return scalar(rule.threshold, plan.leaf)


def _evidence(node: t.Typed, sql: str) -> Sql:
    """An integer in the unit's smallest place; a date as days since 1970-01-01."""
    if node.unit == "date":
        return Sql(f"({sql} - DATE '1970-01-01')")
    digits = places(node)
    return Sql(f"round({sql} * {10**digits})::bigint" if digits else f"{sql}::bigint")


class MonthPrinter:
    """One aggregate of monthly values."""

    def __init__(self, plan: Plan, node: t.MonthAggregate) -> None:
        self.plan, self.node = plan, node
        self.length = node.span.months or 0
        self.window = f"{(1 << self.length) - 1}" + ("::bigint" if plan.big else "")
        self.value = scalar(node.of, month_leaf)
        self.starts = plan.since_mask(node.span.since)
        marks = ["p.emask", "~coalesce(m.off, 0)", *self.starts]
        if self.length < plan.widest:
            marks.append(self.window)
        self.counting = f"({' & '.join(marks)})"

    def printed(self, rule: Rule) -> Printed:
        """Observed, missing, verdict. Where a least number of months must count, fewer leave it unknown; but a streak."""
        function, plan = self.node.function, self.plan
        if function in ("sum", "mean"):
            found = self._total(rule.op, _threshold(plan, rule))
        elif function in ("lowest", "highest"):
            found = self._end(rule.op, _threshold(plan, rule))
        else:
            found = {"each": self._each, "streak": self._streak, "months": self._months}[function](rule)
        verdict: str = found.verdict
        if plan.least and function != "streak":
            counting = plan.values.add(plan.bit_count(self.counting))
            verdict = f"CASE WHEN {counting} >= {plan.least} THEN {verdict} END"
        return Printed(found.observed, found.missing, plan.verdicts.add(verdict))

    def _bits(self, condition: str) -> str:
        """Mask of the months in which a condition on their row holds."""
        name = self.plan.months.add(f"bit_or(f.bit) FILTER (WHERE f.counts AND {condition})")
        return f"coalesce(m.{name}, 0)"

    def _known(self) -> str:
        """Mask of the months whose value, or whose truth, is known."""
        leaves = [leaf for leaf in self.node.of.walk() if isinstance(leaf, t.Value | t.Result | t.InputValue)]
        inner = self.node.of.left if isinstance(self.node.of, t.Compare) else self.node.of
        simple = len(leaves) == 1 and inner == leaves[0]
        return self._bits(f"{scalar(inner, month_leaf) if simple else f'({self.value})'} IS NOT NULL")

    def _missing(self) -> Sql:
        return self.plan.values.add(f"({self.counting} & ~({self._known()}))")

    def _over(self, function: str) -> str:
        """The aggregate over the reported months of the window."""
        conditions = ["f.counts"]
        if self.length < self.plan.widest:
            conditions.append(f"f.k < {self.length}")
        conditions += [f"(f.bit & {mask}) <> 0" for mask in self.starts]
        name = self.plan.months.add(f"{function}({self.value}) FILTER (WHERE {all_of(conditions)})")
        return f"m.{name}"

    def _total(self, op: str, threshold: str) -> Printed:
        """A sum; or a mean, compared as a sum with the threshold times the months that count, so that it is exact."""
        plan, over, missing = self.plan, self._over("sum"), self._missing()
        total = plan.values.add(f"coalesce({over}, 0)")
        low, high = bounds(self.node.of)
        lacking = plan.bit_count(missing)
        low_sql = None if low is None else _plus(total, lacking, low)
        high_sql = None if high is None else _plus(total, lacking, high)
        interval = Interval(low_sql, high_sql, total, f"{missing} = 0")
        if self.node.function == "sum":
            verdict = decide(op, interval, threshold)
            evidence = _evidence(self.node, total)
        else:
            counting = plan.values.add(plan.bit_count(self.counting))
            verdict = decide(op, interval, f"{threshold} * {counting}", f"{counting} > 0")
            evidence = _evidence(self.node, f"({total} / nullif({counting} - {lacking}, 0))")
        return Printed(evidence, missing, Sql(verdict))

    def _end(self, op: str, threshold: str) -> Printed:
        """The lowest or the highest value: a missing month may go further, never less far."""
        lowest = self.node.function == "lowest"
        plan, over, missing = self.plan, self._over("min" if lowest else "max"), self._missing()
        value = plan.values.add(over)
        low, high = bounds(self.node.of)
        further, nearer = (low, high) if lowest else (high, low)
        complete = f"{missing} = 0"
        outer = None if further is None else f"CASE WHEN {complete} THEN {value} ELSE {literal(further)} END"
        inner = value if nearer is None else f"coalesce({value}, {literal(nearer)})"
        interval = Interval(outer, inner, value, complete) if lowest else Interval(inner, outer, value, complete)
        counting = plan.values.add(plan.bit_count(self.counting))
        verdict = decide(op, interval, threshold, f"{counting} > 0")
        return Printed(_evidence(self.node, value), missing, Sql(verdict))

    def _months(self, rule: Rule) -> Printed:
        plan, missing = self.plan, self._missing()
        holding = plan.bit_count(f"{self.counting} & {self._bits(self.value)}")
        value = plan.values.add(holding)
        interval = Interval(value, f"{value} + {plan.bit_count(missing)}", value, f"{missing} = 0")
        return Printed(value, missing, decide(rule.op, interval, _threshold(plan, rule)))

    def _each(self, _rule: Rule) -> Printed:
        """Evidence is two numbers in one: months that hold × 256 + months that count."""
        plan, missing = self.plan, self._missing()
        counting = plan.values.add(self.counting)
        holding = plan.values.add(f"({self.counting} & {self._bits(self.value)})")
        evidence = Sql(f"({plan.bit_count(holding)} * 256 + {plan.bit_count(counting)})")
        verdict = (
            f"CASE WHEN {counting} = 0 THEN NULL WHEN ({holding} | {missing}) <> {counting} THEN false "
            f"WHEN {missing} = 0 THEN true END"
        )
        return Printed(evidence, missing, Sql(verdict))

    def _streak(self, _rule: Rule) -> Printed:
        """The run is the lowest bit that is not set; a month that does not count is not set."""
        plan, missing = self.plan, self._missing()
        held = plan.values.add(f"({self.counting} & {self._bits(self.value)})")
        ended = f"(~{held} | ({plan.one} << {self.length}))"
        run = plan.bit_count(f"({ended} & (- {ended})) - 1")
        verdict = (
            f"CASE WHEN {held} = {self.window} THEN true WHEN ({held} | {missing}) <> {self.window} THEN false END"
        )
        return Printed(run, missing, Sql(verdict))


def _plus(total: str, lacking: str, bound: Decimal) -> str:
    return total if bound == 0 else f"({total} + {lacking} * {literal(bound)})"


def decide(op: str, interval: Interval, threshold: str, guard: str | None = None) -> Sql:
    """The verdict of ``op`` on an interval; unknown where the guard does not hold or neither end decides."""
    low, high = _End(interval.low, interval), _End(interval.high, interval)
    met, unmet = {
        ">=": (low.is_(">=", threshold), high.is_("<", threshold)),
        ">": (low.is_(">", threshold), high.is_("<=", threshold)),
        "<=": (high.is_("<=", threshold), low.is_(">", threshold)),
        "<": (high.is_("<", threshold), low.is_(">=", threshold)),
        "=": (f"{low.is_('=', threshold)} AND {high.is_('=', threshold)}",
              f"{low.is_('>', threshold)} OR {high.is_('<', threshold)}"),
        "!=": (f"{low.is_('>', threshold)} OR {high.is_('<', threshold)}",
               f"{low.is_('=', threshold)} AND {high.is_('=', threshold)}"),
    }[op]  # fmt: skip
    first = f"WHEN NOT ({guard}) THEN NULL " if guard else ""
    return Sql(f"CASE {first}WHEN {met} THEN true WHEN {unmet} THEN false END")


@dataclass(frozen=True)
class _End:
    """One end of an interval in a comparison; where it has no bound it decides only when nothing is missing."""

    sql: str | None
    interval: Interval

    def is_(self, op: str, threshold: str) -> str:
        if self.sql is None:
            return f"({self.interval.complete} AND {self.interval.exact} {op} {threshold})"
        return f"{self.sql} {op} {threshold}"
