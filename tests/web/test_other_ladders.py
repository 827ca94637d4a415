"""A policy that nobody has seen before: five tiers, a mean of rates, days of absence, a result of the process."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from policy import library
from policy.actions.policy_adopt import adopt
from policy.selectors import Governed
from promotion.models import LedgerLine
from promotion.sweep.actions.sweep_run import run_sweep
from promotion.sweep.selectors import explanation_with_process, judged_live
from promotion.web.tiers import look_of, views_of
from tests.web.company import MONTH, Company
from tests.web.conftest import Visitor
from tests.web.test_standing import words

ROOT = Path(__file__).parents[2]
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
    assert re.findall("#i-(t-[a-z]+)", ladder) == ["t-dot", "t-star", "t-hexagon", "t-diamond", "t-crown"]


def test_what_people_and_the_process_decide_is_named_apart(five: Company, visitor: Visitor) -> None:
    text = words(visitor("K2052"), AHEAD)
    assert "3 clauses judged by people" in text
    assert "a result of the process, not there yet" in text
    assert "judged by: supervisor" in text
    assert "judged by: the panel" in text


@pytest.mark.parametrize(("total", "verdict"), [(Decimal("79.99"), "unmet"), (Decimal("80"), "met"), (None, "unknown")])
def test_at_the_decision_a_result_of_the_process_is_held_against_its_threshold(
    five: Company, total: Decimal | None, verdict: str
) -> None:
    """By the version that governs, and by one that an application names although it may govern nobody any more."""
    person = five.people["K2052"]
    judged = judged_live(person, MONTH + 1)
    assert judged is not None
    of_application = Governed(judged.governed.version, {"long_absence": "30 days"}, (), ())
    for by in (None, of_application):
        found = explanation_with_process(person, MONTH + 1, {"review_total": total, "competition_won": True}, by=by)
        assert found is not None
        by_rule = {one.rule: one for one in found.conditions if one.rule}
        review = by_rule["review"]
        assert (review.observed, review.threshold, str(review.verdict)) == (total, 80, verdict)
        assert by_rule["absence"].threshold == (20 if by is None else 30)
        assert str(found.outcome) == "waiting_for_data"


def test_a_list_shows_people_of_several_ladders(five: Company, visitor: Visitor) -> None:
    text = words(visitor("hr"), "/people/")
    assert "Second" in text
    assert "Diamond" in text


def test_up_to_six_tiers_each_wear_an_emblem_of_their_own_from_a_dot_to_a_crown() -> None:
    for count in range(2, 7):
        looks = [look_of(at, count) for at in range(count)]
        assert (looks[0], looks[-1], len(set(looks))) == ("dot", "crown", count)
    assert [look_of(at, 9) for at in range(9)] == [
        "dot", "star", "hexagon", "other", "other", "other", "shield", "diamond", "crown",
    ]  # fmt: skip


@pytest.mark.parametrize("look", sorted({look_of(at, count) for count in range(2, 9) for at in range(count)}))
def test_every_emblem_is_drawn_and_has_its_colours(look: str) -> None:
    assert f'id="i-t-{look}"' in (ROOT / "templates/_icons.html").read_text(encoding="utf-8")
    styles = "".join((ROOT / "static/css" / name).read_text(encoding="utf-8") for name in ("tokens.css", "portal.css"))
    assert f".{look} {{ --tone:" in styles


#: What parametric leaves to each company.
VALUES = {
    "tenure_years": "1 year", "satisfaction_rate": "90%", "complaint_resolution_rate": "90%",
    "avg_handling_minutes": "10 minutes", "exam_score": "80 points", "raise_one_level": "5%", "raise_two_levels": "12%",
    "leave_days": "2 days", "notice_working_days": "5 days", "evaluation_months": "3 months",
}  # fmt: skip
OURS = ("普通", "星级", "钻级", "皇冠")


@pytest.mark.parametrize(
    ("key", "tier", "name", "next_name"),
    [("tiered-exam", "level2", "二级客服", "三级客服"), ("after-sales", "intermediate", "中级", "高级"),
     ("parametric", "p2", "二级", "三级")],
)  # fmt: skip
def test_a_person_of_any_ladder_is_told_of_its_own_tiers_alone(
    company: Company, visitor: Visitor, key: str, tier: str, name: str, next_name: str
) -> None:
    """In the portal, on the board, in the explanation and to programs."""
    adopt(
        access=company.access, key=key, department=company.departments["财务部"], starts_on=date(2026, 11, 1),
        values=VALUES if key == "parametric" else {},
    )  # fmt: skip
    LedgerLine.objects.create(
        seq=0, employee=company.people["K2052"], kind="entry", ladder=key, from_tier="", to_tier=tier,
        effective_on=date(2024, 7, 15), channel="test", prev_hash="", hash="",
    )  # fmt: skip
    run_sweep(access=company.access, month=MONTH + 1)
    own = visitor("K2052", "zh-hans").get(AHEAD).content.decode().partition("<main")[2]
    assert name in own
    assert next_name in own
    assert '#i-t-star"' in own
    assert not [word for word in OURS if word in own]
    board = visitor("hr", "zh-hans").get(f"/admin/board/?month={MONTH + 1}&policy={key}").content.decode()
    assert name in board
    explained = judged_live(company.people["K2052"], MONTH + 1)
    assert explained is not None
    api = visitor("hr").get(f"/api/v1/explanations/K2052/?as_of={MONTH + 1}").json()
    assert (api["tier"], api["policy"]) == (tier, key)


@pytest.mark.django_db
def test_a_ladder_that_no_version_has_comes_from_the_library_and_an_unknown_one_goes_by_its_keys() -> None:
    assert views_of(["info-service"])["info-service", "diamond"].name == "钻级客服"
    assert views_of(["gone"]) == {}
