"""People by chance, biased to where the policy turns: a person who meets every clause of the next tier, then a few changes.

All chance comes from the ``Random`` given, so that a seed is a company.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from tests.oracle.records import TIERS, Away, Fact, Person, Step, first_day, last_day, month_number

DAY = timedelta(days=1)
STATUSES = ("", "upheld", "upheld", "alleged", "dismissed", "withdrawn")


def person_by_chance(chance: Random, number: str, month: int) -> Person:
    """Somebody who is ready for the next tier as of ``month``, changed up to eight times."""
    person = _ready(chance, number, month)
    for _ in range(chance.choice((0, 1, 1, 2, 3, 5, 8))):
        person = changed(chance, person, month)
    return person


def changed(chance: Random, person: Person, month: int) -> Person:
    """The same person with one thing otherwise."""
    return chance.choice(_CHANGES)(chance, person, month)


def edited(chance: Random, person: Person, month: int) -> Person:
    """As ``changed``, but the ledger only grows: what is written in it stays."""
    if chance.random() < 0.15:
        return _stepped(chance, person, month)
    change = chance.choice([c for c in _CHANGES if c is not _tier])
    return change(chance, person, month)


def _ready(chance: Random, number: str, month: int) -> Person:
    tier = chance.choice(TIERS)
    target = TIERS[min(TIERS.index(tier) + 1, 3)]
    months = {"regular": (3, 4, 15), "star": (12, 13, 30), "diamond": (24, 25, 60), "crown": (6, 40)}[tier]
    hired_on = first_day(month + 1 - chance.choice(months))
    held_from = chance.choice((hired_on, first_day(month - 3), first_day(month - 12)))
    window = range(month - 14, month + 1)
    clients = [
        Fact("keyword_online", _near(chance, month, 5), subject=f"客户{n}", quantity=chance.randint(1, 3))
        for n in range(chance.choice((5, 10, 10, 11)))
    ]
    exam = Fact("exam", last_day(month), "passed", target, 90)
    return Person(
        number,
        hired_on,
        regularised_on=chance.choice((hired_on, hired_on + 60 * DAY)),
        steps=(Step(max(hired_on, held_from), tier),),
        cases=_reported(chance, month, {m: chance.choice((0, 1, 1) if tier == "star" else (1, 1, 2)) for m in window}),
        online={m: chance.choice((1, 5)) for m in window},
        events=(*clients, exam),
    )


def _reported(chance: Random, month: int, values: dict[int, int]) -> dict[int, int]:
    """Now and then somebody forgot a month or two."""
    gone = chance.sample(range(month - 11, month + 1), 2) if chance.random() < 0.2 else ()
    return {m: value for m, value in values.items() if m not in gone}


# Changes


def _edge(chance: Random, person: Person, month: int) -> date:
    """A day at which some rule turns, or any day of three years."""
    step = person.steps[-1].day if person.steps else person.hired_on
    day = chance.choice(
        (
            first_day(month), last_day(month), first_day(month - 5), first_day(month - 11), person.hired_on, step,
            first_day(month) - chance.randint(0, 1000) * DAY,
        )
    )  # fmt: skip
    return day + chance.choice((-1, 0, 0, 1)) * DAY


def _near(chance: Random, month: int, back: int) -> date:
    """A day of the last months, never before them: their edges as often as any other."""
    first = first_day(month - back)
    return chance.choice((first, last_day(month), first + chance.randint(0, 27 * back) * DAY))


def _hired(chance: Random, person: Person, month: int) -> Person:
    completed = chance.choice((-1, 0, 1, 2, 3, 4, 5, 6, 11, 12, 13, 23, 24, 25, 60))
    day = first_day(month + 1 - completed) + chance.choice((-1, 0, 0, 1, 14)) * DAY
    if person.left_on:
        day = min(day, person.left_on)
    return replace(person, hired_on=day)


def _post_since(chance: Random, person: Person, month: int) -> Person:
    completed = chance.choice((-1, 0, 2, 3, 11, 12, 23, 24))
    day = first_day(month + 1 - completed) + chance.choice((-1, 0, 0, 1)) * DAY
    return replace(person, post_since=chance.choice((None, day, day)))


def _regularised(chance: Random, person: Person, month: int) -> Person:
    return replace(
        person, regularised_on=chance.choice((None, last_day(month), last_day(month) + DAY, person.hired_on))
    )


def _left(chance: Random, person: Person, month: int) -> Person:
    day = chance.choice((None, last_day(month) - DAY, last_day(month), last_day(month) + DAY, last_day(month + 2)))
    return replace(person, left_on=max(day, person.hired_on) if day else None)


def _tier(chance: Random, person: Person, month: int) -> Person:
    """Another history of tiers: a late first one, none, a demotion, a promotion to come, two lines of one day."""
    tier, day = chance.choice(TIERS), max(person.hired_on, _edge(chance, person, month))
    higher = TIERS[min(TIERS.index(tier) + 1, 3)]
    steps = chance.choice(
        (
            (),
            (Step(day, tier),),
            (Step(person.hired_on, higher), Step(day, tier, "demotion")),
            (Step(person.hired_on, higher), Step(day, tier, "demotion")),
            (Step(person.hired_on, tier), Step(first_day(month + 1), higher, "promotion")),
            (
                Step(person.hired_on, higher),
                Step(first_day(month - 1), tier, "demotion"),
                Step(day, higher, "promotion"),
            ),
            (Step(person.hired_on, higher), Step(person.hired_on, tier)),
            (Step(person.hired_on, tier), Step(day, "", "lateral")),
        )
    )
    return replace(person, steps=steps)


def _stepped(chance: Random, person: Person, month: int) -> Person:
    kind = chance.choice(("promotion", "demotion"))
    step = Step(max(person.hired_on, _edge(chance, person, month)), chance.choice(TIERS), kind)
    return replace(person, steps=(*person.steps, step))


def _values(chance: Random, person: Person, month: int) -> Person:
    """One month or many of one metric: missing, none, one, plenty."""
    name = chance.choice(("cases", "online"))
    window = range(month - 13, month + 2)
    months = chance.choice(
        (
            [chance.choice(window)], [month - chance.choice((0, 5, 6, 11, 12))], chance.sample(list(window), 3),
            [month - 2, month - 1, month], list(window), [month_number(person.hired_on)],
        )
    )  # fmt: skip
    number = chance.choice((None, None, None, 0, 0, 1, 4))
    kept = {m: v for m, v in getattr(person, name).items() if m not in months}
    if number is not None:
        kept |= dict.fromkeys(months, number)
    return replace(person, **{name: kept})


def _dry(chance: Random, person: Person, month: int) -> Person:
    online = {**person.online, **dict.fromkeys((month - 2, month - 1, month), 0)}
    if chance.random() < 0.4:
        online.pop(month - chance.randint(0, 2))
    return replace(person, online=online)


def _events(chance: Random, person: Person, month: int) -> Person:
    kind = chance.choice(("complaint", "complaint", "violation", "major_misconduct", "praise"))
    count = chance.choice((1, 2, 3, 4)) if kind == "complaint" else 1
    found = []
    for _ in range(count):
        day = _edge(chance, person, month)
        decided = kind == "major_misconduct" and chance.random() < 0.5
        decided_on = (
            chance.choice((day + DAY, last_day(month), last_day(month) + DAY, first_day(month))) if decided else None
        )
        if decided_on and decided_on < day:
            decided_on = day
        status = "" if kind == "praise" else chance.choice(STATUSES)
        found.append(Fact(kind, day, status, decided_on=decided_on))
    return replace(person, events=(*person.events, *found))


def _exams(chance: Random, person: Person, month: int) -> Person:
    kept = [e for e in person.events if e.kind != "exam"]
    exams = [
        Fact(
            "exam", _edge(chance, person, month), chance.choice(("passed", "passed", "failed", "", "withdrawn")),
            chance.choice((*TIERS, "")), 80,
        )
        for _ in range(chance.randint(0, 2))
    ]  # fmt: skip
    return replace(person, events=(*kept, *exams))


def _customers(chance: Random, person: Person, month: int) -> Person:
    """As many customers as the clauses ask for or one less, some twice, some beyond page 3, at the edges of the windows."""
    kept = [e for e in person.events if e.kind != "keyword_online"]
    count = chance.choice((4, 5, 9, 10, 12))
    found = [
        Fact("keyword_online", _edge(chance, person, month), chance.choice(("", "", "", "", "withdrawn")), f"客户{n}",
             chance.choice((1, 3, 3, 4, None)))
        for n in [*range(count), *range(chance.randint(0, 3))]
    ]  # fmt: skip
    if chance.random() < 0.1:
        found.append(Fact("keyword_online", last_day(month), subject="", quantity=1))
    return replace(person, events=(*kept, *found))


def _dropped(chance: Random, person: Person, month: int) -> Person:
    if not person.events:
        return person
    gone = chance.randrange(len(person.events))
    return replace(person, events=tuple(e for n, e in enumerate(person.events) if n != gone))


def _away(chance: Random, person: Person, month: int) -> Person:
    """A whole month, some months, a month but for a day, or one in two pieces that meet, overlap or leave a gap."""
    first, last = first_day(month - chance.choice((0, 1, 2, 5, 6, 11, 12))), last_day(month - chance.choice((0, 1, 2)))
    if last < first:
        last = last_day(month_number(first))
    middle = first + 10 * DAY
    pieces = chance.choice(
        (
            [(first, last)], [(first, last)], [(first + DAY, last)], [(first, last - DAY)],
            [(first, middle), (middle + DAY, last)], [(first, middle), (middle + 2 * DAY, last)],
            [(first - 40 * DAY, middle + 3 * DAY), (middle, last + 5 * DAY)], [],
        )
    )  # fmt: skip
    return replace(person, absences=tuple(Away(*piece) for piece in pieces))


_CHANGES = (
    *[_hired] * 2, _post_since, _regularised, _left, *[_tier] * 2, *[_values] * 5, _dry, *[_events] * 4, *[_exams] * 2,
    *[_customers] * 2, _dropped, *[_away] * 3,
)  # fmt: skip
