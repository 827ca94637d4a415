"""My tier in the states that the first company does not show, and what it says to do in each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone
from psycopg2.extras import DateRange

from policy import library
from policy.actions.policy_adopt import adopt
from policy.compiler import Finding, Verdict
from policy.language import typed
from policy.selectors import library_policy
from promotion.models import LedgerLine
from promotion.sweep.actions.sweep_run import run_sweep
from promotion.web.facts import MonthCell
from promotion.web.forecast import forecast_of
from staff.models import DepartmentPeriod
from tests.web.company import MONTH, Company
from tests.web.conftest import Visitor
from tests.web.test_standing import words

AHEAD = f"/me/?month={MONTH + 1}"
OTHER = """
policy: two-steps
title: {zh: 两级试行办法, en: Two steps on trial}
in_force: 2020-01-01
approved_by: gm
applies: {clause: "1", text: 本办法适用于前台人员。, rule: "position = 前台"}
ladder:
  tiers:
    - {key: low, zh: 初档, en: Lower}
    - {key: high, zh: 高档, en: Upper}
  promotions:
    - from: low
      to: high
      process: [decision]
      require:
        - {clause: "2", text: 在岗满五年。, rules: {tenure: completed(hired_on) >= 5 years}}
        - {clause: "3", text: 主管认可。, attest: supervisor}
  demotions: []
"""


@pytest.fixture
def two(company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Company:
    """The finance department has a ladder of its own, for its front desk."""
    (tmp_path / "two-steps.yaml").write_text(OTHER, encoding="utf-8")
    monkeypatch.setattr(library, "FOLDER", tmp_path)
    adopt(access=company.access, key="two-steps", department=company.departments["财务部"], starts_on=date(2026, 11, 1))
    return company


def holds(company: Company, no: str, tier: str) -> None:
    LedgerLine.objects.create(
        seq=0, employee=company.people[no], kind="entry", ladder="two-steps", from_tier="", to_tier=tier,
        effective_on=date(2026, 1, 1), channel="test", prev_hash="", hash="",
    )  # fmt: skip


def in_december(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *args, **options: date(2026, 12, 3))


@pytest.mark.parametrize(
    ("who", "to_do"),
    [
        ("K2031", "The nearest is 四.2.8"),
        ("K2032", "What to do next: apply for Diamond."),
        ("K2033", "All that is left is to have excellent cases reported: ask whoever owes it."),
        ("K2034", "nothing is asked of you to go on"),
        ("K2041", "What you can do now: check the facts."),
        ("K2042", "Nothing follows for the tier: it is the lowest."),
        ("K2051", "What will be asked then is below; there is nothing to file."),
        ("K2052", "There is nothing to do."),
        ("K2053", "Ask HR for it"),
        ("K2054", "The last day of work was 2026-08-31"),
        ("K2055", "2026-10 does not count for you (exempt)"),
    ],
)
def test_each_state_says_what_to_do_next(visitor: Visitor, who: str, to_do: str) -> None:
    assert to_do in words(visitor(who))


def test_the_newly_hired_read_what_will_be_asked(visitor: Visitor) -> None:
    text = words(visitor("K2051"))
    assert "What is asked for Star" in text
    assert "员工须转正并已上岗满3个月。" in text
    assert "judged by: head of department" in text


def test_where_no_application_is_asked_for_the_employee_files_nothing(company: Company, visitor: Visitor) -> None:
    company.hire("K2061", "温舒", "wenshu ws", hired="2026-01-05", regularised="2026-04-05")
    company.account("K2061", "K2061")
    company.tier("K2061", ("regular", "2026-01-05"))
    company.exam("K2061", "2026-11-05", "star")
    run_sweep(access=company.access, month=MONTH + 1)
    text = words(visitor("K2061"), AHEAD)
    assert "You need not file anything for Star: HR confirms" in text
    assert "exam → review by the head of department → decision → public notice" in text
    assert "apply" not in text.partition("Past months")[0].partition("Eligible for Star")[2][:400]


def test_the_nearest_clause_comes_first(visitor: Visitor) -> None:
    text = words(visitor("K2041"))
    assert text.index("2 clauses to go") < text.index("四.3.10", text.index("2 clauses to go"))


def test_missing_data_bars_the_decision_and_names_metric_month_and_owner(visitor: Visitor) -> None:
    text = words(visitor("K2033"))
    assert "bars the decision, not the effort" in text
    assert "2026-10 excellent cases" in text
    assert "周岚, who supervised then, owes it." in text


def test_the_forecast_carries_the_last_three_months_on_and_says_so(visitor: Visitor) -> None:
    page = visitor("K2031").get("/me/").content.decode()
    text = words(visitor("K2031"))
    assert "as of 2026-12" in text
    assert "each standing looks at 6 months. The last 3 brought 1 a month." in text
    assert "it is no promise" in text
    assert page.count('class="guess"') == 2
    assert page.count('class="bar"') == 2  # the standings of September and October


def test_months_that_leave_the_window_are_told(company: Company, visitor: Visitor) -> None:
    company.hire("K2062", "安然", "anran ar", hired="2023-02-01")
    company.account("K2062", "K2062")
    company.tier("K2062", ("regular", "2023-02-01"), ("star", "2024-01-01"))
    company.customers("K2062", "2026-11-03", "2026-11-04")
    company.exam("K2062", "2026-11-02", "diamond")
    for day in ("2026-06-10", "2026-07-10"):
        company.event("K2062", day, "keyword_online", subject=f"客户{day}", quantity=1)
    company.values("K2062", "excellent_cases", {"2026-11": 9})
    run_sweep(access=company.access, month=MONTH + 1)
    text = words(visitor("K2062"), AHEAD)
    assert "On the way drop out of the window:" in text
    assert "Jun with 1" in text


def test_of_an_adverse_finding_nothing_is_forecast(visitor: Visitor) -> None:
    assert "How this is reckoned" not in words(visitor("K2041"))


def test_a_tier_of_another_ladder_is_told_and_not_taken_for_ones_own(two: Company, visitor: Visitor) -> None:
    two.tier("K2052", ("regular", "2024-07-15"))
    text = words(visitor("K2052"))
    assert "No tier has been entered yet" in text
    assert "The tier Regular is on another ladder than the one in force here" in text


def test_whoever_the_policy_does_not_concern_is_told_whom_it_does(
    two: Company, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    holds(two, "K2052", "low")
    run_sweep(access=two.access, month=MONTH + 1)
    in_december(monkeypatch)
    text = words(visitor("K2052"))
    assert "Not among those whom the policy concerns" in text
    assert "本办法适用于前台人员。" in text


def test_whoever_moved_out_of_the_policy_is_told_why_no_later_month_is_there(
    company: Company, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    lin = company.people["K2031"]
    DepartmentPeriod.objects.filter(employee=lin).update(period=DateRange(lin.hired_on, date(2026, 11, 20)))
    DepartmentPeriod.objects.create(
        employee=lin, department=company.departments["财务部"], period=DateRange(date(2026, 11, 20), None)
    )
    in_december(monkeypatch)
    text = words(visitor("K2031"))
    assert "For 2026-11 there is no standing: no policy with a ladder is in force for the present department." in text
    assert "Next: as of" not in text


def test_a_month_that_has_not_been_swept_yet_says_so_beside_the_last_standing(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_december(monkeypatch)
    assert "2026-11 has not been judged yet." in words(visitor("K2031"))


@pytest.mark.parametrize("who", ["K2031", "K2034", "K2041", "K2051", "K2053", "K2054", "K2055"])
def test_a_supervisors_page_of_somebody_never_says_you(visitor: Visitor, who: str) -> None:
    text = words(visitor("K1001", "zh-hans"), f"/people/{who}/")
    assert "你" not in text.replace("写理由给你看", "").replace("你的团队", "")


@pytest.mark.django_db
def test_where_none_is_there_and_none_comes_nothing_is_forecast() -> None:
    ladder = library_policy("info-service").ladder
    assert ladder is not None
    clause, rule = next(
        (clause, rule)
        for step in ladder.steps
        for clause in step.clauses
        for rule in clause.rules
        if isinstance(rule.observed, typed.MonthAggregate) and rule.observed.function == "sum"
    )
    none = Decimal(0)
    finding = Finding(clause, str(rule.key), none, ">", none, "count", Verdict.UNMET, (), Decimal(1))
    cells = [MonthCell(MONTH - back, "0", "", none) for back in range(6)]
    found = forecast_of(finding, rule, cells, MONTH, {MONTH: none})
    assert found is not None
    assert (found.reached, found.bars) == (None, ())
