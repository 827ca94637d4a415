"""售后客服部: 一组 is rated item by item, 二组 by calls and daily work; both on the ladder that rests on those scores."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from random import Random

from payroll.demo.departments import AFTER_SALES
from payroll.demo.desks.figure import Figure, Sight
from payroll.demo.luck import rate, troubles
from payroll.demo.shapes import Person, poisson
from staff.kernel.periods import Month

LADDER, ITEMISED, BY_SCORE = "after-sales", "itemised-scorecard", "score-pay"
_YES_NO = ("overtime", "attendance", "initiative", "peers", "collaboration", "sharing")
#: Raw inputs of a month without fault: 95 points, all there are.
FLAWLESS = {
    "satisfaction": 96, "speed": 0, "accuracy": 0, "norms": 0, "tasks": 0, "knowledge": 94, **dict.fromkeys(_YES_NO, 1)
}  # fmt: skip


def itemised(person: Person, month: Month, last: Month, skill: float, chance: Random) -> None:
    """Twelve items a month; on probation one mark by the lead."""
    if person.regularised_on is None or person.regularised_on > month.last_day:
        person.values[month, "assessment_score"] = rate(chance, 70 + 22 * skill, 5, 100)
        return
    for item, value in (
        ("satisfaction", rate(chance, 88 + 9 * skill, 4, 100)), ("speed", poisson(chance, 0.6 - 0.5 * skill)),
        ("accuracy", poisson(chance, 0.5 - 0.4 * skill)), ("norms", poisson(chance, 0.3 - 0.2 * skill)),
        ("tasks", poisson(chance, 0.4 - 0.3 * skill)), ("knowledge", rate(chance, 84 + 13 * skill, 6, 100)),
    ):  # fmt: skip
        person.items[month, item] = value
    for item in _YES_NO:
        person.items[month, item] = int(chance.random() < 0.72 + 0.26 * skill)
    troubles(person, month, skill, chance)


def by_score(person: Person, month: Month, last: Month, skill: float, chance: Random) -> None:
    """The calls as the exchange counts them, and what the lead notes."""
    answered = 260 + chance.randrange(240)
    unrated = answered // 5 + chance.randrange(30)
    _calls(person, month, answered, int((answered - unrated) * (0.66 + 0.24 * skill)), unrated)
    person.items[month, "attendance"] = poisson(chance, 0.4)
    person.items[month, "daily"] = min(Decimal(60), rate(chance, 42 + 17 * skill, 3, 60))
    troubles(person, month, skill, chance)


def _calls(person: Person, month: Month, answered: int, satisfied: int, unrated: int) -> None:
    person.values[month, "calls_answered"] = answered
    person.values[month, "calls_satisfied"] = satisfied
    person.values[month, "calls_unrated"] = unrated


def sights(last: Month) -> Iterator[Sight]:
    yield from _items(last)
    yield from _scores(last)


def _items(last: Month) -> Iterator[Sight]:
    def figure(no: str, name: str, tier: str, hired: int = 40, skill: float = 0.6) -> Figure:
        return Figure(last, no, name, AFTER_SALES[0], itemised, hired=hired, skill=skill).on(LADDER, tier)

    yield (
        figure("S2001", "夏蝉", "intermediate")
        .items_are(range(24), **FLAWLESS)
        .shows("All 95 points, which are full marks; first of the team", ITEMISED, total=95, rank=1)
        .stands("eligible", "senior")
    )
    yield (
        figure("S2002", "纪晨", "junior", 20)
        .items_are(range(24), **FLAWLESS)
        .shows("Shares the first place", ITEMISED, total=95, rank=1)
        .stands("eligible", "intermediate")
    )
    yield (
        figure("S2003", "章彤", "senior", 60)
        .items_are(range(24), **FLAWLESS | {"satisfaction": 90, "accuracy": 3, "tasks": 4})
        .shows("Exactly 90 % passes; no item goes below 0: the year's mean of 70 is short", ITEMISED, total=70)
        .stands("not_yet", "expert")
    )
    yield (
        figure("S2004", "路野", "junior", 2, 0.4)
        .without(0, "assessment_score")
        .shows("On probation: the scorecard takes in regular staff alone, and the mark in its place is missing", ITEMISED,
               nothing=True)
        .stands("waiting_for_data", "intermediate")
    )  # fmt: skip
    yield (
        figure("S2005", "辛夷", "intermediate", 30)
        .items_are(range(24), **FLAWLESS)
        .without(0, "knowledge")
        .shows("The knowledge test is missing: no total; the year is good whatever it says", ITEMISED, total=None,
               missing=["knowledge"])
        .stands("eligible", "senior")
    )  # fmt: skip
    yield (
        figure("S2006", "常青", "senior", 66, 0.9)
        .misconduct(3, "擅自承诺退款")
        .shows("Major misconduct 3 months ago (四.1.2)", ITEMISED)
        .stands("not_yet", "expert")
    )
    yield figure("S2007", "古月", "expert", 71, 0.9).shows("Expert: the top", ITEMISED).stands("top")


def _scores(last: Month) -> Iterator[Sight]:
    def figure(no: str, name: str, tier: str, hired: int = 34, skill: float = 0.6) -> Figure:
        return Figure(last, no, name, AFTER_SALES[1], by_score, hired=hired, skill=skill).on(LADDER, tier)

    full = {"attendance": 0, "daily": 60}
    perfect = figure("S2011", "丁香", "senior", 58, 0.95).items_are([0], **full)
    _calls(perfect.person, last, 400, 310, 40)
    yield perfect.shows("100 points: performance pay whole", BY_SCORE, total=100, rank=1).stands("eligible", "expert")
    short = figure("S2012", "易安", "intermediate").items_are([0], **full)
    _calls(short.person, last, 400, 200, 88)
    yield short.shows("72 % satisfied of the 80 % asked: 18 of 20 points", BY_SCORE, total=98).stands(
        "eligible", "senior"
    )
    silent = figure("S2013", "初蕾", "junior", 0)
    _calls(silent.person, last, 0, 0, 0)
    yield silent.shows("In training, no call answered yet: that input is missing", BY_SCORE, total=None).stands(
        "waiting_for_data", "intermediate"
    )
    yield (
        figure("S2014", "解语", "intermediate", skill=0.2)
        .items_are(range(14), attendance=5, daily=44)
        .shows("Late five times: nothing for attendance, and a mean below 80", BY_SCORE)
        .stands("not_yet", "senior")
    )
    yield (
        figure("S2015", "白薇", "intermediate", skill=0.9)
        .away(0, 0, "sick")
        .shows("Away the whole month: exempt", BY_SCORE, counts=False, total=None)
        .stands("eligible", "senior")
    )
