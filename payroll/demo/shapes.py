"""What the demonstration is told in: people with their facts, before they become files of records."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random
from typing import NamedTuple

from staff.kernel.periods import Month

#: The company, and the seed of all that is random in it.
COMPANY = "青岚信息"
#: How many months of values and events there are, up to the last one that has closed.
MONTHS = 24


class Event(NamedTuple):
    """A row of the file of events but for its number."""

    day: date
    kind: str
    status: str = ""
    subject: str = ""
    quantity: Decimal | int | None = None
    note: str = ""
    decided_on: date | None = None


class Absence(NamedTuple):
    first_day: date
    last_day: date
    kind: str


class Transition(NamedTuple):
    """A step of the ledger after the first tier."""

    day: date
    kind: str
    tier: str
    reason: str


class Move(NamedTuple):
    """Another department and supervisor from a day on."""

    day: date
    department: str
    supervisor: str | None


class Pay(NamedTuple):
    starts_on: date
    base: Decimal
    post_wage: Decimal
    performance: Decimal | None


@dataclass
class Person:
    """One person's two years. ``tier`` is the first one of ``ladder``, held from ``tier_since`` or else from the day of hiring;
    None: on no ladder."""

    no: str
    name: str
    department: str
    position: str
    hired_on: date
    regularised_on: date | None = None
    post_since: date | None = None
    left_on: date | None = None
    birth_date: date | None = None
    supervisor: str | None = None
    tier: str | None = None
    ladder: str = "info-service"
    tier_since: date | None = None
    transitions: list[Transition] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    values: dict[tuple[Month, str], Decimal | int] = field(default_factory=dict)
    items: dict[tuple[Month, str], Decimal | int] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)
    pay: list[Pay] = field(default_factory=list)

    def tier_on(self, day: date) -> str | None:
        """The tier held on a day."""
        held = [step.tier for step in self.transitions if step.day <= day]
        return held[-1] if held else self.tier

    def works_in(self, month: Month) -> bool:
        """Employed for at least a day of the month."""
        return self.hired_on <= month.last_day and (self.left_on is None or self.left_on >= month.first_day)

    def away_all(self, month: Month) -> bool:
        """One absence covers the whole month: it is exempt, and nobody reports anything."""
        return any(a.first_day <= month.first_day and a.last_day >= month.last_day for a in self.absences)

    def reports(self, metric: str, latest_first: list[int | None], last: Month) -> None:
        """Sets the values of the last months, latest first; None takes a report away."""
        for back, value in enumerate(latest_first):
            if value is None:
                self.values.pop((last - back, metric), None)
            else:
                self.values[last - back, metric] = value


def random_of(*parts: object) -> Random:
    """Chance of its own for each person and purpose: one more person does not change the others."""
    return Random(":".join([COMPANY, *map(str, parts)]))  # noqa: S311  nothing here is a secret


def day_in(month: Month, day: int) -> date:
    """The day of the month, or its last one."""
    return min(date(month.year, month.month, min(day, 28)), month.last_day)


def poisson(chance: Random, rate: float) -> int:
    """A count with the given mean (Knuth)."""
    limit, product, count = math.exp(-rate), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count


def months_to(last: Month) -> list[Month]:
    """The months with facts, oldest first."""
    return [last - back for back in range(MONTHS - 1, -1, -1)]
