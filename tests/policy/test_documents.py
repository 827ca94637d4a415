"""Whole documents of every shape: what they hold once read, and what an adoption puts in."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

from policy.catalogue import Column, Key, Names, PersonFact
from policy.compiler import compile_sweep, rule_sentence, sentence
from policy.language import Checked, Faults, bind, check, load_document, parse, show
from policy.language import typed as t
from staff.kernel.periods import Month
from tests.policy.facts import CATALOGUE
from tests.policy.test_info_service import POLICY
from tests.policy.world import World, ladder, probe

DOCUMENTS = Path(__file__).with_name("documents")
VALUES = {"tenure_years": "2", "satisfaction_rate": "90", "exam_score": "80"}


def document(name: str) -> Checked:
    return load_document((DOCUMENTS / f"{name}.yaml").read_text(encoding="utf-8"), CATALOGUE)


def rules(policy: Checked) -> dict[str, Any]:
    assert policy.ladder is not None
    return {str(rule.key): rule for step in policy.ladder.steps for clause in step.clauses for rule in clause.rules}


def test_the_main_policy_is_held_whole() -> None:
    assert POLICY.ladder is not None
    assert [str(tier.key) for tier in POLICY.ladder.tiers] == ["regular", "star", "diamond", "crown"]
    assert [len(step.clauses) for step in POLICY.ladder.steps] == [6, 10, 11]
    assert [c.attest for c in POLICY.ladder.steps[1].clauses].count("head") == 5
    assert [c.number for c in POLICY.ladder.demotions] == ["八.1", "八.2", "八.3"]
    assert [lost.clause for lost in POLICY.lost] == ["七"]
    assert {p.clause for p in POLICY.passages} >= {"一", "二.3", "三", "五.1", "五.2", "九"}
    assert all(reading.why.zh and reading.why.en for reading in POLICY.readings.values())
    assert POLICY.ladder.steps[0].process == ("exam", "review", "decision", "public_notice")
    assert (POLICY.ladder.below("star"), POLICY.ladder.below("regular")) == (POLICY.ladder.tiers[0], None)
    assert POLICY.ladder.tier("crown") == POLICY.ladder.tiers[3]
    assert (POLICY.ladder.step_from("crown"), POLICY.scorecard, POLICY.unset) == (None, None, ())


def test_the_same_document_gives_the_same_policy() -> None:
    again = load_document(POLICY.text, CATALOGUE)
    assert (again == POLICY, hash(again) == hash(POLICY)) == (True, True)
    assert bind(POLICY, {"complaint_period": "6 months"}) != POLICY


def test_every_rule_of_every_document_is_shown_and_read_back() -> None:
    for policy in (POLICY, document("tiered"), document("parametric")):
        for rule in rules(policy).values():
            assert parse(show(rule.node)) == rule.node


def test_a_ladder_of_the_process_is_unknown_until_the_process_yields_and_holds_nobody_back(world: World) -> None:
    policy = document("tiered")
    world.person(tier="level2", hired_on="2024-01-01")
    world.event("certificate", "2024-02-01", subject="level2")
    found = world.sweep(policy, "2026-10")
    assert (found["outcome"], found["target"], found["triggers"]) == ("eligible", "level3", [])
    verdicts = {r["rule"]: (r["observed"], r["verdict"], r["threshold"]) for r in found["conditions"]}
    assert verdicts == {
        None: (None, "unknown", None), "competition": (None, "unknown", True), "review": (None, "unknown", 80),
        "certificate": (1, "met", 1),
    }  # fmt: skip
    assert policy.ladder is not None
    assert [(check_.case, check_.every) for check_ in policy.ladder.checks] == [("level_check", 6)]
    assert [(line.key, line.of) for line in policy.review] == [("skills", D(60)), ("growth", D(40))]


def test_a_step_with_attestations_alone_makes_everyone_eligible(world: World) -> None:
    text = (DOCUMENTS / "tiered.yaml").read_text(encoding="utf-8")
    text = text.replace("rules: {tenure: completed(tenure_from) >= 6 months}", "attest: head")
    world.person(tier="level1")
    assert world.sweep(load_document(text, CATALOGUE), "2026-10")["outcome"] == "eligible"


def test_a_template_names_every_parameter_that_has_no_value() -> None:
    policy = document("parametric")
    assert policy.unset == ("tenure_years", "satisfaction_rate", "exam_score")
    with pytest.raises(Faults) as found:
        bind(policy, {"tenure_years": "2"})
    assert len(found.value.faults) == 2
    assert "missing: satisfaction_rate, exam_score" in str(found.value)
    with pytest.raises(ValueError, match="lacks values for tenure_years, satisfaction_rate, exam_score"):
        compile_sweep(policy)
    assert rule_sentence(rules(policy)["tenure"], policy).zh == "自入职日期起满 X 年"


def test_a_bare_value_takes_the_unit_of_its_parameter() -> None:
    bound = bind(document("parametric"), VALUES)
    found = {name: parameter.typed and parameter.typed.value for name, parameter in bound.parameters.items()}  # type: ignore[attr-defined]
    assert found["tenure_years"] == 24
    assert found["satisfaction_rate"] == 90
    assert (found["evaluation_months"], found["raise_one_level"]) == (6, 5)
    assert rules(bound)["satisfaction"].threshold == t.Const("%", D(90))
    assert sentence(bound.parameters["tenure_years"].typed, bound).zh == "2 年"  # type: ignore[arg-type]
    assert rules(bound)["tenure"].parameters == ("tenure_years",)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"tenure_yers": "2"}, "`tenure_yers` is no parameter or reading; did you mean `tenure_years`?"),
        ({"tenure_years": "2 days"}, "the value of `tenure_years` must be in month"),
        ({"tenure_years": "two"}, "`two` is not known"),
        ({"tenure_years": ""}, "the expression ends too soon"),
        ({"tenure_years": "1' OR '1'='1"}, "cannot read `'` here"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(values: dict[str, str], message: str) -> None:
    with pytest.raises(Faults) as found:
        bind(document("parametric"), {**VALUES, **values})
    assert message in str(found.value)


@pytest.mark.parametrize(
    ("value", "ok"),
    [("6 months", True), ("6", True), ("1 year", True), ("6 days", False), ("hired_on", False), ("61 months", False),
     ("sum(excellent_cases, 6 months)", False)],
)  # fmt: skip
def test_a_reading_is_overridden_in_its_own_unit(value: str, ok: bool) -> None:
    try:
        bound = bind(POLICY, {"complaint_period": value})
    except Faults:
        assert not ok
    else:
        assert ok
        typed = rules(bound)["complaints"].observed
        assert typed.span.months == {"6 months": 6, "6": 6, "1 year": 12}[value]


def test_a_template_with_values_is_swept(world: World) -> None:
    policy = bind(document("parametric"), VALUES)
    world.person(tier="p1", hired_on="2024-11-01")
    for back in range(12):
        world.month(str(Month.parse("2026-10") + -back), s1=1, s2=1, s3=D("89.999") if back else D("90.01"), s4=5, s5=100,
                    s6=70, s7=20, s8=80, s9=115)  # fmt: skip
    world.event("exam", "2026-01-01", subject="p2", status="passed", quantity=80)
    world.event("exam", "2026-01-02", subject="p2", status="passed", quantity=79)
    world.event("complaint", "2026-09-01", subject="internal", status="upheld")
    world.event("complaint", "2026-09-01", subject="", status="upheld")
    world.absence("2026-01-01", "2026-01-31")
    world.absence("2026-01-20", "2026-03-02")
    found = world.sweep(policy, "2026-10")
    seen = {r["rule"]: (r["observed"], r["op"], r["threshold"], r["unit"], r["verdict"]) for r in found["conditions"]}
    assert seen == {
        "tenure": (24, ">=", 24, "month", "met"),
        "satisfaction": (90.0008, ">=", 90, "%", "met"),
        "handling": (5, "<=", 5, "minute", "met"),
        "assessment": (80, ">=", 80, "point", "met"),
        "exam": (1, ">=", 1, "count", "met"),
        "internal": (1, "=", 0, "count", "unmet"),
        "absence": (61, "<=", 60, "day", "unmet"),
        "calls": (270, ">=", 100, "count", "met"),
        "lowest": (70, ">=", 80, "number", "unmet"),
        "highest": (105, ">", 100, "%", "met"),
        "dry": (0, "<", 2, "month", "met"),
        "exact": (2, "<=", 2, "count", "met"),
    }


def test_a_mean_is_compared_exactly_and_never_rounded(world: World) -> None:
    policy = probe(
        {"a": "mean(satisfaction_rate, 3 months) >= 66.6667%", "b": "mean(satisfaction_rate, 3 months) < 66.6667%"}
    )
    world.person(tier="low")
    for month, value in (("2026-08", 0), ("2026-09", 100), ("2026-10", 100)):
        world.month(month, s3=value)
    found = world.sweep(policy, "2026-10")["conditions"]
    assert [(r["observed"], r["verdict"]) for r in found] == [(66.6667, "unmet"), (66.6667, "met")]


def test_a_window_longer_than_a_word_of_bits_is_counted_all_the_same(world: World) -> None:
    policy = probe(
        {"long": "each(excellent_cases >= 1, 60 months)", "all": "sum(excellent_cases, 5 years) >= 59"},
        {"dry": "streak(excellent_cases = 1) >= 45 months"},
    )
    world.person(tier="low", hired_on="2010-01-01")
    world.months("2026-10", 59, s1=1)
    found = world.sweep(policy, "2026-10")
    assert [(r["observed"], r["verdict"], r["missing"]) for r in found["conditions"]] == [
        (59, "unknown", ["2021-11"]), (59, "met", ["2021-11"]),
    ]  # fmt: skip
    assert (found["triggers"][0]["observed"], found["outcome"]) == (45, "warning")


def test_windows_and_starts_are_intersected(world: World) -> None:
    policy = probe(
        {
            "a": "sum(excellent_cases, 12 months, 6 months, since post_since) >= 3",
            "b": "count(complaint, 1 year, since post_since) = 0",
            "c": "each(excellent_cases >= 1, 12 months, since post_since)",
        }
    )
    world.person(tier="low", post_since="2026-09-15")
    world.person(2, tier="low", post_since=None)
    for id_ in (1, 2):
        world.months("2026-10", 12, id_, s1=1)
        world.event("complaint", "2026-09-14", id_, status="upheld")
        world.event("complaint", "2026-09-15", id_, status="upheld")
    first, second = (world.sweep(policy, "2026-10", id_)["conditions"] for id_ in (1, 2))
    assert [(r["observed"], r["verdict"]) for r in first] == [(2, "unmet"), (1, "unmet"), (2, "met")]
    assert [(r["observed"], r["verdict"]) for r in second] == [(0, "unmet"), (0, "met"), (0, "unknown")]


def test_a_policy_applies_to_those_in_its_scope_alone(world: World) -> None:
    policy = probe(
        {"a": "hired_on <= as_of"}, head="applies: {clause: 一, text: 正式员工, rule: regularised_on <= as_of}"
    )
    world.person(1, tier="low", regularised_on="2026-10-31")
    world.person(2, tier="low", regularised_on="2026-11-01")
    world.person(3, tier="low", regularised_on=None)
    assert sorted(world.rows(compile_sweep(policy), "2026-10")) == [1]


def test_reach_is_the_widest_window_or_none_where_a_date_begins_it() -> None:
    assert (
        compile_sweep(probe({"a": "sum(excellent_cases, 6 months) >= 1", "b": "count(complaint, 9 months) = 0"})).reach
        == 9
    )
    assert compile_sweep(probe({"a": "hired_on <= as_of"})).reach == 1
    assert compile_sweep(probe({"a": "absent_days(14 months) <= 3"})).reach == 14
    assert compile_sweep(probe({"a": "count(complaint, since hired_on) = 0"})).reach is None
    assert compile_sweep(POLICY).reach is None
    assert (compile_sweep(POLICY).has_peers, compile_sweep(POLICY).reads_results) == (False, False)
    assert compile_sweep(bind(document("parametric"), VALUES)).reads_results is True


@pytest.mark.parametrize(("least", "verdicts"), [(2, ["met", "met", "met"]), (3, ["unknown", "unknown", "met"])])
def test_a_reading_may_ask_for_a_least_number_of_months(world: World, least: int, verdicts: list[str]) -> None:
    why = "{zh: 至少, en: at least}"
    head = f"readings: {{min_counting_months: {{value: {least} months, clause: 一, why: {why}}}}}"
    rules_ = {"a": "sum(excellent_cases, 6 months) >= 2", "b": "each(excellent_cases >= 1, 6 months)"}
    world.person(tier="low", hired_on="2026-09-10")
    world.months("2026-10", 2, s1=1)
    found = world.sweep(probe(rules_, {"c": "streak(excellent_cases = 1) >= 2 months"}, head), "2026-10")
    assert [r["verdict"] for r in found["conditions"] + found["triggers"]] == verdicts


def test_a_yes_or_no_of_a_person_is_a_rule(world: World) -> None:
    fact = PersonFact(Key("certified"), Names("持证", "certified"), "yes_no", Column("certified"))
    policy = load_document(
        ladder({"a": "certified"}), replace(CATALOGUE, persons={**CATALOGUE.persons, "certified": fact})
    )
    world.cursor.execute("ALTER TABLE test_people ADD certified boolean")
    for id_, certified in enumerate((True, False, None)):
        world.person(id_, tier="low", certified=certified)
    found = [world.sweep(policy, "2026-10", id_)["conditions"][0] for id_ in range(3)]
    assert [(r["observed"], r["threshold"], r["verdict"]) for r in found] == [
        (True, True, "met"), (False, True, "unmet"), (None, True, "unmet"),
    ]  # fmt: skip


def test_monthly_documents_hold_their_items_cases_and_pay() -> None:
    policy = document("scorecard")
    assert policy.scorecard is not None
    assert policy.scorecard.full_marks == 43
    assert [(item.key, item.score.unit) for item in policy.scorecard.items] == [
        ("speed", "hour"), ("overtime", "number"), ("satisfaction", "number"), ("teamwork", "number"), ("discipline", "number"),
    ]  # fmt: skip
    assert [(case.kind, case.every, case.subject, case.restart, case.top is None) for case in policy.cases] == [
        ("bonus", "month", "person", True, True), ("reorganisation", "quarter", "team", False, True),
        ("annual_excellent", "year", "person", False, False),
    ]  # fmt: skip
    assert [(component.key, component.needs) for component in policy.pay] == [
        ("performance", ()), ("star_deduction", ("stars",)), ("bonus", ("cases",)),
    ]  # fmt: skip
    assert (policy.inputs["peer_review"].lo, policy.inputs["peer_review"].hi) == (1, 4)
    assert policy.applies is not None
    assert policy.applies.rules[0].readings == ("absence_limit",)
    with pytest.raises(ValueError, match="monthly has no ladder"):
        compile_sweep(policy)


def test_chinese_names_of_facts_fields_and_tiers_are_the_same_rules() -> None:
    english = probe(
        {
            "a": "sum(excellent_cases, 6 months) >= 4",
            "b": "count(exam where subject = high and status = passed, since hired_on) >= 1",
            "c": "distinct(keyword_online.subject, 6 months) >= 1",
        }
    )
    chinese = probe(
        {
            "a": "合计(优秀发布案例, 6 个月) ≥ 4",
            "b": "次数(考试 其中 级别 = 高级 且 结果 = 合格, 自 入职日期) ≥ 1",
            "c": "不同(关键词上线.客户, 6 个月) ≥ 1",
        }
    )
    assert compile_sweep(english).sql(people="p", months="m", events="e", absences="a") == compile_sweep(chinese).sql(
        people="p", months="m", events="e", absences="a"
    )


def test_a_fact_that_the_catalogue_lost_is_a_fault_when_the_document_is_read_again() -> None:
    poorer = replace(CATALOGUE, metrics={key: m for key, m in CATALOGUE.metrics.items() if key != "excellent_cases"})
    assert len(check(POLICY.text, poorer)) == 2
