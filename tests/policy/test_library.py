"""The nine policies of the library: whole, without fault, under the keys that records are exchanged by."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from policy import library
from policy.compiler import compile_pay, compile_sweep
from policy.document_text import as_text
from policy.language import Checked, Faults, bind, check, load_document, notices
from policy.language import typed as t
from policy.language.faults import Language
from policy.language.load import load
from tests.policy.facts import CATALOGUE
from tests.policy.test_injection import ATTACK, FREE, RELATIONS, replaced, scalars

KEYS = [
    "after-sales", "grade-and-wage", "info-service", "itemised-scorecard", "monthly-stars", "parametric",
    "reward-and-penalty", "score-pay", "tiered-exam",
]  # fmt: skip
#: Every X of the template.
VALUES = {
    "tenure_years": "2", "satisfaction_rate": "90", "complaint_resolution_rate": "95", "avg_handling_minutes": "10",
    "exam_score": "80", "raise_one_level": "5", "raise_two_levels": "12", "leave_days": "3", "notice_working_days": "5",
    "evaluation_months": "6",
}  # fmt: skip
GOLDEN = Path(__file__).with_name("golden") / "library"


def policy(key: str) -> Checked:
    """With the values of an adoption put in."""
    return bind(load_document(library.text(key), CATALOGUE), VALUES if key == "parametric" else {})


POLICIES = {key: policy(key) for key in KEYS}


def sql(checked: Checked) -> str:
    parts = [compile_sweep(checked).sql(**RELATIONS)] if checked.ladder else []
    if any(component.on is None for component in checked.pay):
        parts.append(compile_pay(checked).sql(**RELATIONS, pay="pay", results="results"))
    return "\n".join(parts)


def test_the_library_holds_the_nine_without_fault() -> None:
    assert library.policy_keys() == KEYS
    assert {key: check(library.text(key), CATALOGUE) for key in KEYS} == {key: [] for key in KEYS}
    assert {key: POLICIES[key].key for key in KEYS} == {key: key for key in KEYS}


@pytest.mark.parametrize("key", KEYS)
def test_every_part_has_its_text_in_chinese_and_every_reading_its_reason_in_both(key: str) -> None:
    found = POLICIES[key]
    ladder = found.ladder
    clauses = [c for step in ladder.steps for c in step.clauses] + list(ladder.demotions) if ladder else []
    assert all(clause.text and clause.en for clause in clauses)
    items = found.scorecard.items if found.scorecard else ()
    assert all(item.text and item.names.zh and item.names.en and item.gloss for item in items)
    assert all(case.text and case.en for case in found.cases)
    assert all(component.text and component.en for component in found.pay)
    assert all(passage.text and passage.en and passage.title.zh for passage in found.passages)
    assert all(reading.why.zh and reading.why.en for reading in found.readings.values())
    assert all(parameter.why.zh and parameter.why.en for parameter in found.parameters.values())
    assert all(lost.note.zh and lost.note.en for lost in found.lost)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_policy_is_printed_whole(key: str, language: Language) -> None:
    found, printed = POLICIES[key], as_text(POLICIES[key], language)
    names = [*found.readings, *found.parameters, *(f"{c.key}" for c in found.pay), *(str(c.kind) for c in found.cases)]
    names += [str(item.key) for item in found.scorecard.items] if found.scorecard else []
    names += [str(line.key) for line in found.review]
    assert [name for name in names if name not in printed] == []
    assert [lost.clause for lost in found.lost if lost.clause not in printed] == []
    texts = [item.text for item in found.scorecard.items] if found.scorecard else []
    assert [text for text in [*texts, *(case.text for case in found.cases)] if text not in printed] == []


def test_what_the_source_lost_is_said() -> None:
    assert {key: [lost.clause for lost in POLICIES[key].lost] for key in KEYS if POLICIES[key].lost} == {
        "grade-and-wage": ["第8条", "第9条", "第10条"],
        "info-service": ["七"],
        "parametric": ["关键信息项", "12"],
        "score-pay": ["总则.3"],
    }


def test_a_first_day_is_given_where_the_source_names_one() -> None:
    days = {key: str(POLICIES[key].in_force) for key in KEYS if POLICIES[key].in_force}
    assert days == {"grade-and-wage": "2010-08-01", "info-service": "2017-01-01"}
    assert "采用之日起（原文未载明）" in as_text(POLICIES["score-pay"], "zh")


def test_the_ladders_have_the_tiers_that_records_name() -> None:
    ladders = {key: found.ladder for key, found in POLICIES.items() if found.ladder}
    assert {key: [str(tier.key) for tier in ladder.tiers] for key, ladder in ladders.items()} == {
        "after-sales": ["junior", "intermediate", "senior", "expert"],
        "info-service": ["regular", "star", "diamond", "crown"],
        "parametric": ["p1", "p2", "p3", "p4"],
        "tiered-exam": ["level1", "level2", "level3", "senior"],
    }
    assert {key: [(c.case, c.every) for c in ladder.checks] for key, ladder in ladders.items() if ladder.checks} == {
        "after-sales": [("level_check", 6)]
    }
    tiered = POLICIES["tiered-exam"]
    assert [sum(c.attest == "head" for c in step.clauses) for step in ladders["tiered-exam"].steps] == [4, 4, 4]
    marks = ("13.34", "13.33", "13.33", "10", "10", "10", "6.67", "6.67", "6.66", "3.34", "3.33", "3.33")
    assert [str(line.of) for line in tiered.review] == list(marks)
    assert sum(line.of for line in tiered.review) == 100


def test_the_scorecards_ask_and_give_what_records_and_results_are_exchanged_by() -> None:
    cards = {key: found.scorecard for key, found in POLICIES.items() if found.scorecard}
    assert {key: card.full_marks for key, card in cards.items()} == {
        "grade-and-wage": 100, "itemised-scorecard": 95, "monthly-stars": None, "reward-and-penalty": None,
        "score-pay": 100,
    }  # fmt: skip
    assert "95" in cards["itemised-scorecard"].note.zh
    assert {key: [str(item.key) for item in card.items] for key, card in cards.items()} == {
        "grade-and-wage": ["sales_result", "tasks", "ability", "attitude"],
        "itemised-scorecard": ["satisfaction", "speed", "accuracy", "norms", "tasks", "knowledge", "overtime",
                               "attendance", "initiative", "peers", "collaboration", "sharing"],
        "monthly-stars": [],
        "reward-and-penalty": ["satisfaction", "response", "resolution", "discipline", "teamwork"],
        "score-pay": ["satisfaction", "attendance", "daily"],
    }  # fmt: skip
    inputs = {key: {str(i.key): (i.unit, i.lo, i.hi) for i in POLICIES[key].inputs.values()} for key in cards}
    yes_no = ("yes_no", 0, 1)
    assert inputs == {
        "grade-and-wage": {"sales_result": ("point", 0, 40), "tasks": ("point", 0, 20), "ability": ("point", 0, 20),
                           "attitude": ("point", 0, 20)},
        "itemised-scorecard": {
            "satisfaction": ("%", 0, 100), "speed": ("hour", 0, None), "accuracy": ("count", 0, None),
            "norms": ("count", 0, None), "tasks": ("count", 0, None), "knowledge": ("point", 0, 100),
            "overtime": yes_no, "attendance": yes_no, "initiative": yes_no, "peers": yes_no, "collaboration": yes_no,
            "sharing": yes_no,
        },
        "monthly-stars": dict.fromkeys(("leader_tasks", "service_attitude", "discipline", "proactive"), yes_no),
        "reward-and-penalty": dict.fromkeys(("peer_review", "leader_rating"), ("point", 1, 4)),
        "score-pay": {"attendance": ("count", 0, None), "daily": ("point", 0, 60)},
    }  # fmt: skip


def test_results_raise_the_cases_and_pay_the_components_of_their_policy() -> None:
    month = {key: [c.kind for c in p.cases if c.every == "month"] for key, p in POLICIES.items() if p.cases}
    assert month == {
        "grade-and-wage": ["bonus", "resignation_clause"], "monthly-stars": [],
        "reward-and-penalty": ["bonus", "praise", "training", "warning_or_dismissal"],
    }  # fmt: skip
    longer = [(c.kind, c.every, c.subject) for c in POLICIES["reward-and-penalty"].cases if c.every != "month"]
    assert longer == [
        ("team_fund", "quarter", "team"), ("improvement_plan", "quarter", "team"), ("reorganisation", "quarter", "team"),
        ("bonus", "year", "person"), ("certificate", "year", "person"), ("training", "year", "person"),
        ("dismissal", "year", "person"),
    ]  # fmt: skip
    yearly = [(c.kind, c.every, c.top is not None) for c in POLICIES["monthly-stars"].cases]
    assert yearly == [("annual_excellent", "year", True), ("raise_priority", "year", True)]
    assert [c.restart for c in POLICIES["grade-and-wage"].cases] == [True, True]
    assert {key: [str(c.key) for c in p.pay if c.on is None] for key, p in POLICIES.items() if p.pay} == {
        "grade-and-wage": ["post_wage", "individual_commission", "public_commission", "seniority", "bonus"],
        "info-service": ["level_pay"], "monthly-stars": ["performance", "star_bonus", "star_deduction"],
        "parametric": [], "score-pay": ["base", "performance"],
    }  # fmt: skip
    assert [str(c.key) for c in POLICIES["parametric"].pay] == ["raise_one_level", "raise_two_levels"]


def test_grades_are_named_by_the_document() -> None:
    printed = as_text(POLICIES["reward-and-penalty"], "zh")
    assert "连续 3 个月等级为不合格" in printed
    assert "总分 ≥ 3.5 分：优秀" in printed
    assert "连续 2 个季度等级为不合格" in printed


def test_the_template_names_every_x_that_has_no_value() -> None:
    template = load_document(library.text("parametric"), CATALOGUE)
    assert list(template.unset) == list(VALUES)
    assert len([n for n in notices(template) if "has no value" in n.message_en]) == 10
    with pytest.raises(Faults) as found:
        bind(template, {})
    assert f"(missing: {', '.join(VALUES)})" in str(found.value)
    with pytest.raises(Faults) as found:
        bind(template, {name: value for name, value in VALUES.items() if name != "leave_days"})
    assert "(missing: leave_days)" in str(found.value)
    notice = POLICIES["parametric"].readings["public_notice"].typed
    assert isinstance(notice, t.Const)
    assert (notice.unit, notice.value) == ("day", 5)


def test_full_marks_and_bounds_follow_the_reading_that_they_name() -> None:
    bound = bind(load_document(library.text("grade-and-wage"), CATALOGUE), {"sales_points": "50", "tasks_points": "10"})
    assert bound.scorecard is not None
    assert [item.of for item in bound.scorecard.items] == [50, 10, 20, 20]
    assert (bound.inputs["sales_result"].hi, bound.scorecard.full_marks) == (50, 100)
    later = bind(load_document(library.text("after-sales"), CATALOGUE), {"check_period": "1 year"})
    assert later.ladder is not None
    assert [check_.every for check_ in later.ladder.checks] == [12]


@pytest.mark.parametrize("key", KEYS)
def test_free_texts_set_to_an_attack_change_no_byte_of_the_sql(key: str) -> None:
    text = library.text(key)
    plain = [
        scalar for under, scalar, is_key in scalars(load(text))
        if under in FREE and not is_key and stands(text, scalar.at.line, scalar.at.column, scalar.text)
    ]  # fmt: skip
    for at, scalar in enumerate(sorted(plain, key=lambda s: (s.at.line, -s.at.column))):
        text = replaced(text, scalar, f"{ATTACK} {at}")
    assert len(plain) > 20
    attacked = bind(load_document(text, CATALOGUE), VALUES if key == "parametric" else {})
    assert sql(attacked) == sql(POLICIES[key])


def stands(text: str, line: int, column: int, scalar: str) -> bool:
    """Whether it is written on one line, where it can be replaced by another; blocks are not."""
    return text.split("\n")[line - 1].find(scalar, column - 1) == column - 1


@pytest.mark.parametrize("key", [key for key in KEYS if sql(POLICIES[key])])
def test_the_statements_are_what_the_golden_files_hold(key: str) -> None:
    """Set ``WRITE_GOLDEN`` to write them anew; their difference is what a change of the compiler or document does."""
    path = GOLDEN / f"{key}.sql"
    if os.environ.get("WRITE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(sql(POLICIES[key]) + "\n", encoding="utf-8")
    assert sql(POLICIES[key]) + "\n" == path.read_text(encoding="utf-8"), f"{key}: set WRITE_GOLDEN=1 to see"
