"""签约客服部: points by the lead, grades A to E, ranks, commissions; and a ladder by tenure, competition and certificate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from random import Random

from payroll.demo.departments import SIGNING
from payroll.demo.desks.figure import Figure, Sight
from payroll.demo.luck import troubles
from payroll.demo.shapes import Absence, Event, Person, day_in
from staff.kernel.periods import Month

LADDER, POLICY = "tiered-exam", "grade-and-wage"
#: Yuan for each completed year; the source names no amount.
PARAMETERS = {"seniority_per_year": "50"}
#: Nobody else comes as far: the first ranks are told.
_MOST, _LEAST = 90, 52


def report(person: Person, month: Month, last: Month, skill: float, chance: Random) -> None:
    """Points and commissions; now and then a desk that an inspection found untidy."""
    total = 60 + 32 * skill + 7 * (chance.random() + chance.random() - 1)
    points(person, month, min(_MOST, max(_LEAST, round(total))))
    sales = Decimal(24_000 + int(56_000 * skill) + chance.randrange(18_000))
    person.values[month, "sales"] = sales
    person.values[month, "individual_commission"] = (sales / 50).quantize(Decimal("0.01"))
    person.values[month, "public_commission"] = 180 + 20 * (month.number % 5)
    if chance.random() < 0.03:
        found = chance.choice(("签约区喧哗", "桌面不整洁", "文件未归档"))
        person.events.append(Event(day_in(month, 2 + chance.randrange(24)), "inspection", note=found))
    troubles(person, month, skill, chance)


def points(person: Person, month: Month, total: int) -> None:
    """A total, parted as the full marks 40, 20, 20 and 20 are."""
    sales, fifth = round(total * 0.4), round(total * 0.2)
    person.items[month, "sales_result"] = sales
    person.items[month, "tasks"] = person.items[month, "ability"] = fifth
    person.items[month, "attitude"] = total - sales - 2 * fifth


class _Signing(Figure):
    def scored(self, backs: Iterable[int], total: int) -> _Signing:
        for month in (self.last - back for back in backs):
            if self.person.works_in(month):
                points(self.person, month, total)
        return self


def sights(last: Month) -> Iterator[Sight]:
    def figure(no: str, name: str, tier: str, hired: int = 30, skill: float = 0.6) -> _Signing:
        return _Signing(last, no, name, SIGNING, report, hired=hired, skill=skill).on(LADDER, tier)

    yield (
        figure("Q2001", "海棠", "level3", 52, 0.9)
        .scored((0, 1, 2), 96)
        .event(9, 12, "certificate", "", "level2")
        .shows("First for three months running: a bonus of 200", POLICY, grade="A", rank=1, cases=["bonus"])
        .stands("eligible", "senior")
    )
    yield (
        figure("Q2002", "连翘", "level3", 47, 0.9)
        .scored((4, 5, 6), 95)
        .scored((3,), 94)
        .scored((7,), 80)
        .shows("Had the bonus four months ago; shared first place since, which begins anew", POLICY, back=4, rank=1,
               cases=["bonus"])
        .stands("not_yet", "senior")
    )  # fmt: skip
    yield (
        figure("Q2003", "商陆", "level2", 36, 0.8)
        .scored((3,), 94)
        .scored((0,), 84)
        .shows("Shared the first place three months ago; a B now", POLICY, grade="B")
        .stands("eligible", "level3")
    )
    yield (
        figure("Q2004", "杜衡", "level1", 18, 0.3)
        .scored((0, 1), 55)
        .scored((2,), 63)
        .shows("Two E running: a third raises the clause on resignation", POLICY, grade="E", cases=[])
        .stands("eligible", "level2")
    )
    yield (
        figure("Q2005", "苏木", "level1", 25, 0.3)
        .scored((1, 2, 3), 57)
        .scored((0,), 66)
        .shows("A third E the month before: the clause on resignation, a case for HR", POLICY, back=1, grade="E",
               cases=["resignation_clause"])
        .stands("eligible", "level2")
    )  # fmt: skip
    yield (
        figure("Q2006", "安息", "level2", 29)
        .without(0, "attitude")
        .shows("A mark is missing: no total, no rank, and the pay lines that rest on them wait", POLICY, total=None,
               missing=["attitude"])
        .stands("eligible", "level3")
    )  # fmt: skip
    away = figure("Q2007", "佩兰", "level2", 41).away(4, 3, "medical")
    away.person.absences.append(Absence((last - 2).first_day, day_in(last - 2, 20), "medical"))
    yield away.shows("Absent for more than 60 days within a year: not assessed", POLICY, nothing=True).stands(
        "eligible", "level3"
    )
    yield figure("Q2008", "白芷", "level1", 12).scored((0,), 74).left(0, 21).shows(
        "Left in the month", POLICY, grade="C"
    )  # fmt: skip
    yield figure("Q2009", "半夏", "level1", 1).scored((0,), 65).shows(
        "Came the month before; half a year is not there yet", POLICY, grade="D"
    ).stands("not_yet", "level2")  # fmt: skip
