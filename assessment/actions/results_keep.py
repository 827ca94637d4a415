"""What assessing a month, a quarter and a year share: one at a time, what is out of date, only differences written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Q

from assessment.models import Assessed, Level
from assessment.selectors.results import ResultQuery
from policy.compiler.results import RESULT_COLUMNS
from policy.compiler.sql import PLANNER
from policy.selectors import Governed, governing
from staff.kernel.gate import Known
from staff.kernel.locks import Lock
from staff.kernel.periods import Month
from staff.models import Touch

_COLUMNS = ("version_id", "values_digest", "full_marks", *RESULT_COLUMNS)
_LISTED = ", ".join(_COLUMNS)
_FRESH = ", ".join(f"f.{name}" for name in _COLUMNS)
_STORED = ", ".join(f"r.{name}" for name in _COLUMNS)
_THESE = "r.policy = %(policy)s AND r.level = %(level)s AND r.month = %(M)s"
#: Whose rows they are, and which of a fresh row's columns says so.
_WHOSE = {
    False: (f"{_THESE} AND r.employee_id IS NOT NULL", "r.employee_id", "f.id"),
    True: (f"{_THESE} AND r.employee_id IS NULL", "r.department_id", "NULL::bigint"),
}

_CREATE = """
CREATE TEMP TABLE fresh_result (
    version_id bigint, values_digest text, full_marks numeric, id bigint, department_id bigint, counts boolean, items jsonb,
    total numeric, rank integer, grade text, stars integer, cases varchar[], missing varchar[]
) ON COMMIT DROP
"""
_FILL = "INSERT INTO fresh_result SELECT %(version)s, %(values)s, %(full_marks)s, q.* FROM ({sql}) q"
_GONE = "DELETE FROM assessment_result r WHERE {these} AND NOT EXISTS (SELECT FROM fresh_result f WHERE f.id = {key})"
_CHANGED = (
    f"UPDATE assessment_result r SET ({_LISTED}) = ROW({_FRESH}) FROM fresh_result f "
    f"WHERE {{these}} AND f.id = {{key}} AND ({_STORED}) IS DISTINCT FROM ({_FRESH})"
)
_NEW = (
    f"INSERT INTO assessment_result (level, policy, month, employee_id, {_LISTED}) "
    f"SELECT %(level)s, %(policy)s, %(M)s, {{employee}}, {_FRESH} FROM fresh_result f "
    "WHERE NOT EXISTS (SELECT FROM assessment_result r WHERE {these} AND {key} = f.id)"
)
#: The first results of a period need no comparing.
_KNOWN = "SELECT EXISTS (SELECT FROM assessment_result r WHERE {these})"
_FIRST = (
    f"INSERT INTO assessment_result (level, policy, month, employee_id, {_LISTED}) "
    "SELECT %(level)s, %(policy)s, %(M)s, {employee}, %(version)s, %(values)s, %(full_marks)s, "
    f"{', '.join(f'f.{name}' for name in RESULT_COLUMNS)} FROM ({{sql}}) f"
)

Fresh = tuple[Governed, ResultQuery, Decimal | None]
"""Who is governed by what, the query of their results, and full marks where the policy has them."""


@contextmanager
def alone() -> Iterator[None]:
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


def policies_of(level: Level, month: Month) -> list[str]:
    """Those that govern a scorecard on the month's last day, and those that have results of the period although they do not."""
    governed = {each.version.key for each in governing(month.last_day, part="scorecard")}
    return sorted(governed | set(Assessed.objects.filter(level=level, month=month).values_list("policy", flat=True)))


def governed_by(policy: str, month: Month) -> list[Governed]:
    """Each version of the policy with its values, and the departments, on the month's last day."""
    return [each for each in governing(month.last_day, part="scorecard") if each.version.key == policy]


def stale(state: Assessed, known: Known) -> bool:
    """Whether something that these results may rest on was recorded since."""
    if state.watermark is None:
        return True
    touches = Touch.objects.filter(id__gt=state.watermark, id__lte=known.watermark)
    return touches.filter(Q(first_month__isnull=True) | Q(first_month__lte=state.month)).exists()


def mark_later(policy: str, month: Month) -> None:
    """A month has changed: what rests on it is to be assessed anew, unless it is of record."""
    rests = Q(month__gt=month) | Q(month=month, level__in=(Level.QUARTER, Level.YEAR))
    Assessed.objects.filter(rests, policy=policy, of_record=False).update(watermark=None)


def mark_failed(state: Assessed, part: str) -> None:
    """Its results stay as they were; the next assessment tries again, whether or not anything new is known by then."""
    Assessed.objects.filter(pk=state.pk).update(failure=part, watermark=None)


def keep(level: Level, policy: str, month: Month, fresh: Iterable[Fresh], *, teams: bool = False) -> int:
    """Stores the results of everybody of a period, or of its teams, for ranks and streaks rest on others; the number of rows
    written, for what has not changed is left as it is.
    """
    these: dict[str, Any] = {"policy": policy, "level": level, "M": month.number}
    conditions, key, employee = _WHOSE[teams]
    with connection.cursor() as cursor:
        cursor.execute(PLANNER)
        cursor.execute(_KNOWN.format(these=conditions), these)
        (known,) = cursor.fetchone()
        if known:
            cursor.execute(_CREATE)
        written = 0
        for governed, query, full_marks in fresh:
            version: dict[str, Any] = {
                "version": governed.version.pk,
                "values": governed.values_digest,
                "full_marks": full_marks,
            }
            fill = (_FILL if known else _FIRST).format(sql=query.sql, employee=employee)
            cursor.execute(fill, {**query.params, **these, **version})
            written += cursor.rowcount
        if not known:
            return written
        cursor.execute("CREATE UNIQUE INDEX ON fresh_result (id); ANALYZE fresh_result")
        written = 0
        for statement in (_GONE, _CHANGED, _NEW):
            cursor.execute(statement.format(these=conditions, key=key, employee=employee), these)
            written += cursor.rowcount
        cursor.execute("DROP TABLE fresh_result")
    return written
