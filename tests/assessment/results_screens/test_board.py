"""What the board of results says: figures, order, what is missing and whose it is; who sees whom; what it costs."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from openpyxl import load_workbook

from assessment.models import Result
from assessment.selectors.result_periods import Span
from assessment.web.result_board import Band, Line, ResultPage
from assessment.web.result_board_charts import marks_chart, totals_chart, trend_chart
from assessment.web.result_board_words import stars_named
from payroll.models import PayRecord
from staff.kernel.access import Access
from staff.models import Department
from staff.selectors.access import access_of
from tests.assessment.results_screens.conftest import CARD, STARS
from tests.permissions.canaries import amounts
from tests.permissions.canaries import told as told_by
from tests.web.company import MONTH, TODAY, Company
from tests.web.conftest import Visitor

BOARD, TEAM = "/admin/results/", "/team/results/"


def page(company: Company, who: str = "hr", asked: str = "") -> ResultPage:
    access: Access = access_of(company.accounts[who], TODAY)
    return ResultPage(access, QueryDict(asked), departments=list(Department.objects.visible_to(access)))


def lines(bands: list[Band]) -> dict[str, Line]:
    return {line.employee_no: line for band in bands for line in band.lines}


def told(shown: ResultPage) -> list[tuple[str, Any, Any]]:
    return [(no, line.result.total, line.result.rank) for no, line in lines(shown.bands()).items()]


@pytest.mark.parametrize(
    ("text", "parts", "before"),
    [
        ("2026-10", [], "2026-09"),
        ("2026-Q3", ["2026-07", "2026-08", "2026-09"], "2026-Q2"),
        ("2026", ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"], "2025"),
    ],
)
def test_a_period_knows_what_it_is_made_of_and_what_came_before(text: str, parts: list[str], before: str) -> None:
    span = Span.parse(text)
    assert (str(span), [str(one) for one in span.parts], str(span.previous)) == (text, parts, before)
    assert span.previous.next == span
    assert [Span.around(span.level, month) for month in (span.first, span.month)] == [span, span]


@pytest.mark.parametrize("text", ["2026-13", "2026-Q5", "26", "２０２６", "2026-Q", ""])
def test_what_is_no_period_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        Span.parse(text)


def test_a_department_is_listed_by_rank_and_whoever_has_none_comes_last(company: Company) -> None:
    shown = page(company)
    assert str(shown.span) == "2026-10"
    assert told(shown)[1:6] == [
        ("K2032", 95, 1), ("K2042", 95, 1), ("K2031", 90, 3), ("K2033", 85, 4), ("K2041", 75, 5),
    ]  # fmt: skip
    assert [band.department.name for band in shown.bands()] == ["信息客服部", "信息客服一组", "信息客服二组"]
    team = shown.bands()[1].group
    assert (team.people, team.known, team.missing, team.exempt, team.mean) == (9, 5, 3, 1, 88)


def test_a_missing_input_is_named_with_who_owes_it_and_is_no_zero(company: Company) -> None:
    line = lines(page(company).bands())["K2034"]
    assert (set(line.missing), line.owner) == ({"处理速度", "服务规范"}, "周岚")
    speed = [str(column.key) for column in page(company).columns].index("speed")  # type: ignore[union-attr]
    assert (line.cells[speed].value, line.cells[speed].tone) == (None, "unknown")
    assert page(company).lacking()[0][1] == 5


def test_a_month_that_does_not_count_is_said_to_be_so_without_the_reason(visitor: Visitor) -> None:
    body = visitor("K1001", "zh-hans").get(TEAM).content.decode()
    assert "本月免考核" in body
    assert "maternity" not in body
    assert "产假" not in body


def test_full_marks_are_those_of_the_source_and_the_page_says_why(visitor: Visitor) -> None:
    body = visitor("hr", "zh-hans").get(BOARD).content.decode()
    assert "满分 95 分。" in body
    assert "不是 100 分" in body
    assert "/ 95" in body


def test_how_results_lie_is_counted_and_each_bar_leads_to_its_people(company: Company) -> None:
    chart = totals_chart(page(company))
    assert chart is not None
    assert [(one.label, list(one.values)) for one in chart.points] == [("70–80", [1]), ("80–90", [1]), ("90–95", [3])]
    assert marks_chart(page(company)) is None
    stars = marks_chart(page(company, asked=f"policy={STARS}"))
    assert stars is not None
    assert [list(one.values) for one in stars.points] == [[1], [0], [0], [0], [0]]
    assert "mark=5" in stars.points[0].url


def test_stars_of_a_quarter_are_called_the_months_that_had_the_most_of_them(company: Company) -> None:
    card = page(company, asked=f"policy={STARS}").card
    with override("en"):
        assert [stars_named(card, Span.parse(text)) for text in ("2026-09", "2026-Q3")] == [
            "stars",
            "months of 5 stars",
        ]


def test_the_trend_is_the_mean_of_each_month_and_a_month_without_results_is_left_out(company: Company) -> None:
    chart = trend_chart(page(company))
    assert [one.label for one in chart.points] == [f"2026-{month:02}" for month in range(5, 11)]
    assert [str(one.values[0]) for one in chart.points][-2:] == ["90", "88"]
    two = trend_chart(page(company, asked=f"department={company.departments['信息客服一组'].pk}"))
    assert [series.name for series in two.series] == ["信息客服一组", "你范围内全体"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("state=missing&department=%(team)s", {"K1001", "K2034", "K2053"}), ("state=exempt", {"K2055"}), ("q=linx", {"K2031"}),
        ("q=K203&state=known", {"K2031", "K2032", "K2033"}), (f"policy={STARS}&mark=5", {"K2052"}), ("mark=A", set()),
        ("department=999999", set()), ("mark=٣", set()),
    ],
)  # fmt: skip
def test_a_filter_narrows_the_table(company: Company, asked: str, found: set[str]) -> None:
    shown = page(company, asked=asked % {"team": company.departments["信息客服一组"].pk})
    assert set(lines(shown.bands())) == found
    assert shown.page_obj.paginator.count == len(found)


def test_a_quarter_shows_its_months_and_the_team(company: Company) -> None:
    shown = page(company, asked=f"period=2026-Q3&policy={CARD}")
    (band,) = shown.bands()
    assert band.team is not None
    assert (band.team.total, band.team_cases) == (Decimal("91.50"), ["团队建设基金"])
    line = lines([band])["K2031"]
    assert (line.result.total, [cell.value for cell in line.cells]) == (92, [90, 90, 90])


def test_what_stands_is_provisional_until_the_month_is_sealed(company: Company, visitor: Visitor) -> None:
    state = page(company).state
    assert state is not None
    assert state.of_record
    september = visitor("hr", "zh-hans").get(f"{BOARD}?period=2026-09").content.decode()
    assert "暂定：本月尚未封账" in september
    assert "暂定：" not in visitor("hr", "zh-hans").get(BOARD).content.decode()


@pytest.mark.parametrize(
    ("who", "unseen", "seen"),
    [("K1001", {"K1000", "K1001", "K1002"}, 8), ("hr-two", {"K2031"}, 1), ("K1000", {"K2052"}, 11), ("gm", set(), 11)],
)
def test_each_reader_finds_those_whom_they_look_after(company: Company, who: str, unseen: set[str], seen: int) -> None:
    found = lines(page(company, who, f"policy={CARD}").bands())
    assert not unseen & set(found)
    assert len(found) == seen


def test_a_teams_result_is_told_to_whoever_leads_all_of_it(company: Company) -> None:
    asked = f"period=2026-Q3&policy={CARD}"
    assert page(company, "K1001", asked).board.teams()
    assert not page(company, "K1002", asked).board.teams()
    company.people["K2034"].supervisor_periods.update(supervisor=company.people["K1002"])
    assert not page(company, "K1001", asked).board.teams()


def test_a_period_that_is_none_and_a_person_out_of_scope_do_not_exist(visitor: Visitor) -> None:
    assert visitor("hr").get(BOARD, {"period": "2026-13"}).status_code == 404
    assert visitor("hr").get(f"{BOARD}person/", {"period": "2026-01", "person": "K2031"}).status_code == 404
    assert visitor("hr-two").get(f"{BOARD}person/", {"period": "2026-10", "person": "K2031"}).status_code == 404


def test_one_persons_month_is_told_item_by_item_with_what_it_rests_on(visitor: Visitor) -> None:
    body = visitor("hr", "zh-hans").get(f"{BOARD}person/", {"period": "2026-10", "person": "K2031"}).content.decode()
    for words in ("业务知识", "80 分", "部门第 3 名", "不是 100 分", 'data-v="90"'):
        assert words in body
    assert 'data-why="缺' in visitor("hr", "zh-hans").get(
        f"{BOARD}person/", {"period": "2026-10", "person": "K2034"}, headers={"HX-Request": "true"}
    ).content.decode().replace("缺失", "缺")  # fmt: skip
    quarter = visitor("hr", "zh-hans").get(f"{BOARD}person/", {"period": "2026-Q3", "person": "K2031"})
    assert "2026-08" in quarter.content.decode()


def test_the_file_holds_what_the_list_shows_and_calculates_nothing(company: Company, visitor: Visitor) -> None:
    company.people["K2031"].name = "=1+1"
    company.people["K2031"].save()
    answer = visitor("hr", "zh-hans").get(f"{BOARD}export/", {"q": "K203"})
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).worksheets[0]  # type: ignore[attr-defined]
    note, head, *rows = sheet.iter_rows(values_only=True)
    assert "正式" in str(note[0])
    assert "不是 100 分" in str(note[1])
    by_no = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert set(by_no) == {"K2031", "K2032", "K2033", "K2034"}
    assert by_no["K2031"]["姓名"] == "=1+1"
    assert sheet.cell(5, 2).data_type == "s"
    assert (by_no["K2031"]["总分"], by_no["K2031"]["满分"], by_no["K2031"]["名次"]) == (90, 95, 3)
    assert (by_no["K2034"]["总分"], by_no["K2034"]["处理速度"], by_no["K2034"]["应由谁补报"]) == (None, "缺失", "周岚")


def test_nobody_finds_pay_there(company: Company, visitor: Visitor) -> None:
    PayRecord.objects.create(employee=company.people["K2031"], starts_on=TODAY, base=Decimal("98765.43"))
    secret = amounts("pay", [Decimal("98765.43")], ())
    for who, path in (
        ("hr", BOARD), ("K1001", TEAM), ("hr", f"{BOARD}person/?period=2026-10&person=K2031"), ("hr", f"{BOARD}export/"),
    ):  # fmt: skip
        found = told_by(visitor(who).get(path))
        assert "K2031" in found
        assert not [text for text in secret.texts if text in found]


def count(visitor: Visitor, who: str, path: str) -> int:
    client = visitor(who)
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


PAGES = [
    (who, f"{path}{asked}")
    for who, path in (("hr", BOARD), ("hr-two", BOARD), ("K1001", TEAM), ("K1000", TEAM))
    for asked in ("", "?period=2026-Q3", "?period=2026-10&state=known&q=k")
]


def test_a_page_takes_the_same_few_queries_however_many_people_there_are(company: Company, visitor: Visitor) -> None:
    few = {case: count(visitor, *case) for case in PAGES}
    (pattern,) = Result.objects.filter(employee=company.people["K2032"], policy=CARD, month=MONTH)
    for n in range(30):
        department = company.departments["信息客服二组" if n % 2 else "信息客服一组"]
        pattern.pk, pattern.department = None, department
        pattern.employee = company.hire(f"Z{n:03}", f"新人{n}", f"xinren{n}", department=department.name)
        pattern.save(force_insert=True)
    many = {case: count(visitor, *case) for case in PAGES}
    assert many == few
    assert max(many.values()) <= 12, many
