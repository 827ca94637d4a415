"""Everybody on a ladder with their pay beside their band, before and after a change: one statement, never one a person.

What is compared with a band is a person's **fixed monthly pay**: fixed pay, post wage and performance pay of the record in
force on the day, and the level pay of the tier held on it. Without fixed pay on record it is not known, and not zero.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any

from django.db import connection

from payroll.selectors.bands import PARTS, Levels, PayTable
from staff.kernel.access import Access, Thing, Verb
from staff.models import Employee

#: Where pay lies: also the filters of the list. ``moved`` is whoever's level pay the change alters.
PLACES = ("below", "within", "above", "unknown")
MOVED = "moved"
#: What the list may be ordered by → SQL; nothing else of an address reaches the statement.
_ORDERS = {
    "name": "pinyin",
    "pay": "pay_after DESC NULLS LAST, pinyin",
    "compa": "compa_after NULLS LAST, pinyin",
    "compa-down": "compa_after DESC NULLS LAST, pinyin",
    "difference": "difference DESC NULLS LAST, pinyin",
}
ORDERS = tuple(_ORDERS)
#: Parts into which the spread of a tier is drawn.
BINS = 40

_PRICED = """
WITH held AS MATERIALIZED (
    SELECT e.id, e.employee_no, e.name, e.pinyin, t.tier, d.department_id,
           y.base + coalesce(y.post_wage, 0) + coalesce(y.performance, 0) AS fixed
    FROM staff_employee e
    JOIN promotion_tierperiod t ON t.employee_id = e.id AND t.ladder = %(ladder)s AND t.period @> %(day)s::date
    JOIN staff_departmentperiod d ON d.employee_id = e.id AND d.period @> %(day)s::date
        AND d.department_id = ANY(%(departments)s)
    LEFT JOIN (
        SELECT DISTINCT ON (employee_id) employee_id, base, post_wage, performance FROM payroll_payrecord
        WHERE starts_on <= %(day)s ORDER BY employee_id, starts_on DESC
    ) y ON y.employee_id = e.id
    WHERE e.hired_on <= %(day)s AND (e.left_on IS NULL OR e.left_on > %(day)s)
      AND {visible}
), sheet AS MATERIALIZED (
    SELECT h.*, l.before AS level_before, l.after AS level_after,
           coalesce(l.after, 0) - coalesce(l.before, 0) AS difference,
           h.fixed + coalesce(l.before, 0) AS pay_before, h.fixed + coalesce(l.after, 0) AS pay_after,
           b.minimum, b.midpoint, b.maximum,
           round((h.fixed + coalesce(l.before, 0)) / b.midpoint_before, 4) AS compa_before,
           round((h.fixed + coalesce(l.after, 0)) / b.midpoint, 4) AS compa_after,
           {place_before} AS place_before, {place_after} AS place_after
    FROM held h
    LEFT JOIN unnest(%(l_departments)s::bigint[], %(l_tiers)s::text[], %(l_before)s::numeric[], %(l_after)s::numeric[])
        AS l(department_id, tier, before, after) ON l.department_id = h.department_id AND l.tier = h.tier
    LEFT JOIN unnest(%(b_tiers)s::text[], %(b_minimum_before)s::numeric[], %(b_midpoint_before)s::numeric[],
                     %(b_maximum_before)s::numeric[], %(b_minimum)s::numeric[], %(b_midpoint)s::numeric[],
                     %(b_maximum)s::numeric[])
        AS b(tier, minimum_before, midpoint_before, maximum_before, minimum, midpoint, maximum) ON b.tier = h.tier
)
"""
_PLACE = """CASE WHEN h.fixed IS NULL OR b.midpoint{when} IS NULL THEN 'unknown'
                WHEN h.fixed + coalesce(l.{level}, 0) < b.minimum{when} THEN 'below'
                WHEN h.fixed + coalesce(l.{level}, 0) > b.maximum{when} THEN 'above' ELSE 'within' END"""
_PLACES = {
    "place_before": _PLACE.format(when="_before", level="before"),
    "place_after": _PLACE.format(when="", level="after"),
}

#: The axis of the spread runs from the lowest to the highest amount of people and bands, to the full hundred.
_AXIS = f""", axis AS (
    SELECT floor(least(min(pay_after), min(minimum), %(low)s) / 100) * 100 AS low,
           (floor(greatest(max(pay_after), max(maximum), %(high)s) / 100) + 1) * 100 AS high
    FROM sheet
), spread AS (
    SELECT tier, jsonb_object_agg(bin, people) AS bins FROM (
        SELECT tier, width_bucket(pay_after, low, high, {BINS}) AS bin, count(*) AS people
        FROM sheet, axis WHERE pay_after IS NOT NULL GROUP BY 1, 2) counted
    GROUP BY tier
)
"""
_TOTALS = """
SELECT tier AS total_of, count(*), count(*) FILTER (WHERE difference <> 0), coalesce(sum(level_before), 0),
       coalesce(sum(level_after), 0), avg(compa_before), avg(compa_after), count(*) FILTER (WHERE fixed IS NULL),
       count(*) FILTER (WHERE place_before = 'below'), count(*) FILTER (WHERE place_before = 'above'),
       count(*) FILTER (WHERE place_after = 'below'), count(*) FILTER (WHERE place_after = 'above'),
       min(low), min(high), (SELECT bins FROM spread WHERE spread.tier = sheet.tier)
FROM sheet, axis GROUP BY tier
"""
_COLUMNS = (
    "id, employee_no, name, department_id, tier, fixed, level_before, level_after, difference, pay_before, pay_after, "
    "compa_before, compa_after, place_before, place_after"
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What of the sheet is asked for. ``place`` is one of ``PLACES`` or ``moved``; what is unknown asks for nothing."""

    tier: str = ""
    place: str = ""
    departments: tuple[int, ...] | None = None
    words: str = ""
    order: str = "name"
    person: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One person. Amounts in yuan a month; None: not known, or no level pay."""

    id: int
    employee_no: str
    name: str
    department_id: int
    tier: str
    fixed: Decimal | None
    level_before: Decimal | None
    level_after: Decimal | None
    difference: Decimal
    pay_before: Decimal | None
    pay_after: Decimal | None
    compa_before: Decimal | None
    compa_after: Decimal | None
    place_before: str
    place_after: str


@dataclass(frozen=True, slots=True)
class Total:
    """A tier's people. ``unpaid``: those without fixed pay on record; the means of compa-ratio leave them out.

    ``bins``: how many are paid how much after, in which of ``BINS`` equal parts (from 1) of ``low`` to ``high``.
    """

    tier: str
    people: int = 0
    moved: int = 0
    level_before: Decimal = Decimal(0)
    level_after: Decimal = Decimal(0)
    compa_before: Decimal | None = None
    compa_after: Decimal | None = None
    unpaid: int = 0
    below_before: int = 0
    above_before: int = 0
    below_after: int = 0
    above_after: int = 0
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    bins: Mapping[int, int] = field(default_factory=dict)

    @property
    def difference(self) -> Decimal:
        return self.level_after - self.level_before


#: Columns of ``_TOTALS``.
_TOTAL = len(fields(Total))


@dataclass(frozen=True, slots=True)
class Part:
    """``totals`` are by tier, of everybody; a tier that nobody holds is left out. ``count``: of lines in all parts."""

    totals: dict[str, Total]
    lines: list[Line]
    count: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """The people of the reader's scope on the ladder of two tables of one day: as it is and as it would be."""

    before: PayTable
    after: PayTable
    visible: str
    scope: Mapping[str, Any]

    def part(self, chosen: Chosen, *, limit: int | None = None, offset: int = 0) -> Part:
        """A part of the list with the totals of everybody: what takes long is computed once for both."""
        bands = self.after.bands.values()
        ends = {
            "low": min((band.minimum for band in bands), default=None),
            "high": max((band.maximum for band in bands), default=None),
        }
        lines, params = _lines(chosen, limit, offset)
        both = f"{_AXIS} SELECT * FROM ({_TOTALS}) totals FULL JOIN ({lines}) lines ON false ORDER BY nth"
        found = list(self._rows(both, {**params, **ends}))
        totals = [row[:_TOTAL] for row in found if row[0] is not None]
        listed = [row[_TOTAL:] for row in found if row[0] is None]
        return Part(
            totals={row[0]: Total(*(*row[:-1], _bins(row[-1]))) for row in totals},
            lines=[Line(*row[2:]) for row in listed],
            count=listed[0][1] if listed else 0,
        )

    def line_of(self, person: int) -> Line | None:
        """None for somebody whose pay is out of scope, or who is not on the ladder."""
        select, params = _lines(Chosen(person=person), 1, 0)
        return next((Line(*row[2:]) for row in self._rows(select, params)), None)

    def _rows(self, select: str, more: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(_PRICED.format(visible=self.visible, **_PLACES) + select, {**_params(self), **more})
            yield from cursor.fetchall()


def sheet_of(access: Access, before: PayTable, after: PayTable | None = None) -> Sheet:
    """Raises ``Forbidden`` where neither bands nor pay may be read. Whose pay is out of scope is in no line and no sum."""
    access.require(Thing.BAND, Verb.READ)
    access.require(Thing.PAY, Verb.READ)
    if access.scope(Thing.PAY).company:
        return Sheet(before, after or before, "true", {})
    people = Employee.objects.visible_to(access, thing=Thing.PAY).values("pk")
    sql, params = people.query.sql_with_params()
    named = {f"scope_{at}": value for at, value in enumerate(params)}
    visible = f"e.id IN ({sql % tuple(f'%({name})s' for name in named)})"
    return Sheet(before, after or before, visible, named)


def _bins(counted: str | None) -> dict[int, int]:
    return {int(at): people for at, people in json.loads(counted or "{}").items()}


def _lines(chosen: Chosen, limit: int | None, offset: int) -> tuple[str, dict[str, Any]]:
    """Each line behind its place in the order, ``nth``, and the number of all."""
    where, params = _narrowed(chosen)
    order = f"ORDER BY {_ORDERS.get(chosen.order, _ORDERS['name'])}, employee_no"
    select = (
        f"SELECT row_number() OVER ({order}) AS nth, count(*) OVER (), {_COLUMNS} FROM sheet WHERE {where} "
        "ORDER BY nth LIMIT %(limit)s OFFSET %(offset)s"
    )
    return select, {**params, "limit": limit, "offset": offset}


def _narrowed(chosen: Chosen) -> tuple[str, dict[str, Any]]:
    where = ["true"]
    params: dict[str, Any] = {"tier": chosen.tier, "place": chosen.place}
    if chosen.tier:
        where.append("tier = %(tier)s")
    if chosen.place in PLACES:
        where.append("place_after = %(place)s")
    if chosen.place == MOVED:
        where.append("difference <> 0")
    if chosen.person is not None:
        where.append("id = %(person)s")
        params["person"] = chosen.person
    if chosen.departments is not None:
        where.append("department_id = ANY(%(below)s)")
        params["below"] = list(chosen.departments)
    for at, word in enumerate(chosen.words.split()[:8]):
        columns = " OR ".join(f"strpos(lower({column}), %(w{at})s) > 0" for column in ("name", "employee_no", "pinyin"))
        where.append(f"({columns})")
        params[f"w{at}"] = word.lower()
    return " AND ".join(where), params


def _params(sheet: Sheet) -> dict[str, Any]:
    """The two tables as arrays: level pay by department and tier, bands by tier."""
    before, after = sheet.before, sheet.after
    pairs = list(zip(before.levels, after.levels, strict=True))
    levels = [row for old, new in pairs for row in _level_rows(old, new, before.tiers)]
    departments, tiers, old_amounts, new_amounts = map(list, zip(*levels, strict=True)) if levels else ([], [], [], [])
    bands = [(before.bands.get(tier), after.bands.get(tier)) for tier in before.tiers]
    return {
        "ladder": before.ladder,
        "day": before.day,
        "departments": [one for levels in before.levels for one in levels.governed.department_ids],
        **sheet.scope,
        "l_departments": departments,
        "l_tiers": tiers,
        "l_before": old_amounts,
        "l_after": new_amounts,
        "b_tiers": list(before.tiers),
        **{f"b_{part}_before": [old and getattr(old, part) for old, _new in bands] for part in PARTS},
        **{f"b_{part}": [new and getattr(new, part) for _old, new in bands] for part in PARTS},
    }


def _level_rows(
    old: Levels, new: Levels, tiers: tuple[str, ...]
) -> Iterator[tuple[int, str, Decimal | None, Decimal | None]]:
    for department in old.governed.department_ids:
        for tier in tiers:
            yield department, tier, old.amounts.get(tier), new.amounts.get(tier)
