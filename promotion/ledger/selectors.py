"""Reads of the ledger: which lines stand, who held which tier on a day, and whether the chain is whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from promotion.ledger.models import LedgerLine

#: Every line against the one before it. The hash is computed as the trigger computes it, from what the line says now.
_BROKEN = """
SELECT seq, CASE
    WHEN seq <> coalesce(last_seq, 0) + 1 THEN 'gap'
    WHEN prev_hash <> coalesce(last_hash, repeat('0', 64)) THEN 'link'
    ELSE 'hash' END
FROM (
    SELECT l.seq, l.prev_hash, l.hash, promotion_ledger_hash(l) AS computed,
           lag(l.seq) OVER (ORDER BY l.seq) AS last_seq, lag(l.hash) OVER (ORDER BY l.seq) AS last_hash
    FROM promotion_ledgerline l
) c
WHERE seq <> coalesce(last_seq, 0) + 1 OR prev_hash <> coalesce(last_hash, repeat('0', 64)) OR hash <> computed
ORDER BY seq LIMIT 100
"""
_HEAD = """
SELECT h.seq FROM promotion_ledgerhead h LEFT JOIN LATERAL (
    SELECT seq, hash FROM promotion_ledgerline ORDER BY seq DESC LIMIT 1) l ON true
WHERE h.id = 1 AND (h.seq <> coalesce(l.seq, 0) OR h.hash <> coalesce(l.hash, repeat('0', 64)))
"""

#: That a person ``e`` holds a tier of a ladder (first parameter) on a day (second).
HOLDS_A_TIER = (
    "EXISTS (SELECT 1 FROM promotion_tierperiod t "
    "WHERE t.employee_id = e.id AND t.ladder = %s AND t.period @> %s::date)"
)
#: The tier of a person ``e`` on the ladder ``%(policy)s`` on ``%(last_day)s``: its columns, and where they come from.
TIER_COLUMNS = ", t.tier, lower(t.period) AS tier_since, down.day AS demoted_on"
TIER_ROWS = """
    LEFT JOIN promotion_tierperiod t ON t.employee_id = e.id AND t.ladder = %(policy)s AND t.period @> %(last_day)s::date
    LEFT JOIN (SELECT employee_id, max(lower(period)) AS day FROM promotion_tierperiod
               WHERE kind = 'demotion' AND ladder = %(policy)s AND lower(period) <= %(last_day)s
               GROUP BY employee_id) down ON down.employee_id = e.id"""


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain is not whole: ``gap`` (a line is missing before), ``link`` (it does not follow the one before),
    ``hash`` (it does not say what it said), ``head`` (lines are missing at the end)."""

    seq: int
    what: str


def standing_lines() -> QuerySet[LedgerLine]:
    """Lines that hold on some day, as the view of the fold has them: one that a correction replaced by another tier from a
    later day on still holds before that day.
    """
    correction = LedgerLine.objects.filter(replaces=OuterRef("pk"))
    wholly = Q(to_tier=OuterRef("to_tier")) | Q(effective_on__lte=OuterRef("effective_on"))
    return LedgerLine.objects.filter(~Exists(correction.filter(wholly)))


def tier_on(employee_id: int, day: date) -> LedgerLine | None:
    """The line by which the person held their tier on the day; None before the first, and off the ladder."""
    line = (
        standing_lines()
        .filter(employee_id=employee_id, effective_on__lte=day)
        .order_by("-effective_on", "-seq")
        .first()
    )
    return line if line is not None and line.to_tier else None


def verify_chain() -> list[Break]:
    """The first hundred places where the chain is broken; none means that every line says what was written."""
    with connection.cursor() as cursor:
        cursor.execute(_BROKEN)
        found = [Break(seq, what) for seq, what in cursor.fetchall()]
        cursor.execute(_HEAD)
        return found + [Break(seq, "head") for (seq,) in cursor.fetchall()]
