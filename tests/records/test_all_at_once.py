"""Every fault of a file is told at once: one row, cell or sheet hides none of another."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from assessment.models import AssessmentMonth
from staff.kernel.periods import Month
from staff.models import Absence, Employee
from tests.records.test_hostile import VALUES, book
from tests.records.world import Files

STAFF = "employee_no,name,department,hired_on,left_on,supervisor_no\n"


@pytest.fixture
def sealed(company: Files) -> Files:
    AssessmentMonth.objects.create(
        month=Month.parse("2026-09"), state="sealed", sealed_at=timezone.now(), digest="d" * 64
    )
    return company


def test_people(company: Files) -> None:
    text = STAFF + (
        "N1,甲,客服部,2024-01-01,2023-01-01,\n"
        "N2,乙,无此部,2024-01-01,2023-01-01,\n"
        "N3,丙,客服部,2024-13-01,2023-01-01,K9\n"
        "K1,王芳,客服部,2024-01-15,,K2\n"
        "K2,李雷,客服部,2020-03-01,,K1\n"
    )
    found = company.faults("staff.csv", text)
    assert [(line, column) for line, column, _message in found] == [
        (2, 5), (3, 3), (3, 5), (4, 4), (4, 6), (6, 6)
    ]  # fmt: skip
    assert found[2][2] == "left_on 2023-01-01 lies before hired_on 2024-01-01"
    assert found[-1][2] == "K2 would be their own supervisor, directly or through others"


def test_a_ring_is_not_made_of_what_an_unread_row_may_change(company: Files) -> None:
    """K2 leads K1 as it is stored; the row that may end that cannot be read."""
    text = STAFF + "K1,王芳,客服部,2024-01-15,\nK2,李雷,客服部,2020-03-01,,K1\n"
    assert company.places("staff.csv", text) == [(2, 5)]
    text = STAFF + "K1,王芳,客服部,2024-01-15,,K9\nK2,李雷,客服部,2020-03-01,,K1\n"
    assert company.places("staff.csv", text) == [(2, 6)]


def test_departments(company: Files) -> None:
    company.taken("departments.csv", "department,parent\n丁,总部\n戊,丁\n")
    text = f"department,parent\n{'x' * 301},总部\n甲,无此部\n乙,丙\n丙,乙\n己,{'x' * 301}\n庚,己\n总部//辛,总部\n"
    assert company.places("departments.csv", text) == [(2, 1), (3, 2), (4, 2), (5, 2), (6, 2), (8, 1)]
    # what is stored may be what the bad row moves: 丁 out of the way of 戊
    text = f"department,parent\n丁,{'x' * 301}\n丁二,\n丁,戊\n"
    assert (3, 2) not in company.places("departments.csv", text)
    assert company.places("departments.csv", f"department,parent\n戊,{'x' * 301}\n丁,戊\n") == [(2, 2)]


def test_absences(sealed: Files) -> None:
    head = "employee_no,first_day,last_day,kind\n"
    text = head + (
        "K1,2026-08-01,2026-07-01,sick\n"
        "K9,2026-08-01,2026-07-01,sick\n"
        "K2,2026-09-01,2026-09-30,sick\n"
        "K3,2026-08-01,2026-08-02,holiday\n"
    )
    assert sealed.places("absences.csv", text) == [(2, 3), (3, 1), (3, 3), (4, 2), (5, 4)]
    # days in the wrong order, beside a sealed month
    assert sealed.places("absences.csv", head + "K1,2026-09-20,2026-09-02,sick\n") == [(2, 3)]
    assert not Absence.objects.exists()


def test_events(sealed: Files) -> None:
    head = "event_no,employee_no,date,kind,status,quantity\n"
    text = head + (
        "E1,K1,2026-08-01,praise,passed,\n"
        "E2,K9,2026-08-01,praise,passed,\n"
        "E3,K1,2026-09-05,praise,,x\n"
        "E4,K1,2026-09-31,praise,,\n"
    )
    assert sealed.places("events.csv", text) == [(2, 5), (3, 2), (3, 5), (4, 3), (4, 6), (5, 3)]


def test_values(sealed: Files) -> None:
    text = VALUES + "K1,2026-09,sales,1\nK1,2026-08,sales,-1\nK9,2026-08,sales,1\nK2,2026-09,sales,x\n"
    assert sealed.places("values.csv", text) == [(2, 2), (3, 4), (4, 1), (5, 4)]


def test_a_sheet_that_is_no_table_hides_none_of_another(company: Files) -> None:
    values = [VALUES.strip().split(","), ["K1", "2026-13", "sales", 1], ["K9", "2026-08", "sales", 1]]
    found = company.load("book.xlsx", book(notes=[["x"]], values=values)).faults
    assert [(fault.file.partition("[")[2], fault.line, fault.column) for fault in found] == [
        ("notes]", 1, 1), ("values]", 2, 2), ("values]", 3, 1)
    ]  # fmt: skip


def test_what_another_file_brings_is_not_told_as_missing(company: Files) -> None:
    """The file with a fault of its own is read again once the other is in."""
    from staff.actions.records_load import load_records
    from tests.records.world import operator

    first = company.write("staff.csv", STAFF + "N1,甲,客服部,2024-01-01,2023-01-01,N2\n")
    second = company.write("staff-2.csv", STAFF + "N2,乙,客服部,2024-01-01,,\n")
    reports = load_records(paths=[first, second], access=operator(date(2026, 11, 10)))
    assert {report.file: [fault.column for fault in report.faults] for report in reports} == {
        str(first): [5],
        str(second): [],
    }
    assert Employee.objects.filter(employee_no="N2").exists()
