"""A cursor and temporary tables, shared by loads and dumps."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from staff.kernel.access import Access


class Work:
    """Statements of one load or dump; ``cursor`` is open for its length."""

    def __init__(self, access: Access, cursor: Any) -> None:
        self.access = access
        self.cursor = cursor

    def run(self, sql: str, **params: Any) -> None:
        """Runs a statement; ``%(day)s`` is the day of the work, other parameters as given."""
        self.cursor.execute(sql, {"day": self.access.day, **params})

    def row(self, sql: str, **params: Any) -> tuple[Any, ...]:
        self.run(sql, **params)
        return self.cursor.fetchone()

    def make(self, name: str, sql: str, **params: Any) -> None:
        """A temporary table of a query, in place of an earlier one of that name."""
        self.run(f"DROP TABLE IF EXISTS {name}")
        self.run(f"CREATE TEMP TABLE {name} ON COMMIT DROP AS {sql}", **params)

    def fill(self, name: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """A temporary table of rows, an empty cell being NULL; ``columns``: its names and types."""
        self.run(f"DROP TABLE IF EXISTS {name}")
        self.run(f"CREATE TEMP TABLE {name} ({columns}) ON COMMIT DROP")
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\n").writerows(rows)
        self.cursor.copy_expert(f"COPY {name} FROM STDIN (FORMAT csv)", io.StringIO(buffer.getvalue()))
