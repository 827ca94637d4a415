"""The facts behind every rule of a standing, in one query: as they were known when it was judged.

The statements are the compiler's own; they read the person's row that the standing keeps, so that the page lists what the
verdict counted, and nothing that came to be known later.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from policy.catalogue import EventKind, Names
from policy.compiler import Explanation
from policy.compiler.evidence import EvidenceStatement, evidence
from policy.compiler.sweep import SweepStatement
from policy.language import typed as t
from policy.language.checked import Clause, Rule
from promotion.models import Standing
from promotion.sweep.evaluation import ABSENCE_COLUMNS, EVENT_COLUMNS, MONTH_COLUMNS, statement_of, with_results
from promotion.sweep.population import PERSON_COLUMNS
from promotion.sweep.selectors import policy_of
from promotion.web.facts import EventLine, Facts, MonthCell, cells_by_month
from promotion.web.tiers import TierView, tier_views
from staff.kernel.gate import as_known_at
from staff.kernel.periods import Month
from staff.kernel.words import in_english

Row = dict[str, Any]
Place = tuple[str, str]
#: A strip holds at most a year.
STRIP = 12

_PEOPLE = (
    f"(SELECT employee_id AS id, tier, {', '.join(PERSON_COLUMNS)} FROM promotion_standing"
    " WHERE run_id = %(run)s AND employee_id = %(employee)s)"
)
_EVENTS = f"{EVENT_COLUMNS}, note"


def facts_of(standing: Standing, explanation: Explanation, known_at: datetime) -> dict[Place, Facts]:
    """(clause, rule) → what it rests on, for every rule that rests on months or events, as known when it was judged."""
    statement = statement_of(policy_of(standing))
    triggers = {finding.clause.number for finding in explanation.triggers}
    asked = list(_statements(statement, standing.tier))
    rows = _rows(standing, statement, [found for _clause, found in asked], known_at)
    views = tier_views(statement.ladder)
    return {
        (clause.number, str(found.rule.key)): _shown(found, rows[at], standing.month, views, clause.number in triggers)
        for at, (clause, found) in enumerate(asked)
    }


def _statements(statement: SweepStatement, tier: str) -> Iterator[tuple[Clause, EvidenceStatement]]:
    for clause, rule in statement.rules_of(tier):
        found = evidence(statement, rule)
        if found is not None and found.sort != "absences":
            yield clause, found


def _rows(
    standing: Standing, statement: SweepStatement, asked: list[EvidenceStatement], known_at: datetime
) -> list[list[Row]]:
    """The rows of every statement, in the order asked."""
    found: list[list[Row]] = [[] for _one in asked]
    if not asked:
        return found
    months = as_known_at("assessment_employeemonth", MONTH_COLUMNS)
    relations = {
        "people": _PEOPLE,
        "months": _of_person(with_results(months) if statement.reads_results else months),
        "events": _of_person(as_known_at("assessment_event", _EVENTS)),
        "absences": _of_person(as_known_at("staff_absence", ABSENCE_COLUMNS)),
    }
    parts = [f"SELECT {at} AS at, row_to_json(q)::text FROM ({one.sql(**relations)}) q" for at, one in enumerate(asked)]
    params: dict[str, Any] = {
        **statement.params(standing.month),
        "employee": standing.employee_id,
        "run": standing.run_id,
        "known_at": known_at,
    }
    with connection.cursor() as cursor:
        cursor.execute("\nUNION ALL\n".join(parts), params)
        for at, row in cursor.fetchall():
            found[at].append(json.loads(row, parse_float=Decimal, parse_int=Decimal))
    return found


def _of_person(known: str) -> str:
    return f"(SELECT * FROM ({known}) known WHERE employee_id = %(employee)s)"


def _shown(found: EvidenceStatement, rows: list[Row], month: Month, views: dict[str, TierView], trigger: bool) -> Facts:
    if found.sort == "months":
        return Facts(cells=tuple(_cell(found.rule, row, trigger) for row in rows[-STRIP:]))
    node = next(n for n in found.aggregates if isinstance(n, t.EventAggregate))
    lines = [(bool(row["counted"]), _line(node, row, rows, views)) for row in rows]
    counted = tuple(line for counts, line in lines if counts)
    uncounted = tuple(line for counts, line in lines if not counts)
    return Facts(_months_of(node, found.rule, month, counted), counted, uncounted)


def _months_of(
    node: t.EventAggregate, rule: Rule, month: Month, counted: tuple[EventLine, ...]
) -> tuple[MonthCell, ...]:
    """A strip only where so many are asked for within a year: for a limit the dates say enough."""
    length = node.span.months
    if rule.op not in (">=", ">") or length is None or not 2 <= length <= STRIP or node.span.since:
        return ()
    return cells_by_month([month - back for back in range(length - 1, -1, -1)], counted)


def _cell(rule: Rule, row: Row, trigger: bool) -> MonthCell:
    month, state = Month(int(row["month"])), row["state"]
    if state == "missing":
        return MonthCell(month, _("gap"), "miss")
    if state == "exempt":
        return MonthCell(month, _("exempt"), "off")
    if state != "reported":
        return MonthCell(month, "–", "off")
    value = None if row["value"] is None else Decimal(row["value"])
    return MonthCell(month, "" if value is None else f"{value.normalize():f}", _reported(rule, row, trigger), value)


def _reported(rule: Rule, row: Row, trigger: bool) -> str:
    """How a reported month looks: of a condition, whether it helps or harms; of a sum, whether it adds anything."""
    if row["holds"] is not None:
        helps = bool(row["holds"]) != trigger
        return ("zero" if trigger else "hit") if helps else "bad"
    if isinstance(rule.observed, t.MonthAggregate) and rule.observed.function == "sum":
        return "hit" if row["value"] else "zero"
    return "plain"


def _line(node: t.EventAggregate, row: Row, rows: list[Row], views: dict[str, TierView]) -> EventLine:
    kind = node.kind
    subject = _subject(kind, row["subject"], views)
    details = [_detail(kind, name, row) for name in ("quantity", "status")]
    stated = [detail for detail in details if detail]
    day = _day(row)
    if row["counted"]:
        return EventLine(day, subject or _plain_name(kind), "" if subject and node.field else _joined(stated))
    if node.field is not None and _counted_elsewhere(node, row, rows):
        return EventLine(day, subject, _("the same %(what)s counts once") % {"what": _name(node.field.names)})
    return EventLine(day, subject or _plain_name(kind), _joined(stated))


def _day(row: Row) -> date:
    return date.fromisoformat(row["decided_on"] or row["day"])


def _counted_elsewhere(node: t.EventAggregate, row: Row, rows: list[Row]) -> bool:
    name = node.field.name if node.field else "subject"
    return any(other["counted"] and other[name] == row[name] for other in rows)


def _subject(kind: EventKind, subject: str, views: dict[str, TierView]) -> str:
    field = kind.field("subject")
    if field is None or not subject:
        return subject or ""
    if field.tier and subject in views:
        return views[subject].name
    return _name(field.words[subject]) if subject in field.words else subject


def _detail(kind: EventKind, name: str, row: Row) -> str:
    """``百度页数 5``, ``结果 合格``; nothing where the event does not say."""
    field, value = kind.field(name), row[name]
    if field is None or value in (None, ""):
        return ""
    if isinstance(value, Decimal):
        return f"{_name(field.names)} {value.normalize():f}"
    return _name(field.words[value]) if value in field.words else str(value)


def _joined(parts: list[str]) -> str:
    return _(", ").join(parts)


def _plain_name(kind: EventKind) -> str:
    return _name(kind.names)


def _name(names: Names) -> str:
    return names.en if in_english() else names.zh
