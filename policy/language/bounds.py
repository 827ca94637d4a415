"""The lowest and highest value that a monthly expression can have, from the bounds in the catalogue."""

from __future__ import annotations

from decimal import Decimal

from policy.language import typed as t

Bounds = tuple[Decimal | None, Decimal | None]
"""Lowest and highest; None where there is no bound."""

UNBOUNDED: Bounds = (None, None)


def bounds(node: t.Typed) -> Bounds:
    """Bounds of a number of one month. A metric without a lowest value has 0."""
    if isinstance(node, t.Const) and isinstance(node.value, Decimal):
        return node.value, node.value
    if isinstance(node, t.Value):
        return node.metric.lo if node.metric.lo is not None else Decimal(0), node.metric.hi
    if isinstance(node, t.InputValue):
        return node.lo if node.lo is not None else Decimal(0), node.hi
    if isinstance(node, t.Result):
        return Decimal(0), None
    if isinstance(node, t.Percent):
        low, high = bounds(node.of)
        return _times(low, Decimal("0.01")), _times(high, Decimal("0.01"))
    if isinstance(node, t.Negative):
        low, high = bounds(node.of)
        return _times(high, Decimal(-1)), _times(low, Decimal(-1))
    if isinstance(node, t.Arith):
        return _arith(node.op, bounds(node.left), bounds(node.right))
    if isinstance(node, t.First):
        return _hull([bounds(option) for option in node.options])
    if isinstance(node, t.Extreme):
        return _extreme(node.function, [bounds(option) for option in node.options])
    return UNBOUNDED


def _times(value: Decimal | None, factor: Decimal) -> Decimal | None:
    return None if value is None else value * factor


def _hull(all_: list[Bounds]) -> Bounds:
    lows, highs = [low for low, _ in all_], [high for _, high in all_]
    return (
        None if None in lows else min(low for low in lows if low is not None),
        None if None in highs else max(high for high in highs if high is not None),
    )


def _extreme(function: str, all_: list[Bounds]) -> Bounds:
    """The lesser of some is at most the lowest of their highest; one without a bound takes none away."""
    pick = min if function == "min" else max
    known_low, known_high = [low for low, _ in all_ if low is not None], [high for _, high in all_ if high is not None]
    every_low, every_high = len(known_low) == len(all_), len(known_high) == len(all_)
    return (
        pick(known_low) if known_low and (every_low or function == "max") else None,
        pick(known_high) if known_high and (every_high or function == "min") else None,
    )


def _arith(op: str, left: Bounds, right: Bounds) -> Bounds:
    if op == "-":
        return _arith("+", left, (_times(right[1], Decimal(-1)), _times(right[0], Decimal(-1))))
    if op == "+":
        return (
            None if left[0] is None or right[0] is None else left[0] + right[0],
            None if left[1] is None or right[1] is None else left[1] + right[1],
        )
    if op == "/":
        low, high = right
        if low is None or high is None or low <= 0 <= high:
            return UNBOUNDED
        right = (1 / high, 1 / low)
    factor = right[0] if right[0] == right[1] else None
    if factor is not None:
        ends = (_times(left[0], factor), _times(left[1], factor))
        return ends if factor >= 0 else (ends[1], ends[0])
    corners = [a * b for a in left if a is not None for b in right if b is not None]
    return (min(corners), max(corners)) if len(corners) == 4 else UNBOUNDED


def decided(node: t.Compare) -> bool | None:
    """What the bounds alone say of a condition on one month: always true, always false, or None."""
    (a, b), (c, d) = bounds(node.left), bounds(node.right)
    surely_less, surely_at_most = _before(b, c, strict=True), _before(b, c, strict=False)
    surely_more, surely_at_least = _before(d, a, strict=True), _before(d, a, strict=False)
    always, never = {
        ">=": (surely_at_least, surely_less), ">": (surely_more, surely_at_most), "<=": (surely_at_most, surely_more),
        "<": (surely_less, surely_at_least), "=": (False, surely_less or surely_more),
        "!=": (surely_less or surely_more, False),
    }[node.op]  # fmt: skip
    return True if always else False if never else None


def _before(first: Decimal | None, second: Decimal | None, strict: bool) -> bool:
    if first is None or second is None:
        return False
    return first < second if strict else first <= second
