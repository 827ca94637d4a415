"""Quarters, years and teams of a company of two years against the oracle, line by line; first and after facts have changed."""

from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction as F
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from psycopg2.extras import DateRange

from assessment.actions.periods_assess import assess_period
from assessment.models import EmployeeMonth, Metric
from assessment.selectors.period_results import period_lines
from staff.kernel.periods import Month, Term, terms_between
from staff.models import Department, DepartmentPeriod, Employee
from tests.company import Company, operator
from tests.oracle import month_results as months
from tests.oracle.period_results import Lines, Periods
from tests.oracle.records import Away, Fact
from tests.oracle.test_month_results import exact
from tests.oracle.test_sweep_against_oracle import EXAMPLES, SEEDS, few, rolled_back

pytestmark = pytest.mark.django_db

FIRST, LAST = Month.parse("2025-01").number, Month.parse("2026-12").number
HABITS: dict[str, tuple[dict[str, Any], ...]] = {
    "reward-and-penalty": (
        {"satisfaction_rate": 95, "avg_response_minutes": 3, "resolution_rate": 95, "peer_review": 4, "leader_rating": 4},
        {"satisfaction_rate": 85, "avg_response_minutes": 8, "resolution_rate": 95, "peer_review": 3, "leader_rating": 4},
        {"satisfaction_rate": 60, "avg_response_minutes": 20, "resolution_rate": 60, "peer_review": 1, "leader_rating": 1},
    ),
    "monthly-stars": (
        {"collection_rate": 115, "leader_tasks": 1, "service_attitude": 1, "discipline": 1, "proactive": 1},
        {"collection_rate": 115, "leader_tasks": 0, "service_attitude": 1, "discipline": 1, "proactive": 1},
        {"collection_rate": 90, "leader_tasks": 1, "service_attitude": 1, "discipline": 1, "proactive": 1},
    ),
}  # fmt: skip


def by_chance(chance: Random, number: str, policy: str) -> months.Worker:
    """One who mostly keeps to a habit; some fail all the time, so that two quarters and two years running come about."""
    habit, rare = chance.choice(HABITS[policy]), chance.choice((0.0, 0.1, 0.3))
    gaps = chance.choice((0.0, 0.0, 0.0, 0.03))
    values: dict[int, dict[str, F]] = {}
    for month in range(FIRST, LAST + 1):
        mood = chance.choice(HABITS[policy]) if chance.random() < rare else habit
        if chance.random() >= gaps:
            values[month] = {key: F(value) for key, value in mood.items() if chance.random() >= gaps / 5}
    hired = date(2024, 1, 1) + timedelta(days=chance.choice((0, 0, 0, 366, 500, 640, 900)))
    left = chance.choice((None,) * 6 + (date(2026, 5, 20), date(2026, 12, 30), date(2026, 12, 31)))
    kind, subject = ("violation", "major") if policy == "reward-and-penalty" else ("complaint", "")
    often = 0.8 if habit is HABITS[policy][2] and kind == "violation" else 0.05
    events = tuple(
        Fact(kind, date(m // 12, m % 12 + 1, 15), "upheld", subject)
        for m in range(FIRST, LAST + 1) if chance.random() < often
    )  # fmt: skip
    absences = []
    if chance.random() < 0.4:
        first = Month(FIRST + chance.randrange(20))
        absences = [Away(first.first_day, (first + chance.choice((0, 2, 3))).last_day)]
    moved = date(2026, 2, 1) + timedelta(days=chance.randrange(200))
    moves = ((moved, "b"),) if chance.random() < 0.2 and moved > hired else ()
    return months.Worker(
        number, chance.choice("ab"), hired, None, None if left and hired > left else left, "客服", values, events,
        tuple(absences), moves,
    )  # fmt: skip


def enter(company: Company, workers: list[months.Worker]) -> None:
    teams = {name: Department.objects.create(name=name, parent=company.department) for name in "ab"}
    for w in workers:
        person = company.person("", no=w.number, hired_on=w.hired_on, department=teams[w.team], left_on=w.left_on)
        for day, team in w.moves:
            if team != w.team:
                DepartmentPeriod.objects.filter(employee=person).update(period=DateRange(w.hired_on, day))
                DepartmentPeriod.objects.create(employee=person, department=teams[team], period=DateRange(day, None))
        for event in w.events:
            company.event(person, event.kind, event.day, status=event.status, subject=event.subject)
        report(person, w)
        for away in w.absences:
            company.absence(person, away.first_day, away.last_day)


def report(person: Employee, w: months.Worker) -> None:
    slots = dict(Metric.objects.values_list("key", "slot"))
    columns = [f"s{slots[key]}" for found in HABITS.values() for key in found[0]]
    rows = [
        EmployeeMonth(
            employee=person, month=Month(month), **{f"s{slots[key]}": float(value) for key, value in values.items()}
        )
        for month, values in w.values.items()
    ]
    EmployeeMonth.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["employee", "month"], update_fields=columns
    )


def found_in(term: Term) -> Lines:
    found: Lines = {}
    for text in period_lines(term):
        line = json.loads(text)
        assert line.pop("period") == str(term)
        del line["policy"]
        key = line.pop("employee_no"), line.pop("team")
        assert key not in found
        found[key] = {**line, "total": exact(line["total"])}
    return found


def agree(policy: str, workers: list[months.Worker]) -> set[str]:
    """The cases that came about."""
    assess_period(access=operator(), term=Term.parse("2026"))
    expected = Periods(policy, workers, months.results(policy, workers, FIRST, LAST))
    raised = set()
    for length, periods in ((3, expected.quarters), (12, expected.years)):
        for term in terms_between(Month(FIRST), Term.holding(Month(LAST), length)):
            lines = periods[term.last.number]
            told = {key: {name: v for name, v in line.items() if name != "counts"} for key, line in lines.items()}
            assert found_in(term) == told, f"{policy} {term}"
            raised |= {case for line in lines.values() for case in line["cases"]}
    return raised


@pytest.mark.parametrize("policy", HABITS)
@settings(few, max_examples=EXAMPLES or 2)
@given(seed=SEEDS)
def test_every_line_of_two_years_is_what_the_pages_say_first_and_after_new_facts(policy: str, seed: int) -> None:
    chance = Random(seed)
    with rolled_back():
        workers = [by_chance(chance, f"K{n:03d}", policy) for n in range(12)]
        enter(Company(policy=policy), workers)
        agree(policy, workers)
        assert assess_period(access=operator(), term=Term.parse("2026")) == 0
        for at in chance.sample(range(len(workers)), 3):
            drawn = by_chance(chance, workers[at].number, policy)
            late = {
                month: drawn.values.get(month, workers[at].values.get(month, {})) for month in range(LAST - 6, LAST)
            }
            workers[at].values.update({month: {**workers[at].values.get(month, {}), **v} for month, v in late.items()})
            report(Employee.objects.get(employee_no=workers[at].number), workers[at])
        agree(policy, workers)
