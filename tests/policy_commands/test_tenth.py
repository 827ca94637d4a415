"""A tenth policy, of which no line of code knows: its document and files of records in, findings, results and pay out."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from assessment.actions.inputs_keep import keep_inputs
from assessment.models import Metric
from policy import library
from policy.actions.policy_publish import publish
from staff.kernel.access import Forbidden
from staff.models import Account
from staff.selectors.access import access_of
from tests.company import TODAY, operator

pytestmark = pytest.mark.django_db
TENTH = Path(__file__).parents[1] / "policy_cases" / "tenth"
POLICY = str(TENTH / "policy.yaml")


def said(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def lines(folder: Path, *words: str) -> dict[str, dict[str, Any]]:
    """What a command writes into a file, by person or team."""
    said(*words, "--jsonl", str(folder / "found.jsonl"))
    found = map(json.loads, (folder / "found.jsonl").read_text(encoding="utf-8").splitlines())
    return {line.get("employee_no") or line["team"]: line for line in found}


@pytest.fixture
def company() -> None:
    said("load_records", str(TENTH / "departments.csv"))
    said("policy", "add", POLICY)
    said("policy", "adopt", "hotline", "--department", "热线部", "--from", "2026-08-01")
    said("load_records", *(str(TENTH / f"{name}.csv") for name in ("staff", "items", "events", "pay")))


def test_it_is_checked_listed_and_shown(company: None) -> None:
    assert "hotline" not in library.policy_keys()
    assert "no fault" in said("policy", "check", POLICY) or "没有错误" in said("policy", "check", POLICY)
    assert "热线客服考评晋升办法" in said("policy", "list")
    shown = said("policy", "show", "hotline")
    for words in ("近 3 个月总分平均 ≥ 80 分", "连续 3 个月名次 = 1", "金牌", "考试(级别为目标级别,且结果为合格)"):
        assert words in shown.replace("（", "(").replace("）", ")").replace("，", ","), words


def test_its_inputs_take_places_of_their_own(company: None) -> None:
    found = Metric.objects.filter(key__in=("empathy", "closed_tickets", "night_shift"))
    assert {(m.key, m.kind, m.zh, m.unit) for m in found} == {
        ("empathy", "item", "沟通得分", "point"), ("closed_tickets", "item", "办结工单", "count"),
        ("night_shift", "item", "夜班", "yes_no"),
    }  # fmt: skip


def test_an_item_that_is_there_serves_every_policy_and_a_name_that_is_taken_is_told_apart(db: None) -> None:
    document = Path(POLICY).read_text(encoding="utf-8")
    taken = document.replace("empathy", "tasks").replace("zh: 沟通得分", "zh: 出勤")
    publish(access=operator(), text=document.replace("zh: 夜班", "zh: 出勤"))
    publish(access=operator(), text=taken)
    assert Metric.objects.get(key="night_shift").zh == "出勤 (night_shift)"
    assert Metric.objects.get(key="tasks").zh == "任务完成"


def test_whoever_cannot_decide_on_policies_adds_no_item(db: None) -> None:
    nobody = access_of(Account.objects.create(username="nobody"), TODAY)
    with pytest.raises(Forbidden):
        keep_inputs(access=nobody, inputs=[])


def test_a_month_and_a_quarter_come_out_as_worked_by_hand(company: None, tmp_path: Path) -> None:
    found = lines(tmp_path, "assess", "--month", "2026-10")
    keys = ("total", "full_marks", "grade", "rank", "stars", "cases")
    # H1: 58 + min(30, 36) + 10 in each of three months; H2: 55 + 30 + 0; H4: 20 + 3 + 0; H3 is at the front desk
    assert {no: tuple(line[key] for key in keys) for no, line in found.items()} == {
        "H1": (98, 100, "gold", 1, 5, ["bonus"]), "H2": (85, 100, "gold", 2, 4, []), "H4": (23, 100, "bronze", 3, 1, []),
    }  # fmt: skip
    assert found["H1"]["items"] == {"empathy": 58, "closing": 30, "nights": 10}
    quarter = lines(tmp_path, "assess", "--period", "2026-Q3")
    # H1 98 and 98; H2 84 and 55; H4 23 and 23; the team (98 + 69.5 + 23) / 3
    assert {no: (line["total"], line["grade"], line["cases"]) for no, line in quarter.items()} == {
        "H1": (98, "gold", []), "H2": (69.5, "silver", []), "H4": (23, "bronze", []),
        "热线一班": (63.5, "silver", ["team_fund"]),
    }  # fmt: skip


def test_the_ladder_rests_on_exam_rank_and_total(company: None, tmp_path: Path) -> None:
    found = lines(tmp_path, "sweep", "--as-of", "2026-10")
    assert {no: (line["tier"], line["outcome"], line["target"]) for no, line in found.items()} == {
        "H1": ("novice", "eligible", "skilled"), "H2": ("skilled", "not_yet", "leading"),
        "H4": ("leading", "demotion_proposed", "skilled"),
    }  # fmt: skip
    rules = {rule["rule"]: (rule["observed"], rule["verdict"]) for rule in found["H1"]["conditions"]}
    assert rules == {"exam": (1, "met"), "first": (3, "met"), "tenure": (21, "met")}
    (mean, won) = found["H2"]["conditions"]
    assert (round(mean["observed"], 2), mean["verdict"], won["verdict"]) == (74.67, "unmet", "unknown")
    assert json.loads(said("explain", "H1", "--as-of", "2026-10"))["conditions"] == found["H1"]["conditions"]


def test_pay_follows_score_stars_tier_and_case(company: None, tmp_path: Path) -> None:
    said("payrun", "--month", "2026-10", "--csv", str(tmp_path / "pay.csv"))
    with (tmp_path / "pay.csv").open(encoding="utf-8", newline="") as file:
        paid = {
            (row["employee_no"], row["component"].removeprefix("hotline_")): row["amount"]
            for row in csv.DictReader(file)
        }
    assert paid == {
        ("H1", "performance"): "490.00", ("H1", "stars"): "300.00", ("H1", "prize"): "100.00",
        ("H2", "performance"): "510.00", ("H2", "stars"): "200.00", ("H2", "tier"): "500.00",
        ("H4", "performance"): "161.00", ("H4", "tier"): "800.00",
    }  # fmt: skip
