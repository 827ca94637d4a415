"""What differs between two documents is told once, at its clause, with the words of both."""

from __future__ import annotations

import pytest

from policy import catalogue, library
from policy.drafting.difference import changed_values, difference, grouped
from policy.drafting.text import with_value
from policy.language import Checked, load_document
from policy.web.changes import told

pytestmark = pytest.mark.django_db


def read(text: str) -> Checked:
    return load_document(text, catalogue.current())


@pytest.mark.parametrize("key", ["parametric", "reward-and-penalty"])
def test_a_document_differs_in_nothing_from_itself_whatever_its_layout(key: str) -> None:
    text = library.text(key)
    assert difference(read(text), read(f"# another comment\n{text}\n")) == []


def test_a_reading_is_told_with_the_clauses_that_it_changes() -> None:
    text = library.text("info-service")
    new = with_value(text, "readings", "complaint_period", "value", "6 months")
    first, *rest = difference(read(text), read(new))
    assert (first.kind, first.part, first.clause, first.name) == ("changed", "readings", "四.2.9", "complaint_period")
    assert (first.old and first.old.said.zh, first.new and first.new.said.zh) == ("12 个月", "6 个月")
    assert first.used_in == ("四.2.9", "四.3.8")
    assert {change.kind for change in rest} == {"follows"}
    assert {change.clause for change in rest} == {"四.2.9", "四.3.8"}
    assert all("6" in change.new.said.zh for change in rest if change.new)
    assert changed_values([first, *rest]) == {"complaint_period"}


def test_rules_and_words_that_come_go_or_change_are_told_at_their_clause() -> None:
    text = library.text("info-service")
    new = text.replace("sum(excellent_cases, 6 months) >= 4", "sum(excellent_cases, 6 months) >= 3")
    new = new.replace("投诉成立超过2个;", "投诉成立超过两个;")
    new = new.replace("            regularised: regularised_on <= as_of\n", "")
    new = new.replace("            misconduct: count(major_misconduct, since clean_since) = 0",
                      "            misconduct: count(major_misconduct, since clean_since) = 0\n"
                      "            praised: count(praise, 12 months) >= 1")  # fmt: skip
    found = {(c.kind, c.clause, c.name.split()[-1]) for c in difference(read(text), read(new))}
    assert found == {
        ("changed", "四.2.7", "cases"), ("changed", "八.2", "text"), ("removed", "四.1.1", "regularised"),
        ("added", "四.1.2", "praised"),
    }  # fmt: skip


def test_what_the_document_has_a_name_for_is_told_by_it_and_the_days_of_the_intake_are_told() -> None:
    text = library.text("grade-and-wage")
    new = with_value(text, "readings", "sales_points", "value", "50").replace("from: 5, to: 10", "from: 1, to: 8")
    found = {str(part.title): part.lines for part in told(grouped(difference(read(text), read(new))))}
    names = {line.name for lines in found.values() for line in lines}
    assert {"销售业绩", "sales_points"} <= names
    assert "sales_result" not in names
    (intake,) = found["填报时间"]
    assert (intake.clause, intake.name, intake.old, intake.new) == (
        "第6条", "", "次月 5 日至 10 日填报", "次月 1 日至 8 日填报",
    )  # fmt: skip
    steps = told(grouped(difference(None, read(library.text("info-service")))))
    assert {line.name for part in steps for line in part.lines if " → " in line.name and line.titled}


def test_items_grades_pay_and_parameters_are_told_too() -> None:
    text = library.text("grade-and-wage")
    changed = with_value(text, "readings", "sales_points", "value", "50")
    parts = {(c.part, c.kind) for c in difference(read(text), read(changed))}
    assert ("readings", "changed") in parts
    assert ("scorecard", "follows") in parts
    bands = library.text("info-service")
    raised = difference(read(bands), read(with_value(bands, "parameters", "level_pay_star", "value", "1100")))
    assert [(c.part, c.kind) for c in raised] == [("parameters", "changed"), ("pay", "follows")]
    assert all(c.kind == "added" for c in difference(None, read(text)))
