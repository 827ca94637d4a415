"""What is measured is like what is used: every tier and outcome, gaps, through the tables' own triggers."""

from __future__ import annotations

from collections import Counter

import pytest

from assessment.models import EmployeeMonth, Event, Metric
from policy.compiler import Outcome
from promotion.models import Standing, TierPeriod
from promotion.sweep.actions.sweep_run import run_sweep
from staff.kernel.periods import Month
from staff.models import DepartmentPeriod, Touch
from tests.benchmarks.company import make_company
from tests.company import operator

LAST = Month.parse("2026-10")
SIZE = 2500


@pytest.mark.django_db(transaction=True)
def test_a_company_by_the_thousand_has_every_tier_outcome_and_gap() -> None:
    made = make_company(SIZE, LAST)
    assert made.high - made.low == SIZE
    assert DepartmentPeriod.objects.filter(department__parent=made.root).values("department").distinct().count() == 2
    tiers = Counter(TierPeriod.objects.values_list("tier", flat=True))
    assert sum(tiers.values()) == SIZE
    assert tiers["regular"] > tiers["star"] > tiers["diamond"] > tiers["crown"] > SIZE // 50
    months = EmployeeMonth.objects.all()
    slot = f"s{Metric.objects.get(key='excellent_cases').slot}"
    assert SIZE * 11 < months.count() <= SIZE * 12
    assert 0.005 < months.filter(**{slot: None}).count() / months.count() < 0.02
    assert not months.filter(month__gt=LAST).exists()
    assert {"keyword_online", "complaint", "violation", "exam"} <= set(Event.objects.values_list("kind", flat=True))
    assert not Event.objects.filter(day__gt=LAST.last_day).exists()
    assert set(Touch.objects.values_list("source", flat=True)) >= {"person", "department", "tier", "value", "event"}

    run_sweep(access=operator(), month=LAST)
    outcomes = Counter(Outcome(outcome) for outcome in Standing.objects.values_list("outcome", flat=True))
    assert sum(outcomes.values()) == SIZE
    assert set(outcomes) == set(Outcome)
