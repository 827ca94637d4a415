"""A draft's scorecard over a month that was assessed, beside the one in force: whose result would be another.

Both statements run over the facts as they are now, so what differs is the draft's doing alone. Nothing is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Max

from assessment.models import Assessed, Level
from assessment.selectors.results import assessed_now
from policy.compiler.results import RESULT_COLUMNS
from policy.drafting.effects import NAMED, EffectRequest, TooLarge, TooLong, as_if, in_scope, patient_cursor
from policy.selectors import Governed, governing
from staff.kernel.periods import Month

_TOLD = ("total", "grade", "stars", "cases")
_SIDES = ", ".join(f"{side}.{name}" for side in ("b", "a") for name in _TOLD)
_PAIRS = """
    FROM result_before b FULL JOIN result_after a ON a.id = b.id JOIN staff_employee e ON e.id = coalesce(b.id, a.id)
    WHERE true{scope}
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
        with patient_cursor() as cursor:
            return _joined(cursor, request, last, [(now, draft) for now, draft in drafts if draft is not None])
    except TooLong:
        return ScoreSimulation(last, 0, 0, (), too_long=True)
    except TooLarge:
        return ScoreSimulation(last, 0, 0, (), too_large=True)


def _joined(
    cursor: Any, request: EffectRequest, month: Month, pairs: list[tuple[Governed, Governed]]
) -> ScoreSimulation:
    narrowed, params = in_scope(request)
    pairs_of = _PAIRS.format(scope=narrowed)
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
