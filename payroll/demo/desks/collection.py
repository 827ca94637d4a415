"""客户关系部: stars by the month's collection of fees, and what they do to the month's pay."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from payroll.demo.departments import COLLECTION
from payroll.demo.desks.figure import Figure, Sight
from payroll.demo.luck import rate, troubles
from payroll.demo.shapes import Person
from staff.kernel.periods import Month

POLICY = "monthly-stars"
_ALL = {"leader_tasks": 1, "service_attitude": 1, "discipline": 1, "proactive": 1}
#: Months of the year before in which two had five stars, more than anybody else.
_STARRY = range(2, 11)


def report(person: Person, month: Month, last: Month, skill: float, chance: Random) -> None:
    """The month's collection, and yes or no to four questions. Before the Spring Festival and in summer fees come late."""
    slow = {2: 0.9, 7: 0.95, 8: 0.95, 12: 1.06}.get(month.month, 1.0)
    person.values[month, "collection_rate"] = rate(chance, (80 + 33 * skill) * slow, 9, 160)
    for item, often in zip(_ALL, (0.85, 0.9, 0.92, 0.6), strict=True):
        person.items[month, item] = int(chance.random() < often)
    troubles(person, month, skill, chance)


def sights(last: Month) -> Iterator[Sight]:
    def figure(no: str, name: str, hired: int = 40, skill: float = 0.55) -> Figure:
        return Figure(last, no, name, COLLECTION, report, hired=hired, skill=skill)

    year = [last.number - Month((last.year - 1) * 12 + month - 1).number for month in _STARRY]
    for no, name in (("R2001", "云舟"), ("R2002", "景行")):
        yield (
            figure(no, name, 46)
            .values_are(year, collection_rate=112)
            .items_are(year, **_ALL)
            .clean(*year)
            .values_are([0], collection_rate=104)
            .shows("Most months of five stars in the year before, as many as another", POLICY, stars=3)
        )
    yield (
        figure("R2003", "千寻")
        .values_are([0], collection_rate=110)
        .items_are([0], **_ALL)
        .clean(0)
        .shows("Exactly 110 % and all four: five stars, 500 yuan", POLICY, stars=5)
    )
    yield (
        figure("R2004", "若水")
        .values_are([0], collection_rate=115)
        .items_are([0], **_ALL | {"proactive": 0})
        .clean(0)
        .shows("Not proactive: four stars, 200 yuan", POLICY, stars=4)
    )
    yield (
        figure("R2005", "弦歌")
        .values_are([0], collection_rate=118)
        .items_are([0], **_ALL)
        .clean(0)
        .event(0, 15, "complaint", "alleged", note="催缴时语气生硬")
        .shows("A complaint not yet decided: three stars", POLICY, stars=3)
    )
    yield (
        figure("R2006", "清和")
        .values_are([0], collection_rate=85)
        .shows("Exactly 85 %: two stars, half of the performance pay", POLICY, stars=2)
    )
    yield (
        figure("R2007", "惊蛰")
        .values_are([0], collection_rate=84.99)
        .shows("84.99 %: one star, none of it", POLICY, stars=1)
    )  # fmt: skip
    yield (
        figure("R2008", "朝歌")
        .without(0, "collection_rate")
        .shows("The rate is missing: no stars, and the pay lines wait", POLICY, stars=None, missing=["collection_rate"])
    )
    yield (
        figure("R2009", "采薇")
        .away(2, 0, "nursing")
        .shows("On leave: exempt", POLICY, counts=False, stars=None)
    )  # fmt: skip
    for no, name in (("R2010", "子衿"), ("R2011", "未央")):
        desk = Figure(last, no, name, COLLECTION, lambda *_: None, hired=20)
        desk.person.position = "前台"
        yield desk.shows("The front desk has a standard of its own", POLICY, nothing=True)
