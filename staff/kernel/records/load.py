"""Files in: each one transaction, in the order of what they need.

Loads follow one another under a lock, so that two of the same file at once do not both find its rows new.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection, transaction

from staff.kernel import audit
from staff.kernel.access import Access
from staff.kernel.locks import Lock
from staff.kernel.records.csv_text import digest_of
from staff.kernel.records.faults import Fault, Faulty
from staff.kernel.records.loading import Loading
from staff.kernel.records.report import FileReport
from staff.kernel.records.sheet import Sheet
from staff.kernel.records.sources import Source, sheets_of, unreadable
from staff.kernel.records.tables import ORDER, RecordTable, table_named

#: The advisory lock of loads; taken before the gate of facts, never after it.
_LOADS = Lock.LOADS

Permit = Callable[[RecordTable], None]


class _Undo(Exception):
    """Ends a trial."""


def load_source(
    access: Access, source: Source, *, permit: Permit, reason: str = "", trial: bool = False, confirmed: str = ""
) -> FileReport:
    """Loads a file, whole or not at all. ``trial``: tells what would change, row by row, and keeps nothing.

    ``permit`` is asked for every table and raises ``Forbidden``. ``confirmed``: the ``changes_digest`` of the trial that
    somebody agreed to; raises ``Changed`` where the load would do anything else by now.
    """
    report = FileReport(source.label)
    try:
        report.digest = digest_of(source.open)
        with sheets_of(source) as (sheets, foreign):
            _in_transaction(access, sheets, foreign, report, permit, reason, trial, confirmed)
    except Faulty as faulty:
        report.tables = []
        report.faults, report.fault_count = faulty.faults, faulty.total
    except OSError as error:
        report.tables = []
        report.faults, report.fault_count = [unreadable(source.label, error)], 1
    return report


def load_sources(access: Access, sources: list[Source], *, permit: Permit, reason: str = "") -> list[FileReport]:
    """Loads files in the order of what they need; a refused one does not stop the others.

    A file that lacks what another brings is tried again after the others. Reports in the order of loading.
    """
    reports: list[FileReport] = []
    waiting = sorted(sources, key=_order)
    while waiting:
        again, moved = [], False
        for source in waiting:
            report = load_source(access, source, permit=permit, reason=reason)
            if report.refused and any(fault.absent for fault in report.faults):
                again.append((source, report))
            else:
                moved = moved or not report.refused
                reports.append(report)
        if not moved:
            return reports + [report for _source, report in again]
        waiting = [source for source, _report in again]
    return reports


class Changed(Exception):
    """What was agreed to is no longer what would happen."""


def _in_transaction(
    access: Access,
    sheets: list[Sheet],
    foreign: list[Fault],
    report: FileReport,
    permit: Permit,
    reason: str,
    trial: bool,
    confirmed: str,
) -> None:
    for sheet in sheets:
        permit(table_named(sheet.table))
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOADS])
                # The joins and the pivot of a large file, in memory; the load's own transaction alone.
                cursor.execute("SET LOCAL work_mem = '128MB'")
            _load_sheets(access, sheets, foreign, report, reason, trial or bool(confirmed))
            if confirmed and changes_digest(report) != confirmed:
                raise Changed
            if trial:
                raise _Undo
            _record(access, report, reason)
    except _Undo:
        pass


def _load_sheets(
    access: Access, sheets: list[Sheet], foreign: list[Fault], report: FileReport, reason: str, describing: bool
) -> None:
    """Every sheet, so that the faults of all are told, beside those of sheets that are no tables (``foreign``); a sheet
    after a refused one is checked against what is there."""
    faults: list[Fault] = []
    total = 0
    for sheet in sheets:
        loading = Loading(access, table_named(sheet.table), sheet, reason=reason, describing=describing)
        try:
            with transaction.atomic():
                report.tables.append(loading.go())
        except Faulty as faulty:
            faults += [fault for fault in faulty.faults if not (faults and fault.absent)]
            total += faulty.total
    if foreign or faults:
        raise Faulty([*foreign, *faults], len(foreign) + total)


def changes_digest(report: FileReport) -> str:
    """One text for everything that a load changes."""
    return "/".join(f"{table.table}:{table.added}:{table.changed}:{table.changes_digest}" for table in report.tables)


def _record(access: Access, report: FileReport, reason: str) -> None:
    audit.record(
        access,
        "records_loaded",
        object_type="records",
        object_key=report.file[-120:],
        after={
            "digest": report.digest,
            **{t.table: {"rows": t.rows, "added": t.added, "changed": t.changed} for t in report.tables},
        },
        reason=reason,
    )


def _order(source: Source) -> tuple[int, str]:
    """A workbook goes first: it brings what its sheets need itself, and may bring what others need."""
    return (ORDER.index(source.table) if source.table else 0, source.label)
