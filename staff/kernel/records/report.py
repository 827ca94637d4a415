"""What a load did, or would do."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from staff.kernel.records.faults import Fault


@dataclass(slots=True)
class Change:
    """A row that is added (``before`` empty) or changed: header → text."""

    line: int
    key: dict[str, str]
    before: dict[str, str]
    after: dict[str, str]


@dataclass(slots=True)
class TableReport:
    """``rows`` of the file; identical rows twice count among the unchanged. ``changes``: the first of them, if asked for."""

    table: str
    rows: int = 0
    added: int = 0
    changed: int = 0
    warnings: list[Fault] = field(default_factory=list)
    warned: int = 0
    changes: list[Change] = field(default_factory=list)
    changes_digest: str = ""

    @property
    def unchanged(self) -> int:
        return self.rows - self.added - self.changed


@dataclass(slots=True)
class FileReport:
    """A file is taken whole or refused: then ``faults`` says why and ``tables`` is empty. ``digest``: SHA-256 of its bytes."""

    file: str
    digest: str = ""
    tables: list[TableReport] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0

    @property
    def refused(self) -> bool:
        return bool(self.faults)

    def as_json(self) -> dict[str, Any]:
        """For a page: faults and warnings as text, ``unchanged`` written out."""
        tables = [
            {
                **{name: getattr(t, name) for name in ("table", "rows", "added", "changed", "unchanged", "warned")},
                "warnings": [str(warning) for warning in t.warnings],
                "changes": [asdict(change) for change in t.changes],
            }
            for t in self.tables
        ]
        faults = [str(fault) for fault in self.faults]
        return {
            "file": self.file,
            "digest": self.digest,
            "tables": tables,
            "faults": faults,
            "fault_count": self.fault_count,
        }
