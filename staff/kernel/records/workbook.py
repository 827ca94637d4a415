"""XLSX, read by a process with limits (``unpack.py``); what arrives here are rows of text."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from staff.kernel.records import unpack
from staff.kernel.records.faults import Fault, Faulty
from staff.kernel.records.sheet import Report, clean_rows, copy_rows, trimmed_headers

MOST_BYTES = 128 << 20
_FIRST_OF_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}-01")


class WorkbookSheet:
    """A sheet of a workbook. Making one raises ``Faulty`` where it has no header."""

    def __init__(self, label: str, table: str, rows: Path, unusable: list[list[Any]]) -> None:
        self.label = label
        self.table = table
        self._rows = rows
        self._unusable = unusable
        self.header_line, cells = next(
            ((line, cells) for line, cells in self._read() if any(cell.strip() for cell in cells)), (0, [])
        )
        if not self.header_line:
            raise Faulty([Fault(label, 1, 1, _("the sheet is empty; expected a row of headers"))])
        self.headers = trimmed_headers(cells)

    def copy_into(self, cursor: Any, table: str, columns: list[str], months: set[str], report: Report) -> None:
        for line, column, why in self._unusable:
            report(line, column, _why(why))
        without = {line for line, *_rest in self._unusable}
        below = ((line, cells) for line, cells in self._read() if line > self.header_line and line not in without)
        first = next(below, None)
        if first is None:
            return
        rows = clean_rows(chain([first], below), len(first[1]), len(columns), report)
        places = [place for place, column in enumerate(columns) if column in months]
        copy_rows(cursor, table, columns, (_months_cut(row, places) for row in rows))

    def _read(self) -> Iterator[tuple[int, list[str]]]:
        with self._rows.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                yield int(row[0]), row[1:]


def _why(kind: str) -> str:
    reasons = {
        unpack.WITHOUT: _("this formula has no stored result; open the file, recalculate and save it"),
        unpack.ERROR: _("this cell holds an error such as #N/A; put the formula right, or clear the cell"),
        unpack.LONG: _("this cell is too long"),
    }
    return reasons[kind]


def _months_cut(row: tuple[int, list[str]], places: list[int]) -> tuple[int, list[str]]:
    """A cell of a month that the spreadsheet keeps as its first day."""
    line, cells = row
    for place in places:
        if _FIRST_OF_MONTH.fullmatch(cells[place]):
            cells[place] = cells[place][:7]
    return line, cells


@contextmanager
def unpacked(label: str, open_file: Callable[[], BinaryIO]) -> Iterator[list[tuple[str, Path, list[list[Any]]]]]:
    """(name, rows, unusable cells with their place) of every sheet. Raises ``Faulty``."""
    with tempfile.TemporaryDirectory(prefix="records-") as name:
        folder = Path(name)
        source = folder / "workbook.xlsx"
        with open_file() as file, source.open("wb") as copy:
            shutil.copyfileobj(file, copy)
        size = source.stat().st_size
        if not size:
            raise Faulty([Fault(label, 1, 1, _("the file has no bytes; expected at least a line of headers"))])
        found = {"error": "large"} if size > MOST_BYTES else _taken_apart(source, folder)
        if "error" in found:
            raise Faulty([Fault(label, 1, 1, _reason(found["error"]))])
        yield [
            (sheet["name"], folder / f"{number}.csv", sheet["unusable"]) for number, sheet in enumerate(found["sheets"])
        ]


def _taken_apart(source: Path, folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-I", unpack.__file__, str(source), str(folder)]
    try:
        subprocess.run(command, check=True, timeout=2 * unpack.MOST_SECONDS, capture_output=True)
        return json.loads((folder / "index.json").read_text(encoding="utf-8"))
    except (subprocess.SubprocessError, OSError):
        return {"error": "large"}


def _reason(kind: str) -> str:
    reasons = {
        "none": _("this is no XLSX workbook; save it as .xlsx or as CSV"),
        "damaged": _("the workbook is damaged; open it, and save it anew as .xlsx"),
        "password": _("the workbook is protected by a password; save it without one"),
        "large": _("the workbook unpacks to more than is read; load large tables as CSV"),
    }
    return reasons[kind]
