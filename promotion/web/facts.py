"""What a rule rests on, as it is shown: a strip of months, and dated events that count or do not."""

from __future__ import annotations

from calendar import month_abbr
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import get_language

from staff.kernel.periods import Month

#: As many events are told without being asked for.
FEW = 3


@dataclass(frozen=True, slots=True)
class MonthCell:
    """A month of the window. ``state`` is a class of the strip: ``hit``, ``zero``, ``bad``, ``miss`` or ``off``."""

    month: Month
    value: str
    state: str

    @property
    def label(self) -> str:
        """``5 月`` or ``May``."""
        english = (get_language() or "").startswith("en")
        return month_abbr[self.month.month] if english else f"{self.month.month} 月"


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
    def short(self) -> bool:
        """So little that it stands beside its clause at once."""
        return not self.cells and len(self.counted) <= FEW and len(self.uncounted) <= FEW


def cells_by_month(months: Iterable[Month], counted: Iterable[EventLine]) -> tuple[MonthCell, ...]:
    """How many counted events fell into each month."""
    days = [Month.of(line.day) for line in counted]
    found = [(month, days.count(month)) for month in months]
    return tuple(MonthCell(month, str(n), "hit" if n else "zero") for month, n in found)
