"""HR changes a reading, meets a fault, mends it, hands it in; the general manager approves on a phone, and it holds."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from policy.models import Adoption, PolicyVersion
from tests.flows.conftest import Site, company, site
from tests.flows.test_admin import grave
from tests.web.company import LADDER, Company

__all__ = ["company", "site"]
pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]


def test_a_reading_is_changed_from_the_first_click_to_the_day_on_which_it_holds(
    site: Site, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = site.let_in(company.accounts["hr"])
    page.goto(f"/admin/policies/{LADDER}/")
    page.get_by_role("link", name="起草新版").click()
    page.get_by_role("button", name="开始起草").click()
    page.get_by_role("link", name="口径与参数").first.click()
    value = page.locator('[name="readings.complaint_period.value"]')
    value.fill("6 monhts")
    page.get_by_role("button", name="保存并检查").click()
    wrong = page.locator(".field.wrong").first
    expect(wrong).to_contain_text("monhts")
    assert grave(page) == []
    wrong.get_by_role("link").click()
    expect(page.locator(".numbers li.wrong").first).to_be_in_viewport()
    page.locator(".fault-list a").first.click()
    page.keyboard.press("Shift+End")
    page.keyboard.type("months")
    page.get_by_role("button", name="保存并检查").click()
    expect(page.locator("main")).to_contain_text("检查：无误")
    expect(page.locator("#difference")).to_contain_text("6 个月")
    expect(page.locator("#effect")).to_contain_text("按 2026-10 评定", timeout=20_000)
    assert grave(page) == []
    address = page.url
    page.get_by_role("link", name="送总经理批准").click()
    page.get_by_label("征求员工意见的情况").fill("2026-11-10 职工代表会讨论，无异议")
    page.get_by_label("施行日").fill("2026-12-01")
    page.get_by_role("button", name="送总经理批准").click()
    expect(page.locator("main")).to_contain_text("待总经理批准")

    phone = site.let_in(company.accounts["gm"], phone=True, theme="dark")
    phone.goto(address)
    expect(phone.locator("#difference")).to_contain_text("6 个月")
    expect(phone.locator("main")).to_contain_text("职工代表会讨论")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.get_by_role("link", name="批准", exact=True).click()
    phone.get_by_role("button", name="批准并发布").click()
    expect(phone.locator("main")).to_contain_text("已发布为第 2 版")
    later = Adoption.objects.get(version=PolicyVersion.objects.get(number=2))
    assert later.period.lower == date(2026, 12, 1)

    own = site.let_in(company.accounts["K2031"], phone=True)
    own.goto("/policies/")
    expect(own.locator("main")).to_contain_text("版本 1")
    monkeypatch.setattr(timezone, "localdate", lambda *args, **options: date(2026, 12, 1))
    own.goto("/policies/")
    own.locator("main").get_by_role("link").first.click()
    expect(own.locator("main")).to_contain_text("版本 2")
    expect(own.locator("#step-diamond-9")).to_contain_text("6 个月")
    assert site.complaints == []
