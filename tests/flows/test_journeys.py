"""Whole ways of people: an employee in each state, two who fill a team at once, an auditor after a value."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.flows.conftest import Site, asked_anew
from tests.flows.test_admin import grave
from tests.flows.test_portal import violations
from tests.web.company import Company

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
LOOKS = [{"phone": False, "theme": "light", "language": "zh-hans"}, {"phone": True, "theme": "dark", "language": "en"}]
#: What each is told to do, in both languages.
STATES = {
    "K2031": ("离得最近的是 四.2.8", "The nearest is 四.2.8"),
    "K2032": ("下一步：申请晋升钻级客服", "What to do next: apply for Diamond"),
    "K2033": ("可以去问该补报的人", "ask whoever owes it"),
    "K2034": ("这个晋升体系里没有更高的级别", "There is no higher tier on this ladder"),
    "K2041": ("你现在可以做的：核对事实", "What you can do now: check the facts"),
    "K2042": ("级别不变：这是最低一级", "Nothing follows for the tier: it is the lowest"),
    "K2051": ("届时要看的条款在下面", "What will be asked then is below"),
    "K2052": ("现在不用做什么", "There is nothing to do"),
    "K2053": ("如果应当有级别，请联系人事", "Ask HR for it"),
    "K2054": ("2026-08-31", "The last day of work was 2026-08-31"),
    "K2055": ("2026-10", "2026-10 does not count for you (exempt)"),
}


def cell(page: Page, name: str) -> Locator:
    return page.get_by_label(f"{name} 优秀发布案例", exact=True)


def enter(page: Page, name: str, value: str) -> None:
    cell(page, name).focus()
    page.keyboard.type(value)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("look", LOOKS, ids=["desk", "phone"])
def test_whoever_an_employee_is_the_page_says_what_to_do_next(
    site: Site, company: Company, look: dict[str, Any]
) -> None:
    for username, said in STATES.items():
        page = site.let_in(company.accounts[username], **look)
        page.goto("/me/")
        expect(page.locator("main")).to_contain_text(said[look["phone"]])
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], username  # type: ignore[index]
        assert look["phone"] or violations(page) == [], username  # in English every page is walked (test_every_page)
    assert site.complaints == []


def test_two_fill_a_team_at_once_and_one_of_them_is_offline_for_a_while(
    site: Site, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *args, **options: date(2026, 12, 4))
    here, away = site.let_in(company.accounts["K1001"]), site.let_in(company.accounts["K1000"], theme="dark")
    here.clock.install()
    here.goto("/intake/2026-11/")
    away.goto("/intake/2026-11/?team=K1001")
    away.context.set_offline(True)
    enter(away, "陈默", "5")
    expect(away.locator("#told")).to_contain_text("未保存")
    enter(here, "韩序", "6")
    expect(here.locator("#saved")).to_contain_text("已自动保存")
    away.context.set_offline(False)
    expect(away.locator("#saved")).to_contain_text("已自动保存", timeout=15_000)
    asked_anew(here)
    expect(cell(here, "陈默")).to_have_value("5")
    expect(cell(away, "韩序")).to_have_value("6", timeout=15_000)
    for page in (here, away):
        page.reload()
        expect(cell(page, "陈默")).to_have_value("5")
        expect(cell(page, "韩序")).to_have_value("6")


def test_an_auditor_finds_who_changed_a_value(site: Site, company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *args, **options: date(2026, 12, 4))  # November is entered
    boss = site.let_in(company.accounts["K1001"])
    boss.goto("/intake/2026-11/")
    for value in ("1", "3"):
        enter(boss, "陈默", value)
        expect(boss.locator("#saved")).to_contain_text("已自动保存")
        expect(boss.locator("td.typed")).to_have_count(0)
    page = site.enter("auditor")
    page.get_by_role("link", name="审计记录").click()
    page.get_by_role("link", name="数据变更").click()
    page.locator("#searchbar").fill("chenmo")
    page.locator("#searchbar").press("Enter")
    first = page.locator("#result_list tbody tr").first
    for part in ("周岚 K1001", "陈默 K2032", "优秀发布案例", "1 → 3", "门户"):
        expect(first).to_contain_text(part)
    assert grave(page) == []
    first.get_by_role("link").first.click()
    expect(page.get_by_role("row", name="优秀发布案例 1 3")).to_be_visible()
    assert grave(page) == []
    page.get_by_role("link", name="保存指标值").click()
    expect(page.locator("body")).to_contain_text("周岚 K1001")
    assert site.complaints == []
