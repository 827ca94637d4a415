"""Work: claim a shard, judge its people, keep what changed. Effects and done-mark are one transaction."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from policy.compiler.sql import PLANNER
from policy.selectors import Governed, governing
from promotion.models import Run, RunShard, RunState
from promotion.sweep.actions.record_close import close_record
from promotion.sweep.evaluation import STANDING_COLUMNS, Judgement, judged_now
from promotion.sweep.population import population
from staff.kernel.gate import known_snapshot
from staff.kernel.locks import Lock

logger = logging.getLogger(__name__)

OPEN = (RunState.QUEUED, RunState.RUNNING)
#: After so many attempts a shard is set aside and its run has failed.
MAX_ATTEMPTS = 3
#: Whoever works on a shard holds the session lock (base + shard's id). It goes with the process, however that ends, so a
#: shard that is marked as running but whose lock is free has lost its worker.
_LOCKS = Lock.SHARDS << 40

_CLAIM = """
UPDATE promotion_runshard SET state = 'running', attempts = attempts + 1
WHERE id = %(shard)s AND state IN ('queued', 'running') AND attempts < %(most)s
  AND run_id IN (SELECT id FROM promotion_run WHERE state IN ('queued', 'running')) RETURNING id, attempts
"""

_SET_ASIDE = """
UPDATE promotion_runshard SET state = 'failed', error = CASE WHEN error = '' THEN 'its worker died' ELSE error END
WHERE id = %(shard)s AND state = 'running' AND attempts >= %(most)s RETURNING run_id
"""

_CLOSE = """
UPDATE promotion_run r SET state = 'done', finished_at = clock_timestamp(), people = s.people, written = s.written
FROM (SELECT run_id, sum(people) AS people, sum(written) AS written FROM promotion_runshard
      WHERE run_id IN (SELECT id FROM promotion_run WHERE state IN ('queued', 'running'))
      GROUP BY run_id HAVING bool_and(state = 'done')) s
WHERE r.id = s.run_id AND r.state IN ('queued', 'running') AND (%(run)s IS NULL OR r.id = %(run)s) RETURNING r.id
"""

_TOUCHED = """
CREATE TEMP TABLE sweep_touched ON COMMIT DROP AS
SELECT DISTINCT employee_id AS id FROM staff_touch
WHERE id > %(after)s AND id <= %(watermark)s AND (first_month IS NULL OR first_month <= %(month)s)
  AND employee_id > %(low)s AND employee_id <= %(high)s
"""

_COLUMNS = ", ".join(STANDING_COLUMNS)
_OF_CURRENT = ", ".join(f"c.{column}" for column in STANDING_COLUMNS)
_OF_FRESH = ", ".join(f"f.{column}" for column in STANDING_COLUMNS)

#: For a whole range of people: where the statistics are behind (people loaded, then swept at once) the planner expects one
#: row and would aggregate the facts of everybody again for each person.
WHOLE_RANGE = "SET LOCAL enable_nestloop = off"
#: For a touched few: what is looked up lies in memory, and reading whole tables for them costs the half of it.
_FEW = "SET LOCAL random_page_cost = 1.1"
#: One in so many people of a shard's range, or fewer, are few. Ids follow on one another, near enough.
_ONE_IN = 10
#: A statement whose process has been killed ends at once, and with it the hold on its shard.
_ORPHANS = "SET LOCAL client_connection_check_interval = '500ms'"

_SUPERSEDE = """
UPDATE promotion_standing s SET superseded_by_id = %(run)s
FROM promotion_standing c JOIN promotion_run r ON r.id = c.run_id LEFT JOIN sweep_fresh f ON f.id = c.employee_id
WHERE s.run_id = c.run_id AND s.employee_id = c.employee_id AND c.month = %(month)s AND c.superseded_by_id IS NULL
  AND c.employee_id > %(low)s AND c.employee_id <= %(high)s{touched}
  AND CASE WHEN f.id IS NULL THEN r.version_id = %(version)s AND r.values_digest = %(values)s
      ELSE r.version_id <> %(version)s OR r.values_digest <> %(values)s OR ({current}) IS DISTINCT FROM ({fresh}) END
"""

_KEEP = f"""
INSERT INTO promotion_standing (run_id, employee_id, month, {_COLUMNS})
SELECT %(run)s, f.id, %(month)s, {_OF_FRESH} FROM sweep_fresh f
WHERE NOT EXISTS (SELECT 1 FROM promotion_standing c
                  WHERE c.month = %(month)s AND c.employee_id = f.id AND c.superseded_by_id IS NULL)
"""

#: Of a month that it has not counted the planner expects one row, and reads all of it again for each person of a list. A rerun
#: of those whom something has touched adds little to a month that was counted; what it adds in time the server counts itself.
_COUNT = "ANALYZE promotion_standing (month, employee_id, superseded_by_id)"


@dataclass(frozen=True, slots=True)
class Claim:
    """A shard in hand. Only the holder of the latest attempt may finish it."""

    shard_id: int
    attempt: int


def work_one(*, run_id: int | None = None) -> bool:
    """Claims the next shard (of a run, or of any) and finishes it. False where there is none to claim.

    An error of the shard is kept on its row; the attempt counts, another will try, and the third failure fails the run.
    """
    shards = open_shards() if run_id is None else open_shards().filter(run_id=run_id)
    for shard_id in shards.order_by("run_id", "ordinal").values_list("pk", flat=True):
        with _holding(shard_id) as held:
            claim = _claim(shard_id) if held else None
            if claim is not None:
                _work(claim)
                return True
    close_runs(run_id=run_id)
    return False


def open_shards() -> QuerySet[RunShard]:
    """Shards that wait for a worker, have one or have lost theirs. A failed run has none."""
    return RunShard.objects.filter(state__in=OPEN, run__state__in=OPEN)


@contextmanager
def _holding(shard_id: int) -> Iterator[bool]:
    """The shard's session lock, if nobody else has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCKS + shard_id])
        held = bool(cursor.fetchone()[0])
    try:
        yield held
    finally:
        if held and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCKS + shard_id])


def _claim(shard_id: int) -> Claim | None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"shard": shard_id, "most": MAX_ATTEMPTS})
        row = cursor.fetchone()
        if row is not None:
            Run.objects.filter(shards=shard_id, state=RunState.QUEUED).update(state=RunState.RUNNING)
            return Claim(*row)
        cursor.execute(_SET_ASIDE, {"shard": shard_id, "most": MAX_ATTEMPTS})
        if cursor.fetchone():
            Run.objects.filter(shards=shard_id).update(state=RunState.FAILED, finished_at=timezone.now())
    return None


def _work(claim: Claim) -> None:
    try:
        _finish(claim)
    except Exception as error:
        logger.exception("a shard has failed", extra={"shard": claim.shard_id, "attempt": claim.attempt})
        connection.close_if_unusable_or_obsolete()
        _release(claim, error)


def _release(claim: Claim, error: Exception) -> None:
    shards = RunShard.objects.filter(pk=claim.shard_id, attempts=claim.attempt, state=RunState.RUNNING)
    spent = claim.attempt >= MAX_ATTEMPTS
    state = RunState.FAILED if spent else RunState.QUEUED
    if shards.update(state=state, error=f"{type(error).__name__}: {error}"[:2000]) and spent:
        Run.objects.filter(shards=claim.shard_id).update(state=RunState.FAILED, finished_at=timezone.now())


def _finish(claim: Claim) -> None:
    with known_snapshot() as known:
        shard = RunShard.objects.select_related("run", "run__version").get(pk=claim.shard_id)
        people, written = _judge(shard)
        done = RunShard.objects.filter(pk=shard.pk, attempts=claim.attempt, state=RunState.RUNNING).update(
            state=RunState.DONE, known_at=known.at, people=people, written=written, error=""
        )
        if not done:
            raise OperationalError("the shard has passed to another worker")
    close_runs(run_id=shard.run_id)


def close_runs(*, run_id: int | None = None) -> None:
    """Whatever run (or this one) has all its shards done is done; whoever comes second changes nothing.

    After the last shard's transaction and not in it: of two that end at once neither would see the other. Whoever died in
    between leaves it to the next who finds no shard to claim.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLOSE, {"run": run_id})
        closed = [row[0] for row in cursor.fetchall()]
        runs = list(Run.objects.select_related("version").filter(pk__in=closed).order_by("pk"))
        for run in runs:
            close_record(run=run)
        if any(run.touched_after is None for run in runs):
            cursor.execute(_COUNT)


def _judge(shard: RunShard) -> tuple[int, int]:
    """People judged and rows written."""
    run = shard.run
    bounds: dict[str, Any] = {
        "run": run.pk, "month": run.month.number, "version": run.version_id, "values": run.values_digest,
        "low": shard.low, "high": shard.high, "after": run.touched_after, "watermark": run.watermark,
    }  # fmt: skip
    touched = "sweep_touched" if run.touched_after is not None else None
    with connection.cursor() as cursor:
        cursor.execute(f"{PLANNER}; {_ORPHANS}")
        few = False
        if touched:
            cursor.execute(_TOUCHED, bounds)
            few = cursor.rowcount * _ONE_IN <= shard.high - shard.low
            cursor.execute("ANALYZE sweep_touched")
        cursor.execute(_FEW if few else WHOLE_RANGE)
        ids = None if few else (shard.low, shard.high)
        governed = _governed(run)
        people = population(governed, run.month, ids=ids, touched=touched)
        judgement = judged_now(governed, run.month, people)
        if not touched and not _has_current(cursor, bounds):
            return _insert(cursor, judgement, bounds)
        return _compare(cursor, judgement, bounds, touched)


def _governed(run: Run) -> Governed:
    """The run's version and values with the departments they govern; none where they do so no more."""
    for one in governing(run.month.last_day, part="ladder"):
        if one.version.pk == run.version_id and one.values_digest == run.values_digest:
            return one
    return Governed(version=run.version, values=run.values, department_ids=(), adoption_ids=())


def _has_current(cursor: Any, bounds: dict[str, Any]) -> bool:
    cursor.execute(
        "SELECT EXISTS (SELECT 1 FROM promotion_standing WHERE month = %(month)s AND superseded_by_id IS NULL "
        "AND employee_id > %(low)s AND employee_id <= %(high)s)",
        bounds,
    )
    return bool(cursor.fetchone()[0])


def _insert(cursor: Any, judgement: Judgement, bounds: dict[str, Any]) -> tuple[int, int]:
    """The first sweep of a month has nothing to compare with: straight into the table."""
    cursor.execute(
        f"INSERT INTO promotion_standing (run_id, employee_id, month, {_COLUMNS}) "
        f"SELECT %(run)s, f.id, %(month)s, {_OF_FRESH} FROM ({judgement.sql}) f",
        {**judgement.params, **bounds},
    )
    return cursor.rowcount, cursor.rowcount


def _compare(cursor: Any, judgement: Judgement, bounds: dict[str, Any], touched: str | None) -> tuple[int, int]:
    """Only what differs is written: the row before is marked, never changed."""
    cursor.execute(f"CREATE TEMP TABLE sweep_fresh ON COMMIT DROP AS {judgement.sql}", judgement.params)
    people = cursor.rowcount
    cursor.execute("ANALYZE sweep_fresh")
    narrow = f" AND c.employee_id IN (SELECT id FROM {touched})" if touched else ""
    cursor.execute(_SUPERSEDE.format(touched=narrow, current=_OF_CURRENT, fresh=_OF_FRESH), bounds)
    cursor.execute(_KEEP, bounds)
    written = cursor.rowcount
    cursor.execute("DROP TABLE sweep_fresh" + (f", {touched}" if touched else ""))
    return people, written
