"""Periods that results are of: a month, a quarter, a year, each named by its last month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assessment.models import Level
from assessment.selectors.period_results import BELOW, LEVELS
from staff.kernel.periods import Month, Term

_LENGTH = {level: length for length, level in LEVELS.items()}
#: How many periods a trend reaches back.
TREND = {Level.MONTH: 24, Level.QUARTER: 8, Level.YEAR: 5}
#: What a period is made of.
PART = {LEVELS[length]: LEVELS[part] for length, part in BELOW.items()}


@dataclass(frozen=True, slots=True)
class Span:
    """A period of one level; ``month`` is its last month."""

    level: Level
    month: Month

    @classmethod
    def parse(cls, text: str) -> Span:
        """``2026-10``, ``2026-Q3`` or ``2026``. Raises ``ValueError`` for anything else."""
        if "-" in text and "Q" not in text:
            return cls(Level.MONTH, Month.parse(text))
        term = Term.parse(text)
        return cls(LEVELS[term.length], term.last)

    @classmethod
    def around(cls, level: Level, month: Month) -> Span:
        """The period of the level that holds the month."""
        return cls(level, Term.holding(month, _LENGTH[level]).last)

    @property
    def length(self) -> int:
        """Months of it."""
        return _LENGTH[self.level]

    @property
    def first(self) -> Month:
        """Its first month."""
        return self.month - (self.length - 1)

    @property
    def previous(self) -> Span:
        return Span(self.level, self.month - self.length)

    @property
    def next(self) -> Span:
        return Span(self.level, self.month + self.length)

    @property
    def parts(self) -> list[Span]:
        """The periods one level below that it is made of; a month has none."""
        part = PART.get(self.level)
        if part is None:
            return []
        return [Span(part, term.last) for term in Term(self.month, self.length).parts(_LENGTH[part])]

    def back(self) -> list[Span]:
        """The periods of a trend, up to this one."""
        return [Span(self.level, self.month - n * self.length) for n in reversed(range(TREND[self.level]))]

    def begun(self, day: date) -> bool:
        """Whether its first month has ended by the day, so that it can hold results."""
        return self.first < Month.of(day)

    def __str__(self) -> str:
        return str(self.month) if self.level == Level.MONTH else str(Term(self.month, self.length))
