"""Typed nodes → SQL of a value. What a leaf is called depends on the layer, so the layer gives a ``Leaf``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from policy.catalogue import Column
from policy.compiler.sql import Sql, column, literal, month_of
from policy.language import typed as t

Leaf = Callable[[t.Typed], Sql | None]
"""SQL of a fact in one layer; None for what is no leaf there."""


@dataclass(frozen=True)
class Given:
    """Leaves of which none is missing here, for whoever asks has made sure of that: what rests on them alone need not be asked
    for null. ``total``: nor is the month's total.
    """

    leaf: Leaf
    total: bool = False

    def __call__(self, node: t.Typed) -> Sql | None:
        return self.leaf(node)

    def settles(self, node: t.Typed) -> bool:
        """Whether a value or condition cannot be null. A person's dates can be absent, a quotient's divisor 0."""
        if isinstance(node, t.Result):
            return self.total and node.column == "total"
        if isinstance(node, t.Person | t.Completed | t.Process | t.Pay | t.MonthAggregate | t.Raised):
            return False
        if isinstance(node, t.Const):
            return node.value is not None
        if isinstance(node, t.Arith) and node.op == "/" and not isinstance(node.right, t.Const):
            return False
        return isinstance(node, t.EventAggregate | t.AbsentDays) or all(self.settles(part) for part in node.parts)


def scalar(node: t.Typed, leaf: Leaf) -> Sql:
    """SQL of a value or condition. ``TypeError`` for a fact that the layer does not have."""
    found = leaf(node)
    if found is not None:
        return found
    if isinstance(node, t.Const):
        return literal(node.value)
    printer = _PRINTERS.get(type(node))
    if printer is None:
        raise TypeError(f"{type(node).__name__} cannot stand in this layer")
    return Sql(printer(node, leaf))


def month_leaf(node: t.Typed) -> Sql | None:
    """Leaves of a row of the relation of months, called ``f``. An input that no catalogue holds is reported by nobody."""
    if isinstance(node, t.Value):
        return column("f", node.metric.column)
    if isinstance(node, t.InputValue):
        return Sql("NULL::numeric") if node.column is None else column("f", node.column)
    return column("f", node.column) if isinstance(node, t.Result) else None


def event_leaf(node: t.Typed) -> Sql | None:
    """Leaves of an event ``e`` of a person ``p``."""
    if isinstance(node, t.EventField):
        return column("e", Column(node.field.name))
    return Sql("p.target") if isinstance(node, t.TargetTier) else None


def person_leaf(node: t.Typed) -> Sql | None:
    """Leaves of a person ``p`` at the as-of instant; a result of the process is not known to a sweep."""
    if isinstance(node, t.Person):
        named = column("p", node.fact.column)
        return Sql(f"{named}::int") if node.unit == "yes_no" else named
    if isinstance(node, t.EvaluationDay):
        return Sql("%(last_day)s::date")
    if isinstance(node, t.Completed):
        start = scalar(node.of, person_leaf)
        return Sql(f"greatest(%(A)s - {month_of(start)} - (date_part('day', {start}) > 1)::int, 0)")
    return Sql("NULL::numeric") if isinstance(node, t.Process) else None


def _compare(node: t.Compare, leaf: Leaf) -> str:
    op = "<>" if node.op == "!=" else node.op
    if isinstance(node.left, t.Person) and node.left.unit == "text":
        # a person's row is complete: whose position is not known is not at the front desk, whoever has no tier has none
        op = {"<>": "IS DISTINCT FROM", "=": "IS NOT DISTINCT FROM"}.get(op, op)
    return f"{scalar(node.left, leaf)} {op} {scalar(node.right, leaf)}"


def _logic(node: t.Logic, leaf: Leaf) -> str:
    return f"({_bracketed(node.left, leaf)} {node.op.upper()} {_bracketed(node.right, leaf)})"


def _bracketed(node: t.Typed, leaf: Leaf) -> str:
    return f"({scalar(node, leaf)})"


def _membership(node: t.Membership, leaf: Leaf) -> str:
    among = f"{scalar(node.of, leaf)} IN ({', '.join(literal(item.value) for item in node.items)})"
    return f"coalesce({among}, false)" if isinstance(node.of, t.Person) else among


def _choice(node: t.Choice, leaf: Leaf) -> str:
    """A condition that cannot be settled settles the whole: nobody is given the next line for want of data."""
    cases = []
    for value, when in node.lines:
        if when is None:
            cases.append(f"ELSE {scalar(value, leaf)}")
        elif isinstance(leaf, Given) and leaf.settles(when):
            cases.append(f"WHEN {scalar(when, leaf)} THEN {scalar(value, leaf)}")
        else:
            condition = scalar(when, leaf)
            cases.append(f"WHEN ({condition}) IS NULL THEN NULL WHEN {condition} THEN {scalar(value, leaf)}")
    return f"CASE {' '.join(cases)} END"


def _first(node: t.First, leaf: Leaf) -> str:
    return f"coalesce({', '.join(scalar(option, leaf) for option in node.options)})"


def _extreme(node: t.Extreme, leaf: Leaf) -> str:
    """``greatest`` and ``least`` skip NULL, which would make ``min(1, missing)`` full marks."""
    options = [scalar(option, leaf) for option in node.options]
    known = [isinstance(o, t.Const) or (isinstance(leaf, Given) and leaf.settles(o)) for o in node.options]
    absent = [f"{sql} IS NULL" for sql, there in zip(options, known, strict=True) if not there]
    best = f"{'greatest' if node.function == 'max' else 'least'}({', '.join(options)})"
    return f"CASE WHEN {' OR '.join(absent)} THEN NULL ELSE {best} END" if absent else best


def _rounded(node: t.Rounded, leaf: Leaf) -> str:
    inner = scalar(node.of, leaf)
    return f"floor(({inner})::numeric)" if node.function == "floor" else f"round(({inner})::numeric, {node.digits})"


def _arith(node: t.Typed, leaf: Leaf) -> str:
    if isinstance(node, t.Arith) and node.op in ("+", "-"):
        return f"({scalar(node.left, leaf)} {node.op} {scalar(node.right, leaf)})"
    above, below = _factors(node)
    factor, divisor = _constant(above), _constant(below)
    if divisor and _exact(factor / divisor):  # what does not divide evenly is kept for the one division
        factor, divisor = factor / divisor, Decimal(1)
    product = [scalar(part, leaf) for part in above if not isinstance(part, t.Const)]
    if factor != 1 or not product:
        product.append(literal(factor))
    divisors = [scalar(part, leaf) for part in below if not isinstance(part, t.Const)]
    if divisor != 1:
        divisors.append(literal(divisor))
    top = " * ".join(product)
    return f"(({top})::numeric / nullif({' * '.join(divisors)}, 0))" if divisors else f"({top})"


def _factors(node: t.Typed) -> tuple[list[t.Typed], list[t.Typed]]:
    """A product of quotients as one quotient: factors above and below the line."""
    if isinstance(node, t.Arith) and node.op in ("*", "/"):
        (a, b), (c, d) = _factors(node.left), _factors(node.right)
        return (a + c, b + d) if node.op == "*" else (a + d, b + c)
    if isinstance(node, t.Percent):
        above, below = _factors(node.of)
        return above, [*below, t.Const("number", Decimal(100))]
    return [node], []


def _constant(parts: list[t.Typed]) -> Decimal:
    product = Decimal(1)
    for part in parts:
        if isinstance(part, t.Const) and isinstance(part.value, Decimal):
            product *= part.value
    return product


def _exact(value: Decimal) -> bool:
    return -int(value.normalize().as_tuple().exponent) <= 12


_PRINTERS: dict[type[t.Typed], Callable[..., str]] = {
    t.Compare: _compare, t.Logic: _logic, t.Membership: _membership, t.Choice: _choice, t.First: _first,
    t.Extreme: _extreme, t.Rounded: _rounded, t.Arith: _arith, t.Percent: _arith,
    t.Negation: lambda node, leaf: f"NOT ({scalar(node.of, leaf)})",
    t.Negative: lambda node, leaf: f"(- {scalar(node.of, leaf)})",
}  # fmt: skip


def places(node: t.Typed) -> int:
    """Decimal places in which a value is kept as evidence: exact for sums, four for means and quotients.

    A monthly value has as many as can be stored, however many its metric takes today: what is kept now is read later.
    """
    if isinstance(node, t.MonthAggregate):
        if node.function in ("months", "each", "streak"):  # months are counted, whatever is asked of them
            return 0
        inner = places(node.of)
        return max(inner, 4) if node.function == "mean" else inner
    if isinstance(node, t.Value):
        return 4 if node.metric.decimals else 0
    if isinstance(node, t.Const):
        return max(0, -int(node.value.normalize().as_tuple().exponent)) if isinstance(node.value, Decimal) else 0
    if isinstance(node, t.Arith) and node.op == "/":
        return 4
    if isinstance(node, t.Percent):
        return places(node.of) + 2
    if isinstance(node, t.Arith) and node.op == "*":
        return min(6, places(node.left) + places(node.right))
    if isinstance(node, t.Result | t.InputValue | t.Process):
        return 2
    if isinstance(node, t.Person):
        return 2 if node.unit not in ("date", "yes_no", "count", "month", "day") else 0
    if isinstance(node, t.Rounded):
        return node.digits
    if isinstance(node, t.EventAggregate | t.AbsentDays | t.Completed):
        return 0
    return max((places(part) for part in node.parts), default=0)
