"""A month's results of a whole company against the oracle, line by line; first and after facts have changed."""

from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction as F
from random import Random
from typing import Any

import pytest
from hypothesis import given

from assessment.actions.results_assess import assess_month
from assessment.models import EmployeeMonth, Metric
from assessment.selectors.results import month_lines
from staff.kernel.periods import Month
from staff.models import Department, Employee
from tests.company import Company, operator
from tests.oracle import month_results as oracle
from tests.oracle.records import Away, Fact
from tests.oracle.test_sweep_against_oracle import SEEDS, few, rolled_back

pytestmark = pytest.mark.django_db

FIRST, LAST = Month.parse("2026-05").number, Month.parse("2026-10").number
POLICIES = ("score-pay", "itemised-scorecard", "reward-and-penalty", "monthly-stars", "grade-and-wage")
#: Values at and beside every boundary, by key and policy; a tie and a missing one come by chance.
CHOICES: dict[str, dict[str, tuple[Any, ...]]] = {
    "score-pay": {
        "calls_answered": (0, 100, 3, 7), "calls_satisfied": (0, 1, 2, 79, 80), "calls_unrated": (0, 1),
        "attendance": (0, 1, 5, 6), "daily": (0, 45.5, 59.99, 60),
    },
    "itemised-scorecard": {
        "satisfaction": (89.99, 90, 100), "speed": (0, 0.99, 1, 1.99, 2, 9), "accuracy": (0, 1, 2, 3), "norms": (0, 1, 3),
        "tasks": (0, 1, 3, 4), "knowledge": (89.9, 90), "overtime": (0, 1), "attendance": (0, 1), "initiative": (0, 1),
        "peers": (0, 1), "collaboration": (0, 1), "sharing": (0, 1),
    },
    "reward-and-penalty": {
        "satisfaction_rate": (69, 70, 89.5, 90), "avg_response_minutes": (5, 5.01, 15, 15.01, 20),
        "resolution_rate": (60, 79.99, 80, 95), "peer_review": (1, 1.5, 2, 4), "leader_rating": (1, 2, 3.5, 4),
    },
    "monthly-stars": {
        "collection_rate": (84.99, 85, 99.99, 100, 109.99, 110, 120), "leader_tasks": (0, 1, 1), "service_attitude": (0, 1, 1),
        "discipline": (0, 1, 1), "proactive": (0, 1, 1),
    },
    "grade-and-wage": {
        "sales_result": (0, 10, 40), "tasks": (10, 20), "ability": (0, 20), "attitude": (0, 10, 20),
        "individual_commission": (0, "100.55"), "public_commission": (0, "33.33"),
    },
}  # fmt: skip


def by_chance(chance: Random, number: str, policy: str) -> oracle.Worker:
    hired = date(2025, 1, 1) + timedelta(days=chance.choice((0, 0, 0, 400, 520, 660, 680)))
    values: dict[int, dict[str, F]] = {}
    habit = {key: chance.choice(found) for key, found in CHOICES[policy].items()}
    for month in range(FIRST, LAST + 1):
        if chance.random() < 0.95:
            values[month] = {
                key: F(str(habit[key] if chance.random() < 0.8 else chance.choice(found)))
                for key, found in CHOICES[policy].items() if chance.random() < 0.98
            }  # fmt: skip
    events = tuple(
        Fact(kind, date(2026, 5, 1) + timedelta(days=chance.randrange(190)), chance.choice(statuses), subject)
        for kind, statuses, subject in (
            ("complaint", ("", "upheld", "alleged", "dismissed", "withdrawn"), ""),
            ("violation", ("upheld", "alleged", "dismissed"), chance.choice(("minor", "serious", "major", ""))),
        ) if chance.random() < 0.4
    )  # fmt: skip
    absences = []
    if chance.random() < 0.25:
        first = date(2026, chance.randint(5, 10), 1)
        absences = [Away(first, first + timedelta(days=chance.choice((29, 30, 59, 60, 61))))]
    regularised = chance.choice((None, hired, date(2026, 10, 31), date(2026, 11, 1)))
    left = chance.choice((None,) * 8 + (date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 20)))
    return oracle.Worker(
        number, chance.choice("ab"), hired, regularised, None if left and hired > left else left,
        chance.choice(("前台", "客服", "")), values, events, tuple(absences),
    )  # fmt: skip


def enter(company: Company, workers: list[oracle.Worker]) -> None:
    teams = {name: Department.objects.create(name=name, parent=company.department) for name in "ab"}
    for w in workers:
        person = company.person(
            "", no=w.number, hired_on=w.hired_on, regularised_on=w.regularised_on, department=teams[w.team],
            left_on=w.left_on, position=w.position,
        )  # fmt: skip
        for event in w.events:
            company.event(person, event.kind, event.day, status=event.status, subject=event.subject)
        for away in w.absences:
            company.absence(person, away.first_day, away.last_day)
        report(person, w)


def report(person: Employee, w: oracle.Worker) -> None:
    """Each month's row as the worker has it; what the worker lacks is taken back."""
    slots = dict(Metric.objects.values_list("key", "slot"))
    keys = {key for found in CHOICES.values() for key in found}
    for month in range(FIRST, LAST + 1):
        values = w.values.get(month, {})
        row = {f"s{slots[key]}": float(values[key]) if key in values else None for key in keys}
        EmployeeMonth.objects.update_or_create(employee=person, month=Month(month), defaults=row)


def found_in(month: int) -> dict[str, oracle.Row]:
    found = {}
    for text in month_lines(Month(month)):
        line = json.loads(text)
        number = line.pop("employee_no")
        assert line.pop("month") == str(Month(month))
        del line["policy"]
        line["items"] = {key: exact(value) for key, value in line["items"].items()}
        found[number] = {**line, "total": exact(line["total"])}
    return found


def exact(value: Any) -> F | None:
    return None if value is None else F(str(value))


def agree(policy: str, workers: list[oracle.Worker]) -> None:
    assess_month(access=operator(), month=Month(LAST))
    expected = oracle.results(policy, workers, FIRST, LAST)
    for month in range(FIRST, LAST + 1):
        assert found_in(month) == expected[month], f"{policy} {Month(month)}"
    rows = [row for month in expected.values() for row in month.values()]
    rated = "stars" if policy == "monthly-stars" else "total"
    assert {row[rated] is None for row in rows} == {True, False}


@pytest.mark.parametrize("policy", POLICIES)
@few
@given(seed=SEEDS)
def test_every_line_is_what_the_policy_says_first_and_after_new_facts(policy: str, seed: int) -> None:
    chance = Random(seed)
    with rolled_back():
        workers = [by_chance(chance, f"K{n:03d}", policy) for n in range(25)]
        enter(Company(policy=policy), workers)
        agree(policy, workers)
        assert assess_month(access=operator(), month=Month(LAST)) == 0
        for at in chance.sample(range(len(workers)), 4):
            drawn = by_chance(chance, workers[at].number, policy)
            workers[at].values.clear()
            workers[at].values.update(drawn.values)
            report(Employee.objects.get(employee_no=workers[at].number), workers[at])
        agree(policy, workers)
