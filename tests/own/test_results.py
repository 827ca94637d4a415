"""What people read about what their months came to, and who else reads it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment.actions.results_assess import assess_month
from assessment.models import Result
from policy.actions.policy_adopt import adopt
from tests.kept import kept
from tests.web.company import MONTH, TODAY, Company, make_company
from tests.web.conftest import Visitor
from tests.web.test_standing import words

OWN = "/my/results/"
#: Six of one team, of whom five come to something in October.
TEAM = ("K2031", "K2032", "K2033", "K2034", "K2041", "K2042")


def scored(company: Company) -> None:
    adopt(
        access=company.access, key="score-pay", department=company.departments["信息客服部"],
        starts_on=(MONTH - 2).first_day,
    )  # fmt: skip
    for at, no in enumerate(TEAM):
        for back in range(2):
            month = str(MONTH - back)
            reported = {"calls_answered": 400, "calls_satisfied": 240 + at, "calls_unrated": 40, "attendance": at % 2}
            for key, value in reported.items():
                company.values(no, key, {month: value})
            if (no, back) != ("K2042", 0):
                company.values(no, "daily", {month: 50 + at - back})


def make_house() -> Company:
    company = make_company(scored)
    assess_month(access=company.access, month=MONTH)
    return company


house = kept(make_house, TODAY)


def test_the_latest_month_says_points_of_full_marks_and_how_each_came_about(visitor: Visitor) -> None:
    text = words(visitor("K2031", "zh-hans"), OWN)
    assert "2026-10 考核结果 87.5 / 100 分" in text
    assert "部门第 3 名，共 5 人" in text
    assert "满意量 240 个" in text
    assert "(满意量 240 个 + 未评价量 40 个) ÷ 接听量 400 个 ÷ 80%" in text
    assert "17.5 / 20" in text
    assert "上月 49 +1" in text


def test_a_sealed_months_median_stands_beside_and_says_of_whom_it_is(visitor: Visitor) -> None:
    text = words(visitor("K2031"), OWN)
    assert "median of the department" in text
    assert "the 5 people of the department who have a result by the same policy" in text
    earlier = words(visitor("K2031"), f"{OWN}?month=2026-09")
    assert "median of the department 8" not in earlier
    assert "follows when the month is sealed" in earlier
    assert "provisional" in earlier


def test_what_waits_for_data_says_what_for_and_that_the_month_is_sealed_without_it(visitor: Visitor) -> None:
    text = words(visitor("K2042"), OWN)
    assert "Not reported: daily work." in text
    assert "sealed without it" in text


def test_an_exempt_month_has_no_result_and_leads_to_the_reason(visitor: Visitor) -> None:
    text = words(visitor("K2055"), OWN)
    assert "does not count for you" in text
    assert "place" not in text


def test_what_pay_rests_on_it_is_said_without_an_amount(visitor: Visitor) -> None:
    assert "固定工资 × 15% × 总分 ÷ 100" in words(visitor("K2031", "zh-hans"), OWN)


def test_whoever_has_never_been_assessed_has_no_entry_in_the_navigation(visitor: Visitor) -> None:
    assert 'href="/my/results/"' in visitor("K2031").get("/my/months/").content.decode()
    page = visitor("K2052").get("/my/months/").content.decode()
    assert 'href="/my/results/"' not in page
    assert "There is no result yet" in words(visitor("K2052"), OWN)


def test_the_months_and_the_tier_lead_to_the_results(visitor: Visitor) -> None:
    lin = visitor("K2031")
    assert "/my/results/?month=2026-10" in lin.get("/my/months/2026-10/").content.decode()
    assert "/my/results/" in lin.get("/me/").content.decode().split('class="rail"')[1]
    assert "/results/K2031/" in visitor("K1001").get("/people/K2031/").content.decode()


@pytest.mark.parametrize(
    ("reader", "status"), [("K1001", 200), ("K1000", 200), ("hr", 200), ("gm", 200), ("auditor", 200), ("K2031", 302),
                           ("K2032", 404), ("K1002", 404), ("hr-two", 404), ("payroll", 403), ("operator", 404)]
)  # fmt: skip
def test_results_are_read_by_those_who_may_read_standings(visitor: Visitor, reader: str, status: int) -> None:
    assert visitor(reader).get("/results/K2031/").status_code == status


def test_a_supervisor_reads_neither_why_a_month_is_exempt_nor_a_kind_of_absence(visitor: Visitor) -> None:
    text = words(visitor("K1001"), "/results/K2055/")
    assert "Not assessed this month" in text
    assert "maternity" not in text


@pytest.mark.parametrize("month", ["2026-13", "x", "2026-11", "2020-01"])
def test_a_month_without_a_result_is_not_there(visitor: Visitor, month: str) -> None:
    assert visitor("K2031").get(f"{OWN}?month={month}").status_code == 404


def test_the_page_takes_as_many_queries_for_many_months_as_for_two(company: Company, visitor: Visitor) -> None:
    client = visitor("K2031")
    counts = []
    for _round in range(2):
        client.get(OWN)
        with CaptureQueriesContext(connection) as queries:
            client.get(OWN)
        counts.append(len(queries))
        now = Result.objects.get(employee=company.people["K2031"], month=MONTH)
        for back in range(3 + 9 * _round, 12 + 9 * _round):
            now.pk, now.month, now.total = None, MONTH - back, Decimal(70 + back)
            now.save()
    assert counts[0] == counts[1] <= 14, counts


def test_values_doubts_and_gaps_are_called_as_the_document_calls_them(company: Company, visitor: Visitor) -> None:
    """The catalogue calls the item 出勤; the document counts “lateness, early leave and absence”."""
    lin = visitor("K2031")
    assert "lateness, early leave and absence" in words(lin, "/my/months/2026-10/")
    assert "lateness, early leave and absence" in words(lin, "/my/months/2026-11/doubt/?value=attendance")
    adopt(
        access=company.access, key="itemised-scorecard", department=company.departments["财务部"],
        starts_on=MONTH.next.first_day,
    )  # fmt: skip
    company.values("K2052", "overtime", {str(MONTH.next): 1})
    text = words(visitor("K2052", "zh-hans"), "/my/months/2026-11/")
    assert "加班" in text
    assert "是" in text.split("加班")[1][:40]
