"""No text of a document reaches SQL: free texts change no byte of it, keys and words are checked or refused."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from policy.catalogue import Catalogue, Column, Key, Metric, Names, Word
from policy.compiler import compile_pay, compile_sweep
from policy.compiler.sql import column, literal
from policy.language import bind, check, load_document
from policy.language.load import Mapping, Scalar, Tree, load
from tests.policy.facts import CATALOGUE
from tests.policy.test_documents import DOCUMENTS, VALUES
from tests.policy.test_faults import GOOD
from tests.policy.world import ladder

ATTACK = "'); DROP TABLE staff_employee; -- %s %(x)s $$ \\"
KEY_ATTACK = "x' OR 1=1 --"
FREE = {"text", "zh", "en", "gloss", "clause"}
RELATIONS = {"people": "people", "months": "months", "events": "events", "absences": "absences"}
TEXTS = {
    "info-service": GOOD,
    **{path.stem: path.read_text(encoding="utf-8") for path in sorted(DOCUMENTS.glob("*.yaml"))},
}


def scalars(tree: Tree, under: str = "") -> list[tuple[str, Scalar, bool]]:
    """Every scalar with the key it stands under; whether it is a key itself."""
    if isinstance(tree, Scalar):
        return [(under, tree, False)]
    if isinstance(tree, Mapping):
        return [found for key, value in tree.entries for found in [(under, key, True), *scalars(value, key.text)]]
    return [found for item in tree.items for found in scalars(item, under)]


def replaced(text: str, scalar: Scalar, new: str) -> str:
    """The document with one scalar, quoted or not, replaced by a double-quoted one."""
    lines = text.split("\n")
    line, start = lines[scalar.at.line - 1], scalar.at.column - 1
    end = start + len(scalar.text)
    if start and line[start - 1] in "'\"":
        start, end = start - 1, end + 1
    quoted = '"' + new.replace("\\", "\\\\").replace('"', '\\"') + '"'
    lines[scalar.at.line - 1] = line[:start] + quoted + line[end:]
    return "\n".join(lines)


def sql(text: str) -> str:
    policy = load_document(text, CATALOGUE)
    if policy.unset:
        policy = bind(policy, VALUES)
    parts = [compile_sweep(policy).sql(**RELATIONS)] if policy.ladder else []
    if any(component.on is None for component in policy.pay):
        parts.append(compile_pay(policy).sql(**RELATIONS, pay="pay", results="results"))
    return "\n".join(parts)


@pytest.mark.parametrize("name", TEXTS)
def test_free_texts_set_to_an_attack_change_no_byte_of_the_sql(name: str) -> None:
    text = TEXTS[name]
    found = [s for key, s, is_key in scalars(load(text)) if key in FREE and not is_key]
    for at, scalar in enumerate(sorted(found, key=lambda s: (s.at.line, -s.at.column))):
        text = replaced(text, scalar, f"{ATTACK} {at}")  # a clause's number must stay unlike the others
    assert len(found) > 10
    assert sql(text) == sql(TEXTS[name])


@pytest.mark.parametrize("name", TEXTS)
def test_every_key_and_word_set_to_an_attack_is_a_fault_at_its_line(name: str) -> None:
    text = attacked = TEXTS[name]
    found = scalars(load(text))
    values = [s for key, s, is_key in found if not is_key and key not in FREE]
    for scalar in sorted(values, key=lambda s: (s.at.line, -s.at.column)):
        attacked = replaced(attacked, scalar, KEY_ATTACK)
    lines = {fault.line for fault in check(attacked, CATALOGUE)}
    assert {s.at.line for s in values} - lines == set()
    keys = {(under, s.text): s for under, s, is_key in found if is_key}
    for scalar in keys.values():
        lines = {fault.line for fault in check(replaced(text, scalar, KEY_ATTACK), CATALOGUE)}
        assert scalar.at.line in lines, (scalar, lines)
    assert len(values) + len(keys) > 20


def test_every_literal_of_a_rule_set_to_an_attack_is_a_fault() -> None:
    for attack in ("'x'", "x' --", 'x"', "x;", "x\\", "$$x$$", "%(x)s", "x--", "/* x */ y"):
        assert check(ladder({"a": f"count(exam where status = {attack}, 6 months) = 0"}), CATALOGUE)


def test_printers_refuse_what_has_not_been_checked() -> None:
    for plain in ("s1", "x' OR 1=1 --"):
        with pytest.raises(TypeError):
            column("f", plain)  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            literal(plain)  # type: ignore[arg-type]
    for value in (1.5, float("nan"), Decimal("NaN"), Decimal("Infinity"), object()):
        with pytest.raises(TypeError):
            literal(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "A", "1a", "a b", "a'b", "a;", "a" * 64, "á", "a\n", "а"])
def test_columns_keys_and_words_are_checked_when_made(text: str) -> None:
    with pytest.raises(ValueError):
        Column(text)
    with pytest.raises(ValueError):
        Key(text)
    if text not in ("A", "a" * 64):
        with pytest.raises(ValueError):
            Word(text)


def test_literals_are_printed_as_postgresql_reads_them() -> None:
    values = (Decimal("4.50"), Decimal("-3"), Decimal("1E+3"), Decimal(0), date(2026, 1, 2), True, False, None)
    printed = [literal(v) for v in (*values, Key("star"), Word("前台"))]
    assert printed == ["4.5", "(-3)", "1000", "0", "DATE '2026-01-02'", "1", "0", "NULL", "'star'", "'前台'"]


def test_no_per_cent_sign_stands_in_the_sql_but_in_a_parameters_name() -> None:
    for text in TEXTS.values():
        assert "%" not in re.sub(r"%\([a-zA-Z_0-9]+\)s", "", sql(text))


def test_two_facts_of_one_name_are_refused() -> None:
    metric = Metric(Key("a"), Names("甲", "a"), "count", Column("s1"))
    with pytest.raises(ValueError, match="two facts are called"):
        Catalogue.of([metric, Metric(Key("b"), Names("甲", "b"), "count", Column("s2"))])
    with pytest.raises(ValueError, match="two facts are called a"):
        Catalogue.of([metric, Metric(Key("a"), Names("乙", "b"), "count", Column("s2"))])


def test_providers_are_asked_each_time_and_registered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from policy import catalogue

    monkeypatch.setattr(catalogue, "_providers", [])
    asked: list[int] = []

    def provider() -> list[Metric]:
        asked.append(1)
        return [Metric(Key(f"m{len(asked)}"), Names(f"值{len(asked)}", "value"), "count", Column("s1"))]

    catalogue.register(provider)
    catalogue.register(provider)
    assert list(catalogue.current().metrics) == ["m1"]
    assert list(catalogue.current().metrics) == ["m2"]


def test_golden_files_are_what_the_compiler_prints() -> None:
    """Set ``WRITE_GOLDEN`` to write them anew; their difference is what a change of the compiler does."""
    import os

    golden = Path(__file__).with_name("golden")
    for name, text in TEXTS.items():
        path = golden / f"{name}.sql"
        if os.environ.get("WRITE_GOLDEN"):
            path.write_text(sql(text) + "\n", encoding="utf-8")
        assert sql(text) + "\n" == path.read_text(encoding="utf-8"), f"{name}: set WRITE_GOLDEN=1 to see the difference"
