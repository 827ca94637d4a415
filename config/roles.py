"""The rights of the application's role on what the owner makes."""

from __future__ import annotations

from django.conf import settings
from django.db import connections


def grant_defaults(using: str = "default") -> None:
    """Let the application's role read and write every table the current role will make in this database.

    Run before the migrations, so that one which takes a right back (the ledger's) has the last word. Nothing to do
    where the application signs in as the owner or its role does not exist.
    """
    connection = connections[using]
    role = connection.ops.quote_name(settings.DATABASE_APP_ROLE)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_roles WHERE rolname = %s AND rolname <> current_user", [settings.DATABASE_APP_ROLE]
        )
        if cursor.fetchone() is None:
            return
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        for rights, kind in (("SELECT, INSERT, UPDATE, DELETE", "TABLES"), ("USAGE, SELECT", "SEQUENCES")):
            cursor.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {rights} ON {kind} TO {role}")
