"""Rows under headers, wherever they come from."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from django.utils.translation import gettext as _

#: What no cell of a record holds; line breaks and tabs inside quotes are let through.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_ROWS_A_BATCH = 5_000

Report = Callable[[int, int, str], None]


class Sheet(Protocol):
    """``label``: as messages name it. ``table``: which table its name says it is. ``headers``: trimmed."""

    label: str
    table: str
    headers: list[str]
    header_line: int

    def copy_into(self, cursor: Any, table: str, columns: list[str], months: set[str], report: Report) -> None:
        """Copies ``line`` and the columns (database names, in the order of the headers) as text, empty cells as NULL.

        A row that cannot be taken is reported (line, column, message) and left out. ``months``: the columns of months.
        """
        ...


class Pipe(io.RawIOBase):
    """What COPY reads from: the parts of a stream, whatever their sizes."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = iter(parts)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return next((part for part in self._parts if part), b"")


def copy_rows(cursor: Any, table: str, columns: list[str], rows: Iterable[tuple[int, list[str]]]) -> None:
    """COPY of rows of trimmed text, each with its line."""
    listed = ", ".join(["line", *columns])
    cursor.copy_expert(f"COPY {table} ({listed}) FROM STDIN (FORMAT csv)", Pipe(_as_csv(rows)), size=1 << 20)


def _as_csv(rows: Iterable[tuple[int, list[str]]]) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    for number, (line, cells) in enumerate(rows, start=1):
        writer.writerow([line, *cells])
        if number % _ROWS_A_BATCH == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def clean_rows(
    rows: Iterable[tuple[int, list[str]]], width: int, columns: int, report: Report
) -> Iterator[tuple[int, list[str]]]:
    """Trimmed rows of the headers' width. Blank rows are passed over; misshapen ones are reported and left out."""
    for line, cells in rows:
        cells = [cell.strip() for cell in cells]
        if not any(cells):
            continue
        if len(cells) != width:
            report(line, min(len(cells), width + 1), _("this row has %(found)s cells; the header has %(expected)s") % {
                "found": len(cells), "expected": width})  # fmt: skip
            continue
        bad = next((place for place, cell in enumerate(cells, start=1) if _CONTROL.search(cell)), 0)
        stray = next((place for place, cell in enumerate(cells, start=1) if place > columns and cell), 0)
        if bad:
            report(line, bad, _("this cell holds a control character; type it anew"))
        elif stray:
            report(line, stray, _("this cell has no header above it"))
        else:
            yield line, cells[:columns]


def trimmed_headers(cells: list[str]) -> list[str]:
    """Headers without the empty ones at the end, which spreadsheets leave behind."""
    headers = [cell.strip() for cell in cells]
    while headers and not headers[-1]:
        headers.pop()
    return headers
