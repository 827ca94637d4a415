"""Months, the quarters and years they make, and half-open periods: the shapes of time that the rules know."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import total_ordering

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_TERM = re.compile(r"([0-9]{4})(?:-Q([1-4]))?")


@total_ordering
@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month, kept as ``year * 12 + (month - 1)`` so that distances are subtractions.

    The database stores the same number: a bit mask of months is then one shift away.
    """

    number: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """``2026-10`` → the month. Raises ``ValueError`` for anything else, full-width digits too."""
        found = _MONTH.fullmatch(text)
        if not found or not 1900 <= int(found[1]) <= 2199:
            raise ValueError(f"`{text}` is not a month; write YYYY-MM between 1900-01 and 2199-12, such as 2026-10")
        return cls(int(found[1]) * 12 + int(found[2]) - 1)

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year * 12 + day.month - 1)

    @property
    def year(self) -> int:
        return self.number // 12

    @property
    def month(self) -> int:
        return self.number % 12 + 1

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """The evaluation day of a sweep as of this month."""
        return self.next.first_day - timedelta(days=1)

    @property
    def next(self) -> Month:
        """Its first day is the as-of instant A, exclusive."""
        return self + 1

    @property
    def previous(self) -> Month:
        return self - 1

    def __add__(self, months: int) -> Month:
        return Month(self.number + months)

    def __sub__(self, months: int) -> Month:
        return Month(self.number - months)

    def __lt__(self, other: Month) -> bool:
        return self.number < other.number

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


@dataclass(frozen=True, slots=True)
class Term:
    """A quarter or a year of the calendar: ``length`` (3 or 12) months, of which ``last`` is the last."""

    last: Month
    length: int

    @classmethod
    def parse(cls, text: str) -> Term:
        """``2026-Q3`` or ``2026`` → the quarter or the year. Raises ``ValueError`` for anything else."""
        found = _TERM.fullmatch(text)
        if not found or not 1900 <= int(found[1]) <= 2199:
            raise ValueError(f"`{text}` is neither a quarter nor a year; write 2026-Q3 or 2026")
        first = int(found[1]) * 12
        return cls(Month(first + 11), 12) if found[2] is None else cls(Month(first + 3 * int(found[2]) - 1), 3)

    @classmethod
    def holding(cls, month: Month, length: int) -> Term:
        """The one that the month lies in."""
        return cls(Month(month.number - month.number % length + length - 1), length)

    @property
    def first(self) -> Month:
        return self.last - (self.length - 1)

    @property
    def next(self) -> Term:
        return Term(self.last + self.length, self.length)

    def parts(self, length: int) -> list[Term]:
        """The shorter ones that it consists of."""
        return [Term(Month(n), length) for n in range(self.first.number + length - 1, self.last.number + 1, length)]

    def __str__(self) -> str:
        return f"{self.last.year:04d}" + (f"-Q{self.last.month // 3}" if self.length == 3 else "")


def terms_between(first: Month, last: Term) -> list[Term]:
    """Every one of that length from the one that ``first`` lies in up to ``last``."""
    found, term = [], Term.holding(first, last.length)
    while term.last <= last.last:
        found.append(term)
        term = term.next
    return found


def months_between(first: Month, last: Month) -> list[Month]:
    """Every month from ``first`` to ``last``, both included."""
    return [Month(n) for n in range(first.number, last.number + 1)]


def completed_months(since: date, as_of: Month) -> int:
    """Completed months from ``since`` to the as-of instant, never below 0 (policies, "Time and missing data")."""
    instant = as_of.next.first_day
    months = (instant.year * 12 + instant.month) - (since.year * 12 + since.month)
    return max(0, months - (1 if since.day > 1 else 0))
