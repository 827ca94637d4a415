"""Files for people: text stays text, numbers and days are what they are, names may be Chinese."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest

from staff.kernel.exports import Sheet, csv_lines, csv_response, workbook, workbook_response

CANARIES = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1", '=HYPERLINK("http://x")', "#N/A", "=", "-"]


def read(rows: list[list[object]], **more: object) -> openpyxl.worksheet.worksheet.Worksheet:
    return openpyxl.load_workbook(workbook([Sheet("x", rows, **more)])).active  # type: ignore[arg-type]


@pytest.mark.parametrize("text", CANARIES)
def test_no_text_is_a_formula_or_an_error_in_a_workbook(text: str) -> None:
    cell = read([["head"], [text]])["A2"]
    assert (cell.data_type, cell.value.strip()) == ("s", text.strip())
    assert cell.quotePrefix == (text != "#N/A")


@pytest.mark.parametrize("text", CANARIES)
def test_no_text_is_a_formula_in_a_csv(text: str) -> None:
    assert next(csv.reader(io.StringIO("".join(csv_lines([[text]])).removeprefix("\ufeff"), newline=""))) == [
        text if text == "#N/A" else f"'{text}"
    ]


def test_numbers_and_days_keep_their_types() -> None:
    row = read([["head"], [3, Decimal("-4.25"), date(2026, 10, 31), True, None, datetime(2026, 10, 1, 16, tzinfo=UTC)]])
    cells = [row.cell(2, at) for at in range(1, 7)]
    assert [c.data_type for c in cells] == ["n", "n", "d", "b", "n", "d"]
    assert [c.value for c in cells][:2] == [3, -4.25]
    assert cells[2].number_format == "yyyy-mm-dd"
    assert cells[5].value == datetime(2026, 10, 2)
    assert "".join(csv_lines([[Decimal("-4.25"), date(2026, 10, 31), None]])) == "\ufeff-4.25,2026-10-31,\r\n"


def test_what_no_spreadsheet_can_hold_is_left_out() -> None:
    assert read([["head"], ["a\x00b\x0bc\ud800"]])["A2"].value == "abc"
    assert openpyxl.load_workbook(workbook([Sheet("a/b:[c]" * 9, [["x"]])])).sheetnames[0].startswith("a b  c ")


def test_head_and_first_columns_stay_in_sight() -> None:
    page = read([["a", "b"], ["c", "d"], [1, 2]], head=2, pinned=1, widths=[30])
    assert page.freeze_panes == "B3"
    assert page["A2"].font.b is True
    assert page["A3"].font.b is False
    assert page.column_dimensions["A"].width == 30


def test_a_files_name_may_be_chinese() -> None:
    for response, ending in (
        (workbook_response("评定 2026-10", []), "xlsx"),
        (csv_response("评定 2026-10", []), "csv"),
    ):
        assert response["Content-Disposition"] == (
            f"attachment; filename*=utf-8''%E8%AF%84%E5%AE%9A%202026-10.{ending}"
        )
