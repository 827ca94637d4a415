"""A policy that nobody has seen before: five tiers, a mean of rates, days of absence, a result of the process."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from policy import library
from policy.actions.policy_adopt import adopt
from promotion.models import LedgerLine
from promotion.sweep.actions.sweep_run import run_sweep
from promotion.web.tiers import look_of, views_of
from tests.web.company import MONTH, Company
from tests.web.conftest import Visitor
from tests.web.test_standing import words

#: The month it is judged as of has not ended: shown to whoever asks for it.
AHEAD = f"/me/?month={MONTH + 1}"
DOCUMENT = """
policy: five-steps
title: {zh: 五级试行办法, en: Five steps on trial}
in_force: 2020-01-01
approved_by: gm
readings:
  long_absence:
    value: 20 days
    clause: "1.2"
    why: {zh: 原文未写天数, en: the source gives no number}
ladder:
  tiers:
    - {key: one, zh: 一档, en: First}
    - {key: two, zh: 二档, en: Second}
    - {key: three, zh: 三档, en: Third}
    - {key: four, zh: 四档, en: Fourth}
    - {key: five, zh: 五档, en: Fifth}
  promotions:
    - from: one
      to: two
      process: [decision]
      require:
        - {clause: "1.1", text: 在岗满一年。, rules: {tenure: completed(hired_on) >= 1 year}}
    - from: two
      to: three
      process: [decision]
      require:
        - {clause: "2.1", text: 近三个月满意度平均九十以上。, rules: {rate: "mean(satisfaction_rate, 3 months) >= 90%"}}
        - {clause: "2.2", text: 缺勤不多。, rules: {absence: absent_days(12 months) <= long_absence}}
        - {clause: "2.3", text: 评审八十分以上。, rules: {review: review_total >= 80}}
        - {clause: "2.4", attest: supervisor, text: 主管认可。}
        - {clause: "2.5", attest: panel, text: 评审团认可。}
    - from: three
      to: four
      process: [decision]
      require:
        - {clause: "3.1", text: 在岗满三年。, rules: {tenure: completed(hired_on) >= 3 years}}
    - from: four
      to: five
      process: [decision]
      require:
        - {clause: "4.1", text: 在岗满四年。, rules: {tenure: completed(hired_on) >= 4 years}}
  demotions:
    - {clause: "9.1", text: 满意度连续两月不足六十。, rules: {low: streak(satisfaction_rate < 60%) >= 2 months}}
"""


@pytest.fixture
def five(company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Company:
    (tmp_path / "five-steps.yaml").write_text(DOCUMENT, encoding="utf-8")
    monkeypatch.setattr(library, "FOLDER", tmp_path)
    adopt(
        access=company.access, key="five-steps", department=company.departments["财务部"], starts_on=date(2026, 11, 1)
    )
    LedgerLine.objects.create(
        seq=0, employee=company.people["K2052"], kind="entry", ladder="five-steps", from_tier="", to_tier="two",
        effective_on=date(2024, 7, 15), channel="test", prev_hash="", hash="",
    )  # fmt: skip
    company.values("K2052", "satisfaction_rate", {"2026-09": 88})
    run_sweep(access=company.access, month=MONTH + 1)
    return company


def test_its_page_is_like_any_other(five: Company, visitor: Visitor) -> None:
    client = visitor("K2052")
    text = words(client, AHEAD)
    assert "To Third: 1 clause waiting for data" in text
    assert "2 measured clauses" in text
    assert "waiting for 2026-10, 2026-11" in text
    ladder = client.get(AHEAD).content.decode().partition('<ol class="ladder n5"')[2].partition("</ol>")[0]
    assert re.findall("#i-(t-[a-z]+)", ladder) == ["t-regular", "t-star", "t-other", "t-diamond", "t-crown"]


def test_what_people_and_the_process_decide_is_named_apart(five: Company, visitor: Visitor) -> None:
    text = words(visitor("K2052"), AHEAD)
    assert "3 clauses judged by people" in text
    assert "a result of the process, not there yet" in text
    assert "judged by: supervisor" in text
    assert "judged by: the panel" in text


def test_a_list_shows_people_of_several_ladders(five: Company, visitor: Visitor) -> None:
    text = words(visitor("hr"), "/people/")
    assert "Second" in text
    assert "Diamond" in text


@pytest.mark.parametrize(
    ("count", "looks"),
    [
        (2, ["regular", "crown"]),
        (3, ["regular", "star", "crown"]),
        (4, ["regular", "star", "diamond", "crown"]),
        (6, ["regular", "star", "other", "other", "diamond", "crown"]),
    ],
)
def test_emblems_follow_the_place_on_a_ladder(count: int, looks: list[str]) -> None:
    assert [look_of(at, count, f"p{at}") for at in range(count)] == looks


def test_a_tier_that_bears_an_emblems_name_wears_it_wherever_it_stands() -> None:
    assert look_of(0, 4, "crown") == "crown"


@pytest.mark.django_db
def test_a_ladder_that_no_version_has_comes_from_the_library_and_an_unknown_one_goes_by_its_keys() -> None:
    assert views_of(["info-service"])["info-service", "diamond"].name == "钻级客服"
    assert views_of(["gone"]) == {}
