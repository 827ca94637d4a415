"""Replay: what a run found is computed once more from what it stored, and must come out the same.

The statement's text and parameters, the people's rows as they were read, and the facts as they were known when each shard
was judged: nothing of today takes part.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from policy.compiler import Relation
from promotion.models import Run, RunShard, RunState
from promotion.sweep.evaluation import EVIDENCE_COLUMNS, judged_as_known
from promotion.sweep.population import PERSON_COLUMNS, Population

_AS_THEY_WERE = f"""
    SELECT employee_id AS id, tier, {", ".join(PERSON_COLUMNS)} FROM promotion_standing
    WHERE run_id = %(run)s AND employee_id > %(low)s AND employee_id <= %(high)s
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """A standing that does not come out as it was stored."""

    employee_id: int
    stored: tuple[object, ...]
    replayed: tuple[object, ...] | None


def replay(run: Run, *, only: int | None = None) -> list[Difference]:
    """Every standing that the run wrote, or that of ``only`` one person, judged again. Empty: the run replays to the same
    evidence.
    """
    shards = run.shards.filter(state=RunState.DONE)
    if only is not None:
        shards = shards.filter(low__lt=only, high__gte=only)
    found: list[Difference] = []
    for shard in shards:
        found += _replay_shard(run, shard, only)
    return found


def _replay_shard(run: Run, shard: RunShard, only: int | None = None) -> list[Difference]:
    bounds = {"run": run.pk, "low": shard.low, "high": shard.high}
    if only is not None:
        bounds |= {"low": only - 1, "high": only}
    people = Population(Relation(_AS_THEY_WERE), bounds)
    judgement = judged_as_known(run.statement.sql, people, {**run.params, "known_at": shard.known_at})
    stored = ", ".join(f"s.{column}" for column in EVIDENCE_COLUMNS)
    again = ", ".join(f"f.{column}" for column in EVIDENCE_COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.employee_id, f.id, {stored}, {again} FROM promotion_standing s "
            f"LEFT JOIN ({judgement.sql}) f ON f.id = s.employee_id "
            "WHERE s.run_id = %(run)s AND s.employee_id > %(low)s AND s.employee_id <= %(high)s "
            f"AND (f.id IS NULL OR ({stored}) IS DISTINCT FROM ({again})) ORDER BY s.employee_id",
            judgement.params,
        )
        width = len(EVIDENCE_COLUMNS)
        return [
            Difference(row[0], row[2 : 2 + width], None if row[1] is None else row[2 + width :])
            for row in cursor.fetchall()
        ]
