"""The ordinary people of each department: when they came, how far they got, who left, who was away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from payroll.demo import facts, names
from payroll.demo.departments import (
    FORMER_LEAD,
    LEADERS,
    ONLINE_SERVICE,
    TEAMS,
    UNITS,
    Unit,
    head_of,
    number_of,
)
from payroll.demo.desks import place
from payroll.demo.shapes import Absence, Event, Move, Pay, Person, Transition, day_in, months_to, poisson, random_of
from staff.kernel.periods import Month

#: Chances to be promoted in a given month once the tenure is there; more for the able.
_PACE = {"star": (7, 0.14), "diamond": (20, 0.07), "crown": (38, 0.05)}
_BASE = {
    "总经理": 26000,
    "运营总监": 16500,
    "客服总监": 15800,
    "部门经理": 11800,
    "人事经理": 11200,
    "财务经理": 11500,
    "主管": 7600,
}
_FIRST_WORKDAY = date(2009, 3, 2)


def leaders(last: Month) -> Iterator[Person]:
    """Those who lead, on no ladder."""
    superiors = {name: no for name, no, *_ in LEADERS}
    for name, no, department, position, superior in LEADERS:
        chance = random_of(no)
        years = 6 + chance.randrange(8)
        hired = max(
            day_in(Month((last.year - years) * 12 + chance.randrange(12)), 1 + chance.randrange(28)), _FIRST_WORKDAY
        )
        person = Person(
            no=no, name=name, department=department, position=position, hired_on=hired,
            regularised_on=day_in(Month.of(hired) + 3, hired.day),
            birth_date=date(last.year - 34 - chance.randrange(12), 1 + chance.randrange(12), 1 + chance.randrange(28)),
            supervisor=superiors[superior] if superior else None,
        )  # fmt: skip
        if department == ONLINE_SERVICE:  # rated as their people are
            facts.fill(person, last, 0.75)
        yield person


def crowd(last: Month, taken: set[str]) -> Iterator[Person]:
    """Everybody else, team by team. Names that are taken are not given again, but for two who share one."""
    fresh = names.people(random_of("names"), taken)
    number = 0
    for unit in UNITS:
        for _ in range(unit.crowd):
            number += 1
            name = "李静" if number in (40, 57) else next(fresh)
            yield _person(f"{'K' if unit.name in TEAMS else 'S'}3{number:03d}", name, unit, last)


def _person(no: str, name: str, unit: Unit, last: Month) -> Person:
    chance = random_of(no)
    skill = (chance.random() + chance.random()) / 2
    months = int(72 * chance.random() ** 1.6) + 1
    hired = day_in(last - months, 1 + chance.randrange(28))
    probation = 3 if chance.random() < 0.9 else 2
    regularised = day_in(Month.of(hired) + probation, hired.day)
    person = Person(
        no=no,
        name=name,
        department=unit.name,
        position=unit.work,
        hired_on=hired,
        regularised_on=regularised if regularised <= last.last_day else None,
        birth_date=date(last.year - 22 - chance.randrange(16), 1 + chance.randrange(12), 1 + chance.randrange(28)),
        supervisor=head_of(unit.name),
    )
    if unit.name in TEAMS:
        _climb(person, last, skill, chance)
    else:
        place(person, last)
    _leave(person, last, chance)
    _absences(person, last, chance)
    _moves(person, last, chance)
    facts.fill(person, last, skill)
    if person.left_on:
        person.transitions = [step for step in person.transitions if step.day <= person.left_on]
    return person


def _climb(person: Person, last: Month, skill: float, chance: Random) -> None:
    """Promotions to date, each on an exam of the month before; some are examined and wait, some have failed."""
    person.tier = "regular"
    month, steps = Month.of(person.hired_on), list(_PACE.items())
    while month < last and steps:
        month += 1
        tier, (tenure, pace) = steps[0]
        since = Month.of(person.transitions[-1].day if person.transitions else person.hired_on)
        if month.number - Month.of(person.hired_on).number < tenure or month.number - since.number < 6:
            continue
        if chance.random() < pace * (0.2 + 1.4 * skill):
            person.transitions.append(Transition(month.first_day, "promotion", tier, _REASONS[tier]))
            person.events.append(Event(day_in(month - 1, 16), "exam", "passed", tier, 75 + chance.randrange(24)))
            steps.pop(0)
    if steps and chance.random() < 0.16:
        passed = chance.random() < 0.6
        score = 75 + chance.randrange(20) if passed else 40 + chance.randrange(30)
        on = day_in(last - chance.randrange(5), 18)
        person.events.append(Event(on, "exam", "passed" if passed else "failed", steps[0][0], score))


_REASONS = {
    "star": "依据四.1,考试合格,总经理批准",
    "diamond": "依据四.2,答辩通过,总经理批准",
    "crown": "依据四.3,答辩通过,总经理批准",
}


def _leave(person: Person, last: Month, chance: Random) -> None:
    if chance.random() < 0.08:
        on = day_in(last - chance.randrange(18), 1 + chance.randrange(28))
        if on > person.hired_on + timedelta(days=60):
            person.left_on = on


def _absences(person: Person, last: Month, chance: Random) -> None:
    """Days here and there; a few whole months."""
    end = person.left_on or last.last_day
    for month in months_to(last):
        first = day_in(month, 1 + chance.randrange(25))
        if chance.random() < 0.03 and person.hired_on < first and first + timedelta(days=4) < end:
            days = 1 + chance.randrange(3)
            person.absences.append(Absence(first, first + timedelta(days=days), chance.choice(("leave", "sick"))))
    if chance.random() < 0.06:
        back = 5 + chance.randrange(12)
        start, until = (last - back).first_day, (last - max(0, back - 4)).last_day
        if person.hired_on < start and until <= end:
            kind = chance.choice(("maternity", "maternity", "medical", "nursing"))
            person.absences = [a for a in person.absences if a.last_day < start or a.first_day > until]
            person.absences.append(Absence(start, until, kind))


def _moves(person: Person, last: Month, chance: Random) -> None:
    """A few went from team to team."""
    if person.department not in TEAMS or person.department == FORMER_LEAD[0]:
        return
    if chance.random() < 0.07 and not person.left_on:
        other = TEAMS[(TEAMS.index(person.department) + 1 + chance.randrange(4)) % 5]
        on = (last - (2 + chance.randrange(10))).first_day
        if person.hired_on < on and other != person.department:
            person.moves.append(Move(on, other, head_of(other)))


def handed_over(person: Person, last: Month) -> None:
    """Whoever was in the team before it changed its supervisor had the former one until then."""
    team, former, back = FORMER_LEAD
    day = (last - back).first_day
    reports = person.department == team and person.supervisor == head_of(team)
    if reports and not person.moves and person.hired_on < day:
        person.supervisor = number_of(former)
        if person.left_on is None or person.left_on >= day:
            person.moves.append(Move(day, team, head_of(team)))


def pay(person: Person, last: Month) -> None:
    """Fixed pay, post wage and performance pay from the day of hiring, and the raises of each January."""
    chance = random_of(person.no, "pay")
    base = Decimal(_BASE.get(person.position, 3600 + 100 * chance.randrange(12)))
    lead = person.position in _BASE
    post = Decimal(1800 if lead else 400 + 100 * chance.randrange(4))
    performance = None if chance.random() < 0.01 else (base * Decimal("0.15")).quantize(Decimal("0.01"))
    person.pay.append(Pay(person.hired_on, base, post, performance))
    for year in (last.year - 1, last.year):
        raised = date(year, 1, 1)
        ends = person.left_on or last.last_day
        if person.hired_on < date(year - 1, 7, 1) and raised <= min(ends, last.last_day) and poisson(chance, 1.2):
            base += 100 + 50 * chance.randrange(5)
            performance = performance and (base * Decimal("0.15")).quantize(Decimal("0.01"))
            person.pay.append(Pay(raised, base, post, performance))
