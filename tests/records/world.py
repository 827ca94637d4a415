"""Files of records written by hand, loaded by the same action that the command calls."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection

from staff.actions.records_load import load_records
from staff.kernel.access import Access
from staff.kernel.records.report import FileReport

TODAY = date(2026, 11, 10)


def operator(day: date = TODAY) -> Access:
    return Access.system(day, "operator", channel="command")


class Files:
    """A folder to which files are written, and from which they are loaded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def load(self, name: str, text: str | bytes, **how: Any) -> FileReport:
        how.setdefault("access", operator())
        return load_records(paths=[self.write(name, text)], **how)[0]

    def taken(self, name: str, text: str | bytes, **how: Any) -> FileReport:
        """Loads what must be taken."""
        report = self.load(name, text, **how)
        assert not report.refused, [str(fault) for fault in report.faults]
        return report

    def faults(self, name: str, text: str | bytes, **how: Any) -> list[tuple[int, int, str]]:
        """Loads what must be refused: (line, column, message) of every fault."""
        report = self.load(name, text, **how)
        assert report.refused
        assert not report.tables
        return [(fault.line, fault.column, fault.message) for fault in report.faults]

    def places(self, name: str, text: str | bytes, **how: Any) -> list[tuple[int, int]]:
        return [(line, column) for line, column, _message in self.faults(name, text, **how)]


#: Tables whose rows must not change when nothing is to change.
WATCHED = (
    "staff_touch",
    "staff_absence_history",
    "assessment_employeemonth_history",
    "assessment_event_history",
    "promotion_ledgerline",
    "staff_departmentperiod",
    "staff_supervisorperiod",
)


def marks() -> dict[str, Any]:
    """What would show that something was written."""
    with connection.cursor() as cursor:
        found = {}
        for table in WATCHED:
            cursor.execute(f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t")
            found[table] = cursor.fetchone()
        return found


def rows(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
