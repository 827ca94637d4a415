"""What an ordinary person reports and what befalls them, month by month: skill, season, one bad quarter, gaps."""

from __future__ import annotations

from random import Random

from payroll.demo import names
from payroll.demo.departments import INFO_SERVICE, TEAMS
from payroll.demo.desks import REPORTS
from payroll.demo.luck import rate, troubles
from payroll.demo.shapes import Event, Person, day_in, months_to, poisson, random_of
from staff.kernel.periods import Month

#: Months back of the quarter in which the search engine changed its ranking: fewer keywords, more complaints.
BAD_QUARTER = (8, 7, 6)
#: Of a tier: cases a month, keywords that go online a month.
_RATES = {"regular": (0.3, 0.5), "star": (0.6, 0.7), "diamond": (0.9, 1.0), "crown": (1.3, 1.3)}
#: In how many months before a promotion the person already works as the next tier asks.
_RUN_UP = 12
#: 四组 has not finished its report of the last month: one in three is missing.
_LATE_TEAM, _LATE_THIRD = TEAMS[3], 3
#: Elsewhere a report is missing now and then.
_MISSING = 0.008


def season(month: Month) -> float:
    """The Spring Festival is quiet, the autumn fairs are not."""
    return {1: 0.8, 2: 0.55, 9: 1.15, 10: 1.2, 11: 1.15}.get(month.month, 1.0)


def fill(person: Person, last: Month, skill: float) -> None:
    """Two years of values, items and events, up to the last month or the last day of work. Headquarters report nothing."""
    report = _information if person.department in (*TEAMS, INFO_SERVICE) else REPORTS.get(person.department)
    if report is None:
        return
    chance = random_of(person.no, "facts")
    for month in months_to(last):
        if person.works_in(month) and not person.away_all(month):
            report(person, month, last, skill, chance)
    end = person.left_on or last.last_day
    person.events = [event for event in person.events if person.hired_on <= event.day <= end]


def _information(person: Person, month: Month, last: Month, skill: float, chance: Random) -> None:
    back = last.number - month.number
    case_rate, word_rate = _RATES[person.tier_on(month.last_day) or "regular"]
    pace = (0.55 + 0.9 * skill) * season(month) * (0.5 if back in BAD_QUARTER else 1.0) * (1 + (12 - back) * 0.01)
    ready = _running_up(person, month)
    cases = poisson(chance, case_rate * pace) + (1 if ready else 0)
    went_online = poisson(chance, word_rate * pace) + (1 if ready else 0)
    online = 1 + went_online + poisson(chance, 3.5 * pace)
    _keywords(person, month, went_online, ready, chance)
    late = back == 0 and person.department == _LATE_TEAM and int(person.no[1:]) % _LATE_THIRD == 0
    if chance.random() >= _MISSING and not late:
        person.values[month, "excellent_cases"] = cases
    if chance.random() >= _MISSING:
        person.values[month, "keywords_online"] = online
    person.values[month, "satisfaction_rate"] = rate(chance, 84 + 12 * skill, 4, 100)
    if not ready:
        troubles(person, month, skill, chance, 2.0 if back in BAD_QUARTER else 1.0)


def _running_up(person: Person, month: Month) -> bool:
    """Whether a promotion lies at most so many months ahead."""
    return any(
        step.kind == "promotion" and 0 < Month.of(step.day).number - month.number <= _RUN_UP
        for step in person.transitions
    )


def _keywords(person: Person, month: Month, count: int, ready: bool, chance: Random) -> None:
    """Customers' keywords on a page of the search engine; some stay behind page 3, some customers come twice."""
    own = names.customers(random_of(person.no, "customers"), 40)
    for n in range(count):
        first = ready and n == 0
        customer = own[month.number % 40] if first else own[chance.randrange(40)]
        page = chance.randrange(1, 4) if first else chance.choice((1, 1, 2, 2, 3, 3, 4, 5))
        on = day_in(month, 1 + chance.randrange(28))
        person.events.append(Event(on, "keyword_online", subject=customer, quantity=page))
