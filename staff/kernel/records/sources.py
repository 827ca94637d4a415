"""Files, and which table each of them is."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from staff.kernel.records.csv_text import CsvSheet
from staff.kernel.records.faults import Fault, Faulty
from staff.kernel.records.sheet import Sheet
from staff.kernel.records.tables import ORDER, all_tables
from staff.kernel.records.workbook import WorkbookSheet, unpacked

SUFFIXES = (".csv", ".xlsx")


@dataclass(frozen=True)
class Source:
    """A file to load. ``label``: as messages name it; ``name`` decides the kind and the table."""

    label: str
    name: str
    open: Callable[[], BinaryIO]

    @property
    def suffix(self) -> str:
        return PurePath(self.name).suffix.lower()

    @property
    def table(self) -> str | None:
        return table_of(PurePath(self.name).stem)


def from_path(path: Path) -> Source:
    return Source(str(path), path.name, lambda: path.open("rb"))


def from_bytes(name: str, content: bytes) -> Source:
    return Source(name, name, lambda: io.BytesIO(content))


def from_paths(paths: list[Path]) -> tuple[list[Source], list[Fault]]:
    """Files, and the CSV and XLSX files of folders; a fault for each path that is not there, cannot be read or is empty."""
    found: list[Source] = []
    faults = []
    for path in paths:
        try:
            files = _files_in(path) if path.is_dir() else [path]
            if not path.exists():
                faults.append(Fault(str(path), 1, 1, _("there is no such file")))
                continue
        except OSError as error:
            faults.append(unreadable(str(path), error))
            continue
        found += [from_path(file) for file in files]
        if not files:
            faults.append(Fault(str(path), 1, 1, _("this folder holds no CSV or XLSX file")))
    return found, faults


def _files_in(folder: Path) -> list[Path]:
    return [
        file
        for file in sorted(folder.iterdir())
        if file.suffix.lower() in SUFFIXES and file.is_file() and not file.name.startswith((".", "~$"))
    ]


def unreadable(label: str, error: OSError) -> Fault:
    """What the system says of a file that it does not give."""
    return Fault(label, 1, 1, _("this file cannot be read: %(why)s") % {"why": error.strerror or error})


def table_of(name: str) -> str | None:
    """The table that a file or sheet of this name is: ``values``, ``values-2026-10``, ``指标 10月``; None for none."""
    plain = name.strip().lower()
    for table in all_tables():
        for alias in sorted((table.name, *table.aliases), key=len, reverse=True):
            if plain.startswith(alias) and re.match(r"$|[^a-z\u4e00-\u9fff]", plain[len(alias) :]):
                return table.name
    return None


@contextmanager
def sheets_of(source: Source) -> Iterator[tuple[list[Sheet], list[Fault]]]:
    """The sheets in the order of loading, and what is wrong with others; a CSV file has one. Raises ``Faulty``."""
    if source.suffix == ".csv":
        if source.table is None:
            raise Faulty([Fault(source.label, 1, 1, _no_table(PurePath(source.name).stem))])
        yield [CsvSheet(source.label, source.table, source.open)], []
    elif source.suffix == ".xlsx":
        with unpacked(source.label, source.open) as parts:
            yield _workbook_sheets(source, parts)
    else:
        raise Faulty([Fault(source.label, 1, 1, _("expected a file whose name ends in .csv or .xlsx"))])


def _workbook_sheets(source: Source, parts: list[tuple[str, Path, list[list[Any]]]]) -> tuple[list[Sheet], list[Fault]]:
    faults, found = [], {}
    single = len(parts) == 1
    for name, rows, unusable in parts:
        label = source.label if single else f"{source.label}[{name}]"
        table = table_of(name) or (source.table if single else None)
        if table is None:
            faults.append(Fault(label, 1, 1, _no_table(name)))
        elif table in found:
            faults.append(Fault(label, 1, 1, _("another sheet of this workbook is `%(table)s` too") % {"table": table}))
        else:
            try:
                found[table] = WorkbookSheet(label, table, rows, unusable)
            except Faulty as faulty:
                faults += faulty.faults
    return [found[table] for table in ORDER if table in found], faults


def _no_table(name: str) -> str:
    tables = ", ".join(f"{table.name} ({table.aliases[0]})" for table in all_tables())
    return _("`%(name)s` names no table of records; expected one of: %(tables)s") % {"name": name, "tables": tables}
