"""How somebody of the other departments is written: a steady hand, then the one thing that is looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any, Self

from payroll.demo.departments import UNITS, head_of
from payroll.demo.shapes import Absence, Event, Person, day_in, months_to, random_of
from staff.kernel.periods import Month

Report = Callable[[Person, Month, Month, float, Random], None]


@dataclass(frozen=True)
class Sight:
    """A person, and what is found of them. ``found``: columns of the result that ``policy`` gives ``month``, None where
    it gives none; ``outcome`` and ``target``: of the sweep of the last month, empty where none speaks of them.
    """

    person: Person
    text: str
    policy: str
    month: Month
    found: Mapping[str, Any] | None
    outcome: str = ""
    target: str | None = None

    def stands(self, outcome: str, target: str | None = None) -> Sight:
        return Sight(self.person, self.text, self.policy, self.month, self.found, outcome, target)


class Figure:
    """One person in the making, as of the last month. Months are told as how many lie back: 0 is the last month itself."""

    def __init__(
        self, last: Month, no: str, name: str, department: str, report: Report, *, hired: int = 30, skill: float = 0.6
    ):  # fmt: skip
        self.last = last
        hired_on = day_in(last - hired, 9)
        chance = random_of(no)
        regularised = day_in(Month.of(hired_on) + 3, 9)
        self.person = Person(
            no=no,
            name=name,
            department=department,
            position=next(unit.work for unit in UNITS if unit.name == department),
            hired_on=hired_on,
            regularised_on=regularised if regularised <= last.last_day else None,
            birth_date=date(last.year - 23 - chance.randrange(14), chance.randrange(1, 13), chance.randrange(1, 29)),
            supervisor=head_of(department),
        )
        for month in months_to(last):
            if self.person.works_in(month):
                report(self.person, month, last, skill, chance)
        self.person.events = [event for event in self.person.events if event.day >= hired_on]

    def on(self, ladder: str, tier: str) -> Self:
        """On a tier of a ladder since the day of hiring."""
        self.person.ladder, self.person.tier = ladder, tier
        return self

    def items_are(self, backs: Iterable[int], **items: Decimal | float) -> Self:
        """Those items of those months, where the person worked then."""
        return self._set(self.person.items, backs, items)

    def values_are(self, backs: Iterable[int], **values: Decimal | float) -> Self:
        return self._set(self.person.values, backs, values)

    def _set(
        self,
        held: dict[tuple[Month, str], Decimal | int],
        backs: Iterable[int],
        given: Mapping[str, Decimal | float],
    ) -> Self:
        for month in (self.last - back for back in backs):
            if self.person.works_in(month):
                held |= {(month, key): Decimal(str(value)) for key, value in given.items()}
        return self

    def without(self, back: int, key: str) -> Self:
        """Nobody reported it."""
        self.person.values.pop((self.last - back, key), None)
        self.person.items.pop((self.last - back, key), None)
        return self

    def event(self, back: int, day: int, kind: str, status: str = "upheld", subject: str = "", note: str = "",
              quantity: int | None = None) -> Self:  # fmt: skip
        on = day_in(self.last - back, day)
        self.person.events.append(Event(on, kind, status, subject, quantity, note))
        return self

    def clean(self, *backs: int) -> Self:
        """No event in those months."""
        months = {self.last - back for back in backs}
        self.person.events = [event for event in self.person.events if Month.of(event.day) not in months]
        return self

    def misconduct(self, back: int, note: str) -> Self:
        return self.event(back, 14, "major_misconduct", note=note)

    def away(self, first: int, latest: int, kind: str) -> Self:
        """Whole months of absence: nothing is reported."""
        self.person.absences.append(Absence((self.last - first).first_day, (self.last - latest).last_day, kind))
        gone = {self.last - back for back in range(latest, first + 1)}
        self.person.values = {key: value for key, value in self.person.values.items() if key[0] not in gone}
        self.person.items = {key: value for key, value in self.person.items.items() if key[0] not in gone}
        return self.clean(*range(latest, first + 1))

    def left(self, back: int, day: int) -> Self:
        self.person.left_on = day_in(self.last - back, day)
        self.person.events = [event for event in self.person.events if event.day <= self.person.left_on]
        return self

    def shows(self, text: str, policy: str, *, back: int = 0, nothing: bool = False, **found: Any) -> Sight:
        """Ends the figure. ``nothing``: the policy has no result of that month for this person."""
        return Sight(self.person, text, policy, self.last - back, None if nothing else found)
