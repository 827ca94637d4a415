"""From a clause that is met to a demotion, as all who have a part in it go through it: dismissed, upheld, and restored."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from assessment.models import Metric
from promotion.cases.models import Proceeding
from promotion.models import LedgerLine
from tests.flows.walking import Walk, grounds_of, walk
from tests.web.company import Company

__all__ = ["walk"]
pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
REASON = "连续三个月没有核心关键词上线，陈述没有改变这一事实。"


def with_dry_months(company: Company) -> None:
    """K2071 is 钻级 without a keyword for three months, like K2041; K2072 too, and no longer so once October is corrected."""
    for no, name, pinyin, months in (("K2071", "顾言", "guyan gy", 12), ("K2072", "唐夏", "tangxia tx", 3)):
        company.hire(no, name, pinyin, hired="2023-02-01")
        company.tier(no, ("regular", "2023-02-01"), ("star", "2024-01-01"), ("diamond", "2025-06-01"))
        company.report(no)
        company.report(no, months, online=0)
        company.account(no, no)
    company.account("hr2", role="hr")


grounds = grounds_of(with_dry_months)


def proceeding(no: str) -> Proceeding:
    return Proceeding.objects.get(case__employee__employee_no=no)


def decided(walk: Walk, no: str, name: str) -> int:
    """Checked and served by HR, answered by the person on a phone, and decided by the head; the case's number."""
    hr = walk.at("hr", "/inbox/")
    walk.follow("hr", name)
    hr.get_by_label("事实").fill("三个月的数据都已填报，没有免考核的月份。")
    for item in hr.locator(".protect fieldset").all():
        item.get_by_role("radio", name="否").check()
        item.get_by_label("证据").fill("人事档案，2026-11-11")
    walk.press("hr", "保存核对结果")
    walk.press("hr", "送达告知书")

    own = walk.at(no, "/inbox/", phone=True)
    pk = proceeding(no).pk
    own.locator(f"a[href='/cases/{pk}/']").first.click()
    walk.look(no)
    expect(own.get_by_text("2026-11-19").first).to_be_visible()
    own.get_by_label("你的陈述").fill("客户网站改版，关键词暂时下线。")
    walk.press(no, "提交陈述")

    head = walk.at("K1000", "/inbox/")
    walk.follow("K1000", name)
    head.get_by_role("radio", name="降为").check()
    head.get_by_label("依据", exact=True).select_option("contract")
    head.get_by_label("级别生效日").fill("2027-01-01")
    head.get_by_label("工资生效日").fill("2027-01-01")
    head.get_by_label("对陈述逐点答复").fill("改版不影响其他客户的关键词。")
    head.get_by_label("理由").fill(REASON)
    walk.press("K1000", "提交决定并告知本人")
    assert proceeding(no).state == "decided"
    return pk


def appeal(walk: Walk, no: str, pk: int) -> None:
    own = walk.at(no, f"/cases/{pk}/")
    own.get_by_label("申诉理由").fill("改版由公司安排。")
    walk.press(no, "申诉")
    assert proceeding(no).state == "appealed"


def answer(walk: Walk, name: str, *, stands: bool) -> None:
    manager = walk.at("gm", "/inbox/", phone=True)
    walk.follow("gm", name)
    manager.get_by_role("radio", name="维持降级" if stands else "申诉成立").check()
    manager.get_by_label("理由").fill("改版的安排和期间有记录，已逐项核对，结论如上。")
    walk.press("gm", "提交决定并告知本人")


def test_an_appeal_is_dismissed_and_the_demotion_takes_effect(walk: Walk) -> None:
    pk = decided(walk, "K2041", "韩序")
    appeal(walk, "K2041", pk)
    answer(walk, "韩序", stands=True)
    walk.on(date(2027, 1, 1))
    assert proceeding("K2041").state == "effective"
    own = walk.at("K2041", "/me/", phone=True)
    expect(own.locator("h1")).to_contain_text("星级客服")


def test_an_appeal_is_upheld_and_nothing_changes(walk: Walk) -> None:
    pk = decided(walk, "K2071", "顾言")
    appeal(walk, "K2071", pk)
    answer(walk, "顾言", stands=False)
    assert (proceeding("K2071").state, proceeding("K2071").outcome) == ("closed", "overturned")
    own = walk.at("K2071", f"/cases/{pk}/", phone=True)
    expect(own.locator("main")).to_contain_text("改版的安排和期间有记录")
    walk.on(date(2027, 1, 1))
    assert not LedgerLine.objects.filter(employee__employee_no="K2071", kind="demotion").exists()


def test_a_correction_takes_the_facts_away_and_the_tier_is_restored(walk: Walk) -> None:
    pk = decided(walk, "K2072", "唐夏")
    walk.on(date(2027, 1, 1))
    assert proceeding("K2072").state == "effective"

    hr = walk.at("hr", "/admin/corrections/")
    walk.follow("hr", "更正数据")
    hr.get_by_label("员工").fill("K2072")
    hr.get_by_label("月份").fill("2026-10")
    hr.get_by_label("指标").select_option(str(Metric.objects.get(key="keywords_online").pk))
    hr.get_by_label("正确的数").fill("2")
    hr.get_by_label("原因与依据").fill("抄错了一行，附后台截图。")
    walk.press("hr", "申请更正")
    other = walk.at("hr2", "/inbox/")
    walk.follow("hr2", "唐夏")
    expect(other.locator("main, #content").first).to_contain_text("2026-10")
    walk.press("hr2", "批准，按上表执行")
    assert proceeding("K2072").state == "restoring"

    manager = walk.at("gm", "/inbox/", phone=True)
    walk.follow("gm", "唐夏")
    manager.get_by_label("理由").fill("十月的关键词数据更正后，条款不再触发，恢复原级别。")
    walk.press("gm", "恢复级别")
    line = LedgerLine.objects.filter(employee__employee_no="K2072").latest("seq")
    assert (line.kind, line.to_tier) == ("restoration", "diamond")
    own = walk.at("K2072", "/me/", phone=True)
    expect(own.locator("h1")).to_contain_text("钻级客服")
    own = walk.at("K2072", f"/cases/{pk}/")
    expect(own.locator("main")).to_contain_text("十月的关键词数据更正后")
