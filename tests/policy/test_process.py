"""The process of a promotion: what the document says, what is usual, and what the process has yielded at a decision."""

from __future__ import annotations

import operator
import os
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policy import library
from policy.compiler import Finding, Outcome, SweepRow, compile_sweep, explain
from policy.compiler.process import OWNERS, STEPS, long_lines, short_lines
from policy.document_text import as_text
from policy.drafting.difference import difference
from policy.language import Checked, Faults, bind, check, load_document, notices
from policy.language.checked import ProcessStep
from policy.language.process import USUAL
from staff.kernel.periods import Month
from tests.policy.facts import CATALOGUE
from tests.policy.test_library import POLICIES
from tests.policy.world import RELATIONS, World, ladder

MONTH = Month.parse("2026-10")
LADDERS = ("after-sales", "info-service", "parametric", "tiered-exam")
PANELS = {
    "after-sales": "verification",
    "info-service": "defence",
    "parametric": "interview",
    "tiered-exam": "competition",
}
GOLDEN = Path(__file__).with_name("golden") / "tiered-exam-with-process.sql"
SECTION = """process:
  defence: {clause: 一, panel: 5, bar: 60, sheet: {one: {of: 100, zh: 一}}}
"""


def own(text: str = "", process: str = "[application, defence, decision, public_notice]", rule: str = "") -> str:
    """A document of one promotion, with a section ``process`` or without."""
    document = ladder({"one": rule} if rule else None)
    return document.replace("      to: high\n", f"      to: high\n      process: {process}\n") + text


def step(checked: Checked, name: str, at: int = 0) -> ProcessStep:
    assert checked.ladder
    return checked.process_step(checked.ladder.steps[at], name)


# what the four say


@pytest.mark.parametrize("key", LADDERS)
def test_every_step_of_a_ladder_says_its_clause_and_why_its_numbers_are_so(key: str) -> None:
    found = POLICIES[key]
    assert found.process_stated
    assert found.ladder
    assert set(found.process) == {name for s in found.ladder.steps for name in s.process}
    assert [name for name, one in found.process.items() if not one.clause or bool(one.text) != bool(one.en)] == []
    numbers = {name for one in found.process.values() for name in one.readings}
    assert numbers <= set(found.readings)
    panel = found.process[PANELS[key]]
    assert (panel.full_marks, panel.panel, panel.aggregate) == (100, 5 if key == "info-service" else 3, "mean")
    assert all(line.label.zh and line.label.en for line in panel.sheet)
    assert found.process["public_notice"].days == 5


def test_the_four_differ_as_their_sources_do() -> None:
    asked = {key: POLICIES[key].process["application"].asks for key in LADDERS}
    assert asked["parametric"] == ("summary", "results")
    sheets = {key: [str(line.key) for line in POLICIES[key].process[PANELS[key]].sheet] for key in LADDERS}
    assert sheets["info-service"] == ["speech", "questions", "material"]
    assert sheets["parametric"] == ["interview", "case_analysis"]
    assert sheets["after-sales"] == ["knowledge", "communication", "teamwork"]
    assert len(sheets["tiered-exam"]) == 12
    assert "written_notice" in POLICIES["after-sales"].process
    bars = {key: [step(POLICIES[key], PANELS[key], at).bar for at in (1, 2)] for key in LADDERS}
    assert bars["tiered-exam"] == [80, 85]
    assert all(bars[key] == [80, 80] for key in LADDERS if key != "tiered-exam")
    assert step(POLICIES["tiered-exam"], "review", 1).bar is None
    assert POLICIES["tiered-exam"].process["competition"].bar is None


def test_an_adoption_changes_the_numbers_of_the_process_and_cannot_break_it() -> None:
    document = load_document(library.text("info-service"), CATALOGUE)
    other = bind(document, {"judges": "7", "defence_bar": "75", "public_notice": "7 days"})
    assert (other.process["defence"].panel, other.process["defence"].bar) == (7, 75)
    assert other.process["public_notice"].days == 7
    for values in (
        {"judges": "4"},
        {"defence_bar": "101"},
        {"public_notice": "0 days"},
        {"judges": "3", "speech_points": "0"},
    ):
        with pytest.raises(Faults):
            bind(document, values)
    assert load_document(library.text("parametric"), CATALOGUE).process["public_notice"].days is None


# where a document is silent


def test_a_document_that_says_nothing_of_its_process_has_what_is_usual() -> None:
    found = load_document(own(process="[exam, defence]"), CATALOGUE)
    assert found.ladder
    assert not found.process_stated
    assert found.ladder.steps[0].process == ("exam", "defence", "decision", "public_notice")
    assert [(one.name, one.owner, one.days) for one in found.process.values()] == [
        ("exam", "hr", None), ("defence", "hr", None), ("decision", "gm", 5), ("public_notice", "hr", 5),
    ]  # fmt: skip
    panel = step(found, "defence")
    assert (panel.panel, panel.aggregate, panel.bar, panel.full_marks) == (3, "mean", None, 100)
    assert any("there is no section `process`" in notice.message_en for notice in notices(found))
    none = load_document(ladder(), CATALOGUE)
    assert none.ladder
    assert none.ladder.steps[0].process == ("application", "review", "decision", "public_notice")
    mixed = load_document(own(process="[decision, opinion, application]"), CATALOGUE)
    assert mixed.ladder
    assert mixed.ladder.steps[0].process == ("application", "opinion", "decision", "public_notice")


def test_what_a_step_leaves_out_is_usual_and_a_rule_of_the_transition_sets_the_bar_with_its_op() -> None:
    found = load_document(own(SECTION, rule="review_total > 75"), CATALOGUE)
    said, ruled = found.process["defence"], step(found, "defence")
    assert (said.owner, said.days, said.bar, said.bar_op) == ("hr", None, 60, ">=")
    assert (ruled.bar, ruled.bar_op) == (75, ">")
    assert set(found.process) == {"application", "defence", "decision", "public_notice"}
    with pytest.raises(KeyError):
        step(found, "interview")


@pytest.mark.parametrize(
    ("text", "process", "rule", "fault"),
    [
        (SECTION, "[application, decision, public_notice]", "", "no promotion names the step `defence`"),
        (SECTION, "[application, defence]", "", "the process has no `decision`"),
        (SECTION, "[application, defence, decision]", "", "`decision` is followed by `public_notice`"),
        (SECTION, "[defence, application, decision, public_notice]", "", "`application` comes before `defence`"),
        (SECTION, "[defence, decision, written_notice, public_notice]", "", "`public_notice` comes before `written_notice`"),
        (SECTION, "[defence, decision, public_notice, exam]", "", "`exam` comes before `decision`"),
        (SECTION, "[defence, defence, decision, public_notice]", "", "`defence` stands twice in this promotion"),
        (SECTION, "[defence, interview, decision, public_notice]", "", "`interview` is judged by a panel and needs a `sheet`"),
        (SECTION, "[defence, decision, public_notice]", "review_total >= 101", "the bar 101 is above the sheet's full marks"),
        (SECTION.replace("defence", "competition").replace("bar: 60, ", ""), "[competition, decision, public_notice]", "",
         "the competition has no bar: write `bar`, or the condition review_total >= …"),
        (SECTION.replace("panel: 5", "panel: 4"), "[defence, decision, public_notice]", "", "an odd number of judges"),
        (SECTION.replace("{one: {of: 100, zh: 一}}", "[one]"), "[defence, decision, public_notice]", "",
         "a mapping is expected here"),
    ],
)  # fmt: skip
def test_a_stated_process_that_cannot_be_carried_is_a_fault(text: str, process: str, rule: str, fault: str) -> None:
    found = check(own(text, process, rule), CATALOGUE)
    assert [one for one in found if fault in one.message_en]
    assert all(one.line > 1 and one.message_zh for one in found)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(list(USUAL)), max_size=6), st.booleans())
def test_a_process_that_passes_can_be_carried_to_its_notice(names: list[str], stated: bool) -> None:
    """Of a document with the section and of one without: one decision, its notice behind it, nothing before the application."""
    sheets = "".join(
        f"  {name}: {{clause: 一{', bar: 1, sheet: {one: {of: 5, zh: 一}}' if USUAL[name].by_panel else ''}}}\n"
        for name in dict.fromkeys(names)
    )
    text = own(f"process:\n{sheets}" if stated and names else "", f"[{', '.join(names)}]" if names else "[review]")
    try:
        found = load_document(text, CATALOGUE)
    except Faults:
        assert stated
        return
    assert found.ladder
    process = list(found.ladder.steps[0].process)
    assert len(set(process)) == len(process)
    assert set(process) == set(found.process)
    at = process.index("decision")
    assert process[at + 1 :] in (["public_notice"], ["public_notice", "written_notice"])
    assert "application" not in process or set(process[: process.index("application")]) <= {"exam"}


# at the decision


def yielded(world: World, checked: Checked, facts: Any) -> dict[str, Finding]:
    """Rule → what the statement with the process finds."""
    statement = compile_sweep(checked, with_process=True)
    world.cursor.execute(statement.sql(**RELATIONS), statement.params(MONTH, facts))
    row = SweepRow(*world.cursor.fetchone())
    return {found.rule: found for found in explain(statement, row, MONTH).conditions if found.rule}


@pytest.mark.parametrize(
    ("total", "verdict", "says"),
    [(D("79.99"), "unmet", "还差 0.01 分"), (D("80"), "met", "已有 80 分"), (None, "unknown", "流程尚未产生结果")],
)
def test_a_total_meets_the_bar_from_the_bar_on(world: World, total: D | None, verdict: str, says: str) -> None:
    world.person(tier="level2")
    found = yielded(
        world, POLICIES["tiered-exam"], {"review_total": total, "competition_won": None if total is None else True}
    )
    review, won = found["review"], found["competition"]
    assert (review.observed, review.threshold, review.op, str(review.verdict)) == (total, 80, ">=", verdict)
    assert says in review.standing.zh
    assert str(won.verdict) == ("unknown" if total is None else "met")
    lost = yielded(world, POLICIES["tiered-exam"], {"competition_won": False})
    assert (lost["competition"].observed, str(lost["competition"].verdict)) == (False, "unmet")
    assert str(lost["review"].verdict) == "unknown"


OPS = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt, "=": operator.eq, "!=": operator.ne}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(list(OPS)), st.integers(0, 100), st.decimals(0, 100, places=2))
def test_the_statement_says_of_any_total_what_the_comparison_does(world: World, op: str, bar: int, total: D) -> None:
    world.cursor.execute("DELETE FROM test_people")
    world.person(tier="low")
    checked = load_document(ladder({"one": f"review_total {op} {bar}"}), CATALOGUE)
    found = yielded(world, checked, {"review_total": total})["one"]
    assert str(found.verdict) == ("met" if OPS[op](total, bar) else "unmet")


def test_what_the_process_yields_changes_no_other_verdict_and_not_the_sweep(world: World) -> None:
    world.person(tier="level2")
    checked = POLICIES["tiered-exam"]
    plain = world.sweep(checked, str(MONTH))
    statement = compile_sweep(checked, with_process=True)
    world.cursor.execute(statement.sql(**RELATIONS), statement.params(MONTH, {"review_total": D(0)}))
    outcome = Outcome(SweepRow(*world.cursor.fetchone()).outcome)
    assert str(outcome) == plain["outcome"]
    assert [c["verdict"] for c in plain["conditions"] if c["rule"] in ("competition", "review")] == [
        "unknown",
        "unknown",
    ]


def test_the_statement_with_the_process_is_as_kept() -> None:
    """Set ``WRITE_GOLDEN`` to write it anew."""
    text = compile_sweep(POLICIES["tiered-exam"], with_process=True).sql(**RELATIONS) + "\n"
    if os.environ.get("WRITE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")
    assert text.count("%(process_review_total)s") == 1


def test_a_change_of_the_process_is_told_and_one_of_a_reading_follows() -> None:
    text = library.text("info-service")
    base = load_document(text, CATALOGUE)
    written = text.replace("aggregate: mean", "aggregate: trimmed_mean").replace(
        "  judges:\n    value: 5", "  judges:\n    value: 7"
    )
    changes = {(c.part, c.name): c for c in difference(base, load_document(written, CATALOGUE))}
    assert changes["process", "defence"].kind == "changed"
    assert "7 名评委打分，去掉最高和最低后取平均" in changes["process", "defence"].new.said.zh  # type: ignore[union-attr]
    follows = difference(base, bind(base, {"defence_bar": "75"}))
    assert [(c.part, c.name, c.kind) for c in follows] == [
        ("readings", "defence_bar", "changed"), ("process", "defence", "follows"),
    ]  # fmt: skip


def test_a_step_is_put_in_words_in_both_languages() -> None:
    told = [
        line
        for key in LADDERS
        for one in POLICIES[key].process.values()
        for line in (*short_lines(one), *long_lines(one))
    ]
    assert all(line.zh and line.en for line in told)
    defence = POLICIES["info-service"].process["defence"]
    assert [line.zh for line in short_lines(defence)] == [
        "人事",
        "5 名评委",
        "≥ 80 / 100 分",
        "演讲 40 · 问答 30 · 业绩材料 30",
    ]
    assert "posted for 5 working days" in as_text(POLICIES["parametric"], "en")
    assert set(STEPS) == set(USUAL)
    assert {owner for usual in USUAL.values() for owner in usual.owners} == set(OWNERS)
