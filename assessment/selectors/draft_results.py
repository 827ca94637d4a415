"""A draft's scorecard over a month that was assessed, beside the one in force: whose result would be another.

Both statements run over the facts as they are now, so what differs is the draft's doing alone. Nothing is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.db.utils import DataError, OperationalError

from assessment.models import Assessed, Level
from assessment.selectors.results import assessed_now
from policy.compiler.results import RESULT_COLUMNS
from policy.compiler.sql import PLANNER
from policy.drafting.effects import EffectRequest, as_if
from policy.selectors import Governed, governing
from staff.kernel.access import Thing
from staff.kernel.periods import Month

#: Whose results change is named up to this many; the rest is a number.
NAMED = 60
#: Longer than this no page waits.
PATIENCE = "25s"
_TOLD = ("total", "grade", "stars", "cases")
_SIDES = ", ".join(f"{side}.{name}" for side in ("b", "a") for name in _TOLD)
_PAIRS = """
    FROM result_before b FULL JOIN result_after a ON a.id = b.id JOIN staff_employee e ON e.id = coalesce(b.id, a.id)
    WHERE true{scope}
"""
_IN_SCOPE = """
    AND e.id IN (SELECT employee_id FROM staff_departmentperiod p
                 WHERE p.period @> %(sim_day)s::date AND p.department_id = ANY(%(sim_scope)s))
"""
_MOVED = (
    "(a.id IS NULL) <> (b.id IS NULL) OR (b.total, b.grade, b.stars, b.cases) IS DISTINCT FROM "
    "(a.total, a.grade, a.stars, a.cases)"
)


@dataclass(frozen=True, slots=True)
class Score:
    """What one document makes of a person's month."""

    total: Decimal | None
    grade: str | None
    stars: int | None
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rescored:
    """Somebody whose result changes; a side is None where that document has none for them."""

    employee_no: str
    name: str
    before: Score | None
    after: Score | None


@dataclass(frozen=True, slots=True)
class ScoreSimulation:
    month: Month
    people: int
    changed: int
    moved: tuple[Rescored, ...]
    lacking: tuple[str, ...] = ()
    too_long: bool = False
    too_large: bool = False


def rescored(request: EffectRequest) -> ScoreSimulation | None:
    """The draft over the last month that was assessed; None where none was by its policy."""
    key = str(request.draft.key)
    last = Assessed.objects.filter(policy=key, level=Level.MONTH).aggregate(month=Max("month"))["month"]
    if last is None:
        return None
    governed = [each for each in governing(last.last_day, part="scorecard") if each.version.key == key]
    drafts = [(now, as_if(now, request)) for now in governed]
    if not drafts or any(draft is None for _now, draft in drafts):
        return ScoreSimulation(last, 0, 0, (), lacking=request.draft.unset)
    try:
        with transaction.atomic():
            return _joined(request, last, [(now, draft) for now, draft in drafts if draft is not None])
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") != "57014":  # cancelled for its length
            raise
        return ScoreSimulation(last, 0, 0, (), too_long=True)
    except DataError:  # a number that no column holds
        return ScoreSimulation(last, 0, 0, (), too_large=True)


def _joined(request: EffectRequest, month: Month, pairs: list[tuple[Governed, Governed]]) -> ScoreSimulation:
    params = _scope(request)
    pairs_of = _PAIRS.format(scope=_IN_SCOPE if params else "")
    with connection.cursor() as cursor:
        cursor.execute(PLANNER)
        cursor.execute(f"SET LOCAL statement_timeout = '{PATIENCE}'")
        for side, at in (("result_before", 0), ("result_after", 1)):
            _fill(cursor, side, [pair[at] for pair in pairs], month)
        cursor.execute(f"SELECT count(*), count(*) FILTER (WHERE {_MOVED}) {pairs_of}", params)
        people, changed = cursor.fetchone()
        cursor.execute(
            f"SELECT e.employee_no, e.name, b.id, a.id, {_SIDES} {pairs_of} AND ({_MOVED}) "
            'ORDER BY e.employee_no COLLATE "C" LIMIT %(sim_most)s',
            {**params, "sim_most": NAMED},
        )
        moved = tuple(_rescored(*row) for row in cursor.fetchall())
        cursor.execute("DROP TABLE result_before, result_after")
        cursor.execute("SET LOCAL statement_timeout = DEFAULT")
    return ScoreSimulation(month, people, changed, moved)


def _fill(cursor: Any, table: str, governed: list[Governed], month: Month) -> None:
    for at, each in enumerate(governed):
        query = assessed_now(each, month)
        into = f"INSERT INTO {table}" if at else f"CREATE TEMP TABLE {table} ON COMMIT DROP AS"
        cursor.execute(f"{into} SELECT id, {', '.join(RESULT_COLUMNS)} FROM ({query.sql}) q", query.params)
    cursor.execute(f"ANALYZE {table}")


def _rescored(no: str, name: str, before: int | None, after: int | None, *values: Any) -> Rescored:
    wide = len(_TOLD)
    return Rescored(no, name, _score(values[:wide]) if before else None, _score(values[wide:]) if after else None)


def _score(values: tuple[Any, ...]) -> Score:
    total, grade, stars, cases = values
    return Score(total, grade, stars, tuple(sorted(cases or ())))


def _scope(request: EffectRequest) -> dict[str, Any]:
    """Nothing where the reader's scope is the company."""
    scope = request.access.scope(Thing.STANDING)
    if scope.company:
        return {}
    return {"sim_day": request.access.day, "sim_scope": sorted(scope.departments)}
