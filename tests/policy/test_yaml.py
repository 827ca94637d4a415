"""YAML gives structure and never types; whatever else it can do is refused at its place."""

from __future__ import annotations

import pytest

from policy.language import Faults, check
from policy.language.load import Mapping, Scalar, Sequence, load
from tests.policy.facts import CATALOGUE


def fault(text: str) -> str:
    with pytest.raises(Faults) as found:
        load(text)
    return str(found.value.faults[0])


@pytest.mark.parametrize(
    "word", ["no", "yes", "010", "1e3", "2026-01-01", "null", "~", "0x1f", "1_000", ".inf", "12:30"]
)
def test_every_scalar_stays_what_was_written(word: str) -> None:
    tree = load(f"a: {word}\n")
    assert isinstance(tree, Mapping)
    value = tree.entries[0][1]
    assert isinstance(value, Scalar)
    assert (value.text, value.at.line, value.at.column) == (word, 1, 4)


def test_places_of_quoted_text_and_of_flow_values_are_those_of_the_first_character() -> None:
    tree = load("a: {b: 'x y', c: [1, \"二\"]}\n")
    assert isinstance(tree, Mapping)
    inner = tree.entries[0][1]
    assert isinstance(inner, Mapping)
    (_, quoted), (_, items) = inner.entries
    assert quoted == Scalar("x y", quoted.at)
    assert (quoted.at.line, quoted.at.column) == (1, 9)
    assert isinstance(items, Sequence)
    assert [(i.at.column) for i in items.items] == [19, 23]


def test_a_byte_order_mark_is_no_part_of_the_first_key() -> None:
    tree = load("\ufeffa: 1\n")
    assert isinstance(tree, Mapping)
    assert tree.entries[0][0].text == "a"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: &x 1\n", "1:4: anchors (&) are not allowed"),
        ("a: 1\nb: *x\n", "2:4: aliases (*) are not allowed"),
        ("a: !!python/object/apply:os.system [id]\n", "1:4: tags (!) are not allowed"),
        ("a: !x 1\n", "1:4: tags (!) are not allowed"),
        ("a: 1\nb: 2\na: 3\n", "3:1: `a` stands already in line 1"),
        ("a: 1\n---\nb: 2\n", "2:1: a file holds one document"),
        ("%YAML 1.1\n---\na: no\n", "2:1: directives (%) are not allowed"),
        ("? [a]\n: 1\n", "1:3: a key must be text"),
        ("- a\n", "1:1: a policy is a mapping of keys to values"),
        ("", "1:1: a policy is a mapping of keys to values"),
        ("just text\n", "1:1: a policy is a mapping of keys to values"),
        ("a: [1\nb: 2\n", "2:2: this is not valid YAML"),
        ("a: b: c\n", "1:5: this is not valid YAML"),
        ("a: 1\nb: x\x00y\n", "2:5: a character is not allowed"),
        ("a:\n\t- b\n", "2:1: this is not valid YAML"),
        ("a: " + "[" * 20 + "]" * 20 + "\n", "1:15: nesting is at most 12 deep"),
        ("a: " + "[" * 5000 + "]" * 5000 + "\n", "1:15: nesting is at most 12 deep"),
    ],
)
def test_whatever_is_hostile_or_broken_is_refused_at_its_place(text: str, expected: str) -> None:
    assert fault(text).startswith(expected)


def test_a_document_may_not_be_larger_than_64_kilobytes() -> None:
    assert fault("a: " + "二" * 22000) == "1:1: a document has at most 64 KB"


def test_an_entity_bomb_ends_at_its_first_anchor_and_is_cheap() -> None:
    bomb = "a: &a [x, x, x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]\n" for i in range(20)
    )
    found = check(bomb, CATALOGUE)
    assert len(found) > 20
    assert {"anchors (&) are not allowed", "aliases (*) are not allowed"} >= {f.message_en for f in found}
