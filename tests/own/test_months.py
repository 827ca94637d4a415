"""What a person reads about their own months: values, events, who reported them, what is missing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment.actions.item_save import save_item
from assessment.actions.values_save import save_values
from assessment.models import AssessmentMonth, EmployeeMonth, Metric, MetricKind
from staff.kernel.periods import Month
from staff.models import Account, Employee
from staff.selectors.access import access_of
from tests.web.company import Company
from tests.web.conftest import Visitor
from tests.web.test_standing import words

OCTOBER, NOVEMBER = "/my/months/2026-10/", "/my/months/2026-11/"


def test_the_list_goes_from_the_hiring_to_this_month(visitor: Visitor) -> None:
    text = words(visitor("K2042"), "/my/months/")
    assert "2026-03" in text
    assert "2026-11" in text
    assert "2026-02" not in text
    assert "2026-12" not in text


def test_a_leaver_has_no_months_after_the_last_day(visitor: Visitor) -> None:
    text = words(visitor("K2054"), "/my/months/")
    assert "2026-08" in text
    assert "2026-09" not in text


def test_a_month_says_each_value_with_its_unit_beside_the_month_before(visitor: Visitor) -> None:
    text = words(visitor("K2031", "zh-hans"), OCTOBER)
    assert "优秀发布案例" in text
    assert "0 篇" in text
    assert "1 篇 (−1)" in text


def test_what_came_with_a_file_says_so_and_what_somebody_entered_names_them(company: Company, visitor: Visitor) -> None:
    assert "with a file of records" in words(visitor("K2032"), OCTOBER)
    metric = Metric.objects.get(key="excellent_cases")
    save_values(
        access=access_of(Account.objects.get(username="K1001"), date(2026, 12, 3)), employee=company.people["K2032"],
        month=Month.parse("2026-11"), values={metric: Decimal(4)},
    )  # fmt: skip
    assert "周岚 K1001" in words(visitor("K2032"), NOVEMBER)


def test_what_a_file_changed_after_an_entry_is_not_laid_at_the_door_of_whoever_entered(
    company: Company, visitor: Visitor
) -> None:
    metric = Metric.objects.get(key="excellent_cases")
    save_values(
        access=access_of(Account.objects.get(username="K1001"), date(2026, 12, 3)), employee=company.people["K2032"],
        month=Month.parse("2026-11"), values={metric: Decimal(4)},
    )  # fmt: skip
    company.values("K2032", "excellent_cases", {"2026-11": 5})
    text = words(visitor("K2032"), NOVEMBER)
    assert "周岚" not in text
    assert "with a file of records" in text


def test_a_score_names_who_entered_it_and_who_assessed_it(company: Company, visitor: Visitor) -> None:
    item = Metric.objects.filter(kind=MetricKind.ITEM)[0]
    save_item(
        access=access_of(Account.objects.get(username="K1001"), date(2026, 12, 3)), employee=company.people["K2032"],
        month=Month.parse("2026-11"), item=item, value=Decimal(3), assessor=company.people["K1002"],
    )  # fmt: skip
    text = words(visitor("K2032"), NOVEMBER)
    assert "周岚 K1001" in text
    assert "贺宁" in text


def test_events_say_what_they_mean(company: Company, visitor: Visitor) -> None:
    company.event("K2032", "2026-11-03", "complaint", status="upheld", note="客户来电")
    company.event("K2032", "2026-11-04", "exam", subject="diamond", status="passed", quantity=91)
    text = words(visitor("K2032", "zh-hans"), NOVEMBER)
    assert "客户来电" in text
    assert "成立" in text
    assert "钻级客服" in text
    assert "91" in text


def test_a_late_finding_stands_in_the_month_of_its_day(company: Company, visitor: Visitor) -> None:
    company.event("K2032", "2026-11-01", "praise")
    company.event("K2032", "2026-06-01", "major_misconduct", status="upheld", decided_on=date(2026, 11, 5))
    assert "found on 2026-11-05" in words(visitor("K2032"), NOVEMBER)
    assert "found on" not in words(visitor("K2032"), "/my/months/2026-06/")


def test_a_sealed_month_says_that_only_a_correction_changes_it(visitor: Visitor) -> None:
    assert "a correction, which HR makes" in words(visitor("K2031"), OCTOBER)


def test_a_month_under_way_says_that_it_is_not_over(visitor: Visitor) -> None:
    assert "The month is not over." in words(visitor("K2031"), NOVEMBER)


def test_what_is_missing_names_who_owes_it_and_until_when(company: Company, visitor: Visitor) -> None:
    text = words(visitor("K2033"), "/my/months/2026-09/")
    assert "not reported is" in text
    assert "周岚, your supervisor, owes it by 2026-10-10" in text


def test_an_exempt_month_tells_the_person_why(visitor: Visitor) -> None:
    text = words(visitor("K2055"), OCTOBER)
    assert "neither helps nor harms" in text
    assert "maternity leave 2026-05-01 – 2026-10-31" in text
    assert "not reported is" not in text


@pytest.mark.parametrize("month", ["2024-06", "2026-12", "2026-13", "x", "２０２６-10"])
def test_a_month_in_which_one_did_not_work_is_not_there(visitor: Visitor, month: str) -> None:
    assert visitor("K2031").get(f"/my/months/{month}/").status_code == 404


@pytest.mark.parametrize("path", ["/my/months/", OCTOBER])
def test_an_account_without_an_employee_has_no_months(visitor: Visitor, path: str) -> None:
    assert visitor("hr").get(path).headers["Location"] == "/"


def test_a_supervisor_reads_only_their_own_there(company: Company, visitor: Visitor) -> None:
    company.event("K2031", "2026-11-09", "praise", note="不该看见")
    assert "不该看见" not in words(visitor("K1001"), NOVEMBER)


def test_the_list_takes_as_many_queries_for_a_year_as_for_a_month(company: Company, visitor: Visitor) -> None:
    AssessmentMonth.objects.filter(month=Month.parse("2026-09")).delete()
    counts = []
    for who in ("K2051", "K2031"):
        client = visitor(who)
        client.get("/my/months/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/my/months/")
        counts.append(len(queries))
    assert counts[1] <= 12, counts


def test_a_month_takes_as_many_queries_for_many_values_as_for_one(company: Company, visitor: Visitor) -> None:
    client = visitor("K2032")
    counts = []
    for _round in range(2):
        client.get(NOVEMBER)
        with CaptureQueriesContext(connection) as queries:
            client.get(NOVEMBER)
        counts.append(len(queries))
        for metric in Metric.objects.filter(kind="value")[:6]:
            EmployeeMonth.objects.update_or_create(
                employee=Employee.objects.get(employee_no="K2032"), month=Month.parse("2026-11"),
                defaults={f"s{metric.slot}": 1},
            )  # fmt: skip
        for day in range(1, 8):
            company.event("K2032", f"2026-11-0{day}", "praise")
    print(counts)
    assert counts[1] <= 16
