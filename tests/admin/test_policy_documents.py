"""A policy's page: the whole document, each of its parts beside what the system makes of it."""

from __future__ import annotations

import pytest

from policy import library
from tests.admin.conftest import Office

#: What stands on the page of each besides its clauses and readings.
SHOWN = {
    "after-sales": ["晋升后的检查", "晋升后每 6 个月一次。"],
    "grade-and-wage": [
        "考核表",
        "销售业绩，40 分：销售业绩",
        "满分 100 分。",
        "每月，连续 3 个月名次 = 1：奖金",
        "提出个案后重新起算。",
    ],
    "info-service": ["级别为星级客服：1000 元", "（缺失）"],
    "itemised-scorecard": ["满分 95 分。", "不是 100 分"],
    "monthly-stars": ["五星级员工考评标准", "最多者：年度优秀员工"],
    "parametric": ["evaluation_months", "未设"],
    "reward-and-penalty": ["总分为各项的平均。", "每季度，团队连续 2 个季度等级为不合格：团队重组"],
    "score-pay": ["日常表现，60 分：日常表现", "固定工资 × 15%"],
    "tiered-exam": ["评审表", "独立处理复杂问题的能力", "13.33 分"],
}


@pytest.mark.parametrize("key", library.policy_keys())
def test_a_policy_is_shown_whole(office: Office, key: str) -> None:
    page = office.client("hr").get(f"/admin/policies/{key}/", headers={"accept-language": "zh-hans"})
    assert page.status_code == 200
    html = page.content.decode()
    assert [text for text in SHOWN[key] if text not in html] == []


def test_a_part_is_called_lost_where_the_source_lost_it_and_nowhere_else(office: Office) -> None:
    pages = {key: office.client("hr").get(f"/admin/policies/{key}/").content.decode() for key in library.policy_keys()}
    lost = {key: html.count("（缺失）") + html.count("(lost)") for key, html in pages.items()}
    assert {key: count for key, count in lost.items() if count} == {
        "grade-and-wage": 3, "info-service": 1, "parametric": 2, "score-pay": 1,
    }  # fmt: skip
