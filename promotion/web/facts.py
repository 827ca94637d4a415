"""What a rule rests on, as it is shown: a strip of months, and dated events that count or do not."""

from __future__ import annotations

from calendar import month_abbr
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from staff.kernel.periods import Month
from staff.kernel.words import in_english

#: As many events are told without being asked for.
FEW = 3


def month_name(month: Month) -> str:
    """``5 月`` or ``May``: where the year goes without saying."""
    return month_abbr[month.month] if in_english() else f"{month.month} 月"


@dataclass(frozen=True, slots=True)
class MonthCell:
    """A month of the window. ``state`` is a class of the strip: ``hit``, ``zero``, ``bad``, ``miss`` or ``off``; ``amount``
    is what the month adds, None where it adds nothing that can be summed.
    """

    month: Month
    value: str
    state: str
    amount: Decimal | None = None

    @property
    def label(self) -> str:
        """``5 月`` or ``May``."""
        return month_name(self.month)


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
    return tuple(MonthCell(month, str(n), "hit" if n else "zero", Decimal(n)) for month, n in found)
