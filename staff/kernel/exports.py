"""Tables out of the product, as people open them: XLSX and CSV. What somebody typed is never a formula in either."""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, BinaryIO

from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

Cell = str | int | Decimal | date | datetime | bool | None
Row = Sequence[Cell]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Kept in memory up to here, on disk beyond.
_SPOOLED = 4 << 20
#: What a spreadsheet takes for the beginning of a formula, in both widths.
_FORMULA = re.compile(r"[\s]*[=+\-@＝＋－＠\t\r\n]")
#: Characters that XML 1.0 cannot hold.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NO_TITLE = re.compile(r"[\\/*?:\[\]]")
_LONGEST_TITLE = 31


@dataclass(frozen=True, slots=True)
class Sheet:
    """``rows`` are read once, as they are written. The first ``head`` of them and the first ``pinned`` columns stay in
    sight; ``widths`` are in characters, column by column.
    """

    title: str
    rows: Iterable[Row]
    head: int = 1
    pinned: int = 0
    widths: Sequence[int] = field(default=())


def workbook(sheets: Iterable[Sheet]) -> BinaryIO:
    """An XLSX file, at its beginning. Memory does not grow with the rows: each goes to disk as it comes."""
    # It takes a twentieth of a process's start, and few processes write a workbook.
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(_NO_TITLE.sub(" ", sheet.title)[:_LONGEST_TITLE])
        page.freeze_panes = f"{get_column_letter(sheet.pinned + 1)}{sheet.head + 1}"
        for at, width in enumerate(sheet.widths, start=1):
            page.column_dimensions[get_column_letter(at)].width = width
        for at, row in enumerate(sheet.rows):
            page.append([_cell(page, value, head=at < sheet.head) for value in row])
    file: BinaryIO = tempfile.SpooledTemporaryFile(max_size=_SPOOLED)  # type: ignore[assignment]  # noqa: SIM115
    book.save(file)
    file.seek(0)
    return file


def workbook_response(name: str, sheets: Iterable[Sheet]) -> FileResponse:
    """The file as a download. ``name`` is without its ending and may be Chinese."""
    return FileResponse(workbook(sheets), as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def csv_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Lines of a CSV file for people, line by line; the mark before the first tells Excel that it is UTF-8."""
    writer = csv.writer(_Echo())
    for at, row in enumerate(rows):
        line = writer.writerow([_plain(value) for value in row])
        yield line if at else f"\ufeff{line}"


def csv_response(name: str, rows: Iterable[Row]) -> StreamingHttpResponse:
    """The file as a download that is written while it is sent."""
    disposition = content_disposition_header(as_attachment=True, filename=f"{name}.csv") or "attachment"
    return StreamingHttpResponse(
        csv_lines(rows), content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition}
    )


class _Echo:
    """What a CSV writer writes to gives the line back."""

    def write(self, line: str) -> str:
        return line


def _cell(page: Any, value: Cell, *, head: bool) -> Any:
    """Numbers and days as such. Text is text to the letter: marked as such where a spreadsheet would calculate it.

    What needs no mark goes as it is, which is much faster.
    """
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.make_naive(value)
    if isinstance(value, str):
        value = _UNWRITABLE.sub("", value)
    plain = not isinstance(value, str) or value[:1].isalnum() or not value
    if plain and not head:
        return value
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(page, value)  # type: ignore[arg-type]  # its stub knows no Decimal
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = bool(_FORMULA.match(value))
    if head:
        for name, style in _head().items():
            setattr(cell, name, style)
    return cell


@cache
def _head() -> dict[str, Any]:
    from openpyxl.styles import Alignment, Font, PatternFill

    return {
        "font": Font(bold=True),
        "fill": PatternFill("solid", fgColor="EBEEF0"),
        "alignment": Alignment(wrap_text=True),
    }


def _plain(value: Cell) -> str:
    """A CSV has no types: text that a spreadsheet would calculate begins with an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{timezone.localtime(value) if timezone.is_aware(value) else value:%Y-%m-%d %H:%M}"
    if isinstance(value, str):
        return f"'{value}" if _FORMULA.match(value) else value
    return value.isoformat() if isinstance(value, date) else str(value)
