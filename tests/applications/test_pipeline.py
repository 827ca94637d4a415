"""HR's pipeline: by step with ages and overdue ones first, narrowed by its address; many go into a round in one act."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from promotion.admin.dues import counted, waiting
from promotion.applications.models import Application
from promotion.applications.owners import accounts_at
from promotion.applications.turns import turns
from promotion.panels.models import Candidate
from tests.applications.test_way import WHO, Way
from tests.notices.planted import planted_notice
from tests.web.company import TODAY, Company
from tests.web.conftest import Visitor, company, house, visitor
from tests.web.conftest import _the_day as _the_day

__all__ = ["company", "house", "visitor"]
pytestmark = pytest.mark.django_db
PATH = "/admin/applications/"


@pytest.fixture
def way(company: Company) -> Way:
    return Way(company)


def listed(client: Client, query: str = "") -> list[str]:
    return re.findall(
        r"A-\d{5}", re.sub(r'href="[^"]*"|aria-label="[^"]*"', "", client.get(PATH + query).content.decode())
    )


def copies(row: Application, people: list[str], company: Company) -> list[Application]:
    """The same application of others, as bare rows: what stands at a step is what the board is about."""
    made = []
    for no in people:
        row.pk, row.employee = None, company.people[no]
        row._state.adding = True
        row.save()
        made.append(Application.objects.get(pk=row.pk))
    return made


def test_it_is_narrowed_by_department_policy_step_words_and_what_is_overdue(way: Way, visitor: Visitor) -> None:
    row = way.handed_in()
    hr = visitor("hr")
    number, department = row.number, row.department_id
    for fits in ("", "?step=review", f"?department={department}", "?policy=info-service", "?q=chenmo", "?q=K2032"):
        assert listed(hr, fits) == [number], fits
    for misses in ("?step=defence", "?department=0", "?policy=after-sales", "?q=nobody", "?late=yes"):
        assert listed(hr, misses) == [], misses
    Application.objects.filter(pk=row.pk).update(due_on=date(2026, 11, 1))
    assert listed(hr, "?late=yes") == [number]
    assert "1 overdue" in hr.get(PATH).content.decode()


def test_it_takes_as_many_queries_for_many_as_for_one(way: Way, visitor: Visitor) -> None:
    row = way.handed_in()
    hr = visitor("hr")

    def count() -> int:
        hr.get(PATH)
        with CaptureQueriesContext(connection) as queries:
            assert hr.get(PATH).status_code == 200
        return len(queries)

    people = [no for no in way.company.people if no not in (WHO, "K1000")]
    everywhere = ["opinion", "review", "defence", "decision", "public_notice", "effect"]

    def six_more(at: int) -> None:
        for one, step in zip(copies(row, people[at : at + 6], way.company), everywhere, strict=True):
            Application.objects.filter(pk=one.pk).update(step=step)

    six_more(0)
    few = count()
    six_more(6)
    assert count() == few <= 12


def test_those_chosen_come_before_a_panel_together_and_the_rest_is_told(way: Way, visitor: Visitor) -> None:
    row = way.reviewed()
    first, second = row.pk, copies(row, ["K2031"], way.company)[0].pk
    other = copies(Application.objects.get(pk=first), ["K2033"], way.company)[0]
    Application.objects.filter(pk=other.pk).update(step="review")
    hr = visitor("hr")
    page = hr.get(f"/admin/rounds/new/?pick={first}&pick={second}&pick={other.pk}").content.decode()
    assert re.findall(r'name="applications"[^>]*value="(\d+)"[^>]*checked', page) == [str(first), str(second)]
    assert "1 of those chosen stands at another step" in page
    assert hr.get("/admin/rounds/new/", follow=True).redirect_chain[0][0] == PATH
    assert not Candidate.objects.exists()


def test_hrs_first_page_counts_what_waits_in_the_pipeline(way: Way) -> None:
    row = way.reviewed()
    Application.objects.filter(pk=row.pk).update(due_on=date(2026, 11, 1))
    planted_notice(way.company.people["K2031"], row.department, way.company.accounts[WHO])
    found = {key: n for rows in counted(way.of("hr")) for key, n, _fresh in rows}
    assert [found[key] for key in ("applications_late", "applications_to_arrange", "objections_open")] == [1, 1, 1]
    assert "objections_open" not in {key for rows in counted(way.of("gm")) for key, _n, _fresh in rows}
    assert any("waits for a round" in one.text or "等待安排" in one.text for one in waiting(found))
    assert "applications_late" not in {key for rows in counted(way.of("payroll")) for key, _n, _fresh in rows}


def test_the_board_of_the_sweep_opens_a_nomination_for_whoever_is_eligible(way: Way, visitor: Visitor) -> None:
    path = f"/admin/standings/{way.company.people[WHO].pk}/2026-10/"
    assert f"/admin/applications/nominate/?person={WHO}" in visitor("hr").get(path).content.decode()
    way.handed_in()
    assert "/admin/applications/nominate/" not in visitor("hr").get(path).content.decode()


def test_each_step_names_who_acts_and_an_effect_whose_day_has_gone_by_is_overdue(way: Way, visitor: Visitor) -> None:
    row = way.handed_in()
    hr = visitor("hr")
    head = way.company.people["K1000"].name
    assert f">{head}</td>" in hr.get(PATH).content.decode()
    assert turns([row], TODAY) == {row.pk: head}
    assert {accounts_at(row, "review", TODAY)[0]} == {way.company.accounts["K1000"].pk}
    Application.objects.filter(pk=row.pk).update(step="effect", due_on=None, effective_on=date(2026, 11, 1))
    assert listed(hr, "?late=yes") == [row.number]
    assert "1 overdue" in hr.get(PATH).content.decode()


def test_the_file_holds_what_the_filters_hold_for_whoever_may_take_it_out(way: Way, visitor: Visitor) -> None:
    number = way.handed_in().number
    other = copies(Application.objects.get(), ["K2031"], way.company)[0]
    Application.objects.filter(pk=other.pk).update(step="decision")
    sheet = load_workbook(BytesIO(b"".join(visitor("hr").get(PATH + "export/?step=review"))), read_only=True).active
    head, *lines = [list(line) for line in sheet.iter_rows(values_only=True)]
    assert [line[0] for line in lines] == [number]
    assert dict(zip(head, lines[0], strict=True))["acts next"] == way.company.people["K1000"].name
    assert visitor("gm").get(PATH + "export/").status_code == 403
