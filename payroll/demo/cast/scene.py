"""How a part is written: a career that meets every measured clause of its step, then the one thing that differs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple, Self

from payroll.demo import names
from payroll.demo.departments import TEAMS, head_of
from payroll.demo.shapes import Absence, Event, Move, Person, Transition, day_in, months_to, random_of
from staff.kernel.periods import Month


@dataclass(frozen=True)
class Part:
    """A person, what they show, and what the sweep of the last month says of them.

    ``outcome`` None: in no line of the sweep. Rules are named as ``四.2.7 cases``; a condition or trigger that is in none
    of the sets is met or has not fired.
    """

    person: Person
    zh: str
    en: str
    outcome: str | None = None
    target: str | None = None
    unmet: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    fired: frozenset[str] = frozenset()
    undecided: frozenset[str] = field(default=frozenset())
    """Triggers that missing data leaves unknown: they propose nothing."""


class _Career(NamedTuple):
    """Months back: hired, then the first of the month in which each further tier began."""

    hired: int
    tiers: tuple[tuple[str, int], ...]
    cases: tuple[int, ...]


#: Cases repeat from the last month backwards: 5 in six months for a star, one each month from diamond up.
_CAREERS = {
    "regular": _Career(8, (), (1, 0, 0)),
    "star": _Career(30, (("star", 14),), (1, 1, 0, 1, 1, 1)),
    "diamond": _Career(44, (("star", 32), ("diamond", 16)), (1,)),
    "crown": _Career(64, (("star", 52), ("diamond", 34), ("crown", 11)), (1, 2)),
}
#: Whom each career leads to next.
NEXT = {"regular": "star", "star": "diamond", "diamond": "crown"}
_TITLES = {"star": "星级客服", "diamond": "钻级客服", "crown": "皇冠级客服"}


class Scene:
    """One part in the making, as of the last month. Months are told as how many lie back: 0 is the last month itself."""

    def __init__(
        self, last: Month, no: str, name: str, team: int, tier: str, *, hired: int | None = None, day: int = 12
    ):
        self.last = last
        career = _CAREERS[tier]
        self.tier = tier
        hired_on = day_in(last - (career.hired if hired is None else hired), day)
        department = TEAMS[team - 1]
        chance = random_of(no)
        self.customers = iter(names.customers(random_of(no, "customers"), 80))
        self.person = Person(
            no=no,
            name=name,
            department=department,
            position="信息客服",
            hired_on=hired_on,
            regularised_on=day_in(Month.of(hired_on) + 3, day),
            birth_date=date(last.year - 23 - chance.randrange(14), chance.randrange(1, 13), chance.randrange(1, 29)),
            supervisor=head_of(department),
            tier="regular",
        )
        for step, back in career.tiers:
            self.promoted(back, step)
        self._steady(career.cases)

    def _steady(self, cases: tuple[int, ...]) -> None:
        chance = random_of(self.person.no, "steady")
        for month in months_to(self.last):
            if not self.person.works_in(month):
                continue
            back = self.last.number - month.number
            self.person.values[month, "excellent_cases"] = cases[back % len(cases)]
            self.person.values[month, "keywords_online"] = 3 + chance.randrange(5)
            self.person.values[month, "satisfaction_rate"] = Decimal(870 + chance.randrange(110)) / 10
            if self.tier != "regular":
                self.keyword(back, 4 + chance.randrange(20), page=1 + chance.randrange(3))

    # facts

    def cases(self, *latest_first: int | None) -> Self:
        """Excellent cases of the last months; None: nobody reported."""
        self.person.reports("excellent_cases", list(latest_first), self.last)
        return self

    def words(self, *latest_first: int | None) -> Self:
        """Core keywords online at the end of the last months; None: nobody reported."""
        self.person.reports("keywords_online", list(latest_first), self.last)
        return self

    def keyword(self, back: int, day: int, *, customer: str | None = None, page: int = 1) -> Self:
        on = day_in(self.last - back, day)
        subject = customer or next(self.customers)
        self.person.events.append(Event(on, "keyword_online", subject=subject, quantity=page))
        return self

    def without_keywords(self, *backs: int) -> Self:
        """Takes away the keywords that went online in those months."""
        months = {self.last - back for back in backs}
        self.person.events = [
            e for e in self.person.events if e.kind != "keyword_online" or Month.of(e.day) not in months
        ]
        return self

    def complaint(self, back: int, day: int, status: str = "upheld", *, note: str = "") -> Self:
        self.person.events.append(Event(day_in(self.last - back, day), "complaint", status, note=note))
        return self

    def violation(self, back: int, day: int, degree: str, *, note: str = "") -> Self:
        self.person.events.append(Event(day_in(self.last - back, day), "violation", "upheld", degree, note=note))
        return self

    def misconduct(self, back: int, day: int, *, found: int | None = None, note: str = "") -> Self:
        """Major misconduct; ``found``: months back of a finding that came later."""
        decided = None if found is None else day_in(self.last - found, 20)
        on = day_in(self.last - back, day)
        self.person.events.append(Event(on, "major_misconduct", "upheld", note=note, decided_on=decided))
        return self

    def exam(self, back: int, *, status: str = "passed", score: int = 86, tier: str | None = None) -> Self:
        """An exam for the next tier, or another."""
        subject = tier or NEXT[self.tier]
        self.person.events.append(Event(day_in(self.last - back, 18), "exam", status, subject, score))
        return self

    def away(self, first: int, latest: int, kind: str) -> Self:
        """Whole months of absence: nothing is reported and no keyword goes online."""
        self.person.absences.append(Absence((self.last - first).first_day, (self.last - latest).last_day, kind))
        gone = {self.last - back for back in range(latest, first + 1)}
        self.person.values = {key: value for key, value in self.person.values.items() if key[0] not in gone}
        return self.without_keywords(*range(latest, first + 1))

    # the career

    def promoted(self, back: int, tier: str) -> Self:
        """From the first of that month, on the exam of the month before."""
        on = (self.last - back).first_day
        self.person.transitions.append(Transition(on, "promotion", tier, f"晋升为{_TITLES[tier]}"))
        examined = self.last - (back + 1)
        if examined in months_to(self.last):
            self.person.events.append(Event(day_in(examined, 16), "exam", "passed", tier, 88))
        return self

    def demoted(self, back: int, tier: str, reason: str) -> Self:
        self.person.transitions.append(Transition((self.last - back).first_day, "demotion", tier, reason))
        return self

    def moved(self, back: int, team: int) -> Self:
        """To another team and its supervisor from the first of that month."""
        department = TEAMS[team - 1]
        self.person.moves.append(Move((self.last - back).first_day, department, head_of(department)))
        return self

    def post_since(self, back: int, day: int) -> Self:
        self.person.post_since = day_in(self.last - back, day)
        return self

    def left(self, back: int, day: int) -> Self:
        """The last day of work; what would lie after it is dropped."""
        self.person.left_on = day_in(self.last - back, day) if day else (self.last - back).last_day
        gone = self.person.left_on + timedelta(days=1)
        self.person.values = {key: value for key, value in self.person.values.items() if key[0].first_day < gone}
        self.person.events = [event for event in self.person.events if event.day < gone]
        return self

    def shows(
        self,
        zh: str,
        en: str,
        outcome: str | None = None,
        target: str | None = None,
        *,
        unmet: str = "",
        unknown: str = "",
        fired: str = "",
        undecided: str = "",
    ) -> Part:
        """Ends the scene. Rules are written apart by commas."""
        return Part(
            self.person, zh, en, outcome, target, *(_rules(text) for text in (unmet, unknown, fired, undecided))
        )


def _rules(text: str) -> frozenset[str]:
    return frozenset(rule.strip() for rule in text.split(",") if rule.strip())
