"""The syntax tree of an expression, and its canonical text: ``parse(show(node)) == node``.

Places do not take part in comparisons; English words stand for the keywords whatever language was written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, cast

from policy.language.faults import At

NOWHERE = At(1, 1)


@dataclass(frozen=True)
class Node:
    """Any part of an expression; ``at`` is where it begins."""

    at: At = field(compare=False, kw_only=True, default=NOWHERE, repr=False)


@dataclass(frozen=True)
class Number(Node):
    """A number as written, with the unit as written (canonical English, singular) or None."""

    value: Decimal
    unit: str | None = None


@dataclass(frozen=True)
class Day(Node):
    """A date."""

    value: date


@dataclass(frozen=True)
class Nothing(Node):
    """``none``: no line of pay, no value."""


@dataclass(frozen=True)
class Name(Node):
    """A bare name, or ``owner.name``."""

    name: str
    owner: str | None = None


@dataclass(frozen=True)
class Since(Node):
    """A window's beginning: ``since hired_on``."""

    name: str


@dataclass(frozen=True)
class Events(Node):
    """What is counted: a kind, perhaps a field of it, dated ``by`` a field, ``where`` a condition holds."""

    what: Name
    by: str | None = None
    where: Node | None = None


@dataclass(frozen=True)
class Call(Node):
    """A function of the table, by its English name, or an unknown one."""

    function: str
    args: tuple[Node, ...]


@dataclass(frozen=True)
class Minus(Node):
    """Negation of a number."""

    of: Node


@dataclass(frozen=True)
class Not(Node):
    """Negation of a condition."""

    of: Node


@dataclass(frozen=True)
class Binary(Node):
    """``+ - * / >= <= > < = != and or``."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Among(Node):
    """``value in (a, b)``."""

    of: Node
    items: tuple[Node, ...]


@dataclass(frozen=True)
class Lines(Node):
    """Values with conditions, first match wins; the last has none. Also ``a if c else b``, where ``inline``."""

    lines: tuple[tuple[Node, Node | None], ...]
    inline: bool = False


_RANK = {"or": 1, "and": 2, "not": 3, "cmp": 4, "+": 5, "-": 5, "*": 6, "/": 6, "neg": 7}
COMPARISONS = (">=", "<=", ">", "<", "=", "!=")
PLURAL_UNITS = ("month", "year", "quarter", "day", "hour", "minute", "point")


def rank(node: Node) -> int:
    """Binding strength; an atom binds strongest."""
    if isinstance(node, Binary):
        return _RANK.get(node.op, 4)
    return {Lines: 0, Not: 3, Among: 4, Minus: 7}.get(type(node), 9)


def show(node: Node) -> str:
    """Canonical text. Lines that are not inline are shown one a line."""
    return _SHOW[type(node)](node)


def plain_number(value: Decimal) -> str:
    """Digits without exponent; trailing zeros go."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number(node: Number) -> str:
    digits = plain_number(node.value)
    if node.unit is None:
        return digits
    if node.unit == "%":
        return f"{digits}%"
    plural = "s" if node.unit in PLURAL_UNITS and node.value != 1 else ""
    return f"{digits} {node.unit}{plural}"


def _inside(node: Node, least: int) -> str:
    text = show(node)
    return f"({text})" if rank(node) < least else text


def _binary(node: Binary) -> str:
    mine = rank(node)
    comparison = node.op in COMPARISONS
    left = _inside(node.left, mine + 1 if comparison else mine)
    return f"{left} {node.op} {_inside(node.right, mine + 1)}"


def _lines(node: Lines) -> str:
    if node.inline:
        (value, condition), (other, _) = node.lines
        return f"{_inside(value, 1)} if {_inside(cast(Node, condition), 1)} else {show(other)}"
    return "\n".join(
        f"{_inside(value, 1)} if {_inside(condition, 1)}" if condition else f"{_inside(value, 0)} otherwise"
        for value, condition in node.lines
    )


def _events(node: Events) -> str:
    by = f" by {node.by}" if node.by else ""
    where = f" where {_inside(node.where, 1)}" if node.where else ""
    return show(node.what) + by + where


_SHOW: dict[type[Node], Callable[[Any], str]] = {
    Number: _number,
    Day: lambda n: n.value.isoformat(),
    Nothing: lambda n: "none",
    Name: lambda n: f"{n.owner}.{n.name}" if n.owner else n.name,
    Since: lambda n: f"since {n.name}",
    Events: _events,
    Call: lambda n: f"{n.function}({', '.join(show(a) for a in n.args)})",
    Minus: lambda n: f"-{_inside(n.of, 7)}",
    Not: lambda n: f"not {_inside(n.of, 3)}",
    Binary: _binary,
    Among: lambda n: f"{_inside(n.of, 5)} in ({', '.join(show(i) for i in n.items)})",
    Lines: _lines,
}
