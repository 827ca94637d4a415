"""After a test with transactions of its own the tables hold again what the migrations wrote, and nothing else.

Django would truncate every table, and have each app write its rows anew: ten times as long as to delete what is there.
"""

from __future__ import annotations

from io import StringIO
from typing import Any

import psycopg2
from django.db import connection, transaction
from django.test import TransactionTestCase

from config import home
from config.embedded.cluster import Cluster

#: Who may set it deletes without a word from any trigger: neither the trail's nor those that keep a row for good.
SILENCE = "session_replication_role"
#: What COPY is told of a table (its name and its columns) and the rows that it wrote, by the table's name.
_written: dict[str, tuple[str, str]] = {}


def remember() -> None:
    """Once the migrations are through: what they wrote. From now on Django leaves the emptying to this module."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_parameter_privilege(%s, 'SET')", [SILENCE])
        if not cursor.fetchone()[0]:
            _permit()
        for table in _filled(cursor, _tables()):
            whole = f"{_quoted(table)} ({_columns(cursor, table)})"
            _written[table] = whole, _rows(cursor, whole)
    TransactionTestCase._fixture_teardown = lambda self: put_back()  # type: ignore[method-assign]


def put_back() -> None:
    """A request that still runs is waited for, as a truncation would wait: what it writes goes too."""
    tables = _tables()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {', '.join(map(_quoted, tables))} IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(f"SET LOCAL {SILENCE} = replica")
        changed = {table for table, (whole, rows) in _written.items() if _rows(cursor, whole) != rows}
        for table in changed | {*_filled(cursor, tables)} - {*_written}:
            cursor.execute(f"DELETE FROM {_quoted(table)}")
        for whole, rows in map(_written.__getitem__, changed):
            cursor.cursor.copy_expert(f"COPY {whole} FROM STDIN", StringIO(rows))


def _tables() -> list[str]:
    return sorted(connection.introspection.django_table_names(only_existing=True, include_views=False))


def _filled(cursor: Any, tables: list[str]) -> list[str]:
    cursor.execute(" UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (TABLE {_quoted(table)})" for table in tables))
    return [table for (table,) in cursor.fetchall()]


def _rows(cursor: Any, whole: str) -> str:
    text = StringIO()
    cursor.cursor.copy_expert(f"COPY {whole} TO STDOUT", text)
    return text.getvalue()


def _columns(cursor: Any, table: str) -> str:
    """Those that the table does not work out itself."""
    cursor.execute(
        "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
        [_quoted(table)],
    )
    return str(cursor.fetchone()[0])


def _quoted(table: str) -> str:
    return connection.ops.quote_name(table)


def _permit() -> None:
    """In our own server the superuser lets the owner do it; in another the tests run as its superuser."""
    facts = connection.settings_dict
    superuser = psycopg2.connect(
        host=facts["HOST"], port=facts["PORT"], user="postgres", dbname="postgres",
        password=Cluster.of(home.path()).password("postgres"),
    )  # fmt: skip
    with superuser, superuser.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(1)")  # each worker asks
        cursor.execute(f"GRANT SET ON PARAMETER {SILENCE} TO {_quoted(facts['USER'])}")
    superuser.close()
