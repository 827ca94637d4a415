"""The library's own nine policies through the command, over the catalogue as the product has it."""

from __future__ import annotations

from itertools import combinations

import pytest

from policy import library
from policy.language import load_document
from policy.models import Adoption
from staff.models import Department
from tests.policy.facts import CATALOGUE
from tests.policy.test_library import KEYS, VALUES
from tests.policy_commands.conftest import Run

SETS = [word for name, value in VALUES.items() for word in ("--set", f"{name}={value}")]
#: Pairs that give one person a second ladder, a second scorecard or one component of pay twice.
LADDERS = ("after-sales", "info-service", "parametric", "tiered-exam")
SCORECARDS = ("grade-and-wage", "itemised-scorecard", "monthly-stars", "reward-and-penalty", "score-pay")
CONFLICTS = {*combinations(LADDERS, 2), *combinations(SCORECARDS, 2)}


@pytest.fixture
def department(db: None) -> Department:
    return Department.objects.create(name="客服部")


def adopting(key: str) -> tuple[str, ...]:
    more = SETS if key == "parametric" else []
    return ("adopt", key, "--department", "客服部", "--from", "2026-01-01", *more, "--language", "en")


@pytest.mark.parametrize("key", KEYS)
def test_each_is_without_fault_and_printed_and_adopted(department: Department, run: Run, key: str) -> None:
    status, out, _err = run("check", library.FOLDER / f"{key}.yaml", "--language", "en")
    assert (status, out.endswith("no fault.\n")) == (0, True)
    for language in ("zh-hans", "en"):
        status, out, err = run("show", key, "--language", language)
        assert (status, err) == (0, "")
        assert f"({key})" in out
    status, out, err = run(*adopting(key))
    assert (status, err) == (0, "")
    assert Adoption.objects.get().policy == key


def test_the_list_names_all_nine(department: Department, run: Run) -> None:
    run(*adopting("info-service"))
    status, out, _err = run("list", "--language", "zh-hans")
    assert (status, [line.split("\t")[0] for line in out.splitlines()]) == (0, KEYS)
    assert "客服部信息客服晋升体制管理制度\t客服部 2026-01-01" in out


def test_the_template_is_not_adopted_until_every_x_has_a_value(department: Department, run: Run) -> None:
    status, out, err = run(*adopting("parametric")[:6], "--language", "en")
    assert (status, out, Adoption.objects.count()) == (1, "", 0)
    assert f"(missing: {', '.join(VALUES)})" in err


@pytest.mark.parametrize(("first", "second"), list(combinations(KEYS, 2)))
def test_two_conflict_where_they_give_one_person_the_same_part(
    department: Department, run: Run, first: str, second: str
) -> None:
    assert run(*adopting(first))[0] == 0
    status, _out, err = run(*adopting(second))
    clash = (first, second) in CONFLICTS
    assert (status == 1) == clash, err
    title = load_document(library.text(first), CATALOGUE).title.en
    assert (f"Two policies would govern the same people: {title} (客服部, since 2026-01-01)." in err) == clash
    assert Adoption.objects.count() == (1 if clash else 2)


def test_the_same_component_of_pay_conflicts_without_a_scorecard(
    department: Department, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {key: library.text(key) for key in ("info-service",)}
    texts["extra-pay"] = (
        "policy: extra-pay\ntitle: {zh: 津贴, en: Allowance}\napproved_by: gm\npay:\n"
        "  level_pay: {clause: 一, text: 津贴, amount: 100 yuan}\n"
    )
    monkeypatch.setattr(library, "policy_keys", lambda: sorted(texts))
    monkeypatch.setattr(library, "text", texts.__getitem__)
    assert run(*adopting("info-service"))[0] == 0
    status, _out, err = run(*adopting("extra-pay"))
    assert status == 1
    assert "Two policies would govern the same people: Promotion of information service staff" in err
