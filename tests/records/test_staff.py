"""People: master data, and since when they are where."""

from __future__ import annotations

from datetime import date

import pytest

from staff.models import Employee
from tests.records.world import TODAY, Files, marks, operator, rows

HEAD = "employee_no,name,department,hired_on\n"


def placements(no: str, what: str = "department") -> list[tuple[str, str, str]]:
    if what == "department":
        found = rows(
            "SELECT d.name, lower(p.period)::text, coalesce(upper(p.period)::text, '') FROM staff_departmentperiod p "
            "JOIN staff_department d ON d.id = p.department_id JOIN staff_employee e ON e.id = p.employee_id "
            "WHERE e.employee_no = %s ORDER BY p.period",
            no,
        )
    else:
        found = rows(
            "SELECT s.employee_no, lower(p.period)::text, coalesce(upper(p.period)::text, '') FROM staff_supervisorperiod p "
            "JOIN staff_employee s ON s.id = p.supervisor_id JOIN staff_employee e ON e.id = p.employee_id "
            "WHERE e.employee_no = %s ORDER BY p.period",
            no,
        )
    return found


@pytest.mark.parametrize(("number", "ok"), [("..", False), (".", False), ("K/../1", False), ("K//1", False), ("/K", False),
                                            ("K/1", True), ("K..1", True)])  # fmt: skip
def test_a_number_whose_page_no_address_leads_to_is_refused(company: Files, number: str, ok: bool) -> None:
    text = HEAD + f"{number},单于飞,客服部,2024-02-15\n"
    if ok:
        company.taken("staff.csv", text)
    else:
        ((line, column, message),) = company.faults("staff.csv", text)
        assert (line, column) == (2, 1)
        assert number in message


def test_a_first_load_places_people_from_their_hiring(company: Files) -> None:
    text = "employee_no,name,department,hired_on,supervisor_no\nK9,单于飞,总部/客服部,2024-02-15,K2\n"
    assert company.taken("staff.csv", text).tables[0].added == 1
    assert placements("K9") == [("客服部", "2024-02-15", "")]
    assert placements("K9", "supervisor") == [("K2", "2024-02-15", "")]
    assert Employee.objects.get(employee_no="K9").pinyin == "chanyufei cyf"


def test_a_changed_department_begins_on_the_day_of_the_load(company: Files) -> None:
    company.taken("staff.csv", HEAD + "K1,王芳,售后部,2024-01-15\n")
    assert placements("K1") == [("客服部", "2024-01-15", "2026-11-10"), ("售后部", "2026-11-10", "")]
    before = marks()
    assert (
        company.taken("staff.csv", HEAD + "K1,王芳,售后部,2024-01-15\n", access=operator(date(2027, 1, 1)))
        .tables[0]
        .unchanged
        == 1
    )
    assert marks() == before


def test_a_stated_day_of_a_change_holds_and_moves(company: Files) -> None:
    head = "employee_no,name,department,hired_on,department_since\n"
    company.taken("staff.csv", head + "K1,王芳,售后部,2024-01-15,2026-03-01\n")
    assert placements("K1") == [("客服部", "2024-01-15", "2026-03-01"), ("售后部", "2026-03-01", "")]
    company.taken("staff.csv", head + "K1,王芳,售后部,2024-01-15,2026-05-01\n")
    assert placements("K1") == [("客服部", "2024-01-15", "2026-05-01"), ("售后部", "2026-05-01", "")]
    company.taken("staff.csv", head + "K1,王芳,售后部,2024-01-15,2026-02-01\n")
    assert placements("K1") == [("客服部", "2024-01-15", "2026-02-01"), ("售后部", "2026-02-01", "")]
    # an empty cell says nothing of the day
    assert company.taken("staff.csv", head + "K1,王芳,售后部,2024-01-15,\n").tables[0].unchanged == 1


def test_a_change_may_be_stated_for_a_later_day(company: Files) -> None:
    head = "employee_no,name,department,hired_on,department_since\n"
    text = head + "K1,王芳,售后部,2024-01-15,2027-01-01\n"
    company.taken("staff.csv", text)
    assert placements("K1") == [("客服部", "2024-01-15", "2027-01-01"), ("售后部", "2027-01-01", "")]
    before = marks()
    assert company.taken("staff.csv", text).tables[0].unchanged == 1
    # what holds today is not the later department, and a change today lasts until then
    company.taken("staff.csv", HEAD + "K1,王芳,总部,2024-01-15\n")
    assert placements("K1") == [
        ("客服部", "2024-01-15", "2026-11-10"),
        ("总部", "2026-11-10", "2027-01-01"),
        ("售后部", "2027-01-01", ""),
    ]
    assert marks() != before


def test_a_hiring_after_a_recorded_change_is_refused(company: Files) -> None:
    company.taken("staff.csv", "employee_no,department,department_since\nK1,售后部,2027-01-01\n")
    found = company.faults("staff.csv", "employee_no,hired_on\nK1,2027-02-01\n")
    assert found == [(2, 1, "from 2027-02-01 on: a change on 2027-01-01 is recorded already; name a day before it")]


def test_a_supervisor_changes_and_goes(company: Files) -> None:
    head = "employee_no,supervisor_no\n"
    company.taken("staff.csv", head + "K1,K3\n")
    assert placements("K1", "supervisor") == [("K2", "2024-01-15", "2026-11-10"), ("K3", "2026-11-10", "")]
    company.taken("staff.csv", head + "K1,\n", access=operator(date(2026, 12, 1)))
    assert placements("K1", "supervisor") == [("K2", "2024-01-15", "2026-11-10"), ("K3", "2026-11-10", "2026-12-01")]
    before = marks()
    assert company.taken("staff.csv", head + "K1,\n", access=operator(date(2026, 12, 9))).tables[0].unchanged == 1
    assert marks() == before


@pytest.mark.parametrize("hired", ["2023-05-02", "2024-06-01"])
def test_the_first_placement_moves_with_the_hiring(company: Files, hired: str) -> None:
    company.taken("staff.csv", HEAD + f"K1,王芳,客服部,{hired}\n")
    assert placements("K1") == [("客服部", hired, "")]
    assert placements("K1", "supervisor") == [("K2", hired, "")]


@pytest.mark.parametrize(
    ("hired", "expected"),
    [
        ("2023-05-02", [("客服部", "2023-05-02", "2026-03-01"), ("售后部", "2026-03-01", "")]),
        ("2026-02-01", [("客服部", "2026-02-01", "2026-03-01"), ("售后部", "2026-03-01", "")]),
        ("2026-03-01", [("售后部", "2026-03-01", "")]),
    ],
)
def test_of_two_placements_the_first_one_moves(
    company: Files, hired: str, expected: list[tuple[str, str, str]]
) -> None:
    company.taken("staff.csv", "employee_no,department,department_since\nK1,售后部,2026-03-01\n")
    company.taken("staff.csv", HEAD + f"K1,王芳,售后部,{hired}\n")
    assert placements("K1") == expected


def test_a_column_left_out_keeps_and_an_empty_cell_clears(company: Files) -> None:
    company.taken(
        "staff.csv", "employee_no,position,birth_date,email,left_on\nK1,客服,1999-09-09,k1@example.com,2027-01-31\n"
    )
    company.taken("staff.csv", "employee_no,name\nK1,王芳芳\n")
    person = Employee.objects.get(employee_no="K1")
    assert (person.name, person.position, person.email, person.pinyin) == (
        "王芳芳",
        "客服",
        "k1@example.com",
        "wangfangfang wff",
    )
    company.taken("staff.csv", "employee_no,position,birth_date,email,left_on\nK1,,,,\n")
    person.refresh_from_db()
    assert (person.position, person.birth_date, person.email, person.left_on) == ("", None, "", None)


def test_new_people_need_every_needed_column(company: Files) -> None:
    found = company.faults("staff.csv", "employee_no,name\nK1,王芳\nK9,新人\n")
    assert [(line, message) for line, _column, message in found] == [
        (3, "a new row needs the column department (部门)"),
        (3, "a new row needs the column hired_on (入职日期)"),
    ]
    assert company.places("staff.csv", HEAD + "K9,,客服部,2024-01-01\nK8,甲,,2024-01-01\nK7,乙,客服部,\n") == [
        (2, 2),
        (3, 3),
        (4, 4),
    ]


def test_days_that_must_be_in_order(company: Files) -> None:
    found = company.faults(
        "staff.csv",
        "employee_no,name,department,hired_on,left_on\nK9,甲,客服部,2024-02-02,2024-02-01\nK1,王芳,客服部,2024-01-15,2024-01-15\n",
    )
    assert found == [(2, 5, "left_on 2024-02-01 lies before hired_on 2024-02-02")]
    # one of the two may be stored
    assert company.places("staff.csv", "employee_no,left_on\nK1,2024-01-14\n") == [(2, 2)]
    assert company.places("staff.csv", "employee_no,hired_on\nK3,2026-07-01\n") == [(2, 2)]


@pytest.mark.parametrize(
    "day",
    [
        "2026-02-30",
        "2026-2-3",
        "20260203",
        "２０２６-02-03",
        "1899-12-31",
        "2200-01-01",
        "0000-01-01",
        "today",
        "2026/13/1",
    ],
)
def test_what_is_no_day_is_a_fault(company: Files, day: str) -> None:
    assert company.places("staff.csv", HEAD + f"K1,王芳,客服部,{day}\n") == [(2, 4)]


def test_days_as_spreadsheets_write_them_are_taken(company: Files) -> None:
    company.taken("员工 2026.csv", "工号,姓名,部门,入职日期,转正日期\nK1,王芳,客服部,2024/1/5,2024/04/05\n")
    person = Employee.objects.get(employee_no="K1")
    assert (person.hired_on, person.regularised_on) == (date(2024, 1, 5), date(2024, 4, 5))


def test_odd_days_are_kept_and_listed(company: Files) -> None:
    table = company.taken(
        "staff.csv",
        "employee_no,name,department,hired_on,regularised_on,post_since\nK9,甲,客服部,2024-01-01,2023-12-31,2023-01-01\n",
    ).tables[0]
    assert [(w.line, w.column, w.message) for w in table.warnings] == [
        (2, 5, "2023-12-31 lies before the day of hiring: kept"),
        (2, 6, "2023-01-01 lies before the day of hiring: kept"),
    ]


def test_a_ring_of_supervisors_is_refused_at_each_of_its_rows(company: Files) -> None:
    head = "employee_no,name,department,hired_on,supervisor_no\n"
    found = company.faults(
        "staff.csv",
        head
        + "A,甲,客服部,2024-01-01,B\nB,乙,客服部,2024-01-01,C\nC,丙,客服部,2024-01-01,A\nD,丁,客服部,2024-01-01,A\n",
    )
    assert [(line, column) for line, column, _m in found] == [(2, 5), (3, 5), (4, 5)]
    assert company.places("staff.csv", head + "A,甲,客服部,2024-01-01,A\n") == [(2, 5)]
    # closed over somebody who is not in the file
    assert company.places("staff.csv", "employee_no,supervisor_no\nK2,K1\n") == [(2, 2)]
    company.taken("staff.csv", "employee_no,supervisor_no\nK2,K1\nK1,\n")
    assert placements("K2", "supervisor") == [("K1", TODAY.isoformat(), "")]


def test_people_may_lead_each_other_within_one_file_in_any_order(company: Files) -> None:
    company.taken(
        "staff.csv",
        "employee_no,name,department,hired_on,supervisor_no\nA,甲,客服部,2024-01-01,B\nB,乙,客服部,2024-01-01,K2\n",
    )
    assert placements("A", "supervisor") == [("B", "2024-01-01", "")]
    [(line, column, message)] = company.faults("staff.csv", "employee_no,supervisor_no\nK1,K77\n")
    assert (line, column, message) == (
        2,
        2,
        "supervisor_no `K77`: there is no such employee; load the person in `staff` first",
    )


def test_long_texts_and_odd_addresses_are_faults(company: Files) -> None:
    head = "employee_no,name,department,hired_on,email\n"
    assert company.places(
        "staff.csv", head + f"{'9' * 41},甲,客服部,2024-01-01,\nK8,{'甲' * 101},客服部,2024-01-01,nobody\n"
    ) == [
        (2, 1),
        (3, 2),
        (3, 5),
    ]


@pytest.mark.parametrize("address", ["张@公司..cn", "a@b..cn", "a@-b.cn", "a..b@c.cn", "a@b.c"])
def test_an_address_that_no_mail_reaches_is_a_fault(company: Files, address: str) -> None:
    (fault,) = company.faults("staff.csv", f"employee_no,email\nK1,{address}\n")
    assert fault == (2, 2, f"email `{address}`: expected an address such as name@example.com")
    company.taken("staff.csv", "employee_no,email\nK1,zhang.san@公司.cn\n")


def test_a_future_hire_reloads_without_change(company: Files) -> None:
    text = "employee_no,name,department,hired_on,supervisor_no\nK9,甲,客服部,2027-02-01,K2\n"
    company.taken("staff.csv", text)
    before = marks()
    assert company.taken("staff.csv", text).tables[0].unchanged == 1
    assert marks() == before
