"""How units go together."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from policy.language import typed as t

_PLAIN = ("number", "count", "point")


def plain_unit(unit: str) -> bool:
    """A unit that is no dimension: number, count or point."""
    return unit in _PLAIN


def adapt(node: t.Typed, unit: str) -> t.Typed:
    """A bare literal in the unit of the other side; never in ``%``, where a factor of 100 would go unseen."""
    if not isinstance(node, t.Const) or not node.bare or not isinstance(node.value, Decimal):
        return node
    if unit in ("%", "text", "date", "bool", "yes_no", "none", "number"):
        return node
    return replace(node, unit=unit, bare=False, written=(node.value, unit))


def unit_product(left: t.Typed, right: t.Typed) -> str | None:
    """Unit of a product: one real unit at most."""
    if not plain_unit(left.unit) and not plain_unit(right.unit):
        return None
    for first, second in ((left, right), (right, left)):
        if not plain_unit(first.unit) or second.unit == "number":
            return first.unit
    return "number"


def quotient(left: t.Typed, right: t.Typed) -> str | None:
    """Unit of a quotient: equal units give a number, a plain divisor keeps the unit."""
    if left.unit == right.unit:
        return "number"
    if not plain_unit(right.unit):
        return None
    return left.unit
