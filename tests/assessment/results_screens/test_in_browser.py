"""The board of results in a real Chromium: a chart is drawn from its table, filters and drawer work, in a hand too; axe."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.assessment.results_screens.conftest import assess, scored
from tests.flows.conftest import Site, bring_axe, site
from tests.web.company import Company, make_company

__all__ = ["site"]
pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
INK = """canvas => new Set(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).size"""
FAULTS = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations.map(v => v.id)"


@pytest.fixture
def company(chromium: Browser, transactional_db: None) -> Company:
    company = make_company(scored)
    assess(company)
    return company


def faults(page: Page) -> set[str]:
    bring_axe(page)
    return set(page.evaluate(FAULTS)) - {"landmark-unique"}


def test_charts_hold_what_their_tables_say_and_the_drawer_tells_one_person(company: Company, site: Site) -> None:
    page = site.let_in(company.accounts["hr"])
    page.goto("/admin/results/")
    totals = page.locator("#by-total")
    expect(totals.locator("canvas")).to_be_visible()
    assert totals.locator("canvas").evaluate(INK) > 4
    drawn = "figure => Chart.getChart(figure.querySelector('canvas')).data.datasets[0].data"
    assert totals.evaluate(drawn) == [1, 1, 3]
    totals.locator("summary").click()
    expect(totals.locator("tbody tr").nth(2).locator("th, td")).to_have_text(["90–95", "3"])
    light = "figure => Chart.getChart(figure.querySelector('canvas')).data.datasets[0].backgroundColor"
    before = totals.evaluate(light)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"before => ({light})(document.getElementById('by-total')) !== before", arg=before)
    page.emulate_media(color_scheme="light")
    page.fill("#q", "linxiao")
    expect(page.locator("[data-row]")).to_have_count(1)
    assert "q=linxiao" in page.url
    page.click("[data-person=K2031]")
    drawer = page.locator("#drawer")
    expect(drawer).to_contain_text("业务知识")
    assert drawer.locator("#person-trend canvas").evaluate(INK) > 4
    assert faults(page) == set()
    assert not site.complaints


def test_a_team_is_read_in_a_hand_and_nothing_scrolls_sideways(company: Company, site: Site) -> None:
    page = site.let_in(company.accounts["K1001"], phone=True, theme="dark")
    for path in ("/team/results/", "/team/results/?period=2026-Q3&policy=itemised-scorecard"):
        page.goto(path)
        expect(page.locator("#trend canvas, #by-total canvas").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert faults(page) == set()
    page.goto("/team/results/?state=missing")
    expect(page.locator("[data-row=K2034] .lacks")).to_contain_text("应由周岚补报")
    page.click("[data-row=K2034] a")
    expect(page).to_have_url("/results/K2034/?month=2026-10")
    assert not site.complaints
