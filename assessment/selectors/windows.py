"""When supervisors enter a month: the intake window and the month's state on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assessment.models import AssessmentMonth, MonthState
from staff.kernel.periods import Month

#: A reading: the source names a window in one policy alone; elsewhere the 1st to the 10th of the next month.
FIRST_DAY, LAST_DAY = 1, 10


@dataclass(frozen=True, slots=True)
class Window:
    """The days, both included, on which supervisors and heads enter the month's values; after them HR does, with a reason."""

    month: Month
    state: str
    first: date
    last: date

    def open_on(self, day: date) -> bool:
        return self.state == MonthState.OPEN and self.first <= day <= self.last


def window_of(month: Month, row: AssessmentMonth | None) -> Window:
    """``row`` is the month's own, None where it has none yet: such a month is open."""
    following = month.next
    last = date(following.year, following.month, LAST_DAY)
    return Window(
        month=month,
        state=row.state if row else MonthState.OPEN,
        first=date(following.year, following.month, FIRST_DAY),
        last=row.intake_until if row and row.intake_until else last,
    )


def window(month: Month) -> Window:
    return window_of(month, AssessmentMonth.objects.filter(month=month).first())
