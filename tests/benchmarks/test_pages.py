"""What is measured is what the product has: every page of the list opens for whom it names."""

from __future__ import annotations

from datetime import date

import pytest

from tests.benchmarks import pages

SIZE = 60


@pytest.mark.django_db(transaction=True)
def test_every_page_that_is_measured_opens_and_a_cell_is_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "REQUESTS", 1)
    found = pages.measure(SIZE, date.today())
    assert set(found) == {*(page.name for page in pages.PAGES), pages.SAVING}
    over = {
        page.name: found[page.name].queries
        for page in pages.PAGES
        if page.is_list and found[page.name].queries > pages.MOST_QUERIES
    }
    assert over == {}
