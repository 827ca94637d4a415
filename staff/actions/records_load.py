"""Files of records are loaded: from the server's shell at once, in the browser after a preview."""

from __future__ import annotations

from pathlib import Path

from staff.kernel.access import Access, Verb
from staff.kernel.records.faults import Faulty
from staff.kernel.records.load import load_sources
from staff.kernel.records.report import FileReport
from staff.kernel.records.sources import from_paths
from staff.kernel.records.tables import RecordTable

#: A load creates and changes many rows at once, which takes all of these on what the table holds.
VERBS = (Verb.CREATE, Verb.UPDATE, Verb.EXPORT)


def require_table(access: Access, table: RecordTable) -> None:
    """Raises ``Forbidden`` for whoever may not load the table: pay is payroll's, all else HR's."""
    for verb in VERBS:
        access.require(table.thing, verb)


def load_records(*, access: Access, paths: list[Path], reason: str = "") -> list[FileReport]:
    """Loads files and the files of folders, each its own transaction, in the order of what they need.

    A refused file does not stop the others: look at ``refused`` of every report. ``reason`` stands in the trail and beside
    every correction of a tier.
    """
    try:
        sources = from_paths(paths)
    except Faulty as faulty:
        return [FileReport(fault.file, faults=[fault], fault_count=1) for fault in faulty.faults]
    return load_sources(access, sources, permit=lambda table: require_table(access, table), reason=reason)
