"""Ask for a sweep: what must be judged anew as of a month becomes runs and shards. The work itself comes after."""

from __future__ import annotations

import hashlib
import json

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from assessment.actions.results_assess import assess_month
from assessment.models import AssessmentMonth, MonthState
from policy.selectors import Governed, governing
from promotion.bell import ring
from promotion.models import Run, RunShard, RunState, Standing, Statement
from promotion.sweep.actions.record_close import close_record
from promotion.sweep.evaluation import as_stored, statement_of, statement_text, text_digest
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.gate import Known, known_snapshot
from staff.kernel.locks import Lock
from staff.kernel.periods import Month
from staff.models import Touch

#: Serialises the requests of one month; the second key is the month.
_REQUESTS = Lock.SWEEP_REQUESTS
#: People a shard: some seconds of work, so that a lost one costs little and progress moves.
SHARD_SIZE = 25_000


def request_sweep(*, access: Access, month: Month) -> list[Run]:
    """One run for each (version, values) that governs a ladder on the month's last day, or did when it was last swept.

    A run that is still at work, or whose facts have not changed since, is returned as it is: asking twice does nothing twice.
    So is the run of record of a sealed month, whatever became known since: what is of record changes by a correction alone.
    Where a ladder rests on results of months, those are brought up to date first.
    Raises ``Forbidden``; ``Refused`` for a month that has not ended (the shell may ask for any).
    """
    access.require(Thing.RUN, Verb.CREATE)
    if access.channel != "command" and month >= Month.of(access.day):
        raise Refused(_("%(month)s has not ended yet.") % {"month": month}, code="not_ended")
    if any(statement_of(one.checked).reads_results for one in governing(month.last_day, part="ladder")):
        assess_month(access=access, month=month)
    with known_snapshot() as known:
        pass
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_REQUESTS, month.number])
        governed = governing(month.last_day, part="ladder")
        return [_run(access, month, one, known) for one in [*governed, *_no_longer(governed, month)]]


def request_corrected(*, access: Access, month: Month, touched_after: int) -> list[Run]:
    """Runs of record that judge anew whom a correction of a sealed month has touched, and nobody else: touches above
    ``touched_after`` are all the correction's own. In the correction's transaction, which commits or takes back all of it.
    """
    access.require(Thing.RUN, Verb.CREATE)
    with known_snapshot() as known:
        governed = governing(month.last_day, part="ladder")
        swept = [one for one in [*governed, *_no_longer(governed, month)] if _has_run(one, month)]
        return [
            _create(access, month, one, known, touched_after=touched_after, of_record=True)
            for one in swept
            if _concerned(month, touched_after)
        ]


def _has_run(governed: Governed, month: Month) -> bool:
    return Run.objects.filter(
        month=month, version=governed.version, values_digest=governed.values_digest, of_record=True
    ).exists()


def _concerned(month: Month, touched_after: int) -> bool:
    later = Q(first_month__isnull=True) | Q(first_month__lte=month)
    return Touch.objects.filter(later, id__gt=touched_after).exists()


def _no_longer(governed: list[Governed], month: Month) -> list[Governed]:
    """Those that still have standings of the month although they govern nobody: their run withdraws them."""
    now = {(one.version.pk, one.values_digest) for one in governed}
    swept = Run.objects.filter(month=month).select_related("version").order_by("version_id", "values_digest", "-id")
    former = [
        run for run in swept.distinct("version_id", "values_digest") if (run.version_id, run.values_digest) not in now
    ]
    return [
        Governed(version=run.version, values=run.values, department_ids=(), adoption_ids=())
        for run in former
        if Standing.objects.of(run).exists()
    ]


def _run(access: Access, month: Month, governed: Governed, known: Known) -> Run:
    of_record = AssessmentMonth.objects.filter(month=month, state=MonthState.SEALED).exists()
    last = (
        Run.objects.filter(month=month, version=governed.version, values_digest=governed.values_digest)
        .exclude(state=RunState.FAILED)
        .order_by("-watermark")
        .first()
    )
    touched_after: int | None = None
    if last is not None:
        if of_record and last.of_record and last.state == RunState.DONE:
            return last
        touches = _touches(month, last, known)
        if last.state != RunState.DONE or not touches.exists():
            return _recorded(last) if of_record and not last.of_record else last
        everybody = touches.filter(employee_id__isnull=True).exists()
        touched_after = None if everybody else last.watermark
    return _create(access, month, governed, known, touched_after=touched_after, of_record=of_record)


def _touches(month: Month, last: Run, known: Known) -> QuerySet[Touch]:
    return Touch.objects.filter(id__gt=last.watermark, id__lte=known.watermark).filter(
        Q(first_month__isnull=True) | Q(first_month__lte=month)
    )


def _recorded(run: Run) -> Run:
    """The month was sealed and nothing has changed since: what was provisional is of record."""
    Run.objects.filter(pk=run.pk).update(of_record=True)
    run.of_record = True
    if run.state == RunState.DONE:
        close_record(run=run)
    return run


def _create(
    access: Access, month: Month, governed: Governed, known: Known, *, touched_after: int | None, of_record: bool
) -> Run:
    compiled = statement_of(governed.checked)
    sql = statement_text(compiled)
    statement, _made = Statement.objects.get_or_create(digest=text_digest(sql), defaults={"sql": sql})
    run = Run.objects.create(
        month=month,
        version=governed.version,
        values=dict(governed.values),
        values_digest=governed.values_digest,
        statement=statement,
        params=as_stored(compiled.params(month)),
        watermark=known.watermark,
        touched_after=touched_after,
        known_at=known.at,
        digest=_input_digest(governed, month, statement, known),
        of_record=of_record,
        started_by_id=access.account_id,
        channel=access.channel,
    )
    shards = RunShard.objects.bulk_create(
        RunShard(run=run, ordinal=n, low=low, high=high) for n, (low, high) in enumerate(_ranges(run, month), start=1)
    )
    if access.channel != "command":  # a command works its shards off by itself and needs no broker
        ring(len(shards))
    audit.record(
        access,
        "sweep_requested",
        object_type="run",
        object_key=run.pk,
        after={
            "month": str(month),
            "policy": governed.version.key,
            "version": governed.version.number,
            "full": touched_after is None,
        },
    )
    return run


def _input_digest(governed: Governed, month: Month, statement: Statement, known: Known) -> str:
    """Version, values, month, statement, and all facts known: the watermark counts every change of a fact."""
    parts = [governed.version.digest, governed.values_digest, str(month), statement.digest, known.watermark]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _ranges(run: Run, month: Month) -> list[tuple[int, int]]:
    """Ranges (low, high] of some ``SHARD_SIZE`` people each, over everybody or over those who were touched."""
    source, params = "SELECT id FROM staff_employee", []
    if run.touched_after is not None:
        source = (
            "SELECT DISTINCT employee_id AS id FROM staff_touch WHERE id > %s AND id <= %s "
            "AND (first_month IS NULL OR first_month <= %s)"
        )
        params = [run.touched_after, run.watermark, month.number]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT max(id) FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / %s AS bucket FROM ({source}) s) b "
            "GROUP BY bucket ORDER BY 1",
            [SHARD_SIZE, *params],
        )
        highs = [row[0] for row in cursor.fetchall()] or [1]
    return list(zip([0, *highs[:-1]], highs, strict=True))
