"""Values of one month as PostgreSQL computes them: products, quotients, roundings, lines, and what a gap makes of them."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

from policy.compiler import compile_sweep, evidence
from policy.compiler.scalar import month_leaf, scalar
from policy.language import typed as t
from policy.language.bounds import bounds
from tests.policy.test_documents import rules
from tests.policy.world import World, probe

VALUES = {
    "s1": 7,
    "s2": None,
    "s3": D("87.5"),
    "s5": 200,
    "s6": 120,
    "s7": 30,
    "s9": D("115.25"),
    "s10": 3,
    "s11": D("1234.56"),
}
CASES = [
    ("calls_satisfied + calls_unrated", 150),
    ("calls_satisfied - calls_unrated * 2", 60),
    ("(calls_satisfied + calls_unrated) / calls_answered / 80%", 0.9375),
    ("calls_answered / (calls_satisfied - 120)", None),
    ("sales * 15% * excellent_cases / 100", 12.9629),
    ("sales * satisfaction_rate", 1080.24),
    ("excellent_cases / 3 * 3", 7),
    ("-sales + 0.06", -1234.5),
    ("max(0, 10 - 5 * excellent_cases)", 0),
    ("max(0, keywords_online)", None),
    ("min(excellent_cases, leader_rating, 5)", 3),
    ("floor(sales)", 1234),
    ("floor(-sales)", -1235),
    ("round(sales, 1)", 1234.6),
    ("round(-sales)", -1235),
    ("round(excellent_cases / 2)", 4),
    ("first(keywords_online, excellent_cases)", 7),
    ("first(keywords_online, keywords_online)", None),
    ("excellent_cases if leader_rating >= 2 else 1", 7),
    ("1 if leader_rating >= 4 else 2 if excellent_cases = 7 else 3", 2),
    ("1 if keywords_online = 0 else 2", None),
    ("1 if keywords_online = 0 or excellent_cases = 7 else 2", 1),
    ("1 if not keywords_online = 0 and excellent_cases = 0 else 2", 2),
    ("1 if leader_rating in (1, 3) else 2", 1),
    ("leader_rating * -2", -6),
    ("0 * sales", 0),
]


@pytest.mark.parametrize(("text", "value"), CASES, ids=[text for text, _ in CASES])
def test_a_monthly_expression_is_worth_what_arithmetic_says(world: World, text: str, value: float | None) -> None:
    unit = " yuan" if "sales" in text else ""
    policy = probe({"a": f"highest({text}, 1 month) != 123456{unit}"})
    world.person(tier="low")
    world.month("2026-10", **VALUES)
    found = world.sweep(policy, "2026-10")["conditions"][0]
    assert (found["observed"], found["missing"]) == (value, ["2026-10"] if value is None else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("satisfaction_rate", (0, 100)),
        ("sales", (0, None)),
        ("satisfaction_rate - 10%", (-10, 90)),
        ("10% - satisfaction_rate", (-90, 10)),
        ("-satisfaction_rate", (-100, 0)),
        ("satisfaction_rate * 2", (0, 2)),
        ("leader_rating * -2", (-8, 0)),
        ("leader_rating * leader_rating", (0, 16)),
        ("leader_rating * sales", (None, None)),
        ("leader_rating / 2", (0, 2)),
        ("1 / leader_rating", (None, None)),
        ("leader_rating / (leader_rating + 1)", (0, 4)),
        ("first(satisfaction_rate, collection_rate)", (0, None)),
        ("total", (0, None)),
        ("min(total, 100)", (0, 100)),
        ("max(total, 5)", (5, None)),
        ("min(sales - sales, 9 yuan)", (None, 9)),
        ("max(sales - sales, 9 yuan)", (9, None)),
        ("floor(leader_rating)", (None, None)),
        ("sales - sales", (None, None)),
    ],
)
def test_bounds_follow_from_those_of_the_metrics(text: str, expected: tuple[int | None, int | None]) -> None:
    policy = probe({"a": f"months({text} > {bare(text)}, 2 months) >= 1"})
    node = rules(policy)["a"].observed.of.left
    assert bounds(node) == expected


def bare(text: str) -> str:
    """A threshold in the unit of the text that its bounds do not decide."""
    if text == "sales":
        return "5 yuan"
    return "50%" if text in ("satisfaction_rate", "first(satisfaction_rate, collection_rate)") else {
        "satisfaction_rate - 10%": "5%", "10% - satisfaction_rate": "5%", "-satisfaction_rate": "-5%",
        "leader_rating * -2": "-3", "leader_rating * sales": "5 yuan", "sales - sales": "5 yuan",
        "max(total, 5)": "6", "max(sales - sales, 9 yuan)": "10 yuan",
    }.get(text, "0.5")  # fmt: skip


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("leader_rating <= 4", "always"), ("leader_rating < 0", "never"), ("leader_rating > 4", "never"),
        ("leader_rating = 5", "never"), ("leader_rating != 5", "always"), ("satisfaction_rate >= 0%", "always"),
    ],
)  # fmt: skip
def test_a_condition_that_the_bounds_decide_is_refused(condition: str, message: str) -> None:
    with pytest.raises(Exception, match=f"within the bounds of the catalogue the condition is {message} true"):
        probe({"a": f"each({condition}, 2 months)"})


def test_a_layer_refuses_facts_it_does_not_have() -> None:
    with pytest.raises(TypeError, match="AbsentDays cannot stand in this layer"):
        scalar(t.AbsentDays("day", t.Span(1)), month_leaf)


def test_absences_behind_a_rule_are_listed_with_their_days_inside_the_window(world: World) -> None:
    policy = probe({"a": "absent_days(2 months) <= 5", "b": "hired_on <= as_of"})
    world.person(tier="low", hired_on="2026-09-03")
    world.absence("2026-08-20", "2026-09-05")
    world.absence("2026-10-30", "2026-11-20")
    world.absence("2026-11-01", "2026-11-20")
    found = world.evidence(policy, rules(policy)["a"], "2026-10")
    assert [(str(r["first_day"]), r["days"]) for r in found] == [("2026-08-20", 3), ("2026-10-30", 2)]
    assert world.sweep(policy, "2026-10")["conditions"][0]["observed"] == 5
    assert evidence(compile_sweep(policy), rules(policy)["b"]) is None


def test_events_of_two_counts_in_one_rule_are_listed_together(world: World) -> None:
    policy = probe({"a": "count(complaint, 6 months) + count(violation, 3 months) <= 2"})
    world.person(tier="low")
    for kind, on in (("complaint", "2026-06-01"), ("violation", "2026-09-01"), ("violation", "2026-06-01")):
        world.event(kind, on, status="upheld")
    found = world.evidence(policy, rules(policy)["a"], "2026-10")
    assert [(r["kind"], r["counted"]) for r in found] == [("complaint", True), ("violation", True)]


def test_values_without_a_condition_are_listed_as_they_are(world: World) -> None:
    policy = probe({"a": "sum(sales, 2 months) >= 5 yuan", "b": "each(sales > 5 or sales < 2, 1 month)"})
    world.person(tier="low")
    world.month("2026-10", s11=D("7.5"))
    found = world.evidence(policy, rules(policy)["a"], "2026-10")
    assert [(r["value"], r["state"], r["holds"], r["counted"]) for r in found] == [
        (None, "missing", None, False), (D("7.5"), "reported", None, True),
    ]  # fmt: skip
    assert [(r["value"], r["holds"]) for r in world.evidence(policy, rules(policy)["b"], "2026-10")] == [(None, True)]


def test_a_number_of_a_field_is_counted_by_its_different_values(world: World) -> None:
    policy = probe(
        {"a": "distinct(exam.quantity, since hired_on) >= 2", "b": "distinct(exam.subject by decided_on, 1 month) >= 1"}
    )
    world.person(tier="low")
    for quantity in (80, 80, 90, None):
        world.event("exam", "2026-01-01", quantity=quantity, subject="high", decided_on="2026-10-01")
    found = world.sweep(policy, "2026-10")["conditions"]
    assert [r["observed"] for r in found] == [2, 1]
