"""Monthly values and items."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assessment.models import AssessmentMonth, EmployeeMonth, ItemAssessor, Metric
from staff.kernel.periods import Month
from tests.records.world import Files, marks

HEAD = "employee_no,month,metric,value\n"


def value(no: str, month: str, metric: str) -> Decimal | None:
    row = EmployeeMonth.objects.filter(employee__employee_no=no, month=Month.parse(month)).first()
    return getattr(row, f"s{Metric.objects.get(key=metric).slot}") if row else None


def test_values_of_several_metrics_share_a_row_and_other_metrics_stay(company: Files) -> None:
    company.taken("values.csv", HEAD + "K1,2026-09,excellent_cases,3\nK1,2026-09,客户满意度,98.5\n")
    report = company.taken(
        "values-2026-09.csv", "数值,工号,指标,月份\n4,K1,优秀发布案例,2026-09\n0,K1,在线核心词数,2026/9\n"
    )
    assert (report.tables[0].added, report.tables[0].changed, report.tables[0].unchanged) == (1, 1, 0)
    assert [value("K1", "2026-09", m) for m in ("excellent_cases", "satisfaction_rate", "keywords_online")] == [
        4,
        Decimal("98.5"),
        0,
    ]
    assert EmployeeMonth.objects.count() == 1


def test_the_same_file_twice_writes_nothing(company: Files) -> None:
    text = HEAD + "K1,2026-09,excellent_cases,3\nK1,2026-10,excellent_cases,0\nK2,2026-10,satisfaction_rate,90.50\n"
    company.taken("values.csv", text)
    before = marks()
    table = company.taken("values.csv", text).tables[0]
    assert (table.rows, table.added, table.changed, table.unchanged) == (3, 0, 0, 3)
    assert marks() == before


def test_identical_rows_twice_are_one_and_different_ones_are_refused(company: Files) -> None:
    table = company.taken("values.csv", HEAD + "K1,2026-09,excellent_cases,3\nK1,2026-09,优秀发布案例,3.0\n").tables[0]
    assert (table.rows, table.added, table.unchanged) == (2, 1, 1)
    found = company.faults("values.csv", HEAD + "K1,2026-09,excellent_cases,3\nK1,2026-09,excellent_cases,4\n")
    assert found == [(3, 3, "the same key stands in line 2 with other values; keep one of them")]


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "NaN",
        "1e400",
        "Infinity",
        "９８",
        "٣",
        "1,5",
        "98%",
        "--1",
        "0x1F",
        "1_000",
        "5.",
        ".5",
        "一",
        "1" * 500,
        "1" * 16,
        "1.23",
    ],
)
def test_what_is_no_number_is_a_fault_at_its_place(company: Files, cell: str) -> None:
    written = f'"{cell}"' if "," in cell else cell
    assert company.places(
        "values.csv", HEAD + f"K1,2026-08,satisfaction_rate,1.5\nK1,2026-09,excellent_cases,{written}\n"
    ) == [(3, 4)]
    assert EmployeeMonth.objects.count() == 0


@pytest.mark.parametrize(
    "cell", ["2026-13", "2026-00", "26-09", "2026-9", "202609", "２０２６-09", "1899-12", "2200-01", "2026-09-01", ""]
)
def test_what_is_no_month_is_a_fault(company: Files, cell: str) -> None:
    assert company.places("values.csv", HEAD + f"K1,{cell},excellent_cases,3\n") == [(2, 2)]


def test_bounds_and_decimals_are_the_catalogues(company: Files) -> None:
    found = company.faults(
        "values.csv",
        HEAD
        + "K1,2026-09,satisfaction_rate,100\nK1,2026-08,satisfaction_rate,100.01\nK1,2026-07,collection_rate,250\n"
        + "K1,2026-09,excellent_cases,-1\nK1,2026-08,excellent_cases,1.5\nK1,2026-07,excellent_cases,2.0\n",
    )
    assert [(line, column) for line, column, _m in found] == [(3, 4), (5, 4), (6, 4)]
    assert "expected 0 … 100" in found[0][2]
    assert "keeps 0 decimals" in found[2][2]


def test_every_fault_of_a_file_is_told_at_once(company: Files) -> None:
    found = company.places(
        "values.csv",
        HEAD + "K9,2026-09,excellent_cases,3\nK1,2026-9,sales_target,x\n,2026-10,excellent_cases,1\nK1,2026-10\n",
    )
    assert found == [(2, 1), (3, 2), (3, 3), (3, 4), (4, 1), (5, 2)]


def test_a_sealed_month_takes_what_it_has_and_nothing_else(company: Files) -> None:
    company.taken("values.csv", HEAD + "K1,2026-09,excellent_cases,3\n")
    seal("2026-09")
    assert company.taken("values.csv", HEAD + "K1,2026-09,excellent_cases,3\n").tables[0].unchanged == 1
    found = company.faults(
        "values.csv", HEAD + "K1,2026-10,excellent_cases,1\nK1,2026-09,excellent_cases,4\nK2,2026-09,sales,1\n"
    )
    assert [(line, column) for line, column, _m in found] == [(3, 2), (4, 2)]
    assert "2026-09 is sealed" in found[0][2]
    assert value("K1", "2026-10", "excellent_cases") is None


def test_values_outside_employment_are_kept_and_listed(company: Files) -> None:
    table = company.taken(
        "values.csv",
        HEAD
        + "K1,2023-12,excellent_cases,1\nK1,2024-01,excellent_cases,1\nK3,2026-06,excellent_cases,1\nK3,2026-07,sales,1\n",
    ).tables[0]
    assert [(w.line, w.column) for w in table.warnings] == [(2, 1), (5, 1)]
    assert "hired 2021-05-01, last day 2026-06-30" in table.warnings[1].message
    assert value("K3", "2026-07", "sales") == 1


def test_a_scorecard_item_is_no_value(company: Files) -> None:
    [(line, column, message)] = company.faults("values.csv", HEAD + "K1,2026-09,overtime,1\n")
    assert (line, column) == (2, 3)
    assert message.startswith("metric `overtime`: expected one of: excellent_cases (优秀发布案例)")


def test_headers_without_rows_are_valid_and_a_missing_column_is_not(company: Files) -> None:
    assert company.taken("values.csv", HEAD).tables[0].rows == 0
    [(line, column, message)] = company.faults("values.csv", "employee_no,month,metric\nK1,2026-09,sales\n")
    assert (line, column, message) == (1, 1, "the column value (数值) is missing")


def test_items_keep_their_assessor(company: Files) -> None:
    head = "employee_no,month,item,value,assessor_no\n"
    company.taken("items.csv", head + "K1,2026-09,overtime,1,K2\nK1,2026-09,knowledge,92.5,\n")
    assert value("K1", "2026-09", "knowledge") == Decimal("92.5")
    assert [a.assessor.employee_no for a in ItemAssessor.objects.all()] == ["K2"]
    # a column left out keeps what is stored
    assert company.taken("items.csv", "employee_no,month,item,value\nK1,2026-09,加班,1\n").tables[0].unchanged == 1
    before = marks()
    table = company.taken("items.csv", head + "K1,2026-09,overtime,1,K3\nK1,2026-09,knowledge,92.5,K2\n").tables[0]
    assert (table.added, table.changed) == (0, 2)
    assert sorted(a.assessor.employee_no for a in ItemAssessor.objects.all()) == ["K2", "K3"]
    assert company.taken("items.csv", head + "K1,2026-09,overtime,1,\n").tables[0].changed == 1
    assert [a.assessor.employee_no for a in ItemAssessor.objects.all()] == ["K2"]
    # who assessed is no number: it touches nobody's judgement
    assert marks()["staff_touch"][0] == before["staff_touch"][0]


def seal(month: str) -> None:
    from django.utils import timezone

    AssessmentMonth.objects.create(month=Month.parse(month), state="sealed", sealed_at=timezone.now(), digest="d" * 64)


def test_without_a_lowest_value_it_is_zero(company: Files) -> None:
    """The sweep reckons with 0 for a month that is missing."""
    Metric.objects.filter(key="sales").update(lowest=None)
    found = company.faults("values.csv", HEAD + "K1,2026-09,sales,-0.01\nK2,2026-09,sales,0\n")
    assert found == [(2, 4, "value -0.01 of sales is out of bounds; expected 0 … ∞")]
