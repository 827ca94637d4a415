"""The board as its readers open it: what it shows, whom, in how many queries, and the file it gives."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from policy.compiler import Outcome
from promotion.models import Run, RunShard
from promotion.sweep.actions.sweep_run import run_sweep
from promotion.sweep.board import Board, Narrowing
from promotion.web.matrix import columns_of, marks, only_lacks, thresholds
from promotion.web.tiers import say
from staff.selectors.access import access_of
from tests.web.company import MONTH, TODAY, Company
from tests.web.conftest import Visitor

BOARD = "/admin/board/"
PART = {"HTTP_HX_REQUEST": "true"}


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def shown(client: Client, query: str = "", **more: Any) -> str:
    response = client.get(BOARD + query, **more)
    assert response.status_code == 200
    return response.content.decode()


def rows(html: str) -> list[str]:
    return re.findall(r'data-row="([^"]+)"', html)


def row(html: str, number: str) -> str:
    return words(html.partition(f'data-row="{number}"')[2].partition("</tr>")[0].partition(">")[2])


# what it shows


def test_it_opens_at_the_last_month_that_ended_and_was_swept(company: Company, visitor: Visitor) -> None:
    run_sweep(access=company.access, month=MONTH + 1)
    html = words(shown(visitor("hr")))
    assert "2026-10 sealed" in html
    assert "15 people judged" in html
    assert "provisional" in words(shown(visitor("hr"), "?month=2026-09"))


def test_each_ladder_has_a_table_of_its_own_columns(company: Company, visitor: Visitor) -> None:
    html = shown(visitor("hr"))
    tables = re.findall(r'<table class="table sweep".*?</table>', html, re.DOTALL)
    assert [re.search('aria-label="([^"]+)"', table)[1] for table in tables] == [  # type: ignore[index]
        "Promotion of information service staff · 1", "Two steps · 1",
    ]  # fmt: skip
    heads = [re.findall(r'scope="col"(?: class="lead")?>([^<]+)</th>', table) for table in tables]
    assert heads[1] == ["months since hiring", "customer satisfaction", "complaints", "complaints"]
    assert "excellent cases" in heads[0]
    assert "customer satisfaction" not in heads[0]
    assert rows(tables[1])[0] == "K3004"
    assert "≥ 12 months 1" in words(tables[1])
    assert "High top of the ladder 3 people" in words(tables[1])


def test_a_column_that_no_step_on_the_page_asks_for_is_left_out(company: Company, visitor: Visitor) -> None:
    html = shown(visitor("hr"), "?tier=info-service:diamond", **PART)
    assert "excellent cases</th>" in html
    assert "regularisation</th>" not in html
    assert html.count('data-l="violations"') == 0


def test_a_cell_says_verdict_value_and_what_is_missing(company: Company, visitor: Visitor) -> None:
    html = shown(visitor("hr"))
    assert "2 +1 missing waiting for data" in row(html, "K2033") or "+6 missing" in row(html, "K2033")
    assert row(html, "K3007").endswith("4 clause met ")
    assert "not asked of this tier" in row(html, "K3002")
    assert "all but customer satisfaction" in row(html, "K3003")
    assert " new " in row(html, "K3004")
    assert " new " not in row(html, "K3003")


def test_the_changes_say_who_and_why(company: Company, visitor: Visitor) -> None:
    text = words(shown(visitor("hr")).partition('class="changes"')[2].partition("</dl>")[0])
    for told in (
        "甘棠 9 complaints 4", "成蹊 1 months since hiring 12", "安然 3 customer satisfaction: 2026-10 missing",
        "杜衡 joined on 10-09", "何夕 High since 10-01", "方舟 left after 10-15",
    ):  # fmt: skip
        assert told in text


def test_more_changes_than_are_named_are_a_link_away(
    company: Company, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("promotion.web.changes.NAMED", 1)
    html = shown(visitor("hr"))
    assert "and 1 more" in words(html)
    assert "changed=moved" in html
    assert set(rows(shown(visitor("hr"), "?changed=moved"))) == {"K3005", "K3008"}


def test_without_a_sweep_before_there_is_nothing_to_compare(company: Company, visitor: Visitor) -> None:
    html = shown(visitor("hr"), "?month=2026-09")
    assert "2026-08 was not swept, so there is nothing to compare with." in words(html)
    assert '<span class="new">' not in html


def test_a_month_that_nobody_has_swept_says_so(company: Company, visitor: Visitor) -> None:
    assert "Nobody in your scope was judged as of 2020-01" in words(shown(visitor("hr"), "?month=2020-01"))
    assert visitor("hr").get(f"{BOARD}?month=2026-13").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["?outcome=x&tier=y&department=z&clause=a&verdict=b&changed=c", "?q='\"<b>&page=99", "?department=999999"],
)
def test_an_address_that_means_nothing_is_no_error(company: Company, visitor: Visitor, query: str) -> None:
    html = shown(visitor("hr"), query)
    assert "<b>&page" not in html
    assert rows(html) == []


def test_the_numbers_stand_in_words_beside_the_drawing(company: Company, visitor: Visitor) -> None:
    html = shown(visitor("hr"))
    board = Board(access_of(company.accounts["hr"], TODAY), MONTH)
    table = html.partition("People by tier and outcome")[2].partition("</table>")[0]
    assert sum(int(n) for n in re.findall(r"<td>(\d+)</td>", table)) == board.tally().people
    assert "style=" not in html.partition('class="sheet"')[2].partition("</main>")[0]


def test_pages_repeat_the_band_of_a_step(company: Company, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("promotion.admin.board_page.A_PAGE", 5)
    client, seen = visitor("hr"), []
    for page in (1, 2, 3):
        html = shown(client, f"?page={page}", **PART)
        assert html.count('class="band"') >= 1
        seen += rows(html)
    assert len(seen) == len(set(seen)) == 15


def test_a_filter_swaps_the_table_alone(company: Company, visitor: Visitor) -> None:
    client = visitor("hr")
    part = client.get(f"{BOARD}?outcome=top", **PART)
    assert "<html" not in part.content.decode()
    assert set(rows(part.content.decode())) == {"K2034", "K3002", "K3008"}
    assert "HX-Request" in part["Vary"]
    assert rows(shown(client, "?outcome=top")) == rows(part.content.decode())
    assert "<html" in shown(client, HTTP_HX_REQUEST="true", HTTP_HX_HISTORY_RESTORE_REQUEST="true")


# runs


def test_a_run_at_work_shows_its_parts_and_the_page_comes_anew_after_it(company: Company, visitor: Visitor) -> None:
    run = Run.objects.filter(month=MONTH).order_by("-id")[0]
    Run.objects.filter(pk=run.pk).update(state="running")
    RunShard.objects.bulk_create(RunShard(run=run, ordinal=n, low=10**9 + n, high=10**9 + n + 1) for n in (2, 3, 4))
    client = visitor("hr")
    html = shown(client)
    assert "1 / 4" in words(html)
    assert re.search(r'<progress max="4" value="1"', html)
    polled = client.get("/admin/board/progress/?month=2026-10", **PART)
    assert 'hx-trigger="every 2s"' in polled.content.decode()
    assert "HX-Refresh" not in polled
    Run.objects.filter(pk=run.pk).update(state="done")
    assert client.get("/admin/board/progress/?month=2026-10", **PART)["HX-Refresh"] == "true"


def test_a_failed_run_says_how_many_parts_and_shows_what_was_before(company: Company, visitor: Visitor) -> None:
    run = Run.objects.filter(month=MONTH, version__key="two-steps").order_by("-id")[0]
    later = Run.objects.get(pk=run.pk)
    later.pk, later.state, later.watermark = None, "failed", later.watermark + 1
    later.save()
    RunShard.objects.create(run=later, ordinal=1, low=1, high=2, state="failed", error="DataError: secret row")
    html = words(shown(visitor("hr")))
    assert "Two steps · 1: a run failed. 1 of 1 parts could not be judged" in html
    assert "15 people judged" in html
    page = visitor("hr").get(f"/admin/promotion/run/{later.pk}/change/").content.decode()
    assert "DataError" in page
    assert "secret row" not in page


def test_judging_again_is_asked_for_by_post_and_by_whoever_may(company: Company, visitor: Visitor) -> None:
    before = Run.objects.count()
    client = visitor("hr")
    response = client.post("/admin/board/again/", {"month": "2026-10"})
    assert response.headers["Location"] == f"{BOARD}?month=2026-10"
    assert Run.objects.count() == before  # nothing has changed since
    assert "has not ended yet" in words(
        client.post("/admin/board/again/", {"month": "2026-12"}, follow=True).content.decode()
    )
    assert "there is nobody to judge" in words(
        client.post("/admin/board/again/", {"month": "2001-01"}, follow=True).content.decode()
    )
    for who in ("gm", "auditor", "payroll"):
        assert visitor(who).post("/admin/board/again/", {"month": "2026-10"}).status_code == 403
        if who != "payroll":
            assert "Judge again" not in shown(visitor(who))


# readers


@pytest.mark.parametrize(
    ("who", "board", "export"),
    [("hr", 200, 200), ("gm", 200, 403), ("auditor", 200, 200), ("payroll", 403, 403), ("operator", 403, 403),
     ("K1001", 403, 403), ("K1000", 403, 403), ("K2031", 403, 403)],
)  # fmt: skip
def test_it_is_for_hr_the_general_manager_and_the_auditor(
    company: Company, visitor: Visitor, who: str, board: int, export: int
) -> None:
    client = visitor(who)
    paths = {BOARD: board, f"{BOARD}progress/": board, f"{BOARD}export/": export}
    assert {path: client.get(path).status_code for path in paths} == paths
    assert visitor().get(BOARD).status_code == 302


def test_hr_of_a_department_sees_its_people_alone_everywhere(company: Company, visitor: Visitor) -> None:
    company.account("hr-part", role="hr", department="财务部")
    client = visitor("hr-part")
    html = shown(client)
    assert "8 people judged" in words(html)
    assert "林晓" not in html
    assert rows(shown(client, "?q=林晓")) == []
    assert client.get("/admin/board/person/?person=K2031", **PART).status_code == 404
    assert client.get("/admin/board/person/?person=K3001", **PART).status_code == 200
    assert "林晓" not in str(sheets(client))


def test_the_drawer_explains_one_person_with_the_portals_words(company: Company, visitor: Visitor) -> None:
    client = visitor("hr")
    html = client.get("/admin/board/person/?person=K2031&month=2026-10", **PART).content.decode()
    assert "<html" not in html
    assert "To Diamond: 1 clause to go, 1 waiting for data" in words(html)
    assert "贺宁, who supervised then, owes it" in words(html)
    assert "/admin/months/2026-08/" in html
    whole = client.get("/admin/board/person/?person=K2031&month=2026-10")
    assert whole.headers["Location"] == f"/admin/standings/{company.people['K2031'].pk}/2026-10/"
    assert 'hx-trigger="load"' in shown(client, "?person=K2031")
    for nobody in ("K2053", "none", ""):
        assert client.get(f"/admin/board/person/?person={nobody}&month=2026-10", **PART).status_code == 404


@pytest.mark.parametrize("who", ["hr", "hr-two", "auditor"])
@pytest.mark.parametrize(
    "query", ["", "?q=K&outcome=not_yet&changed=any&clause=info-service:四.2.7&verdict=unmet&person=K2031"]
)
def test_it_takes_at_most_twelve_queries(company: Company, visitor: Visitor, who: str, query: str) -> None:
    client = visitor(who)
    shown(client, query)
    with CaptureQueriesContext(connection) as queries:
        shown(client, query)
    assert len(queries) <= 12
    with CaptureQueriesContext(connection) as queries:
        shown(client, query, **PART)
    assert len(queries) <= 10


# the file


def sheets(client: Client, query: str = "") -> dict[str, list[tuple[Any, ...]]]:
    response = client.get(f"/admin/board/export/{query}")
    assert response.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(response.getvalue()))  # type: ignore[attr-defined]
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_the_file_has_a_sheet_for_each_step_with_what_it_asks_above_its_people(
    company: Company, visitor: Visitor
) -> None:
    found = sheets(visitor("hr"))
    assert list(found) == ["Regular → Star", "Star → Diamond", "Diamond → Crown", "Crown", "Low → High", "High"]
    head, asked, *people = found["Low → High"]
    assert head[:7] == (
        "employee no.", "name", "department", "tier", "next or proposed tier", "outcome", "month before",
    )  # fmt: skip
    assert head[7:] == (
        "1 months since hiring", "observed", "3 customer satisfaction", "observed", "3 complaints", "observed",
        "9 complaints", "observed", "months missing",
    )  # fmt: skip
    assert asked[6:] == ("asked:", "≥ 12 months", None, "≥ 90%", None, "0", None, "> 3", None, None)
    waiting = next(line for line in people if line[0] == "K3001")
    assert waiting[1:7] == ("安然", "财务部", "Low", "High", "waiting for data", "eligible")
    assert waiting[9] == "waiting for data"
    assert waiting[-1] == "3: 2026-10"
    assert {line[0] for line in people} == {"K2052", "K3001", "K3003", "K3004", "K3005"}


def test_the_file_holds_what_is_listed_and_all_pages_of_it(
    company: Company, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("promotion.admin.board_page.A_PAGE", 2)
    listed = {line[0] for lines in sheets(visitor("hr")).values() for line in lines[2:]}
    assert len(listed) == 15
    narrowed = sheets(visitor("hr"), "?outcome=top&month=2026-10")
    assert {line[0] for lines in narrowed.values() for line in lines[2:]} == {"K2034", "K3002", "K3008"}
    assert sheets(visitor("hr"), "?q=nobody") == {"2026-10": [("Nobody fits the filters.",)]}


def test_a_name_that_would_calculate_is_text_and_days_are_days(company: Company, visitor: Visitor) -> None:
    response = visitor("hr").get("/admin/board/export/")
    book = openpyxl.load_workbook(io.BytesIO(response.getvalue()))  # type: ignore[attr-defined]
    cell = next(row[1] for row in book["Low → High"].iter_rows() if row[0].value == "K3003")
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)
    regularised = [row[8] for row in book["Regular → Star"].iter_rows(min_row=3)]
    assert [cell.value.date() for cell in regularised] == [date(2026, 6, 2)]
    assert response["Content-Disposition"].startswith('attachment; filename="Monthly sweep 2026-10.xlsx"')
    chinese = visitor("hr", language="zh-hans").get("/admin/board/export/")
    assert "%E6%9C%88%E5%BA%A6%E8%AF%84%E5%AE%9A%202026-10.xlsx" in chinese["Content-Disposition"]


def test_whoever_may_take_out_fewer_than_read_takes_out_those(company: Company, visitor: Visitor) -> None:
    company.grant(company.account("both", role="gm"), "hr", "财务部")
    assert "15 people judged" in words(shown(visitor("both")))
    assert set(sheets(visitor("both"))) == {"Low → High", "High"}


# columns


def test_rules_of_the_same_key_share_a_column_and_each_step_keeps_its_number(company: Company) -> None:
    board = Board(access_of(company.accounts["hr"], TODAY), MONTH)
    statement = next(step.applied.statement for step in board.steps if step.applied.version.key == "info-service")
    with translation.override("zh-hans"):
        names = [say(column.words) for column in columns_of(statement)]
        assert names == [
            "转正日期", "上岗以来月数", "优秀发布案例", "客户", "投诉", "违纪", "重大行为失误", "考试", "在线核心词数", "投诉",
            "重大行为失误",
        ]  # fmt: skip
        asked = {
            tier: [(one.asks, one.number) for one in thresholds(statement, tier, MONTH)] for tier in ("star", "crown")
        }
    assert asked["star"][2:4] == [("≥ 4 篇", "四.2.7"), ("≥ 5 个", "四.2.8")]
    assert asked["crown"][:8] == [("", "")] * 8
    assert asked["crown"][8] == ("连续 3 个月", "八.1")


def test_one_condition_alone_is_named_only_where_all_others_are_met(company: Company) -> None:
    board = Board(access_of(company.accounts["hr"], TODAY), MONTH)
    for line in board.lines(Narrowing()):
        cells = marks(line.step.applied.statement, line.row, MONTH)
        short = [c.column.name for c in cells if not c.column.trigger and c.tone in ("unmet", "unknown")]
        unmet = [c for c in cells if not c.column.trigger and c.tone == "unmet"]
        alone = line.row.outcome == Outcome.NOT_YET and len(short) == len(unmet) == 1
        assert only_lacks(line.row, cells) == (short[0] if alone else "")
