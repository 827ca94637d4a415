"""The browsable description, in a real browser under the product's own policy of content."""

from __future__ import annotations

import pytest

from tests.flows.conftest import Site, company, site

__all__ = ["company", "site"]


@pytest.mark.flow
@pytest.mark.django_db(transaction=True)
def test_the_description_opens_and_tries_an_operation(site: Site) -> None:
    page = site.enter("hr", language="en")
    page.goto("/api/docs/")
    page.get_by_text("Read one person").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_placeholder("employee_no").fill("K2031")
    page.get_by_role("button", name="Execute").click()
    page.locator(".live-responses-table .response-col_status", has_text="200").first.wait_for()
    assert site.complaints == []
