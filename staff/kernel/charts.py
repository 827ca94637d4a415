"""A chart as a page shows it: its numbers are a table, and ``static/js/chart.js`` draws what the table holds.

``templates/staff/_chart.html`` shows one. Without a script, in print and for whoever cannot see a drawing the table says
the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

Number = Decimal | int


@dataclass(frozen=True, slots=True)
class Series:
    """A line, or the bars of one kind. ``tone`` names a colour of tokens.css: ``accent``, ``ink-2``, ``met`` …"""

    name: str
    tone: str = "accent"


@dataclass(frozen=True, slots=True)
class Point:
    """A place of the axis with a value for each series: a number, in words why there is none, or None: nothing to say.

    ``url`` is where its bar and its label lead.
    """

    label: str
    values: Sequence[Number | str | None]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the table: a number, or why there is none."""

    number: Number | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """``name`` is unique in the page; ``heading`` asks what the chart answers; ``axis`` heads the labels.

    ``kind`` is ``line`` or ``bar``; bars begin at zero. ``bound`` is a value drawn across, named by ``bound_name``; ``unit``
    stands with each number.
    """

    name: str
    heading: str
    axis: str
    series: Sequence[Series]
    points: Sequence[Point]
    kind: str = "line"
    unit: str = ""
    bound: Number | None = None
    bound_name: str = ""

    @property
    def rows(self) -> list[tuple[Point, list[Cell]]]:
        """The table, label by label."""
        return [
            (one, [Cell(None, value or "") if isinstance(value, str | None) else Cell(value) for value in one.values])
            for one in self.points
        ]

    @property
    def empty(self) -> bool:
        """No number to draw."""
        return all(isinstance(value, str | None) for one in self.points for value in one.values)
