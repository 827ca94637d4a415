"""What the values of a month yield as they stand, for some people and stored nowhere: the month's statement over them alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from django.db import DataError, connection, transaction

from assessment.selectors.results import query_over
from policy.compiler.month import MonthStatement, compile_month
from policy.compiler.results import RESULT_COLUMNS
from policy.language import Checked
from policy.language import typed as t
from policy.selectors import Governed, governing
from staff.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class Points:
    """``items``: points of each by its key, None while something of it is missing. A rank rests on others and is none here, nor
    is a grade that rests on it.
    """

    checked: Checked
    counts: bool
    items: Mapping[str, Decimal | None]
    total: Decimal | None
    grade: str | None
    stars: int | None


def points_now(month: Month, placed: Mapping[int, int | None]) -> dict[int, Points]:
    """Employee's id → what their values yield; ``placed``: their departments on the month's last day. Whoever no scorecard
    takes in is left out.

    One query, and one for each scorecard that governs some of them: nearly always one. Where a scorecard fails on what was
    entered (a division by zero), its people are left out too: the month's assessment tells of it.
    """
    found: dict[int, Points] = {}
    for governed in governing(month.last_day, part="scorecard") if placed else []:
        theirs = {pk: department for pk, department in placed.items() if department in governed.department_ids}
        if theirs:
            found |= _yielded(governed, month, list(theirs), {pk for pk in theirs.values() if pk is not None})
    return found


@lru_cache(maxsize=256)
def _statement(document: Checked) -> MonthStatement:
    """Without the cases, which rest on others and on months before."""
    return compile_month(replace(document, cases=()))


def _yielded(governed: Governed, month: Month, people: Sequence[int], departments: Iterable[int]) -> dict[int, Points]:
    document = governed.checked
    query = query_over(_statement(document), governed.version.key, month, departments, people)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(query.sql, query.params)
            found = cursor.fetchall()
    except DataError:
        return {}
    rows = {pk: dict(zip(RESULT_COLUMNS, rest, strict=True)) for pk, *rest in found}
    return {pk: _points(document, row) for pk, row in rows.items()}


def _points(document: Checked, row: Mapping[str, object]) -> Points:
    items = json.loads(str(row["items"]), parse_float=Decimal, parse_int=Decimal)
    card = document.scorecard
    ranked = card is not None and card.grade is not None and _rests_on_rank(card.grade)
    return Points(
        checked=document,
        counts=bool(row["counts"]),
        items=items,
        total=row["total"],  # type: ignore[arg-type]
        grade=None if ranked else row["grade"],  # type: ignore[arg-type]
        stars=row["stars"],  # type: ignore[arg-type]
    )


def _rests_on_rank(node: t.Typed) -> bool:
    return any(isinstance(part, t.Result) and part.column == "rank" for part in node.walk())
