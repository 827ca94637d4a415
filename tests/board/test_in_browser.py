"""The board in a real Chromium: filters, drawer and history at a desk and in a hand; the run bar; print; axe."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from promotion.sweep.actions.shard_work import work_one
from tests.flows.conftest import Site, bring_axe, company, site
from tests.web.company import Company

__all__ = ["company", "site"]
pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
BOARD = "/admin/board/"


def rows(page: Page) -> list[str]:
    found: list[str] = page.evaluate("[...document.querySelectorAll('[data-row]')].map(row => row.dataset.row)")
    return found


def faults(page: Page) -> list[str]:
    """What axe finds in the board itself; the shell around it is another's."""
    bring_axe(page)
    found = page.evaluate("axe.run('.sheet', {resultTypes: ['violations']}).then(r => r.violations)")
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found]


def test_filters_swap_the_table_stay_in_the_address_and_come_back(site: Site) -> None:
    page = site.enter("hr")
    page.goto(BOARD)
    page.evaluate("window.same = true")
    page.fill("#q", "linx")
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"\?month=2026-10&q=linx$"))
    page.fill("#q", "")
    expect(page.locator("[data-row]")).to_have_count(7)
    page.locator(".to a", has_text="待数据").click()
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.locator("#f-outcome")).to_have_value("waiting_for_data")
    expect(page.locator("#export")).to_have_attribute("href", re.compile("outcome=waiting_for_data"))
    page.select_option("#f-outcome", "")
    expect(page.locator("[data-row]")).to_have_count(7)
    page.select_option("#f-clause", "info-service:四.2.8")
    page.wait_for_url(re.compile("clause="))
    page.select_option("#f-verdict", "unmet")
    expect(page.locator("[data-row=K2033]")).to_have_count(0)
    expect(page.locator("[data-row=K2031]")).to_have_count(1)
    assert rows(page) == ["K2031"]
    assert page.evaluate("window.same") is True  # the page itself was never loaded anew
    address = page.url
    page.goto(address)
    assert rows(page) == ["K2031"]
    page.locator(".above a").click()
    expect(page.locator("[data-row]")).to_have_count(7)
    assert site.complaints == []


def test_the_drawer_takes_the_focus_and_gives_it_back(site: Site) -> None:
    page = site.enter("hr")
    page.goto(BOARD)
    page.locator("[data-row=K2031] a").focus()
    page.keyboard.press("Enter")
    drawer = page.locator("#drawer")
    expect(drawer.locator("#drawer-name")).to_be_focused()
    expect(drawer).to_contain_text("到钻级客服")
    expect(page).to_have_url(re.compile("person=K2031"))
    expect(page.locator("[data-row=K2031]")).to_have_class(re.compile("on"))
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(page.locator("[data-row=K2031] a")).to_be_focused()
    expect(page).not_to_have_url(re.compile("person="))
    page.goto(f"{BOARD}?person=K2041")
    expect(drawer.locator("#drawer-name")).to_contain_text("韩序")
    page.fill("#q", "K20")
    page.wait_for_url(re.compile("q=K20"))
    expect(drawer).to_be_visible()
    expect(page.locator("[data-row=K2041]")).to_have_class(re.compile("on"))
    drawer.get_by_role("button", name="关闭").click()
    expect(drawer).to_be_hidden()
    assert site.complaints == []


def test_in_a_hand_each_person_is_a_block_of_what_stands_in_the_way(site: Site) -> None:
    page = site.enter("hr", phone=True)
    page.goto(BOARD)
    seen = page.locator("[data-row=K2031] td.c:visible")
    assert [re.sub(r"\s+", " ", text) for text in seen.all_inner_texts()]
    assert page.locator("[data-row=K2031] td.c.met:visible").count() == 0
    assert page.locator("[role=table] [role=rowheader]").count() > 7
    page.locator("[data-row=K2031] a").click()
    drawer = page.locator("#drawer")
    expect(drawer).to_be_visible()
    box = drawer.bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"]) == (0, 0, 390)
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(page.locator("[data-row=K2031] a")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert site.complaints == []


def test_a_run_is_watched_to_its_end(site: Site, company: Company) -> None:
    page = site.enter("hr")
    company.hire("K2099", "新人", "xinren xr", hired="2025-01-01")
    company.tier("K2099", ("regular", "2025-01-01"))
    page.goto(BOARD)
    expect(page.get_by_role("button", name="重新评定")).to_have_count(0)  # October is sealed
    page.goto(f"{BOARD}?month=2026-09")
    page.get_by_role("button", name="重新评定").click()
    expect(page.locator(".run progress")).to_have_count(1)
    expect(page.locator(".run")).to_contain_text("完成前，下表仍是原结果")
    while work_one():
        pass
    expect(page.locator(".run")).to_have_count(0)
    expect(page.locator("[data-row=K2099]")).to_have_count(1)
    assert site.complaints == []


def test_print_has_the_table_and_nothing_to_press(site: Site) -> None:
    page = site.enter("hr")
    page.goto(f"{BOARD}?person=K2031")
    expect(page.locator("#drawer-name")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("[data-row=K2031]")).to_be_visible()
    for part in ("#drawer", "#filters", "#export"):
        expect(page.locator(part)).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True])
def test_axe_finds_nothing(site: Site, theme: str, phone: bool) -> None:
    page = site.enter("hr", theme=theme, phone=phone, language="en" if phone else "zh-hans")
    page.goto(BOARD)
    assert faults(page) == []
    page.locator("[data-row=K2031] a").click()
    expect(page.locator("#drawer-name")).to_be_visible()
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= (390 if phone else 1440)
