"""Three more ladders read off their sources by hand: tiered-exam, parametric, after-sales. Naive, one person at a time.

What a missing month could be is tried, not reasoned about: a mean is judged with every missing value at its lowest and at
its highest, and is unknown where the two disagree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction as F
from itertools import product

from tests.oracle.info_service import completed_months, met
from tests.oracle.month_results import Worker, exempt, rounded
from tests.oracle.records import Fact, first_day, last_day, month_number, month_text

LADDERS = {
    "tiered-exam": ("level1", "level2", "level3", "senior"),
    "parametric": ("p1", "p2", "p3", "p4"),
    "after-sales": ("junior", "intermediate", "senior", "expert"),
}
#: What a month can be at least and at most; no bound is as good as a very large one.
BOUNDS = {
    "satisfaction_rate": (0, 100), "complaint_resolution_rate": (0, 100), "avg_handling_minutes": (0, 10**9),
    "assessment_score": (0, 100),
}  # fmt: skip
#: The X of parametric, as adopted.
GIVEN = {
    "tenure_years": 2, "satisfaction_rate": 90, "complaint_resolution_rate": 95, "avg_handling_minutes": 10,
    "exam_score": 80, "raise_one_level": 5, "raise_two_levels": 12, "leave_days": 3, "notice_working_days": 5,
    "evaluation_months": 3,
}  # fmt: skip


@dataclass(frozen=True)
class Climber(Worker):
    """A worker who holds a tier since a day."""

    tier: str = ""
    tier_since: date = date(2020, 1, 1)
    post_since: date | None = None


@dataclass(frozen=True)
class Said:
    """One clause's rule, or an attestation (no rule)."""

    clause: str
    rule: str | None
    observed: F | None
    verdict: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judged:
    outcome: str
    target: str | None
    conditions: tuple[Said, ...]


def judge(policy: str, person: Climber, month: int) -> Judged | None:
    """What the policy says of a person as of a month; None where there is nothing to say."""
    day = last_day(month)
    if person.hired_on > day or (person.left_on is not None and person.left_on <= day) or person.tier_since > day:
        return None
    tiers = LADDERS[policy]
    place = tiers.index(person.tier)
    if place == len(tiers) - 1:
        return Judged("top", None, ())
    conditions = tuple(CLAUSES[policy](person, tiers[place + 1], month))
    measured = [said.verdict for said in conditions if said.rule not in (None, "competition", "review")]
    outcome = "not_yet" if "unmet" in measured else "waiting_for_data" if "unknown" in measured else "eligible"
    return Judged(outcome, tiers[place + 1], conditions)


def tiered_exam(person: Climber, target: str, month: int) -> Iterator[Said]:
    for number in (1, 2, 3, 4):
        yield Said(f"一.{number}", None, None, "unknown")
    if target == "level2":
        yield tenure("二.1", person, month, 6)
        return
    clause = {"level3": "二.2", "senior": "二.3"}[target]
    yield Said(clause, "competition", None, "unknown")
    if target == "senior":
        levels = ("level2", "level3", "senior")
        held = [e for e in events(person, month, "certificate") if e.subject in levels and e.status != "withdrawn"]
        yield Said(clause, "certificate", F(len(held)), met(bool(held)))
    yield Said(clause, "review", None, "unknown")


def parametric(person: Climber, target: str, month: int) -> Iterator[Said]:
    back = GIVEN["evaluation_months"]
    yield tenure("111", person, month, 12 * GIVEN["tenure_years"])
    for rule, metric in (("satisfaction", "satisfaction_rate"), ("resolution", "complaint_resolution_rate")):
        yield mean("112", rule, person, month, metric, back, GIVEN[metric])
    yield mean("112", "handling", person, month, "avg_handling_minutes", back, GIVEN["avg_handling_minutes"], most=True)
    since = max(first_day(month - 11), person.tier_since)
    passed = [
        e for e in events(person, month, "exam", since)
        if e.subject == target and e.status == "passed" and (e.quantity or 0) >= GIVEN["exam_score"]
    ]  # fmt: skip
    yield Said("113", "exam", F(len(passed)), met(bool(passed)))
    yield Said("114.1", None, None, "unknown")
    internal = [e for e in upheld(person, month, "complaint", first_day(month - back + 1)) if e.subject == "internal"]
    yield Said("114.2", "internal", F(len(internal)), met(not internal))


def after_sales(person: Climber, target: str, month: int) -> Iterator[Said]:
    yield Said("四.1.1", None, None, "unknown")
    misconduct = upheld(person, month, "major_misconduct", first_day(month - 11))
    yield Said("四.1.2", "misconduct", F(len(misconduct)), met(not misconduct))
    for number in (2, 3, 4):
        yield Said(f"四.{number}", None, None, "unknown")
    yield mean("四.5", "assessment", person, month, "assessment_score", 12, 80)


CLAUSES = {"tiered-exam": tiered_exam, "parametric": parametric, "after-sales": after_sales}


def tenure(clause: str, person: Climber, month: int, threshold: int) -> Said:
    months = completed_months(person.post_since or person.hired_on, first_day(month + 1))
    return Said(clause, "tenure", F(months), met(months >= threshold))


def mean(
    clause: str, rule: str, person: Climber, month: int, metric: str, back: int, threshold: int, most: bool = False
) -> Said:
    """Over the months that count; the exact mean decides, what is shown is that of the months reported."""
    counting = [m for m in range(month - back + 1, month + 1) if m >= month_number(person.hired_on)]
    counting = [m for m in counting if not exempt(person, m)]
    reported = [person.values[m][metric] for m in counting if metric in person.values.get(m, {})]
    missing = tuple(month_text(m) for m in counting if metric not in person.values.get(m, {}))
    shown = rounded(sum(reported, F(0)) / len(reported), 4) if reported else None
    if not counting:
        return Said(clause, rule, None, "unknown")
    seen = set()
    for guess in product(BOUNDS[metric], repeat=len(missing)):
        exact = (sum(reported, F(0)) + sum(guess)) / len(counting)
        seen.add(exact <= threshold if most else exact >= threshold)
    return Said(clause, rule, shown, "unknown" if len(seen) == 2 else met(seen.pop()), missing)


def events(person: Climber, month: int, kind: str, since: date = date.min) -> list[Fact]:
    """Within employment, by date."""
    since = max(since, person.hired_on)
    return [e for e in person.events if e.kind == kind and since <= e.day <= last_day(month)]


def upheld(person: Climber, month: int, kind: str, since: date) -> list[Fact]:
    return [e for e in events(person, month, kind, since) if e.status in ("", "upheld")]
