"""Worked examples of a month, one file a policy in ``tests/policy_cases/months``; and the statements as they are printed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from assessment.selectors.results import month_gaps, statement_of
from policy import library
from policy.catalogue import current
from policy.language import load_document
from policy.language.load import load
from policy.selectors import library_policy
from staff.kernel.periods import Month
from tests.assessment.results.conftest import assessed
from tests.company import Company
from tests.policy.test_injection import ATTACK, FREE, replaced, scalars

pytestmark = pytest.mark.django_db
TESTS = Path(__file__).parents[2]
FILES = [YAML(typ="safe").load(path) for path in sorted((TESTS / "policy_cases" / "months").glob("*.yaml"))]
CASES = [(file["policy"], case) for file in FILES for case in file["cases"]]
POLICIES = [file["policy"] for file in FILES]
RELATIONS = {name: name for name in ("people", "months", "events", "absences", "results")}


@pytest.mark.parametrize(("policy", "case"), CASES, ids=[case["name"] for _, case in CASES])
def test_a_worked_month_comes_out_as_written(policy: str, case: dict[str, Any]) -> None:
    company = Company(policy=policy)
    person = company.person("", no="K1", **case.get("person", {}))
    for key, value in case["values"].items():
        company.values(person, key, {"2026-10": value})
    for event in case.get("events", []):
        company.event(person, **event)
    found = assessed("2026-10").get("K1")
    expected = case["result"]
    assert (expected and {key: found and found[key] for key in expected}) == expected
    assert (found is None) is (expected is None)
    gaps = [(number, missing) for number, _, missing in month_gaps(Month.parse("2026-10"))]
    assert gaps == ([("K1", case["missing"])] if "missing" in case else [])


@pytest.mark.parametrize("policy", POLICIES)
def test_the_statement_of_a_month_is_what_the_golden_file_holds(policy: str) -> None:
    """``WRITE_GOLDEN=1`` prints them anew."""
    path = TESTS / "policy" / "golden" / "months" / f"{policy}.sql"
    printed = statement_of(library_policy(policy)).sql(**RELATIONS) + "\n"
    if os.environ.get("WRITE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(printed, encoding="utf-8")
    assert printed == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("policy", POLICIES)
def test_free_texts_set_to_an_attack_change_no_byte_of_a_months_statement(policy: str) -> None:
    text = library.text(policy)
    found = [s for key, s, is_key in scalars(load(text)) if key in FREE and not is_key and "\n" not in s.text]
    single = [s for s in found if s.text in text.split("\n")[s.at.line - 1]]
    for at, scalar in enumerate(sorted(single, key=lambda s: (s.at.line, -s.at.column))):
        text = replaced(text, scalar, f"{ATTACK} {at}")
    assert len(single) > 10
    assert statement_of(load_document(text, current())).sql(**RELATIONS) == statement_of(library_policy(policy)).sql(
        **RELATIONS
    )
