"""People by chance reach every corner of the policy: an oracle that is wrong in one corner judges somebody otherwise."""

from __future__ import annotations

import types
from functools import cache
from pathlib import Path
from random import Random

import pytest

from tests.oracle import info_service
from tests.oracle.people import person_by_chance
from tests.oracle.records import Person, month_of

MONTH = month_of("2026-10")
SOURCE = Path(info_service.__file__).read_text(encoding="utf-8")

#: What is wrong, the oracle's text and the wrong one.
WRONG = [
    ("a leaver of the last day is swept", "person.left_on > evaluation_day", "person.left_on >= evaluation_day"),
    ("of two lines of one day the earlier holds", "step.day >= held.day", "step.day > held.day"),
    ("a demotion answers nothing", "max(demoted, default=person.hired_on)", "person.hired_on"),
    ("a promotion brings answered triggers back", "max(demoted, default=person.hired_on)",
     'step.day if step.kind == "demotion" else person.hired_on'),
    ("a month partly away is exempt", "return all(first_day(month)", "return any(first_day(month)"),
    ("absences are not joined", "for absence in person.absences\n", "for absence in person.absences[:1]\n"),
    ("months before hire count", "m >= month_number(self.person.hired_on) and not", "not"),
    ("exempt months count", "and not self.exempt(m)", ""),
    ("a missing month is zero", "product((0, 1000)", "product((0,)"),
    ("tenure by calendar months", "(1 if since.day > 1 else 0)", "0"),
    ("tenure from hire alone", "self.person.post_since or self.person.hired_on", "self.person.hired_on"),
    ("regularised by the first of the month", "regularised <= self.evaluation_day", "regularised < self.evaluation_day"),
    ("accusations count", 'if event.status in ("", "upheld")]', 'if event.status in ("", "upheld", "alleged")]'),
    ("an empty status does not count", 'if event.status in ("", "upheld")]', 'if event.status == "upheld"]'),
    ("facts before hire count", "since = max(since, self.person.hired_on)\n", "\n"),
    ("facts of tomorrow count", "and since <= e.day <= self.evaluation_day", "and since <= e.day"),
    ("an exam of the tier before counts", "max(self.window_start(12), self.tier_since)", "self.window_start(12)"),
    ("an old exam counts", "max(self.window_start(12), self.tier_since)", "self.tier_since"),
    ("a failed exam counts", 'and e.status == "passed"]', "]"),
    ("an exam for any tier counts", "e.subject == target and ", ""),
    ("page 4 counts", "event.quantity <= 3", "event.quantity <= 4"),
    ("an unknown page counts", "event.quantity is not None and event.quantity <= 3", "(event.quantity or 0) <= 3"),
    ("a withdrawn keyword counts", 'and event.status != "withdrawn"', ""),
    ("a keyword of nobody counts", "if event.subject and event", "if event"),
    ("each keyword is a customer", "found = {\n            event.subject\n", "found = {\n            id(event)\n"),
    ("windows of 7 months", "first_day(self.month - months + 1)", "first_day(self.month - months)"),
    ("windows of 5 months", "first_day(self.month - months + 1)", "first_day(self.month - months + 2)"),
    ("4 cases are too few", "sum(values) >= 4", "sum(values) >= 5"),
    ("3 cases are enough", "sum(values) >= 4", "sum(values) >= 3"),
    ("an exempt month breaks nothing", "unbroken = counting == months", "unbroken = True"),
    ("no streak after a demotion", "if m >= begun", "if m > begun"),
    ("the finding's day is ignored", "(event.decided_on or event.day)", "event.day"),
    ("the second complaint demotes", "met(complaints > 2)", "met(complaints > 1)"),
    ("the first complaint holds back", "met(complaints <= 1)", "met(complaints < 1)"),
    ("no month counts for each", 'verdict if months else "unknown"', "verdict"),
    ("an unknown trigger fires", 'found.verdict == "met" for', 'found.verdict != "unmet" for'),
    ("a crown waits for data", "if above is None", "if False"),
    ("unknown before unmet", 'if "unmet" in measured', 'if "unknown" not in measured and "unmet" in measured'),
]  # fmt: skip


@cache
def people() -> list[Person]:
    chance = Random(9)
    return [person_by_chance(chance, f"K{n:04d}", MONTH) for n in range(2500)]


@cache
def judged_right() -> list[info_service.Judgement | None]:
    return [info_service.judge(person, MONTH) for person in people()]


@pytest.mark.parametrize(("old", "new"), [pair[1:] for pair in WRONG], ids=[pair[0] for pair in WRONG])
def test_somebody_tells_a_wrong_oracle_from_the_right_one(old: str, new: str) -> None:
    assert old in SOURCE
    wrong = types.ModuleType(info_service.__name__)
    exec(compile(SOURCE.replace(old, new), info_service.__file__, "exec"), wrong.__dict__)
    assert any(repr(wrong.judge(p, MONTH)) != repr(right) for p, right in zip(people(), judged_right(), strict=True))
