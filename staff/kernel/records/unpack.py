"""Run by itself (``python unpack.py WORKBOOK FOLDER``): an XLSX file, taken apart into CSV files under hard limits.

A process of its own, so that a hostile workbook costs no more than these limits. It imports nothing of the product. Writes
``FOLDER/<n>.csv`` a sheet, each row led by its number, then ``FOLDER/index.json``: ``{"sheets": [{name, unusable}]}``, where
``unusable`` lists the [row, column, why] of cells without a value (``WITHOUT``, ``ERROR``, ``LONG``); or ``{"error": KIND}``.
"""

from __future__ import annotations

import csv
import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

MOST_BYTES = 512 << 20
MOST_PARTS = 2_000
MOST_CELLS = 20_000_000
MOST_MEMORY = 3 << 30
MOST_SECONDS = 120
#: What a reader of CSV takes in one field, in characters.
MOST_OF_A_CELL = 131_072
#: Why a cell is unusable: a formula without a stored result, an error such as ``#N/A``, a text that is too long.
WITHOUT, ERROR, LONG = "without", "error", "long"
#: A part of the workbook that names sheets is never larger.
_MOST_OF_A_LIST = 4 << 20

_PLACE = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")
#: Without any of these a sheet has no formula and no error.
_SUSPECT = (b"<f", b":f", b't="e"', b"t='e'")


class Rejected(Exception):
    """The workbook is not taken; the argument is the kind."""


def main(workbook: str, folder: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    target = Path(folder)
    try:
        found: dict[str, Any] = {"sheets": list(_sheets(workbook, target))}
    except Rejected as rejected:
        found = {"error": rejected.args[0]}
    except MemoryError:
        found = {"error": "large"}
    (target / "index.json").write_text(json.dumps(found), encoding="utf-8")


def _sheets(workbook: str, target: Path) -> Iterator[dict[str, Any]]:
    parts = _checked_archive(workbook)
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(workbook)
        cells = 0
        for number, meta in enumerate(book.sheets_metadata):
            sheet = book.get_sheet_by_name(meta.name)
            cells += sheet.total_height * sheet.total_width
            if cells > MOST_CELLS:
                raise Rejected("large")
            top, _left = sheet.start or (0, 0)
            unusable = _unusable_cells(workbook, parts.get(meta.name))
            with (target / f"{number}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                for row, values in enumerate(sheet.iter_rows(), start=_first_row(sheet, top)):
                    writer.writerow([row, *_short_cells(row, [as_text(value) for value in values], unusable)])
            yield {"name": meta.name, "unusable": unusable}
    except Rejected:
        raise
    except Exception as error:
        raise Rejected("password" if "assword" in str(error) else "damaged") from error


def _first_row(sheet: Any, top: int) -> int:
    """Whether the rows begin at the sheet's first or at its first used one."""
    return 1 if sheet.height == sheet.total_height or top == 0 else top + 1


def _checked_archive(workbook: str) -> dict[str, str]:
    """Sheet name → its part. Raises ``Rejected`` where the archive is none, lies about its sizes, or is too large."""
    try:
        with zipfile.ZipFile(workbook) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
                raise Rejected("large")
            if any(part.flag_bits & 1 for part in parts):
                raise Rejected("password")
            if "xl/workbook.xml" not in archive.namelist():
                raise Rejected("none")
            if archive.testzip() is not None:
                raise Rejected("damaged")
            return _parts_of_sheets(archive)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise Rejected(
            "none" if isinstance(error, zipfile.BadZipFile) and "not a zip" in str(error) else "damaged"
        ) from error
    except Exception as error:
        if isinstance(error, Rejected | MemoryError):
            raise
        raise Rejected("damaged") from error


def _parts_of_sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    targets = {
        relation.get("Id"): relation.get("Target", "") for relation in _xml(archive, "xl/_rels/workbook.xml.rels")
    }
    found = {}
    for node in _xml(archive, "xl/workbook.xml").iter():
        if node.tag.rpartition("}")[2] == "sheet":
            identity = next((value for key, value in node.attrib.items() if key.endswith("}id")), "")
            target = targets.get(identity, "")
            found[node.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def _xml(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    if archive.getinfo(name).file_size > _MOST_OF_A_LIST:
        raise Rejected("large")
    text = archive.read(name)
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise Rejected("damaged")
    return ElementTree.fromstring(text)  # noqa: S314 - no document type, no entity


def _short_cells(row: int, cells: list[str], unusable: list[list[Any]]) -> list[str]:
    """The cells, those that are too long emptied and noted."""
    if max(map(len, cells), default=0) <= MOST_OF_A_CELL:
        return cells
    unusable += [[row, place, LONG] for place, cell in enumerate(cells, start=1) if len(cell) > MOST_OF_A_CELL]
    return [cell if len(cell) <= MOST_OF_A_CELL else "" for cell in cells]


def _unusable_cells(workbook: str, part: str | None) -> list[list[Any]]:
    """Formulas without a stored result, and errors: both would else be read as empty."""
    if part is None:
        return []
    with zipfile.ZipFile(workbook) as archive:
        text = archive.read(part)
    if not any(mark in text for mark in _SUSPECT):
        return []
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise Rejected("damaged")
    found: list[list[Any]] = []
    row = column = 0
    for event, node in ElementTree.iterparse(io.BytesIO(text), events=("start", "end")):  # noqa: S314 - as above
        tag = node.tag.rpartition("}")[2]
        if tag == "row" and event == "start":
            row, column = int(node.get("r", row + 1)), 0
        elif tag == "c" and event == "start":
            place = _PLACE.match(node.get("r", ""))
            column = column_number(place[1]) if place else column + 1
        elif tag == "c":
            why = _why_unusable(node)
            if why:
                found.append([row, column, why])
        if tag == "row" and event == "end":
            node.clear()
    return found


def _why_unusable(cell: ElementTree.Element) -> str:
    if cell.get("t") == "e":
        return ERROR
    parts = {node.tag.rpartition("}")[2]: node.text for node in cell}
    return WITHOUT if "f" in parts and not parts.get("v") and cell.get("t") != "str" else ""


def column_number(letters: str) -> int:
    """``A`` → 1, ``AA`` → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def as_text(value: object) -> str:
    """A cell as it would stand in a CSV file."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{Decimal(repr(value)):f}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date | time) else str(value)


if __name__ == "__main__":
    main(*sys.argv[1:3])
