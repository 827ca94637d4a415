"""Working days of China's calendar: where a term of so many days ends. Terms end at 24:00 Asia/Shanghai of their last day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

_DAY = timedelta(days=1)
_SATURDAY = 5
#: Days of terms beyond which something is wrong.
_MOST = 400


@dataclass(frozen=True, slots=True)
class Workdays:
    """The calendar's exceptions, read once. ``days``: day → whether it is worked; ``announced``: years that are known."""

    days: Mapping[date, bool] = field(default_factory=dict)
    announced: frozenset[int] = frozenset()

    @classmethod
    def known(cls) -> Workdays:
        """Everything the calendar holds: some thirty rows a year. One query."""
        from staff.models import Workday, WorkdaySource

        rows = list(Workday.objects.values_list("day", "works", "source"))
        announced = frozenset(day.year for day, _works, source in rows if source == WorkdaySource.LIBRARY)
        return cls({day: works for day, works, _source in rows}, announced)

    def works(self, day: date) -> bool:
        """Whether it is a working day."""
        return self.days.get(day, day.weekday() < _SATURDAY)

    def after(self, start: date) -> Iterator[date]:
        """Working days after ``start``, which does not count itself."""
        day = start
        while True:
            day += _DAY
            if self.works(day):
                yield day

    def days_of_term(self, start: date, length: int) -> list[date]:
        """The ``length`` working days after ``start``. Raises ``ValueError`` for none or too many."""
        if not 0 < length <= _MOST:
            raise ValueError(f"a term of {length} working days")
        found = self.after(start)
        return [next(found) for _ in range(length)]

    def nth_after(self, start: date, length: int) -> date:
        """The last day of a term that begins the day after ``start``: served on Thursday 12 November 2026, five days end on
        Thursday 19.
        """
        return self.days_of_term(start, length)[-1]

    def between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and with ``end``; negative where ``end`` lies before."""
        if end < start:
            return -self.between(end, start)
        return sum(self.works(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))

    def provisional(self, start: date, end: date) -> bool:
        """Whether a year between them is not announced yet."""
        return any(year not in self.announced for year in range(start.year, end.year + 1))


def term_end(start: date, length: int) -> date:
    """``Workdays.nth_after`` of the calendar as it is known now. One query."""
    return Workdays.known().nth_after(start, length)


#: Room → lengthens its running terms after the calendar has changed, never shortens one; the number that grew.
_terms: dict[str, Callable[[Workdays], int]] = {}


def register_terms(name: str, regrow: Callable[[Workdays], int]) -> None:
    """Called once by each room that keeps terms running."""
    _terms[name] = regrow


def regrow_terms() -> int:
    """Every running term by the calendar of now; the number that grew. In the transaction that changed the calendar."""
    known = Workdays.known()
    return sum(regrow(known) for regrow in _terms.values())
