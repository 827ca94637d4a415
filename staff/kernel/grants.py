"""Where the rights of the application's database role differ from the schema's default grants."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.migrations.operations import RunPython


def revoke(statement: str) -> RunPython:
    """``statement`` holds ``{role}``. Where no such role exists (one role for all), triggers alone protect the table."""
    return _with_role(statement)


def grant(statement: str) -> RunPython:
    """``statement`` holds ``{role}``. Where no such role exists, the one role for all is the owner and may do it anyhow."""
    return _with_role(statement)


def _with_role(statement: str) -> RunPython:
    def run(apps: Any, schema_editor: Any) -> None:
        role = settings.DATABASE_APP_ROLE
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT quote_ident(rolname) FROM pg_roles WHERE rolname = %s", [role])
            found = cursor.fetchone()
            if found:
                cursor.execute(statement.format(role=found[0]))

    return RunPython(run, RunPython.noop)
