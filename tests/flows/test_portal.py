"""The portal as people use it: signing in, reading one's standing, looking people up; on a desk and on a phone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.flows.conftest import Site, bring_axe

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """What axe finds: rule, how grave, and the first place."""
    bring_axe(page)
    found: list[dict[str, Any]] = page.evaluate(
        "rules => axe.run({runOnly: {type: 'tag', values: rules}}).then(r => r.violations)", RULES
    )
    return [f"{v['impact']} {v['id']}: {v['nodes'][0]['html'][:160]}" for v in found]


def test_an_employee_signs_in_reads_and_signs_out(site: Site) -> None:
    page = site.enter("K2031")
    expect(page).to_have_url(f"{site.address}/me/")
    expect(page.locator("h1")).to_contain_text("星级客服")
    expect(page.locator("h2").first).to_have_text("到钻级客服，还差 1 条，另 1 条待数据")
    page.select_option("#month", "2026-09")
    expect(page.locator(".hero")).to_contain_text("按 2026-09 评定时你是")
    page.get_by_role("link", name="看最近一次评定").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("h2").first).to_have_text("To Diamond: 1 clause to go, 1 waiting for data")
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="Light").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{site.address}/accounts/login/")
    page.goto("/me/")
    expect(page).to_have_url(f"{site.address}/accounts/login/?next=/me/")
    assert site.complaints == []


def test_a_typed_password_can_be_looked_at(site: Site) -> None:
    page = site.open()
    page.goto("/accounts/login/")
    page.fill("#id_password", "something")
    page.get_by_role("button", name="显示").click()
    expect(page.locator("#id_password")).to_have_attribute("type", "text")
    page.get_by_role("button", name="隐藏").click()
    expect(page.locator("#id_password")).to_have_attribute("type", "password")


def test_a_supervisor_finds_somebody_while_typing(site: Site) -> None:
    page = site.enter("K1001")
    page.get_by_role("link", name="我的团队").click()
    expect(page.locator("#people tbody tr")).to_have_count(11)
    page.wait_for_load_state()
    page.locator("#q").press_sequentially("chenmo")
    expect(page.locator("#people tbody tr")).to_have_count(1)
    page.get_by_role("link", name="陈默").click()
    expect(page.locator("h2").first).to_have_text("符合晋升钻级客服的条件")
    assert site.complaints == []


def test_in_chinese_no_page_of_people_scrolls_sideways_and_axe_finds_nothing(site: Site) -> None:
    """In English every page is walked (test_every_page)."""
    page = site.enter("K1001", phone=True)
    for path in ("/people/", "/people/K2031/", "/people/K2041/", "/people/K2033/", "/settings/", "/people/K2051/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], path  # type: ignore[index]
        assert violations(page) == [], path


def test_on_a_phone_the_navigation_lies_under_the_thumb(site: Site) -> None:
    page = site.enter("K1001", phone=True)
    nav = page.locator("nav.nav").bounding_box()
    assert nav is not None
    assert nav["y"] + nav["height"] == 844
    for link in page.locator("nav.nav > :visible").all():
        box = link.bounding_box()
        assert box is not None
        assert box["height"] >= 44


def test_without_a_script_everything_can_still_be_read_and_reached(site: Site) -> None:
    context = site.browser.new_context(java_script_enabled=False, base_url=site.address, locale="zh-CN")
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("#id_login", "K2031")
    page.fill("#id_password", "quiet-river-stone-42")
    page.click("button.main-act")
    page.select_option("#month", "2026-09")
    page.get_by_role("button", name="显示").click()
    expect(page.locator(".hero")).to_contain_text("按 2026-09 评定时你是")
    context.close()
