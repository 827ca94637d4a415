"""A value in a document's text is replaced where it stands; every other character stays."""

from __future__ import annotations

import pytest

from policy import library
from policy.drafting import EMPTY
from policy.drafting.text import FIELDS, Entry, entries, with_value
from policy.language.faults import Fault
from policy.language.load import load

HOSTILE = (
    '甲：乙 # 丙 "丁"',
    "it's: a {flow}, [list] & *alias",
    "- dash",
    "yes",
    "\\ back\\slash",
    "%directive",
    "多\n行",
)
FLOW = """policy: p
readings: {one: {value: 1 month, clause: 一, why: {zh: 甲, en: a}}, two: {clause: 二, value: "2", why: {zh: 乙, en: b}}}
"""


def found(text: str, like: Entry) -> Entry:
    return next(one for one in entries(text) if (one.section, one.name) == (like.section, like.name))


@pytest.mark.parametrize("text", [library.text("after-sales"), EMPTY, FLOW])
def test_values_of_any_words_are_read_back_and_no_other_changes(text: str) -> None:
    new, given = text, {}
    for at, entry in enumerate(entries(text)):
        for which in FIELDS[at % 2 :]:
            words = HOSTILE[len(given) % len(HOSTILE)]
            new = with_value(new, entry.section, entry.name, which, words)
            given[entry.name, which] = " ".join(words.split())
    load(new)
    for entry in entries(new):
        before = found(text, entry)
        assert entry.fields == {
            which: given.get((entry.name, which), before.fields.get(which)) for which in entry.fields
        }
        assert (entry.clause, entry.unit) == (before.clause, before.unit)
    assert len(entries(new)) == len(entries(text))


def test_comments_and_layout_stay_to_the_letter() -> None:
    text = library.text("info-service")
    old, new = "    value: 12 months\n    clause: 四.1.6", "    value: 9 months\n    clause: 四.1.6"
    assert with_value(text, "readings", "exam_validity", "value", "9 months") == text.replace(old, new)


@pytest.mark.parametrize("key", ["parametric", "info-service"])
def test_a_parameters_value_is_taken_away_and_given_again(key: str) -> None:
    text = library.text(key)
    for entry in entries(text)[-2:]:
        if entry.section == "parameters":
            without = with_value(text, "parameters", entry.name, "value", "")
            assert "value" not in found(without, entry).fields
            given = with_value(without, "parameters", entry.name, "value", "7")
            assert found(given, entry).fields["value"] == "7"
            assert len(entries(given)) == len(entries(text))


def test_a_fault_is_shown_at_the_field_whose_lines_hold_it() -> None:
    (one, two) = entries(FLOW)
    assert (one.holds(Fault(2, 20, "", "")), one.holds(Fault(3, 1, "", ""))) == (True, False)
    assert two.clause == "二"
    entry = entries(library.text("info-service"))[0]
    value, zh = entry.places["value"].first_line, entry.places["zh"].first_line
    assert [entry.field_of(Fault(line, 12, "", "")) for line in (value, zh, zh + 1)] == ["value", "zh", "en"]


def test_what_is_no_document_has_no_values() -> None:
    assert entries("a: [") == entries("- a") == entries("policy: p") == []


def test_a_byte_order_mark_moves_no_place() -> None:
    text = library.text("info-service")
    given = ("readings", "complaint_period", "value", "6 months")
    assert with_value("\ufeff" + text, *given) == with_value(text, *given)
