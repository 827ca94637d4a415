"""The sweep of tiered-exam, parametric and after-sales against the oracle, clause by clause."""

from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction as F
from random import Random
from typing import Any

import pytest
from hypothesis import given

from assessment.models import EmployeeMonth, Metric
from promotion.sweep.actions.sweep_run import run_sweep
from promotion.sweep.selectors import sweep_lines
from staff.kernel.periods import Month
from tests.company import Company, operator
from tests.oracle import other_ladders as oracle
from tests.oracle.other_ladders import Climber
from tests.oracle.records import Away, Fact, first_day
from tests.oracle.test_sweep_against_oracle import MONTHS, SEEDS, few, rolled_back

pytestmark = pytest.mark.django_db

METRICS = {
    "tiered-exam": {},
    "parametric": {
        "satisfaction_rate": ("89.99", "90", "90", "91", "100"), "complaint_resolution_rate": ("94.9", "95", "95", "97"),
        "avg_handling_minutes": ("10", "10", "9.99", "10.02", "8"),
    },
    "after-sales": {"assessment_score": ("79.99", "80", "80", "80.01", "95", "60")},
}  # fmt: skip


def by_chance(chance: Random, number: str, policy: str, month: int) -> Climber:
    def near(*months: int) -> date:
        return first_day(month - chance.choice(months)) + chance.choice((-1, 0, 0, 1, 20)) * timedelta(days=1)

    hired, post = near(0, 4, 5, 6, 22, 23, 24, 40), near(4, 5, 6, 22, 23, 24)
    tiers = oracle.LADDERS[policy]
    gap = chance.choice((0, 0, 0.05, 0.3))
    habit = {metric: chance.choice(found) for metric, found in METRICS[policy].items()}
    values = {
        m: {
            metric: F(habit[metric] if chance.random() < 0.7 else chance.choice(found))
            for metric, found in METRICS[policy].items() if chance.random() >= gap
        }
        for m in range(month - 13, month + 2)
    }  # fmt: skip
    subjects = {"exam": tiers, "certificate": tiers, "complaint": ("internal", ""), "major_misconduct": ("",)}
    statuses = {
        "exam": ("passed", "passed", "failed", "withdrawn"), "certificate": ("", "", "withdrawn"),
        "complaint": ("", "upheld", "alleged", "dismissed"), "major_misconduct": ("upheld", "alleged", "withdrawn"),
    }  # fmt: skip
    chosen = {"tiered-exam": ("certificate",) * 3, "parametric": ("exam", "exam", "exam", "complaint"),
              "after-sales": ("major_misconduct",)}[policy]  # fmt: skip
    events = tuple(
        Fact(kind, near(0, 1, 2, 3, 11, 12, 15), chance.choice(statuses[kind]), chance.choice(subjects[kind]),
             chance.choice((79, 80, 100)) if kind == "exam" else None)
        for kind in chosen if chance.random() < 0.6
    )  # fmt: skip
    away = first_day(month - chance.randint(0, 11))
    absences = (Away(away, away + timedelta(days=chance.choice((29, 30, 61, 92)))),) if chance.random() < 0.3 else ()
    tier = chance.choice((*tiers[:3], *tiers))
    if chance.random() < 0.3:  # somebody who lacks little or nothing
        hired, post, absences = first_day(month - 23), None, ()
        best = {"avg_handling_minutes": F(10)}
        values = {m: {metric: best.get(metric, F(95)) for metric in found} for m, found in values.items()}
        target = tiers[min(tiers.index(tier) + 1, 3)]
        events = (*events[:1], *(Fact(kind, near(0), "passed", target, 80) for kind in chosen[:1] if kind == "exam"))
    return Climber(
        number, "a", hired, left_on=chance.choice((None,) * 12 + (max(hired, near(-1, 0)),)), values=values, events=events,
        absences=absences, tier=tier, tier_since=max(hired, near(0, 2, 11, 12, 30)),
        post_since=chance.choice((None, None, post)),
    )  # fmt: skip


def enter(company: Company, policy: str, people: list[Climber]) -> None:
    slots = dict(Metric.objects.values_list("key", "slot"))
    for p in people:
        person = company.person(
            p.tier, no=p.number, hired_on=p.hired_on, tier_since=p.tier_since, post_since=p.post_since, left_on=p.left_on,
            ladder=policy,
        )  # fmt: skip
        EmployeeMonth.objects.bulk_create(
            EmployeeMonth(employee=person, month=Month(m), **{f"s{slots[key]}": float(v) for key, v in values.items()})
            for m, values in p.values.items() if values
        )  # fmt: skip
        for e in p.events:
            company.event(person, e.kind, e.day, status=e.status, subject=e.subject, quantity=e.quantity)
        for a in p.absences:
            company.absence(person, a.first_day, a.last_day)


def read(line: dict[str, Any]) -> oracle.Judged:
    conditions = tuple(
        oracle.Said(
            c["clause"], c["rule"], None if c["observed"] is None else F(str(c["observed"])), c["verdict"],
            tuple(c["missing"]),
        )
        for c in line["conditions"]
    )  # fmt: skip
    return oracle.Judged(line["outcome"], line["target"], conditions)


@pytest.mark.parametrize("policy", METRICS)
@few
@given(seed=SEEDS, month=MONTHS)
def test_every_clause_is_what_the_policy_says(policy: str, seed: int, month: int) -> None:
    chance = Random(seed)
    with rolled_back():
        company = Company(policy="")
        given_values = {name: str(value) for name, value in oracle.GIVEN.items()} if policy == "parametric" else {}
        company.adopt(policy, **given_values)
        people = [by_chance(chance, f"K{n:03d}", policy, month) for n in range(40)]
        enter(company, policy, people)
        run_sweep(access=operator(), month=Month(month))
        found = {(line := json.loads(text))["employee_no"]: read(line) for text in sweep_lines(Month(month))}
        expected = {p.number: judged for p in people if (judged := oracle.judge(policy, p, month)) is not None}
        assert found.keys() == expected.keys()
        for p in people:
            assert found.get(p.number) == expected.get(p.number), p
        verdicts = {said.verdict for judged in expected.values() for said in judged.conditions if said.rule}
        assert {"met", "unmet", "unknown"} <= verdicts
        assert {"eligible", "not_yet", "top"} <= {judged.outcome for judged in expected.values()}
