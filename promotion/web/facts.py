"""What a rule rests on, as it is shown: a strip of months, and dated events that count or do not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from staff.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class MonthCell:
    """A month of the window. ``state`` is a class of the strip: ``hit``, ``zero``, ``bad``, ``miss`` or ``off``."""

    month: Month
    value: str
    state: str

    @property
    def number(self) -> int:
        return self.month.month


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event of the window in words; ``why`` says why it does not count."""

    day: date
    words: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    cells: tuple[MonthCell, ...] = ()
    counted: tuple[EventLine, ...] = ()
    uncounted: tuple[EventLine, ...] = field(default=())

    @property
    def any(self) -> bool:
        return bool(self.cells or self.counted or self.uncounted)


def cells_by_month(months: Iterable[Month], counted: Iterable[EventLine]) -> tuple[MonthCell, ...]:
    """How many counted events fell into each month."""
    days = [Month.of(line.day) for line in counted]
    found = [(month, days.count(month)) for month in months]
    return tuple(MonthCell(month, str(n), "hit" if n else "zero") for month, n in found)
