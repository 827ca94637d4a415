"""A scorecard as it is drawn: items by their weight, the scale of grades or stars."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from policy.compiler.say import sentence
from policy.language import Checked
from policy.language import typed as t
from policy.web.tiers import say


@dataclass(frozen=True, slots=True)
class Bar:
    """An item: its full marks, and their part of the longest in per cent for the drawing."""

    name: str
    of: Decimal
    width: int
    clause: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of grades or stars: the word, and when it holds."""

    word: str
    when: str


@dataclass(frozen=True, slots=True)
class Card:
    """``full`` is None where the total is a mean."""

    bars: tuple[Bar, ...]
    full: Decimal | None
    grades: tuple[Line, ...]
    stars: tuple[Line, ...]


def card(checked: Checked) -> Card | None:
    """None where the policy has no scorecard."""
    found = checked.scorecard
    if found is None:
        return None
    most = max((item.of for item in found.items), default=Decimal(1)) or Decimal(1)
    bars = tuple(
        Bar(say(item.names) or str(item.key), item.of, max(1, int(item.of * 100 / most)), item.clause, f"card-{at}")
        for at, item in enumerate(found.items, 1)
    )
    return Card(bars, found.full_marks, _lines(found.grade, checked), _lines(found.stars, checked))


def _lines(node: t.Typed | None, checked: Checked) -> tuple[Line, ...]:
    if not isinstance(node, t.Choice):
        return ()
    return tuple(
        Line(say(sentence(value, checked)), say(sentence(when, checked)) if when is not None else "")
        for value, when in node.lines
    )
