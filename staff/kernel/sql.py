"""Reads the SQL that migrations run: each file holds the whole of one subject, so that it can be read at one place."""

from __future__ import annotations

from pathlib import Path

from django.db.migrations.operations import RunSQL


def run_sql(app_folder: Path, name: str) -> RunSQL:
    """``<app>/sql/<name>.sql`` as a migration's operation. Not reversible: the truth does not go back."""
    return RunSQL((app_folder / "sql" / f"{name}.sql").read_text(encoding="utf-8"), RunSQL.noop)
