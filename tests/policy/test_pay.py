"""Lines of pay: what a policy yields, to the cent, and what it withholds for want of data."""

from __future__ import annotations

from decimal import Decimal as D
from typing import Any

import pytest

from policy.compiler import compile_pay
from policy.language import bind, load_document
from tests.policy.facts import CATALOGUE
from tests.policy.test_info_service import POLICY
from tests.policy.world import World, probe

HEAD = "policy: paid\ntitle: {zh: 酬, en: Paid}\nin_force: 2020-01-01\napproved_by: gm\n"


def paid(pay: str, more: str = "") -> Any:
    lines = "\n".join("  " + line for line in pay.strip("\n").split("\n"))
    return load_document(f"{HEAD}{more}pay:\n{lines}\n", CATALOGUE)


def component(key: str, amount: str, more: str = "") -> str:
    return f"{key}:\n  clause: 一\n  text: 条款\n{more}  amount: {amount}"


def cased(names: str) -> str:
    return "cases:\n" + "".join(
        f"  - {{case: {name}, clause: 二, text: 条款, when: rank = 1}}\n" for name in names.split()
    )


@pytest.mark.parametrize(
    ("tier", "lines"),
    [("star", [("level_pay", D(1000), [])]), ("diamond", [("level_pay", D(1200), [])]),
     ("crown", [("level_pay", D(1300), [])]), ("regular", [])],
)  # fmt: skip
def test_level_pay_follows_the_tier_and_the_bottom_has_no_line(world: World, tier: str, lines: list[Any]) -> None:
    world.person(tier=tier)
    assert world.pay(POLICY, "2026-10") == lines


def test_performance_is_a_share_of_the_total_rounded_once(world: World) -> None:
    world.person()
    world.insert("pay", [{"employee_id": 1, "base": D("4321.99"), "post_wage": None, "performance": None}])
    world.insert("results", [{"employee_id": 1, "month": 2026 * 12 + 9, "total": D("87.65"), "stars": None}])
    policy = paid(component("performance", "base * 15% * total / 100"))
    assert world.pay(policy, "2026-10") == [("performance", D("568.23"), [])]


def test_a_cent_is_rounded_half_away_from_zero(world: World) -> None:
    world.person()
    world.insert("pay", [{"employee_id": 1, "base": D("100.01"), "post_wage": None, "performance": D("100.01")}])
    policy = paid(component("a", "base * 50%") + "\n" + component("b", "-50% * performance"))
    assert world.pay(policy, "2026-10") == [("a", D("50.01"), []), ("b", D("-50.01"), [])]


def test_a_missing_amount_is_an_exception_that_names_what_is_missing(world: World) -> None:
    world.person()
    policy = paid(component("performance", "base * total / 100"))
    assert world.pay(policy, "2026-10") == [("performance", None, ["base", "total"])]


STARS = component(
    "star_deduction",
    "\n    - -50% * performance if stars = 2\n    - -100% * performance if stars = 1\n    - none otherwise",
    "  needs: stars\n",
)


@pytest.mark.parametrize(
    ("stars", "lines"),
    [(1, [("star_deduction", D("-800.00"), [])]), (2, [("star_deduction", D("-400.00"), [])]), (3, []),
     (None, [("star_deduction", None, ["stars"])])],
)  # fmt: skip
def test_a_line_that_rests_on_stars_is_withheld_while_they_are_missing(
    world: World, stars: int | None, lines: list[Any]
) -> None:
    world.person()
    world.insert("pay", [{"employee_id": 1, "base": None, "post_wage": None, "performance": D(800)}])
    world.insert("results", [{"employee_id": 1, "month": 2026 * 12 + 9, "total": None, "stars": stars}])
    assert world.pay(paid(STARS), "2026-10") == lines


@pytest.mark.parametrize(
    ("cases", "lines"),
    [(["bonus", "praise"], [("bonus", D(200), [])]), ([], []), (None, [("bonus", None, ["cases"])])],
)
def test_a_bonus_is_paid_where_the_month_raised_its_case(world: World, cases: Any, lines: list[Any]) -> None:
    world.person()
    if cases is not None:
        world.insert("results", [{"employee_id": 1, "month": 2026 * 12 + 9, "total": D(90), "cases": cases}])
    policy = paid(component("bonus", "[200 yuan if raised(bonus), none otherwise]", "  needs: cases\n"), cased("bonus"))
    assert world.pay(policy, "2026-10") == lines


@pytest.mark.parametrize(("hired_on", "amount"), [("2023-11-01", 150), ("2023-11-02", 100), ("2026-01-01", 0)])
def test_seniority_counts_completed_years(world: World, hired_on: str, amount: int) -> None:
    world.person(hired_on=hired_on)
    more = "parameters:\n  per_year: {unit: yuan, clause: 三, value: 50}\n"
    policy = paid(component("seniority", "per_year * floor(completed(hired_on) / 12 months)"), more)
    assert world.pay(policy, "2026-10") == [("seniority", D(amount), [])]


def test_a_monthly_value_is_paid_from_the_months_own_row(world: World) -> None:
    world.person()
    world.month("2026-10", s11=D("1234.5"))
    world.month("2026-09", s11=D(9))
    assert world.pay(paid(component("commission", "sales")), "2026-10") == [("commission", D("1234.50"), [])]
    assert world.pay(paid(component("commission", "sales")), "2026-11") == [("commission", None, ["sales"])]


def test_an_input_of_the_scorecard_is_paid_from_the_slot_of_its_key(world: World) -> None:
    world.person()
    inputs = (
        "inputs:\n  sales: {unit: yuan, zh: 销售, en: sales}\n  leader_tasks: {unit: yes_no, zh: 交办, en: tasks}\n"
    )
    assert world.pay(paid(component("a", "sales"), inputs), "2026-10") == [("a", None, ["sales"])]
    world.month("2026-10", s11=D(5))
    assert world.pay(paid(component("a", "sales"), inputs), "2026-10") == [("a", D(5), [])]
    nowhere = paid(component("a", "1 yuan if leader_tasks else 2 yuan"), inputs)
    assert world.pay(nowhere, "2026-10") == [("a", None, ["leader_tasks"])]


def test_events_of_the_month_after_the_last_day_of_work_are_not_paid(world: World) -> None:
    world.person(left_on="2026-10-20")
    for on in ("2026-09-30", "2026-10-01", "2026-10-20", "2026-10-21", "2026-11-01"):
        world.event("violation", on, status="upheld")
    policy = paid(component("fine", "-10 yuan * count(violation)"))
    assert world.pay(policy, "2026-10") == [("fine", D(-20), [])]


def test_who_is_out_of_scope_has_no_line(world: World) -> None:
    world.person(1, position="前台")
    world.person(2, position="客服")
    world.person(3, position=None)
    applies = "applies: {clause: 一, text: 范围, rule: position != 前台}\n"
    assert world.pay(paid(component("a", "10 yuan"), applies), "2026-10") == [("a", D(10), [])] * 2


def test_absence_decides_the_scope_over_the_union_of_days(world: World) -> None:
    for id_ in (1, 2):
        world.person(id_)
    world.absence("2026-10-01", "2026-10-20", 1)
    world.absence("2026-10-11", "2026-10-21", 1)
    world.absence("2026-10-11", "2026-12-31", 2)
    applies = "applies: {clause: 一, text: 范围, rule: absent_days(1 month) <= 20 days}\n"
    assert world.pay(paid(component("a", "10 yuan"), applies), "2026-10") == []
    applies = applies.replace("20", "21")
    assert len(world.pay(paid(component("a", "10 yuan"), applies), "2026-10")) == 2


def test_a_proposal_at_a_promotion_is_no_line_of_the_run() -> None:
    policy = paid(component("raise", "base * 10%", "  on: promotion\n"))
    with pytest.raises(ValueError, match="paid yields no pay"):
        compile_pay(policy)


def test_a_parameter_without_a_value_stops_the_run() -> None:
    policy = paid(component("a", "x * 2"), "parameters: {x: {unit: yuan, clause: 一}}\n")
    with pytest.raises(ValueError, match="lacks values for x"):
        compile_pay(policy)
    assert compile_pay(bind(policy, {"x": "5"})).components[0].key == "a"


def test_a_relation_that_is_read_must_be_given() -> None:
    with pytest.raises(ValueError, match="reads months, pay"):
        compile_pay(paid(component("a", "base + sales"))).sql(people="people")
    with pytest.raises(ValueError, match="probe yields no pay"):
        compile_pay(probe())
