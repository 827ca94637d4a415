"""The main policy at its boundaries, clause by clause."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from policy.compiler import compile_sweep, explain
from policy.language import Checked, bind, load_document
from staff.kernel.periods import Month
from tests.policy.facts import CATALOGUE
from tests.policy.world import World

LIBRARY = Path(__file__).parents[2] / "policy" / "library"
POLICY = load_document((LIBRARY / "info-service.yaml").read_text(encoding="utf-8"), CATALOGUE)
AS_OF = "2026-10"


def regular(world: World, **more: Any) -> None:
    """A regular who meets every condition, but for what is said otherwise."""
    facts = {"hired_on": "2026-01-05", "regularised_on": "2026-03-01", "tier_since": "2026-01-05"}
    world.person(tier="regular", **{**facts, **more})
    world.event("exam", "2026-09-10", subject="star", status="passed")
    world.months(AS_OF, 12, s1=1, s2=3)


def star(world: World, **more: Any) -> None:
    world.person(tier="star", **{"hired_on": "2024-01-01", "tier_since": "2025-01-01", **more})
    world.event("exam", "2026-09-10", subject="diamond", status="passed")
    world.months(AS_OF, 12, s1=1, s2=3)
    for n in range(5):
        world.event("keyword_online", "2026-06-01", subject=f"客户{n}", quantity=3)


def diamond(world: World, **more: Any) -> None:
    world.person(tier="diamond", **{"hired_on": "2022-01-01", "tier_since": "2025-01-01", **more})
    world.event("exam", "2026-09-10", subject="crown", status="passed")
    world.months(AS_OF, 12, s1=1, s2=3)
    for n in range(10):
        world.event("keyword_online", "2025-11-01", subject=f"客户{n}", quantity=1)


def outcome(world: World, policy: Checked = POLICY) -> tuple[str, str | None]:
    found = world.sweep(policy, AS_OF)
    return found["outcome"], found["target"]


def rule(world: World, clause: str, key: str, policy: Checked = POLICY) -> Any:
    found = world.sweep(policy, AS_OF)
    return next(r for r in found["conditions"] + found["triggers"] if (r["clause"], r["rule"]) == (clause, key))


def seen(found: Any) -> tuple[Any, str]:
    return found["observed"], found["verdict"]


def test_a_regular_with_everything_is_eligible_for_star(world: World) -> None:
    regular(world)
    assert outcome(world) == ("eligible", "star")


def test_a_star_with_everything_is_eligible_for_diamond(world: World) -> None:
    star(world)
    assert outcome(world) == ("eligible", "diamond")


def test_a_diamond_with_everything_is_eligible_for_crown(world: World) -> None:
    diamond(world)
    assert outcome(world) == ("eligible", "crown")


def test_a_crown_is_top_and_has_no_conditions(world: World) -> None:
    world.person(tier="crown")
    world.months(AS_OF, 12, s2=1)
    assert outcome(world) == ("top", None)
    assert world.sweep(POLICY, AS_OF)["conditions"] == []


@pytest.mark.parametrize(
    ("post_since", "months", "verdict"),
    [("2026-08-01", 3, "met"), ("2026-08-02", 2, "unmet"), ("2026-07-31", 3, "met"), (None, 9, "met"),
     ("2026-12-01", 0, "unmet")],
)  # fmt: skip
def test_tenure_runs_in_completed_months_from_the_post_else_from_hiring(
    world: World, post_since: str | None, months: int, verdict: str
) -> None:
    regular(world, post_since=post_since)
    assert seen(rule(world, "四.1.1", "tenure")) == (months, verdict)


@pytest.mark.parametrize(
    ("regularised_on", "observed", "verdict"),
    [("2026-10-31", "2026-10-31", "met"), ("2026-11-01", "2026-11-01", "unmet"), (None, None, "unmet")],
)
def test_regularised_by_the_evaluation_day_counts_and_never_regularised_is_unmet(
    world: World, regularised_on: str | None, observed: str | None, verdict: str
) -> None:
    regular(world, regularised_on=regularised_on)
    found = rule(world, "四.1.1", "regularised")
    assert (*seen(found), found["threshold"], found["op"]) == (observed, verdict, "2026-10-31", "<=")


@pytest.mark.parametrize(
    ("day", "status", "count"),
    [("2026-01-05", "upheld", 1), ("2026-01-04", "upheld", 0), ("2026-10-31", "", 1), ("2026-11-01", "upheld", 0),
     ("2026-05-01", "alleged", 0), ("2026-05-01", "dismissed", 0), ("2026-05-01", "withdrawn", 0)],
)  # fmt: skip
def test_upheld_violations_since_hiring_count_and_no_others(world: World, day: str, status: str, count: int) -> None:
    regular(world)
    world.event("violation", day, status=status, subject="minor")
    assert seen(rule(world, "四.1.2", "violations")) == (count, "met" if count == 0 else "unmet")


EXAMS = [
    ("2025-11-01", "star", "passed", True),
    ("2025-10-31", "star", "passed", False),
    ("2026-06-01", "diamond", "passed", False),
    ("2026-06-01", "star", "failed", False),
    ("2026-06-01", "star", "withdrawn", False),
    ("2026-06-01", "star", "", False),
]


@pytest.mark.parametrize(("day", "subject", "status", "counts"), EXAMS)
def test_an_exam_counts_if_passed_for_the_target_in_twelve_months(
    world: World, day: str, subject: str, status: str, counts: bool
) -> None:
    world.person(hired_on="2020-01-01", regularised_on="2020-03-01", tier_since="2020-01-01")
    world.event("exam", day, subject=subject, status=status)
    assert seen(rule(world, "四.1.6", "exam")) == (int(counts), "met" if counts else "unmet")


@pytest.mark.parametrize(("day", "count"), [("2026-06-15", 1), ("2026-06-14", 0)])
def test_an_exam_before_the_present_tier_does_not_count(world: World, day: str, count: int) -> None:
    world.person(tier_since="2026-06-15")
    world.event("exam", day, subject="star", status="passed")
    assert rule(world, "四.1.6", "exam")["observed"] == count


@pytest.mark.parametrize(
    ("values", "observed", "verdict", "missing"),
    [
        ([1, 1, 1, 1, 0, 0], 4, "met", []),
        ([1, 1, 1, 0, 0, 0], 3, "unmet", []),
        ([1, 1, 1, None, 0, 0], 3, "unknown", ["2026-07"]),
        ([4, None, None, None, None, None], 4, "met", ["2026-05", "2026-06", "2026-07", "2026-08", "2026-09"]),
        ([0, 0, 0, 0, 0, None], 0, "unknown", ["2026-05"]),
    ],
)
def test_a_sum_with_missing_months_is_decided_only_where_they_cannot_matter(
    world: World, values: list[int | None], observed: int, verdict: str, missing: list[str]
) -> None:
    world.person(tier="star")
    for back, value in enumerate(values):
        if value is not None:
            world.month(str(Month.parse(AS_OF) + -back), s1=value, s2=1)
    world.month("2026-04", s1=9, s2=1)
    found = rule(world, "四.2.7", "cases")
    assert (*seen(found), found["missing"], found["threshold"]) == (observed, verdict, missing, 4)


@pytest.mark.parametrize(
    ("pages", "observed"),
    [([1, 2, 3, 3, 3], 5), ([1, 2, 3, 3, 4], 4), ([1, 2, 3, 3, None], 4)],
)
def test_different_customers_on_the_first_three_pages_count_once_each(
    world: World, pages: list[int | None], observed: int
) -> None:
    world.person(tier="star")
    for n, page in enumerate(pages):
        world.event("keyword_online", "2026-05-01", subject=f"客户{n}", quantity=page)
        world.event("keyword_online", "2026-07-01", subject="客户0", quantity=1)
    world.event("keyword_online", "2026-04-30", subject="太早", quantity=1)
    world.event("keyword_online", "2026-07-01", subject="撤销", quantity=1, status="withdrawn")
    world.event("keyword_online", "2026-07-01", subject="", quantity=1)
    assert seen(rule(world, "四.2.8", "customers")) == (observed, "met" if observed >= 5 else "unmet")


@pytest.mark.parametrize(("count", "verdict", "fired"), [(1, "met", False), (2, "unmet", False), (3, "unmet", True)])
def test_two_upheld_complaints_bar_a_promotion_and_a_third_proposes_a_demotion(
    world: World, count: int, verdict: str, fired: bool
) -> None:
    star(world)
    for _ in range(count):
        world.event("complaint", "2025-11-01", status="upheld")
    world.event("complaint", "2025-10-31", status="upheld")
    assert seen(rule(world, "四.2.9", "complaints")) == (count, verdict)
    expected = ("demotion_proposed", "regular") if fired else ("eligible" if verdict == "met" else "not_yet", "diamond")
    assert outcome(world) == expected


def test_each_of_twelve_months_needs_a_case_and_an_exempt_month_is_left_out(world: World) -> None:
    world.person(tier="diamond")
    world.months(AS_OF, 10, s1=1, s2=1)
    world.month("2025-12", counts=False)
    world.month("2025-11", s1=1, s2=1)
    found = rule(world, "四.3.9", "cases")
    assert (*seen(found), found["threshold"], found["op"], found["unit"]) == (11, "met", 11, "=", "month")


@pytest.mark.parametrize(("value", "verdict", "missing"), [(0, "unmet", []), (None, "unknown", ["2026-03"])])
def test_each_is_unmet_by_one_bad_month_and_unknown_by_one_missing(
    world: World, value: int | None, verdict: str, missing: list[str]
) -> None:
    world.person(tier="diamond")
    for back in range(12):
        month = str(Month.parse(AS_OF) + -back)
        world.month(month, s1=value if month == "2026-03" else 2, s2=1)
    found = rule(world, "四.3.9", "cases")
    assert (*seen(found), found["missing"], found["threshold"]) == (11, verdict, missing, 12)


def test_each_with_no_month_that_counts_is_unknown(world: World) -> None:
    world.person(tier="diamond")
    for back in range(12):
        world.month(str(Month.parse(AS_OF) + -back), counts=False)
    assert rule(world, "四.3.9", "cases")["verdict"] == "unknown"


@pytest.mark.parametrize(
    ("last_three", "run", "verdict"),
    [
        ((0, 0, 0), 3, "met"),
        ((0, 0, 1), 2, "unmet"),
        ((1, 0, 0), 0, "unmet"),
        ((0, None, 0), 1, "unknown"),
        ((None, None, None), 0, "unknown"),
        ((0, "exempt", 0), 1, "unmet"),
        ((0, 0, "exempt"), 2, "unmet"),
    ],
)
def test_three_dry_months_running_fire_and_missing_or_exempt_ones_do_not(
    world: World, last_three: tuple[Any, ...], run: int, verdict: str
) -> None:
    world.person(tier="star")
    for back, value in enumerate(last_three):
        exempt = value == "exempt"
        world.month(str(Month.parse(AS_OF) + -back), counts=not exempt, s2=None if exempt else value)
    assert seen(rule(world, "八.1", "dry")) == (run, verdict)
    assert (outcome(world)[0] == "demotion_proposed") == (verdict == "met")


def test_a_streak_does_not_reach_before_the_month_of_hiring(world: World) -> None:
    world.person(hired_on="2026-09-20", tier_since="2026-09-20")
    world.months(AS_OF, 3, s2=0)
    assert seen(rule(world, "八.1", "dry")) == (2, "unmet")


def test_an_unknown_trigger_leaves_a_crown_at_the_top(world: World) -> None:
    world.person(tier="crown")
    assert rule(world, "八.1", "dry")["verdict"] == "unknown"
    assert outcome(world) == ("top", None)


def test_a_trigger_on_the_bottom_tier_is_a_warning(world: World) -> None:
    regular(world)
    world.event("major_misconduct", "2026-10-20", status="upheld")
    assert outcome(world) == ("warning", "star")


@pytest.mark.parametrize(
    ("day", "decided_on", "count"),
    [("2026-10-01", None, 1), ("2026-09-30", None, 0), ("2026-08-15", "2026-10-02", 1), ("2026-10-30", "2026-11-01", 0),
     ("2026-10-05", "2026-10-06", 1)],
)  # fmt: skip
def test_misconduct_counts_in_the_month_of_its_finding(
    world: World, day: str, decided_on: str | None, count: int
) -> None:
    world.person(tier="crown")
    world.months(AS_OF, 3, s2=1)
    world.event("major_misconduct", day, status="upheld", decided_on=decided_on)
    assert seen(rule(world, "八.3", "misconduct")) == (count, "met" if count else "unmet")


def test_after_a_demotion_triggers_count_anew(world: World) -> None:
    world.person(tier="regular", tier_since="2026-09-01", demoted_on="2026-09-01")
    world.months(AS_OF, 12, s2=0)
    for day in ("2026-06-01", "2026-08-31", "2026-09-01"):
        world.event("complaint", day, status="upheld")
    assert seen(rule(world, "八.1", "dry")) == (2, "unmet")
    assert seen(rule(world, "八.2", "complaints")) == (1, "unmet")
    assert seen(rule(world, "四.1.2", "violations")) == (0, "met")


def test_without_a_condition_unmet_an_unknown_one_waits_for_data(world: World) -> None:
    star(world)
    world.cursor.execute("UPDATE test_months SET s1 = NULL WHERE month > %s", [Month.parse("2026-06").number])
    assert outcome(world) == ("waiting_for_data", "diamond")
    world.cursor.execute("UPDATE test_people SET hired_on = '2026-01-01'")
    assert outcome(world) == ("not_yet", "diamond")


def test_attestations_are_listed_in_their_place_and_hold_nothing_back(world: World) -> None:
    star(world)
    found = world.sweep(POLICY, AS_OF)
    assert [c["clause"] for c in found["conditions"]] == [
        "四.2.1", "四.2.2", "四.2.3", "四.2.4", "四.2.5", "四.2.6", "四.2.7", "四.2.8", "四.2.9", "四.2.9", "四.2.10",
    ]  # fmt: skip
    assert found["conditions"][1] == {
        "clause": "四.2.2", "rule": None,
        "text": "具有较强的发布技巧、总结能力,能以自身的影响力得到客户及其他部门的肯定和赞誉。",
        "observed": None, "op": None, "threshold": None, "unit": None, "verdict": "unknown", "missing": [],
    }  # fmt: skip


def test_a_tier_of_another_ladder_is_not_swept(world: World) -> None:
    world.person(tier="senior")
    assert world.sweep(POLICY, AS_OF) is None


def test_an_adoption_changes_a_reading_and_the_verdict_with_it(world: World) -> None:
    star(world)
    for _ in range(2):
        world.event("complaint", "2026-01-10", status="upheld")
    shorter = bind(POLICY, {"complaint_period": "6 months"})
    assert seen(rule(world, "四.2.9", "complaints")) == (2, "unmet")
    assert seen(rule(world, "四.2.9", "complaints", shorter)) == (0, "met")


def test_an_explanation_says_what_is_there_and_what_is_lacking(world: World) -> None:
    star(world)
    for back in range(6):
        world.cursor.execute(
            "UPDATE test_months SET s1 = %s WHERE month = %s",
            [1 if back < 3 else 0, (Month.parse(AS_OF) + -back).number],
        )
    statement = compile_sweep(POLICY)
    found = explain(statement, world.rows(statement, AS_OF)[1], Month.parse(AS_OF))
    cases = next(c for c in found.conditions if c.clause.number == "四.2.7")
    assert (cases.gap, cases.standing.zh, cases.standing.en) == (1, "已有 3 篇，还差 1 篇", "3 so far, 1 to go")
    complaints = next(c for c in found.conditions if c.rule == "complaints")
    assert [(r.name, r.value.zh) for r in complaints.readings] == [("complaint_period", "12 个月")]
    assert complaints.readings[0].why.zh.startswith("原文未规定期间")
    attested = next(c for c in found.conditions if c.clause.number == "四.2.2")
    assert (attested.attest, attested.sentence.zh) == ("head", "")


def test_the_months_behind_a_rule_are_listed_with_their_state(world: World) -> None:
    world.person(tier="diamond", hired_on="2026-06-20")
    world.month("2026-07", counts=False)
    world.month("2026-08", s1=0)
    world.month("2026-09", s1=2)
    each = next(r for _, r in compile_sweep(POLICY).rules_of("diamond") if r.clause == "四.3.9")
    found = [(str(Month(r["month"])), r["value"], r["state"], r["holds"]) for r in world.evidence(POLICY, each, AS_OF)]
    assert found[-6:] == [
        ("2026-05", None, "before_hire", None), ("2026-06", None, "missing", None), ("2026-07", None, "exempt", None),
        ("2026-08", 0, "reported", False), ("2026-09", 2, "reported", True), ("2026-10", None, "missing", None),
    ]  # fmt: skip


def test_months_before_a_demotion_are_listed_as_before_the_start(world: World) -> None:
    world.person(tier="star", demoted_on="2026-09-01")
    world.months(AS_OF, 3, s2=0)
    dry = next(r for _, r in compile_sweep(POLICY).rules_of("star") if r.key == "dry")
    assert [(r["state"], r["counted"]) for r in world.evidence(POLICY, dry, AS_OF)] == [
        ("before_start", False), ("reported", True), ("reported", True),
    ]  # fmt: skip


def test_the_events_behind_a_rule_are_listed_whether_they_count_or_not(world: World) -> None:
    world.person(tier="star")
    for subject, page, day in [("甲", 1, "2026-05-01"), ("甲", 2, "2026-06-01"), ("乙", 5, "2026-06-02"),
                               ("丙", 3, "2026-06-03"), ("丁", 1, "2026-04-30")]:  # fmt: skip
        world.event("keyword_online", day, subject=subject, quantity=page)
    customers = next(r for _, r in compile_sweep(POLICY).rules_of("star") if r.key == "customers")
    found = world.evidence(POLICY, customers, AS_OF)
    assert [(r["subject"], r["quantity"], r["counted"]) for r in found] == [
        ("甲", 1, False), ("甲", 2, True), ("乙", 5, False), ("丙", 3, True),
    ]  # fmt: skip
    assert rule(world, "四.2.8", "customers")["observed"] == sum(r["counted"] for r in found)


def test_the_same_evidence_gives_the_same_object(world: World) -> None:
    diamond(world)
    assert repr(world.sweep(POLICY, AS_OF)) == repr(world.sweep(POLICY, AS_OF))
