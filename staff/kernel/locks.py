"""The numbers of the advisory locks: one list, so that no two things share one by accident."""

from __future__ import annotations

from enum import IntEnum


class Lock(IntEnum):
    """``GATE`` and ``ADOPTIONS`` stand in SQL too (``staff/sql/facts.sql``; ``policy/sql/versions.sql``, ``tree.sql``)."""

    GATE = 7301
    ADOPTIONS = 7302
    SWEEP_REQUESTS = 7303
    SHARDS = 7304
    LOADS = 7305
    METRICS = 7306
    ANSWERS = 7307
    ASSESSMENT = 7308
    NOTICES = 7309
