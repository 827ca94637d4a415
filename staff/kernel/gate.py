"""The gate between those who write facts and those who judge them.

Every statement that writes facts holds the gate shared (a trigger takes it) until its transaction ends. Whoever needs to
know *what was known at an instant* takes it alone for a moment: all earlier writers have then committed, all later ones
carry a later ``recorded_at`` and a higher touch id.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

#: The advisory lock's number; the triggers in ``staff/sql/facts.sql`` name the same one.
GATE = 7301


@dataclass(frozen=True, slots=True)
class Known:
    """What was known: everything recorded up to the instant, every touch up to the watermark."""

    at: datetime
    watermark: int


@contextmanager
def closed_gate() -> Iterator[Known]:
    """Holds the gate alone while the block runs; keep the block to one statement that fixes a snapshot."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [GATE])
        try:
            cursor.execute("SELECT clock_timestamp(), coalesce((SELECT max(id) FROM staff_touch), 0)")
            at, watermark = cursor.fetchone()
            yield Known(at, watermark)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [GATE])
