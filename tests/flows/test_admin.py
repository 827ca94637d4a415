"""HR's admin as it is used: a sweep started and watched, its results read, a file previewed and loaded."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from promotion.sweep.actions.shard_work import work_one
from tests.flows.conftest import Site, bring_axe

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
VALUES = "employee_no,month,metric,value\nK2031,2026-11,excellent_cases,7\n"
PAGES = (
    "/admin/",
    "/admin/staff/employee/",
    "/admin/staff/employee/add/",
    "/admin/staff/department/",
    "/admin/values/",
    "/admin/promotion/run/",
    "/admin/board/",
    "/admin/policies/info-service/",
    "/admin/uploads/",
)


def grave(page: Page) -> list[str]:
    """What axe calls serious or critical. The shell itself is another's; what is less than that in it stays."""
    bring_axe(page)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations)")
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found if v["impact"] in ("serious", "critical")]


def test_hr_starts_a_sweep_watches_it_and_reads_the_results(site: Site) -> None:
    page = site.enter("hr")
    page.goto("/admin/promotion/run/")
    page.fill("input[name=month]", "2026-07")
    page.get_by_role("button", name="发起评定").click()
    expect(page.locator("#progress progress")).to_have_count(1)
    while work_one():
        pass
    expect(page.locator("#progress progress")).to_have_count(0)
    page.get_by_role("link", name="2026-07").first.click()
    expect(page.get_by_role("heading", name="人评定结果")).to_be_visible()
    assert site.complaints == []


def test_hr_previews_a_file_and_loads_it(site: Site) -> None:
    page = site.enter("hr", language="en")
    page.goto("/admin/uploads/")
    page.set_input_files("input[type=file]", {"name": "values.csv", "mimeType": "text/csv", "buffer": VALUES.encode()})
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("tbody tr")).to_contain_text("K2031")
    page.get_by_role("button", name="Load the file").click()
    expect(page.locator("tbody tr").first).to_contain_text("applied")
    assert site.complaints == []


def test_in_chinese_and_in_the_dark_nothing_is_grave_to_a_screen_reader_and_all_fits_a_phone(site: Site) -> None:
    """In English every page is walked (test_every_page)."""
    desk, phone = site.enter("hr", theme="dark"), site.enter("hr", theme="dark", phone=True)
    for path in PAGES:
        desk.goto(path)
        assert grave(desk) == [], path
        phone.goto(path)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390, path
    assert site.complaints == []
