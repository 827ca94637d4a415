"""The flow from tiers to outcomes as a drawing of exact heights: one person is 2.4 pixels, less in a large company."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Left = TypeVar("Left")
Right = TypeVar("Right")

#: Pixels of one person where there is room.
PERSON = 2.4
HEIGHT = 200.0
#: The least room of a label, and what stands between two bars.
_LABEL, _APART = 26.0, 5.0
#: Bars and ribbons along x, in hundredths of the width.
_BAR = 1.6


@dataclass(frozen=True, slots=True)
class Bar(Generic[Left]):
    """A node with its people; ``slot`` is the height of its label's row."""

    node: Left
    people: int
    y: float
    height: float
    slot: float


@dataclass(frozen=True, slots=True)
class Ribbon(Generic[Right]):
    """People on their way to an outcome, as the path of an SVG."""

    outcome: Right
    path: str


@dataclass(frozen=True, slots=True)
class Flow(Generic[Left, Right]):
    height: float
    left: tuple[Bar[Left], ...]
    right: tuple[Bar[Right], ...]
    ribbons: tuple[Ribbon[Right], ...]


def flow(left: Sequence[Left], right: Sequence[Right], people: Mapping[tuple[Left, Right], int]) -> Flow[Left, Right]:
    """Ribbons leave a tier in the order of the outcomes and arrive in the order of the tiers, so that few cross."""
    from_, to = ([sum(people.get((a, b), 0) for b in right) for a in left],
                 [sum(people.get((a, b), 0) for a in left) for b in right])  # fmt: skip
    height = max(HEIGHT, _LABEL * len(left), _LABEL * len(right))
    scale = _scale((from_, to), height)
    left_bars, right_bars = _bars(left, from_, scale, height), _bars(right, to, scale, height)
    starts, ends = [bar.y for bar in left_bars], [bar.y for bar in right_bars]
    ribbons = []
    for at, a in enumerate(left):
        for to_at, b in enumerate(right):
            thick = people.get((a, b), 0) * scale
            if thick:
                ribbons.append(Ribbon(b, _path(starts[at], ends[to_at], thick)))
                starts[at] += thick
                ends[to_at] += thick
    return Flow(height, left_bars, right_bars, tuple(ribbons))


def _slots(counts: Sequence[int], scale: float) -> list[float]:
    return [max(_LABEL, count * scale + _APART) for count in counts]


def _scale(sides: tuple[Sequence[int], Sequence[int]], height: float) -> float:
    """The most pixels a person that fit on both sides. Found by halving: labels take their room whatever the scale."""

    def fits(scale: float) -> bool:
        return all(sum(_slots(counts, scale)) <= height for counts in sides)

    if fits(PERSON):
        return PERSON
    low, high = 0.0, PERSON
    for _time in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low


def _bars(nodes: Sequence[Left], counts: Sequence[int], scale: float, height: float) -> tuple[Bar[Left], ...]:
    slots = _slots(counts, scale)
    spare = (height - sum(slots)) / len(slots) if slots else 0.0
    bars, top = [], 0.0
    for node, count, slot in zip(nodes, counts, (slot + spare for slot in slots), strict=True):
        thick = count * scale
        bars.append(Bar(node, count, round(top + (slot - thick) / 2, 2), round(thick, 2), round(slot, 2)))
        top += slot
    return tuple(bars)


def _path(start: float, end: float, thick: float) -> str:
    a, b, x = start, end, 100 - _BAR
    return (
        f"M{_BAR} {a:.2f}C50 {a:.2f} 50 {b:.2f} {x} {b:.2f}V{b + thick:.2f}"
        f"C50 {b + thick:.2f} 50 {a + thick:.2f} {_BAR} {a + thick:.2f}z"
    )
