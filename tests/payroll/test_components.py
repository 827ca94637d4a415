"""What the monthly policies yield: components that rest on a pay row, on monthly values and on the month's results."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from payroll.models import PayRecord
from policy.document_text import as_text
from policy.selectors import policy_named
from staff.models import Employee
from tests.company import Company
from tests.payroll.test_payrun import run
from tests.policy.test_library import VALUES

pytestmark = pytest.mark.django_db
MONTH = "2026-10"


def pay(person: Employee, base: str | None = "4000", **amounts: str) -> None:
    PayRecord.objects.create(
        employee=person, starts_on=date(2026, 1, 1), base=base and Decimal(base),
        **{name: Decimal(amount) for name, amount in amounts.items()},
    )  # fmt: skip


def fill(company: Company, person: Employee, months: tuple[str, ...] = (MONTH,), **values: Any) -> None:
    for metric, value in values.items():
        company.values(person, metric, dict.fromkeys(months, value))


def test_score_pay_pays_fixed_pay_and_fifteen_per_cent_of_it_by_the_score() -> None:
    company = Company(policy="score-pay")
    person = company.person("", no="K1")
    pay(person, "3333.33")
    # 70 of 100 calls: 20 × 0.7 / 0.8 = 17.50; one occurrence: 16.00; 60 → 93.50
    fill(company, person, calls_answered=100, calls_satisfied=60, calls_unrated=10, attendance=1, daily=60)
    assert run() == (["K1,2026-10,base,3333.33", "K1,2026-10,performance,467.50"], "")


def test_without_a_score_there_is_fixed_pay_alone_and_the_rest_is_listed() -> None:
    company = Company(policy="score-pay")
    person = company.person("", no="K1")
    pay(person)
    fill(company, person, calls_answered=0, calls_satisfied=0, calls_unrated=0, attendance=0, daily=60)
    lines, told = run()
    assert lines == ["K1,2026-10,base,4000.00"]
    assert "K1: no performance, for want of total" in told


@pytest.mark.parametrize(
    ("rate", "all_good", "more"),
    [
        ("110", True, ["K1,2026-10,star_bonus,500.00"]),
        ("110", False, ["K1,2026-10,star_bonus,200.00"]),
        ("100", True, []),
        ("99.99", True, ["K1,2026-10,star_deduction,-400.03"]),
        ("84.99", True, ["K1,2026-10,star_deduction,-800.05"]),
    ],
)
def test_stars_add_to_or_take_from_performance_pay(rate: str, all_good: bool, more: list[str]) -> None:
    company = Company(policy="monthly-stars")
    person = company.person("", no="K1")
    pay(person, performance="800.05")
    fill(
        company, person, collection_rate=Decimal(rate), leader_tasks=int(all_good), service_attitude=1, discipline=1,
        proactive=1,
    )  # fmt: skip
    assert run() == (["K1,2026-10,performance,800.05", *more], "")


def test_without_stars_nothing_is_paid_and_all_three_are_listed() -> None:
    company = Company(policy="monthly-stars")
    person = company.person("", no="K1")
    pay(person, performance="800")
    fill(company, person, collection_rate=120, leader_tasks=1)
    lines, told = run()
    assert lines == []
    assert told.count("for want of stars") == 3


def wage_earner(company: Company, no: str, points: int, months: tuple[str, ...], **fields: Any) -> Employee:
    person = company.person("", no=no, **fields)
    pay(person, post_wage="2000")
    fill(company, person, months, sales_result=points, tasks=20, ability=20, attitude=20)
    fill(company, person, individual_commission="100.50", public_commission=0)
    return person


def test_the_third_first_rank_in_a_row_is_paid_once_and_the_streak_begins_anew() -> None:
    company = Company(policy="grade-and-wage")
    months = ("2026-07", "2026-08", "2026-09", "2026-10")
    wage_earner(company, "K1", 40, months)
    wage_earner(company, "K2", 30, months)
    assert "K1,2026-09,bonus,200.00" in run("2026-09")[0]
    lines, told = run("2026-10")
    assert told == ""
    assert lines == [
        "K1,2026-10,individual_commission,100.50", "K1,2026-10,post_wage,2000.00", "K1,2026-10,public_commission,0.00",
        "K1,2026-10,seniority,0.00", "K2,2026-10,individual_commission,100.50", "K2,2026-10,post_wage,2000.00",
        "K2,2026-10,public_commission,0.00", "K2,2026-10,seniority,0.00",
    ]  # fmt: skip


def test_the_pay_run_brings_earlier_results_up_to_date_by_itself() -> None:
    company = Company(policy="grade-and-wage")
    wage_earner(company, "K1", 40, ("2026-08", "2026-09", "2026-10"))
    assert "K1,2026-10,bonus,200.00" in run("2026-10")[0]


def test_seniority_is_paid_for_each_completed_year() -> None:
    company = Company(policy="")
    company.adopt("grade-and-wage", seniority_per_year="50")
    wage_earner(company, "K1", 40, (MONTH,), hired_on=date(2023, 11, 1))
    wage_earner(company, "K2", 30, (MONTH,), hired_on=date(2023, 11, 2))
    seniority = [line for line in run()[0] if "seniority" in line]
    assert seniority == ["K1,2026-10,seniority,150.00", "K2,2026-10,seniority,100.00"]


def test_a_ladders_level_pay_and_a_scorecards_pay_stand_side_by_side() -> None:
    company = Company()
    company.adopt("score-pay")
    person = company.person("star", no="K1")
    pay(person)
    fill(company, person, calls_answered=10, calls_satisfied=10, calls_unrated=0, attendance=0, daily=60)
    assert run()[0] == ["K1,2026-10,base,4000.00", "K1,2026-10,level_pay,1000.00", "K1,2026-10,performance,600.00"]


def test_a_raise_at_promotion_is_a_proposal_and_no_line_of_the_run() -> None:
    company = Company(policy="")
    company.adopt("parametric", **VALUES)
    pay(company.person("p1", no="K1", ladder="parametric"))
    assert run() == ([], "")
    printed = as_text(policy_named("parametric"), "zh")
    assert printed.count("[晋升时]") == 2
