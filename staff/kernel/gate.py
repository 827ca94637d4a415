"""The gate between those who write facts and those who judge them.

Every statement that writes facts holds the gate shared (a trigger takes it) until its transaction ends. Whoever needs to
know *what was known at an instant* closes it for a moment: all earlier writers have then committed, all later ones carry a
later ``recorded_at`` and a higher touch id. The lock is the session's, so connections must not be pooled by transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from staff.kernel.locks import Lock

#: The advisory lock's number; ``staff_fact_gate`` in ``staff/sql/facts.sql`` names the same one.
GATE = Lock.GATE

_NOW = "SELECT clock_timestamp(), coalesce((SELECT max(id) FROM staff_touch), 0)"


@dataclass(frozen=True, slots=True)
class Known:
    """What was known: everything recorded up to the instant, every touch up to the watermark."""

    at: datetime
    watermark: int


@contextmanager
def known_snapshot() -> Iterator[Known]:
    """A transaction that sees exactly what was known when it began: ``as_known_at(known.at)`` shows the same later.

    Inside somebody's transaction its snapshot is taken as it is, and the gate is left alone: that transaction may hold it.
    """
    with connection.cursor() as cursor:
        if connection.in_atomic_block:
            with transaction.atomic():
                cursor.execute(_NOW)
                yield Known(*cursor.fetchone())
            return
        cursor.execute("SELECT pg_advisory_lock(%s)", [GATE])
        locked = True
        try:
            with transaction.atomic():
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                cursor.execute(_NOW)
                known = Known(*cursor.fetchone())
                cursor.execute("SELECT pg_advisory_unlock(%s)", [GATE])
                locked = False
                yield known
        finally:
            if locked:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [GATE])


def close_gate() -> None:
    """Closed until the caller's transaction ends: whoever wrote facts before has committed, nobody writes beside it.

    For a transaction that has not written facts itself.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [GATE])


def as_known_at(table: str, columns: str) -> str:
    """A query of a table of facts as it was known at the parameter ``%(known_at)s``: rows of then, from now and history."""
    return (
        f"SELECT {columns} FROM {table} WHERE recorded_at <= %(known_at)s "
        f"UNION ALL SELECT {columns} FROM {table}_history "
        "WHERE recorded_at <= %(known_at)s AND superseded_at > %(known_at)s"
    )
