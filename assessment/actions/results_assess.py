"""Assess a month: its totals, grades, ranks, stars and the cases they raise, for every policy with a scorecard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from assessment.models import Assessed, AssessmentMonth, Level, MonthState
from assessment.selectors.results import assessed_now, first_month, statement_of
from policy.compiler.month import RESULT_COLUMNS
from policy.compiler.sql import PLANNER
from policy.selectors import Governed, governing
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.gate import Known, known_snapshot
from staff.kernel.locks import Lock
from staff.kernel.periods import Month, months_between
from staff.models import Touch

_COLUMNS = ("version_id", "values_digest", "full_marks", *RESULT_COLUMNS)
_LISTED = ", ".join(_COLUMNS)
_FRESH = ", ".join(f"f.{name}" for name in _COLUMNS)
_STORED = ", ".join(f"r.{name}" for name in _COLUMNS)
_THESE = "r.policy = %(policy)s AND r.level = 'month' AND r.month = %(M)s AND r.employee_id IS NOT NULL"

_CREATE = """
CREATE TEMP TABLE fresh_result (
    version_id bigint, values_digest text, full_marks numeric, id bigint, department_id bigint, counts boolean, items jsonb,
    total numeric, rank integer, grade text, stars integer, cases varchar[], missing varchar[]
) ON COMMIT DROP
"""
_FILL = "INSERT INTO fresh_result SELECT %(version)s, %(values)s, %(full_marks)s, q.* FROM ({sql}) q"
_GONE = f"DELETE FROM assessment_result r WHERE {_THESE} AND NOT EXISTS (SELECT FROM fresh_result f WHERE f.id = r.employee_id)"
_CHANGED = (
    f"UPDATE assessment_result r SET ({_LISTED}) = ROW({_FRESH}) FROM fresh_result f "
    f"WHERE {_THESE} AND f.id = r.employee_id AND ({_STORED}) IS DISTINCT FROM ({_FRESH})"
)
_NEW = (
    f"INSERT INTO assessment_result (level, policy, month, employee_id, {_LISTED}) "
    f"SELECT 'month', %(policy)s, %(M)s, f.id, {_FRESH} FROM fresh_result f "
    f"WHERE NOT EXISTS (SELECT FROM assessment_result r WHERE {_THESE} AND r.employee_id = f.id)"
)


def assess_month(*, access: Access, month: Month) -> int:
    """Brings the month's results up to date, earlier ones that they rest on first; the number of rows written.

    Only what differs is written. Results of a sealed month are of record once they stand: they stay as they were told.
    Raises ``Forbidden``; ``Refused`` for a month that has not ended (the shell may ask for any).
    """
    access.require(Thing.RUN, Verb.CREATE)
    if access.channel != "command" and month >= Month.of(access.day):
        raise Refused(_("%(month)s has not ended yet.") % {"month": month}, code="not_ended")
    with _alone(), known_snapshot() as known:
        written = sum(_bring(policy, month, known) for policy in sorted(_policies(month)))
        if written:
            audit.record(access, "month_assessed", object_type="month", object_key=str(month), after={"rows": written})
    return written


@contextmanager
def _alone() -> Iterator[None]:
    """One assessment at a time. The lock comes before the snapshot, or it would not see what the one before has written."""
    inside = connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_{'xact_lock' if inside else 'lock'}(%s)", [Lock.ASSESSMENT])
    try:
        yield
    finally:
        if not inside and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [Lock.ASSESSMENT])


def _policies(month: Month) -> set[str]:
    """Those that govern a scorecard on the month's last day, and those that have results of it although they do not."""
    governed = {each.version.key for each in governing(month.last_day, part="scorecard")}
    return governed | set(Assessed.objects.filter(level=Level.MONTH, month=month).values_list("policy", flat=True))


def _bring(policy: str, month: Month, known: Known) -> int:
    """The month's results of a policy, after those of every month before: a streak that starts anew rests on all of them."""
    first = first_month(policy) or month
    return sum(_assess(policy, each, known) for each in months_between(min(first, month), month))


def _governed(policy: str, month: Month) -> list[Governed]:
    return [each for each in governing(month.last_day, part="scorecard") if each.version.key == policy]


def _assess(policy: str, month: Month, known: Known) -> int:
    """One month of a policy, if something that it rests on has changed since it was assessed."""
    state, _made = Assessed.objects.get_or_create(policy=policy, level=Level.MONTH, month=month)
    if state.of_record:
        return 0
    sealed = AssessmentMonth.objects.filter(month=month, state=MonthState.SEALED).exists()
    written = _write(policy, month) if _stale(state, known) else 0
    if written:
        later = Assessed.objects.filter(policy=policy, month__gt=month, of_record=False)
        later.update(watermark=None)
    if written or sealed or state.watermark != known.watermark:
        Assessed.objects.filter(pk=state.pk).update(watermark=known.watermark, of_record=sealed, assessed_at=known.at)
    return written


def _stale(state: Assessed, known: Known) -> bool:
    if state.watermark is None:
        return True
    touches = Touch.objects.filter(id__gt=state.watermark, id__lte=known.watermark)
    return touches.filter(Q(first_month__isnull=True) | Q(first_month__lte=state.month)).exists()


def _write(policy: str, month: Month) -> int:
    """Everybody of the month, for ranks and streaks rest on others and on before; rows that differ are written."""
    these: dict[str, Any] = {"policy": policy, "M": month.number}
    with connection.cursor() as cursor:
        cursor.execute(PLANNER)
        cursor.execute(_CREATE)
        for governed in _governed(policy, month):
            query = assessed_now(governed, month)
            version: dict[str, Any] = {
                "version": governed.version.pk,
                "values": governed.values_digest,
                "full_marks": statement_of(governed.checked).scorecard.full_marks,
            }
            cursor.execute(_FILL.format(sql=query.sql), {**query.params, **version})
        cursor.execute("CREATE UNIQUE INDEX ON fresh_result (id); ANALYZE fresh_result")
        written = 0
        for statement in (_GONE, _CHANGED, _NEW):
            cursor.execute(statement, these)
            written += cursor.rowcount
        cursor.execute("DROP TABLE fresh_result")
    return written
