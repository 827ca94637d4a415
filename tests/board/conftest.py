"""Two ladders at once: the company of the pages, and a small policy that it alone has, with two tiers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from policy import library
from policy.actions.policy_adopt import adopt
from promotion.models import LedgerLine
from tests.kept import held
from tests.web.company import TODAY, Company, make_company
from tests.web.conftest import _the_day, visitor

__all__ = ["_the_day", "visitor"]

TWO_STEPS = """
policy: two-steps
title: {zh: 两级办法, en: Two steps}
in_force: 2020-01-01
approved_by: gm
ladder:
  tiers:
    - {key: low, zh: 初档, en: Low}
    - {key: high, zh: 高档, en: High}
  promotions:
    - from: low
      to: high
      process: [decision]
      require:
        - {clause: "1", text: 在岗满一年。, rules: {tenure: completed(hired_on) >= 1 year}}
        - {clause: "2", text: 评审八十分以上。, rules: {review: review_total >= 80}}
        - clause: "3"
          text: 满意度与投诉。
          rules:
            rate: "mean(satisfaction_rate, 2 months) >= 90%"
            calm: count(complaint, 12 months) = 0
        - {clause: "4", attest: supervisor, text: 主管认可。}
  demotions:
    - {clause: "9", text: 投诉超过三件。, rules: {complaints: "count(complaint, 12 months) > 3"}}
"""


#: no, name, pinyin, hired, the tier held since then; what is told of each stands below.
PEOPLE = (
    ("K3001", "安然", "anran ar", "2024-07-15", "low"),
    ("K3002", "柏舟", "bozhou bz", "2024-07-15", "high"),
    ("K3003", "=1+1", "=1+1", "2024-07-15", "low"),
    ("K3004", "成蹊", "chengxi cx", "2025-11-01", "low"),
    ("K3005", "杜衡", "duheng dh", "2026-10-09", "low"),
    ("K3006", "方舟", "fangzhou fz", "2024-07-15", "low"),
    ("K3007", "甘棠", "gantang gt", "2024-07-15", "high"),
    ("K3008", "何夕", "hexi hx", "2024-07-15", "low"),
)


def second_ladder(company: Company) -> None:
    """Somebody for every kind of change in October. 安然's rate is missing then; 成蹊 completes a year; 杜衡 joins, 方舟
    leaves, 甘棠 gets a fourth complaint, 何夕 is promoted; the one whose name would calculate falls short in both months.
    """
    adopt(access=company.access, key="two-steps", department=company.departments["财务部"], starts_on=date(2020, 1, 1))
    for no, name, pinyin, hired, tier in PEOPLE:
        left = "2026-10-15" if no == "K3006" else None
        company.hire(no, name, pinyin, department="财务部", boss=None, hired=hired, left=left)
        _tier(company, no, "", tier, hired)
        months = {"2026-08": 95, "2026-09": 95} | ({} if no == "K3001" else {"2026-10": 95})
        company.values(
            no, "satisfaction_rate", {month: 70 if no == "K3003" else rate for month, rate in months.items()}
        )
    _tier(company, "K2052", "", "low", "2024-07-15")
    _tier(company, "K3008", "low", "high", "2026-10-01")
    for day in ("2026-03-02", "2026-04-02", "2026-05-02", "2026-10-02"):
        company.event("K3007", day, "complaint", status="upheld")


def _tier(company: Company, no: str, before: str, tier: str, since: str) -> None:
    LedgerLine.objects.create(
        seq=0, employee=company.people[no], kind="promotion" if before else "entry", ladder="two-steps", from_tier=before,
        to_tier=tier, effective_on=date.fromisoformat(since), channel="test", prev_hash="", hash="",
    )  # fmt: skip


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        folder = tmp_path_factory.mktemp("library")
        for key in library.policy_keys():
            (folder / f"{key}.yaml").write_text(library.text(key), encoding="utf-8")
        (folder / "two-steps.yaml").write_text(TWO_STEPS, encoding="utf-8")
        monkeypatch.setattr(library, "FOLDER", folder)
        with held(lambda: make_company(second_ladder), TODAY, django_db_blocker) as company:
            yield company


@pytest.fixture
def company(house: Company, db: None) -> Company:
    return house
