"""HR's month in Chromium: reminded, accepted, closed, sealed; at both widths, in both themes, and to a screen reader."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from assessment.models import AssessmentMonth, Chase
from promotion.models import Run
from promotion.sweep.actions.shard_work import work_one
from tests.flows.conftest import Site, company, site
from tests.flows.test_admin import grave
from tests.months.conftest import DAY, OWING, report
from tests.web.company import Company

__all__ = ["company", "site"]
pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
PAGES = ("/admin/", "/admin/months/", "/admin/months/2026-11/", "/admin/months/2026-11/gaps/",
         "/admin/months/2026-11/seal/", "/admin/months/2026-10/")  # fmt: skip


@pytest.fixture(autouse=True)
def _a_month_later(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *args, **options: DAY)
    report(company, *OWING[1:])


def test_hr_reminds_accepts_closes_and_seals_a_month(site: Site) -> None:
    page = site.enter("hr", language="en")
    page.goto("/admin/")
    expect(page.locator(".next-act")).to_contain_text("2 values are missing")
    page.get_by_role("button", name="Remind every team with gaps").click()
    expect(page.locator("body")).to_contain_text("1 team is reminded.")
    assert Chase.objects.get().gaps == 2
    page.get_by_role("link", name="To the month").click()
    page.get_by_role("link", name="The gaps").click()
    page.fill("input[name=reason]", "her notebook is lost")
    page.get_by_role("button", name="Accept all 2 shown").click()
    expect(page.locator(".empty")).to_contain_text("Nothing is missing here")
    page.get_by_role("link", name="Back to the month").click()
    page.get_by_role("link", name="Close the intake").click()
    page.get_by_role("button", name="Close the intake").click()
    page.get_by_role("link", name="Seal", exact=True).click()
    expect(page.locator(".kv")).to_contain_text("goes on from")
    page.get_by_label("Type the month to confirm").fill("2026-11")
    page.get_by_role("button", name="Seal the month").click()
    expect(page.locator("#digest-check")).to_contain_text("unchanged since sealing")
    expect(page.locator(".month-steps .seal")).to_have_text("sealed")
    row = AssessmentMonth.objects.get(month=Run.objects.get(of_record=True, state="queued").month)
    assert (row.state, row.accepted_gaps) == ("sealed", 2)
    while work_one():
        pass
    page.goto("/admin/board/?month=2026-11")
    expect(page.locator("[data-row=K2031]")).to_contain_text("waiting for data")
    assert site.complaints == []


def test_in_chinese_and_in_the_dark_nothing_is_grave_to_a_screen_reader_and_all_fits_a_phone(site: Site) -> None:
    """In English every page is walked (tests/flows/test_every_page)."""
    desk, phone = site.enter("hr", theme="dark"), site.enter("hr", theme="dark", phone=True)
    for path in PAGES:
        desk.goto(path)
        assert grave(desk) == [], path
        phone.goto(path)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390, path
        assert grave(phone) == [], path
    assert site.complaints == []
