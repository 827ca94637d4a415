"""Payroll changes a pay table and the general manager decides on it, in two browsers; each page is held against axe."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from payroll.models import PayBand
from tests.flows.conftest import Site
from tests.flows.test_admin import grave

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("phone", "theme"), [(False, "light"), (True, "dark")])
def test_payroll_changes_a_table_and_the_general_manager_approves_it(site: Site, phone: bool, theme: str) -> None:
    page = site.enter("payroll", language="en", phone=phone, theme=theme)
    page.goto("/admin/bands/")
    assert grave(page) == []
    page.get_by_role("link", name="Change amounts").click()
    page.get_by_label("Star · level pay").fill("1100")
    for part, amount in (("minimum", "3000"), ("midpoint", "2000"), ("maximum", "5000")):
        page.get_by_label(f"Star · {part}").fill(amount)
    page.locator("[name=reason]").fill("Yearly review")
    page.get_by_role("button", name="Save and preview").click()
    expect(page.get_by_role("alert")).to_have_text("The midpoint lies between minimum and maximum.")
    assert grave(page) == []
    page.get_by_label("Star · midpoint").fill("4000")
    page.get_by_role("button", name="Save and preview").click()
    expect(page.locator(".cost")).to_contain_text("+300 in a month")
    assert grave(page) == []
    page.get_by_role("link", name="Submit", exact=True).click()
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(page.locator(".facts")).to_contain_text("waits for the general manager")
    decider = site.enter("gm", language="en", phone=phone, theme=theme)
    decider.goto("/admin/bands/")
    decider.get_by_role("link", name="Yearly review").click()
    decider.get_by_role("link", name="Approve").click()
    decider.get_by_role("button", name="Approve").click()
    expect(decider.locator(".facts")).to_contain_text("approved")
    assert PayBand.objects.get().midpoint == 4000
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [complaint for complaint in site.complaints if "422" not in complaint] == []
