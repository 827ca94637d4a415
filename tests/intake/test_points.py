"""What a row of the grid yields, at once, by the statement that assesses the month, and stored nowhere."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment.actions.results_assess import assess_month
from assessment.models import Result
from assessment.selectors.points import points_now
from policy.actions.policy_adopt import adopt
from staff.kernel.access import Access
from tests.intake.conftest import DAY, NOVEMBER, Visitor, post_cells
from tests.web.company import Company

PATH = "/intake/2026-11/"


@pytest.fixture
def scored(company: Company) -> Company:
    """The first team has a scorecard from November on; 林晓 lacks a score, 陈默 has all."""
    adopt(
        access=company.access, key="score-pay", department=company.departments["信息客服一组"],
        starts_on=NOVEMBER.first_day,
    )  # fmt: skip
    for no in ("K2031", "K2032"):
        reported = {"calls_answered": 400, "calls_satisfied": 240, "calls_unrated": 40, "attendance": 1}
        for key, value in reported.items():
            company.values(no, key, {"2026-11": value})
    company.values("K2032", "daily", {"2026-11": 50})
    return company


def test_points_are_those_that_the_assessment_stores(scored: Company) -> None:
    placed = dict.fromkeys((scored.people[no].pk for no in ("K2031", "K2032")), scored.departments["信息客服一组"].pk)
    found = points_now(NOVEMBER, placed)
    assert not Result.objects.filter(month=NOVEMBER).exists()
    assess_month(access=Access.system(DAY, "test"), month=NOVEMBER)
    for no in ("K2031", "K2032"):
        stored = Result.objects.get(employee=scored.people[no], month=NOVEMBER)
        shown = found[scored.people[no].pk]
        assert (shown.total, {key: value and float(value) for key, value in shown.items.items()}) == (
            stored.total, stored.items,
        )  # fmt: skip


def test_the_page_shows_the_total_and_each_item_and_what_waits(scored: Company, visitor: Visitor) -> None:
    page = visitor("K1001", "zh-hans").get(PATH).content.decode()
    cells = {row.split('"')[0]: row.split('class="pts"')[1].split("</td>")[0] for row in page.split('data-no="')[1:]}
    assert ">83.5</b>" in cells["K2032"]
    assert '<dt>满意度</dt><dd class="num"><span>17.5</span> <small>/ 20</small></dd>' in cells["K2032"]
    assert ">待齐</b>" in cells["K2031"]
    assert '<dt>日常表现</dt><dd class="num"><span>—</span> <small>/ 60</small></dd>' in cells["K2031"]


def test_a_saved_cell_comes_back_with_what_its_row_now_yields(scored: Company, visitor: Visitor) -> None:
    sent = {"employee_no": "K2031", "metric": "daily", "value": "52", "seen": None}
    reply = post_cells(visitor("K1001", "zh-hans"), sent).json()
    assert set(reply["points"]) == {"K2031"}
    assert reply["points"]["K2031"] == {"told": "85.5", "grade": "", "items": ["17.5", "16", "52"]}


def test_a_cell_that_was_not_saved_yields_nothing_anew(scored: Company, visitor: Visitor) -> None:
    sent = {"employee_no": "K2031", "metric": "daily", "value": "61", "seen": None}
    assert post_cells(visitor("K1001"), sent).json()["points"] == {}
    superior = {"employee_no": "K1000", "metric": "daily", "value": "50", "seen": None}
    assert post_cells(visitor("K1001"), superior).json()["points"] == {}


def test_what_others_enter_comes_with_what_it_yields(scored: Company, visitor: Visitor) -> None:
    found = visitor("K1001").get("/intake/2026-11/changes/").json()["points"]
    assert found["K2032"]["told"] == "83.5"
    assert found["K2031"] == {"told": "waits", "grade": "", "items": ["17.5", "16", ""]}


def test_where_no_scorecard_is_in_force_there_is_no_column(company: Company, visitor: Visitor) -> None:
    assert 'class="pts"' not in visitor("K1001").get(PATH).content.decode()


def test_points_take_one_statement_for_the_whole_grid_and_one_for_a_saved_cell(
    scored: Company, visitor: Visitor
) -> None:
    client = visitor("K1001")
    client.get(PATH)
    with CaptureQueriesContext(connection) as page:
        client.get(PATH)
    with CaptureQueriesContext(connection) as cell:
        post_cells(client, {"employee_no": "K2031", "metric": "daily", "value": "52", "seen": None})
    for queries in (page, cell):
        assert sum("p AS MATERIALIZED" in query["sql"] for query in queries) == 1
    asked = [query for query in page if "SAVEPOINT" not in query["sql"]]
    assert len(asked) <= 20, len(asked)
