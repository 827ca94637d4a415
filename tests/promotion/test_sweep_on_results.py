"""A ladder that rests on the totals of months: the scorecard's where there is one, else the score on record."""

from __future__ import annotations

import json
from typing import Any

import pytest

from promotion.models import Run
from promotion.sweep.actions.sweep_run import run_sweep
from promotion.sweep.replay import replay
from promotion.sweep.selectors import sweep_lines
from staff.kernel.periods import Month
from tests.company import Company, operator

pytestmark = pytest.mark.django_db
OCTOBER = Month.parse("2026-10")
FIRST, LAST = "2025-11", "2026-10"


def swept() -> dict[str, Any]:
    run_sweep(access=operator(), month=OCTOBER)
    return {line["employee_no"]: line for line in map(json.loads, sweep_lines(OCTOBER))}


def assessment(line: dict[str, Any]) -> tuple[Any, str]:
    (found,) = [one for one in line["conditions"] if one["rule"] == "assessment"]
    return found["observed"], found["verdict"]


def test_the_score_on_record_counts_where_no_scorecard_is_adopted() -> None:
    company = Company(policy="after-sales")
    person = company.person("junior", no="K1", ladder="after-sales")
    company.every_month(person, "assessment_score", 80, FIRST, LAST)
    assert assessment(swept()["K1"]) == (80, "met")


def test_the_scorecards_total_goes_before_it_and_every_path_reads_the_same() -> None:
    company = Company(policy="after-sales")
    person = company.person("junior", no="K1", ladder="after-sales")
    company.adopt("score-pay")
    company.every_month(person, "assessment_score", 80, FIRST, LAST)
    inputs = {"calls_answered": 10, "calls_satisfied": 10, "calls_unrated": 0, "attendance": 0, "daily": 39}
    for metric, number in inputs.items():
        company.every_month(person, metric, number, FIRST, LAST)
    assert assessment(swept()["K1"]) == (79, "unmet")
    assert replay(Run.objects.get()) == []
    company.values(person, "daily", {"2026-10": 51})
    assert assessment(swept()["K1"]) == (80, "met")
