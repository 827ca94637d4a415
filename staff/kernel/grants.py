"""What the application's database role may not do, although the schema's default grants would let it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.migrations.operations import RunPython


def revoke(statement: str) -> RunPython:
    """``statement`` holds ``{role}``. Where no such role exists (one role for all), triggers alone protect the table."""

    def run(apps: Any, schema_editor: Any) -> None:
        role = settings.DATABASE_APP_ROLE
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT quote_ident(rolname) FROM pg_roles WHERE rolname = %s", [role])
            found = cursor.fetchone()
            if found:
                cursor.execute(statement.format(role=found[0]))

    return RunPython(run, RunPython.noop)
