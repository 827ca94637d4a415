"""The records of one person as the oracle reads them: no database, no model, nothing of the product."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

TIERS = ("regular", "star", "diamond", "crown")


@dataclass(frozen=True)
class Fact:
    """A dated event. ``status`` empty means upheld, where a kind can be upheld."""

    kind: str
    day: date
    status: str = ""
    subject: str = ""
    quantity: int | None = None
    decided_on: date | None = None


@dataclass(frozen=True)
class Away:
    """An absence, both days included."""

    first_day: date
    last_day: date


@dataclass(frozen=True)
class Step:
    """A line of the tier ledger: from its day on the person holds ``tier`` (empty: none)."""

    day: date
    tier: str
    kind: str = "entry"


@dataclass(frozen=True)
class Person:
    """``cases`` and ``online`` are monthly values by month number (``month_number``); a month that is not there is missing."""

    number: str
    hired_on: date
    regularised_on: date | None = None
    post_since: date | None = None
    left_on: date | None = None
    steps: tuple[Step, ...] = ()
    cases: dict[int, int] = field(default_factory=dict)
    online: dict[int, int] = field(default_factory=dict)
    events: tuple[Fact, ...] = ()
    absences: tuple[Away, ...] = ()


def month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def month_text(number: int) -> str:
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def month_of(text: str) -> int:
    year, month = text.split("-")
    return int(year) * 12 + int(month) - 1


def first_day(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def last_day(month: int) -> date:
    return first_day(month + 1) - timedelta(days=1)
