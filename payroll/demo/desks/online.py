"""在线客服部: five indicators a month, quarters and years of people and teams; and a ladder whose numbers the company set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random

from payroll.demo.departments import ONLINE
from payroll.demo.desks.figure import Figure, Sight
from payroll.demo.luck import rate
from payroll.demo.shapes import Event, Person, day_in, random_of
from staff.kernel.periods import Month

LADDER, POLICY = "parametric", "reward-and-penalty"
#: The adoption's numbers, each an X in the source.
PARAMETERS = {
    "tenure_years": "1", "satisfaction_rate": "80", "complaint_resolution_rate": "88", "avg_handling_minutes": "12",
    "exam_score": "80", "raise_one_level": "6", "raise_two_levels": "15", "leave_days": "3", "notice_working_days": "7",
    "evaluation_months": "6",
}  # fmt: skip
#: Level of an indicator → least of the rates, least of the minutes, both of a band 8 and 4 wide.
_BANDS = {4: (91, 1), 3: (81, 6), 2: (71, 11), 1: (58, 16)}
_GOOD, _BAD = ONLINE[0], ONLINE[2]


def told_quarter(last: Month) -> list[Month]:
    """The last quarter that ended before the last month: one team shone in it, one failed."""
    first = last - ((last.month - 1) % 3 + 3)
    return [first, first + 1, first + 2]


def report(person: Person, month: Month, last: Month, skill: float, chance: Random) -> None:
    """Three rates, the ratings of peers and lead, lateness; and what the ladder asks."""
    levels = [min(4, max(1, round(1.3 + 2.1 * skill + chance.choice((-1, 0, 0, 0, 1))))) for _ in range(4)]
    degree = chance.choice(("minor", "minor", "serious")) if chance.random() < 0.09 * (1.4 - skill) else ""
    if month in told_quarter(last):
        if person.department == _GOOD:
            levels, degree = [4, 4, 4, 3 if chance.random() < 0.5 else 4], ""
        elif person.department == _BAD:
            # Each had one bearable month of the three.
            levels, degree = [1, 1, 1, 1], "" if month.month % 3 == sum(map(ord, person.no)) % 3 else "serious"
    mark(person, month, levels, degree, chance)
    if person.position != "主管":
        person.values[month, "complaint_resolution_rate"] = rate(chance, 85 + 12 * skill, 3, 100)
        person.values[month, "avg_handling_minutes"] = rate(chance, 14 - 6 * skill, 2, 60)


def examine(person: Person, last: Month) -> None:
    """Some have taken the exam for the next tier, with enough points or not quite."""
    chance, following = random_of(person.no, "exam"), {"p1": "p2", "p2": "p3", "p3": "p4"}
    if person.tier in following and chance.random() < 0.45:
        score = 74 + chance.randrange(22)
        on = day_in(last - chance.randrange(6), 20)
        person.events.append(Event(on, "exam", "passed", following[person.tier], score))


def mark(person: Person, month: Month, levels: list[int], degree: str, chance: Random) -> None:
    """Satisfaction, response, resolution and teamwork at these levels, 4 the best; ``degree`` of a violation, if any."""
    satisfaction, response, resolution, teamwork = levels
    low, _ = _BANDS[satisfaction]
    person.values[month, "satisfaction_rate"] = rate(chance, low + 4, 4, 100)
    person.values[month, "avg_response_minutes"] = rate(chance, _BANDS[response][1] + 2, 2, 60)
    person.values[month, "resolution_rate"] = rate(chance, _BANDS[resolution][0] + 4, 4, 100)
    person.items[month, "peer_review"] = min(rate(chance, teamwork, 0.4, 4), rate(chance, 4, 0, 4))
    person.items[month, "peer_review"] = max(person.items[month, "peer_review"], 1)
    person.items[month, "leader_rating"] = teamwork
    person.events = [e for e in person.events if e.kind != "violation" or Month.of(e.day) != month]
    if degree:
        note = {"minor": "迟到一次", "serious": "当月迟到五次", "major": "辱骂客户"}[degree]
        person.events.append(Event(day_in(month, 4 + chance.randrange(20)), "violation", "upheld", degree, note=note))


class _Online(Figure):
    def marked(self, months: Mapping[int, list[int]], degree: str = "") -> _Online:
        """Months back → levels, with a violation in each of that degree."""
        for back, levels in months.items():
            if self.person.works_in(self.last - back):
                mark(self.person, self.last - back, levels, degree, _Even())
        return self


class _Even(Random):
    """Draws the middle of everything, for figures whose points are told."""

    def random(self) -> float:
        return 0.5

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> int:
        return (start if stop is None else stop - start) // 2


def sights(last: Month) -> Iterator[Sight]:
    def figure(no: str, name: str, team: int, tier: str, hired: int = 30, skill: float = 0.6) -> _Online:
        found = _Online(last, no, name, ONLINE[team - 1], report, hired=hired, skill=skill)
        return found.on(LADDER, tier)

    best, failing, fair = [4, 4, 4, 4], [1, 1, 1, 1], [3, 3, 3, 3]
    yield (
        figure("O2001", "桑榆", 1, "p2", 44, 0.95)
        .marked(dict.fromkeys(range(24), best))
        .event(2, 20, "exam", "passed", "p3", quantity=91)
        .shows("Excellent in every month, and so in the year", POLICY, grade="excellent", rank=1, total=4,
               cases=["bonus", "praise"])
        .stands("eligible", "p3")
    )  # fmt: skip
    yield (
        figure("O2002", "青禾", 1, "p1", 26, 0.8)
        .marked({0: best})
        .event(1, 20, "exam", "passed", "p2", quantity=78)
        .shows("Shares the first place; the exam's score lies below the bar", POLICY, grade="excellent", rank=1)
        .stands("not_yet", "p2")
    )
    yield (
        figure("O2003", "南乔", 1, "p1", 9, 0.8)
        .event(1, 20, "exam", "passed", "p2", quantity=88)
        .shows("Less than a year in the company", POLICY)
        .stands("not_yet", "p2")
    )
    yield (
        figure("O2011", "秦川", 2, "p1", 22, 0.5)
        .marked({1: failing, 0: failing}, "minor")
        .marked({2: fair})
        .shows("Failed two months running: a third would be a case for HR", POLICY, grade="fail", cases=["training"])
        .stands("not_yet", "p2")
    )
    yield (
        figure("O2012", "裘真", 2, "p1", 33, 0.5)
        .marked({3: failing, 2: failing, 1: failing}, "minor")
        .marked({4: fair, 0: fair})
        .shows("Failed three months running until the month before", POLICY, back=1, grade="fail",
               cases=["training", "warning_or_dismissal"])
        .stands("not_yet", "p2")
    )  # fmt: skip
    yield (
        figure("O2013", "莫离", 2, "p2", 38)
        .without(0, "leader_rating")
        .shows("The lead's rating is missing", POLICY, total=None, missing=["leader_rating"])
        .stands("not_yet", "p3")
    )
    yield (
        figure("O2014", "沈香", 2, "p2", 50)
        .away(3, 0, "maternity")
        .shows("On maternity leave: exempt", POLICY, counts=False, total=None, missing=[])
        .stands("not_yet", "p3")
    )
    told = last.number - told_quarter(last)[2].number
    yield (
        figure("O2021", "石榴", 3, "p1", 28, 0.3)
        .marked(dict.fromkeys(range(told, told + 3), failing), "minor")
        .marked({told + 3: fair})
        .shows("Failed every month of the team's bad quarter", POLICY, back=told, grade="fail",
               cases=["training", "warning_or_dismissal"])
        .stands("not_yet", "p2")
    )  # fmt: skip
    yield (
        figure("O2022", "言一", 3, "p2", 40)
        .left(0, 17)
        .shows("Left in the month, and is assessed for it", POLICY, counts=True)
    )  # fmt: skip
    yield (
        figure("O2023", "温故", 3, "p1", 0)
        .marked({0: [2, 2, 3, 2]})
        .shows("Came in the month itself", POLICY, grade="good")
        .stands("not_yet", "p2")
    )
