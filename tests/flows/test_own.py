"""My months and doubts, my team and the bar under the thumb, as people use them in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.flows.conftest import Site
from tests.flows.test_portal import violations
from tests.web.company import Company

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("theme", "phone"), [("light", False), ("dark", True)], ids=["desk", "phone"])
def test_a_doubt_is_raised_answered_and_passed_on(site: Site, company: Company, phone: bool, theme: str) -> None:
    company.values("K2031", "excellent_cases", {"2026-11": 2})
    own = site.enter("K2031", phone=phone, theme=theme)
    own.get_by_role("navigation", name="主导航").get_by_role("link", name="我的月报").click()
    assert violations(own) == []
    own.get_by_role("link", name="2026-11").click()
    assert violations(own) == []
    own.get_by_role("link", name="我有异议 优秀发布案例").click()
    own.get_by_label("哪里不对？应该是多少？").fill("应为 3 篇")
    assert violations(own) == []
    own.get_by_role("button", name="提交").click()
    expect(own.locator(".timeline .now")).to_contain_text("主管周岚")
    boss = site.enter("K1001", phone=phone, theme=theme)
    if phone:
        boss.get_by_text("更多").click()
    boss.locator(".nav").get_by_role("link", name="异议").click()
    assert violations(boss) == []
    boss.get_by_role("link", name="林晓").click()
    boss.get_by_label("你的答复").fill("按规定是 2 篇")
    boss.get_by_role("button", name="提交答复").click()
    own.reload()
    own.get_by_role("button", name="不满意，转给人事").click()
    expect(own.locator(".timeline .now")).to_contain_text("待人事答复")
    assert own.evaluate("document.documentElement.scrollWidth") <= own.viewport_size["width"]  # type: ignore[index]
    assert site.complaints == []


def test_the_bar_under_the_thumb_holds_five_and_the_rest_opens_from_the_keyboard(site: Site) -> None:
    page = site.enter("K1001", phone=True)
    shown = [one for one in page.locator("nav.nav > *").all() if one.is_visible()]
    assert len(shown) == 5
    more = page.locator("nav.nav summary")
    more.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("nav.nav .more a").first).to_be_focused()
    box = page.locator("nav.nav .more a").first.bounding_box()
    assert box is not None
    assert box["height"] >= 44


def test_a_team_is_narrowed_by_outcome_without_losing_the_search(site: Site) -> None:
    page = site.enter("K1001")
    page.get_by_role("link", name="我的团队").click()
    page.get_by_role("link", name="尚未符合 2").click()
    expect(page.locator("#people tbody tr")).to_have_count(2)
    page.locator("#q").fill("linxiao")
    expect(page.locator("#people tbody tr")).to_have_count(1)
    assert violations(page) == []
    assert site.complaints == []


def test_my_tier_prints_without_rail_forms_or_forecast(site: Site) -> None:
    page = site.enter("K2031")
    page.emulate_media(media="print")
    for hidden in (".side", "#how", "#month"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator(".quiet-clauses .clauses")).to_be_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")
