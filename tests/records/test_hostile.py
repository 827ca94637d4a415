"""Files that are broken, or meant to break something: each a clear refusal at its place, never an accident."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from assessment.models import EmployeeMonth, Event
from staff.kernel.records import csv_text, unpack, workbook
from staff.kernel.records.sources import table_of
from staff.models import Employee
from tests.records.world import Files

VALUES = "employee_no,month,metric,value\n"


def book(**sheets: list[list[Any]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, cells in sheets.items():
        sheet = made.create_sheet(name)
        for row in cells:
            sheet.append(row)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def with_part(content: bytes, name: str, change: Any) -> bytes:
    """The workbook with one of its parts changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            data = old.read(part)
            new.writestr(part, change(data) if part == name else data)
    return buffer.getvalue()


def with_declared_size(content: bytes, size: int) -> bytes:
    """The workbook, its directory saying that the first sheet unpacks to so many bytes."""
    changed = bytearray(content)
    entry = changed.rindex(b"PK\x01\x02", 0, changed.rindex(b"xl/worksheets/sheet1.xml"))
    changed[entry + 24 : entry + 28] = size.to_bytes(4, "little")
    return bytes(changed)


@pytest.mark.parametrize(
    "text",
    [
        VALUES.encode("utf-8-sig") + "K1,2026-09,优秀发布案例,3\n".encode(),
        (VALUES + "K1,2026-09,优秀发布案例,3\n").encode("gb18030"),
        (VALUES + "K1,2026-09,优秀发布案例,3").replace("\n", "\r\n").encode(),
        ("\n\n" + VALUES + "\n,,,\nK1,2026-09,优秀发布案例,3\n\n").encode(),
        ("employee_no,month,metric,value,,\nK1 ,\u30002026-09,优秀发布案例,3,,\n").encode(),
        b'"employee_no","month","metric","value"\n"K1","2026-09","excellent_cases","3"\n',
    ],
)
def test_every_usual_way_to_write_a_file_is_read(company: Files, text: bytes) -> None:
    assert company.taken("values.csv", text).tables[0].added == 1
    assert EmployeeMonth.objects.get().s1 == 3


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        (b"", (1, 1), "no bytes"),
        (b"\n\n", (1, 1), "empty"),
        (VALUES.encode("utf-16"), (1, 1), "UTF-16"),
        (VALUES.encode() + b"K1,2026-09,excellent\0cases,3\n", (2, 1), "NUL"),
        (
            VALUES.encode() + "K1,2026-09,优秀发布案例,3\n".encode() + "K2,2026-09,优秀发布案例,3\n".encode("gb18030"),
            (2, 1),
            "one encoding",
        ),
        (VALUES.encode() + b"K1,2026-09,\xff\xfe\xfd,3\n", (2, 3), "neither UTF-8 nor GB18030"),
        (VALUES.replace(",", ";").encode(), (1, 1), "expected commas"),
        (VALUES.replace(",", "\t").encode(), (1, 1), "expected commas"),
        (b"PK\x03\x04" + b"x" * 40, (1, 1), "workbook under the name of a CSV"),
        (VALUES.encode() + b'K1,"2026-09,excellent_cases,3\n', (2, 1), "quotes"),
        (b'employee_no,"month\n', (1, 1), "quotes"),
        (VALUES.encode() + b"K1,2026-09,a\rb,3\n", (2, 1), "carriage return"),
        (VALUES.encode() + b"K1,2026-09,a\x07b,3\n", (2, 3), "control character"),
        (VALUES.encode() + b'K1,2026-09,"' + b"x" * 200_000 + b'",3\n', (2, 1), "too long"),
        (VALUES.encode() + b"K1,2026-09,excellent_cases\n", (2, 3), "3 cells; the header has 4"),
        (VALUES.encode() + b"K1,2026-09,excellent_cases,3,4\n", (2, 5), "5 cells; the header has 4"),
        (b"employee_no,month,metric,value,\nK1,2026-09,excellent_cases,3,4\n", (2, 5), "no header above"),
        (
            b"employee_no,month,metric,value,colour\n",
            (1, 5),
            "there is no column `colour` in `values`; expected: employee_no",
        ),
        ("employee_no,month,metric,value,工号\n".encode(), (1, 5), "stands twice"),
        (b"employee_no,month,metric,,value\n", (1, 4), "there is no column ``"),
    ],
)
def test_what_is_no_table_is_refused(company: Files, text: bytes, place: tuple[int, int], words: str) -> None:
    [(line, column, message)] = company.faults("values.csv", text)
    assert (line, column) == place
    assert words in message


def test_a_line_without_end_is_no_record(company: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_text, "_LONGEST_LINE", 1000)
    [(line, _column, message)] = company.faults("values.csv", VALUES + "K1," + "x" * 2000)
    assert (line, message) == (1, "this line is longer than any record")


def test_blocks_are_cut_at_lines_and_handed_over_where_they_stop_being_plain(
    company: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_text, "_BLOCK", 64)
    months = [f"{year}-{month:02d}" for year in (2024, 2025) for month in range(2, 13)]
    plain = "".join(f"K1,{month},excellent_cases,{n}\n" for n, month in enumerate(months))
    text = VALUES + plain + 'K2,2026-01,"excellent_cases",1\n' + plain.replace("K1", "K2") + "K2,2026-13,sales,1"
    assert company.places("values.csv", text) == [(len(months) * 2 + 3, 2)]
    assert company.taken("values.csv", text.rpartition("\n")[0]).tables[0].added == len(months) * 2 + 1
    assert company.taken("values.csv", (VALUES + plain).encode("gb18030") + b"\n").tables[0].unchanged == len(months)


def test_quoted_hostility_is_only_text(company: Files) -> None:
    head = "event_no,employee_no,date,kind,subject,note\n"
    company.taken("events.csv", head + "E1,K1,2026-08-01,praise,'); DROP TABLE staff_employee; --,%(day)s %s \\. {0}\n")
    assert Event.objects.get().note == "%(day)s %s \\. {0}"
    [(_line, _column, message)] = company.faults("events.csv", head + "E1,K1,%(day)s%s',praise,,\n")
    assert message.startswith("date `%(day)s%s'`: expected a day")


def test_a_workbook_brings_tables_as_sheets_in_one_piece(company: Files) -> None:
    staff = [
        ["工号", "姓名", "部门", "入职日期"],
        ["N1", "新人", "新部", date(2024, 5, 1)],
        [1002, "数字", "新部", "2024-06-01"],
    ]
    sheets = {
        "指标 10月": [
            ["工号", "月份", "指标", "数值"],
            ["N1", datetime(2026, 10, 1), "客户满意度", 97.3],
            [1002, "2026-10", "sales", 1e6],
        ],
        "人员": staff,
        "departments": [["department", "parent"], ["新部", "总部"]],
    }
    reports = company.taken("十月.xlsx", book(**sheets))
    assert [(t.table, t.added) for t in reports.tables] == [("departments", 1), ("staff", 2), ("values", 2)]
    assert company.taken("十月.xlsx", book(**sheets)).tables[2].unchanged == 2
    # one bad sheet and nothing of the file is kept
    sheets["departments"].append(["另一部", "总部"])
    staff.append(["N3", "", "另一部", "2024-06-01"])
    found = company.load("十月.xlsx", book(**sheets))
    assert [str(f).removeprefix(f"{company.folder}/") for f in found.faults] == [
        "十月.xlsx[人员]:4:2: name (姓名) is empty; it is needed"
    ]
    assert company.places("departments.csv", "department,parent\n甲,另一部\n") == [(2, 2)]


def test_the_file_names_the_table_of_a_single_sheet(company: Files) -> None:
    cells = [
        [None] * 4,
        ["employee_no", "month", "metric", "value", None],
        ["K1", "2026-10", "sales", True],
        ["K1", "2026-11", "sales", 4.1],
    ]
    assert company.places("values.xlsx", book(Sheet1=cells)) == [(3, 4)]
    cells[2][3] = 12345678901234
    company.taken("values.xlsx", book(Sheet1=cells))
    assert [str(m.s9) for m in EmployeeMonth.objects.order_by("month")] == ["12345678901234.0000", "4.1000"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no bytes"),
        (b"employee_no,month\n", "no XLSX workbook"),
        (book(Sheet1=[])[:500], "no XLSX workbook"),
        (book(values=[[]]), "the sheet is empty"),
        (book(values=[["employee_no"]], notes=[["x"]]), "`notes` names no table of records"),
        (book(values=[["employee_no"]], 指标=[["x"]]), "another sheet of this workbook is `values` too"),
        (with_part(book(values=[["employee_no"]]), "xl/workbook.xml", lambda data: b"<x"), "damaged"),
        (
            with_part(
                book(values=[["employee_no"]]), "xl/workbook.xml", lambda data: b"<!DOCTYPE a [<!ENTITY b 'c'>]><x/>"
            ),
            "damaged",
        ),
        (
            with_part(
                book(values=[["employee_no"]]), "xl/worksheets/sheet1.xml", lambda data: b"<worksheet><sheetData><row"
            ),
            "damaged",
        ),
    ],
)
def test_what_is_no_workbook_is_refused(company: Files, content: bytes, words: str) -> None:
    found = company.faults("book.xlsx", content)
    assert any(words in message for _line, _column, message in found), found


def stored_result(data: bytes, formula: bytes) -> bytes:
    """The sheet as a spreadsheet would have saved it: the formula with what it yielded."""
    for empty in (b"<v></v>", b"<v />", b"<v/>"):
        data = data.replace(b"<f>" + formula + b"</f>" + empty, b"<f>" + formula + b"</f><v>2</v>")
    return data


def test_a_formula_needs_a_stored_result(company: Files) -> None:
    cells = [
        ["employee_no", "month", "metric", "value"],
        ["K1", "2026-10", "sales", "=1+1"],
        ["K1", "2026-09", "sales", "=2+2"],
    ]
    stored = with_part(
        book(values=cells),
        "xl/worksheets/sheet1.xml",
        lambda data: stored_result(data, b"1+1"),
    )
    found = company.faults("values.xlsx", stored)
    assert found == [(3, 4, "this formula has no stored result; open the file, recalculate and save it")]
    both = with_part(stored, "xl/worksheets/sheet1.xml", lambda data: stored_result(data, b"2+2"))
    assert company.taken("values.xlsx", both).tables[0].added == 2


def with_error(data: bytes, value: bytes, error: bytes) -> bytes:
    """The sheet, the cell of this number holding an error as a spreadsheet writes it."""
    before, found, after = data.partition(b"<v>" + value + b"</v>")
    assert found
    start = before.rindex(b"<c ")
    return before[:start] + before[start:].replace(b't="n"', b't="e"') + b"<v>" + error + b"</v>" + after


@pytest.mark.parametrize("error", [b"#N/A", b"#DIV/0!", b"#REF!"])
def test_an_error_is_no_empty_cell(company: Files, error: bytes) -> None:
    """An empty cell would clear what is stored."""
    head = ["event_no", "employee_no", "date", "kind", "quantity"]
    cells = [head, ["E1", "K1", date(2026, 8, 1), "praise", 7171]]
    content = with_part(book(events=cells), "xl/worksheets/sheet1.xml", lambda data: with_error(data, b"7171", error))
    [(line, column, message)] = company.faults("events.xlsx", content)
    assert (line, column) == (2, 5)
    assert message.startswith("this cell holds an error")


def test_an_error_is_found_where_cells_do_not_say_their_place(company: Files) -> None:
    def placeless(data: bytes) -> bytes:
        return re.sub(rb' r="[A-Z]+[0-9]+"', b"", with_error(data, b"7171", b"#N/A"))

    cells = [VALUES.strip().split(","), ["K1", "2026-10", "sales", 7171]]
    content = with_part(book(values=cells), "xl/worksheets/sheet1.xml", placeless)
    assert company.places("values.xlsx", content) == [(2, 4)]


def test_a_cell_of_a_workbook_beyond_what_is_read_is_refused_at_its_place(company: Files) -> None:
    head = ["event_no", "employee_no", "date", "kind", "note"]
    cells = [head, ["E1", "K1", date(2026, 8, 1), "praise", "KEPT"]]
    content = with_part(
        book(events=cells),
        "xl/worksheets/sheet1.xml",
        lambda data: data.replace(b"KEPT", b"x" * (unpack.MOST_OF_A_CELL + 1)),
    )
    assert company.faults("events.xlsx", content) == [(2, 5, "this cell is too long")]
    content = with_part(
        book(events=cells), "xl/worksheets/sheet1.xml", lambda data: data.replace(b"KEPT", b"x" * unpack.MOST_OF_A_CELL)
    )
    assert "at most 4000" in company.faults("events.xlsx", content)[0][2]


def test_an_archive_that_unpacks_to_too_much_is_refused_before_it_is_read(
    company: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = with_declared_size(book(values=[["employee_no"]]), unpack.MOST_BYTES + 1)
    [(_line, _column, message)] = company.faults("values.xlsx", bomb)
    assert "unpacks to more than is read" in message
    monkeypatch.setattr(workbook, "MOST_BYTES", 100)
    assert "unpacks to more" in company.faults("values.xlsx", book(values=[["employee_no"]]))[0][2]


def test_an_archive_that_lies_about_its_sizes_is_damaged(company: Files) -> None:
    content = with_declared_size(
        book(values=[["employee_no", "month", "metric", "value"], ["K1", "2026-10", "sales", 1]]), 10
    )
    [(_line, _column, message)] = company.faults("values.xlsx", content)
    assert "damaged" in message


def test_a_workbook_that_takes_too_long_or_too_much_memory_is_refused(
    company: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook.subprocess, "run", _times_out)
    assert "unpacks to more" in company.faults("values.xlsx", book(values=[["employee_no"]]))[0][2]


def _times_out(*args: Any, **how: Any) -> None:
    raise workbook.subprocess.TimeoutExpired("unpack", 1)


def test_other_files_are_refused(company: Files) -> None:
    assert "ends in .csv or .xlsx" in company.faults("values.txt", VALUES)[0][2]
    assert (
        "`salaries` names no table of records; expected one of: departments (部门)"
        in company.faults("salaries.csv", VALUES)[0][2]
    )
    assert company.faults("values.csv/../gone.csv".rpartition("/")[2], "")[0][2].startswith("`gone` names no table")


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("values", "values"),
        ("Values-2026-10", "values"),
        ("values_2026_10", "values"),
        ("values (1)", "values"),
        ("指标", "values"),
        ("指标值2026", "values"),
        ("指标 10月", "values"),
        ("员工", "staff"),
        ("staffing", None),
        ("指标说明", None),
        ("", None),
    ],
)
def test_which_table_a_name_means(db: None, name: str, table: str | None) -> None:
    assert table_of(name) == table


def test_cells_as_text() -> None:
    shown = {
        "TRUE": True,
        "FALSE": False,
        "3": 3.0,
        "4.1": 4.1,
        "0.0000001": 1e-7,
        "100000000000000000000": 1e20,
        "x": "x",
        "2026-01-02": date(2026, 1, 2),
        "2026-01-03": datetime(2026, 1, 3),
        "2026-01-02 03:00:00": datetime(2026, 1, 2, 3),
    }
    assert [unpack.as_text(value) for value in shown.values()] == list(shown)
    assert [unpack.column_number(letters) for letters in ("A", "Z", "AA", "XFD")] == [1, 26, 27, 16384]


@pytest.mark.parametrize("start", ["=HYPERLINK(1)", "+1*2", "-2+cmd|x", "@x"])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("staff.csv", "employee_no,name,department,hired_on\n{},王,客服部,2024-01-01\n"),
        ("departments.csv", "department\n{}\n"),
        ("events.csv", "event_no,employee_no,date,kind\n{},K1,2026-08-01,praise\n"),
    ],
)
def test_no_key_is_a_formula(company: Files, name: str, text: str, start: str) -> None:
    """A dump writes keys as they are, so a spreadsheet would run such a one."""
    [(line, column, message)] = company.faults(name, text.format(start))
    assert (line, column) == (2, 1)
    assert message.endswith("characters, and no formula")


@pytest.mark.parametrize("number", ["-002", "+86-1", "-A_1"])
def test_a_number_with_a_sign_is_a_key_like_any_other(company: Files, number: str) -> None:
    company.taken("staff.csv", f"employee_no,name,department,hired_on\n{number},王,客服部,2024-01-01\n")
    assert Employee.objects.filter(employee_no=number).exists()


_STAFF = "employee_no,name,department,hired_on,supervisor_no\n"
_EVENTS = "event_no,employee_no,date,kind\n"


@pytest.mark.parametrize("digit", ["１", "١", "१", "𝟏"])
@pytest.mark.parametrize(
    ("name", "text", "column"),
    [
        ("staff.csv", _STAFF + "N{},王,客服部,2024-01-01,\n", 1),
        ("staff.csv", _STAFF + "N1,王,客服部,2024-01-01,K{}\n", 5),
        ("events.csv", _EVENTS + "E{},K1,2026-08-01,praise\n", 1),
        ("values.csv", VALUES + "K{},2026-09,sales,3\n", 1),
    ],
)
def test_a_number_is_in_the_digits_of_ascii(company: Files, name: str, text: str, column: int, digit: str) -> None:
    [(line, found, message)] = company.faults(name, text.format(digit))
    assert (line, found) == (2, column)
    assert message.endswith("expected the digits 0-9, none of another script or width")


def test_names_departments_and_subjects_keep_their_digits(company: Files) -> None:
    company.taken("departments.csv", "department,parent\n客服１部,总部\n")
    company.taken("staff.csv", "employee_no,name,department,hired_on\nN1,王２,客服１部,2024-01-01\n")
    company.taken("events.csv", "event_no,employee_no,date,kind,subject\nE1,K1,2026-08-01,praise,第３次\n")


@pytest.mark.parametrize("character", ["\n", "\t", "\u200b", "\u00ad", "\u2028", "\u202e", "\U000e0041"])
@pytest.mark.parametrize(
    ("name", "text", "column"),
    [
        ("departments.csv", 'department\n"客{}服"\n', 1),
        ("staff.csv", _STAFF + '"N{}1",王,客服部,2024-01-01,\n', 1),
        ("events.csv", _EVENTS + '"E{}1",K1,2026-08-01,praise\n', 1),
        ("values.csv", VALUES + '"K{}1",2026-09,sales,3\n', 1),
    ],
)
def test_a_key_holds_nothing_unseen(company: Files, name: str, text: str, column: int, character: str) -> None:
    [(line, found, message)] = company.faults(name, text.format(character))
    assert (line, found) == (2, column)
    assert message.endswith("expected no line break and no other invisible character")
    assert character not in message
