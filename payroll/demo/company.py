"""The whole company as of a day: leaders, the named cast, whom to look at elsewhere, the crowd."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from payroll.demo.cast import Part, cast
from payroll.demo.crowd import crowd, handed_over, leaders, pay
from payroll.demo.desks import Sight, sights
from payroll.demo.shapes import Person
from staff.kernel.periods import Month


@dataclass(frozen=True)
class Company:
    """``last`` is the last month that has closed."""

    last: Month
    leaders: list[Person]
    cast: list[Part]
    sights: list[Sight]
    crowd: list[Person]

    @property
    def people(self) -> list[Person]:
        return [
            *self.leaders,
            *(part.person for part in self.cast),
            *(sight.person for sight in self.sights),
            *self.crowd,
        ]


def demo_company(day: date) -> Company:
    """Pure: the same day (indeed the same month) gives the same company."""
    last = Month.of(day).previous
    led = list(leaders(last))
    parts, seen = cast(last), sights(last)
    known = [*led, *(part.person for part in parts), *(sight.person for sight in seen)]
    taken = {person.name for person in known} | {"李静"}
    company = Company(last, led, parts, seen, list(crowd(last, taken)))
    for person in company.people:
        handed_over(person, last)
        pay(person, last)
    return company
