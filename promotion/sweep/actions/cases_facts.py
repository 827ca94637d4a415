"""The facts that met clauses rest on, of many people at once, as known by the run: what a case keeps of them."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Max

from policy.compiler.evidence import EvidenceStatement, evidence
from policy.compiler.outcome import Finding
from policy.compiler.sweep import SweepStatement
from promotion.models import Run
from promotion.sweep.evaluation import ABSENCE_COLUMNS, EVENT_COLUMNS, MONTH_COLUMNS, with_results
from promotion.sweep.population import PERSON_COLUMNS
from staff.kernel.gate import as_known_at
from staff.kernel.periods import Month

Fact = dict[str, Any]
_PEOPLE = (
    f"(SELECT employee_id AS id, tier, {', '.join(PERSON_COLUMNS)} FROM promotion_standing"
    " WHERE month = %(M)s AND superseded_by_id IS NULL AND employee_id = ANY(%(people)s))"
)
_EVENTS = f"{EVENT_COLUMNS}, note"


def facts_behind(
    run: Run, statement: SweepStatement, met: list[tuple[int, list[Finding]]]
) -> dict[tuple[int, str], list[Fact]]:
    """(employee, rule) → months with their values, or events, that count; a query a rule, whatever the people."""
    of_rule: dict[str, list[int]] = {}
    for employee, findings in met:
        for finding in findings:
            of_rule.setdefault(str(finding.rule), []).append(employee)
    known_at = run.shards.aggregate(last=Max("known_at"))["last"] or run.known_at
    rules = {str(rule.key): rule for clause in statement.ladder.demotions for rule in clause.rules}
    found: dict[tuple[int, str], list[Fact]] = {}
    for key, people in of_rule.items():
        listing = evidence(statement, rules[key])
        if listing is None:
            continue
        for row in _rows(run, listing, people, known_at):
            fact = _fact(row)
            if fact is not None:
                found.setdefault((int(row["person"]), key), []).append(fact)
    return found


def _rows(run: Run, listing: EvidenceStatement, people: list[int], known_at: datetime) -> list[Fact]:
    months = as_known_at("assessment_employeemonth", MONTH_COLUMNS)
    sql = listing.sql_of_all(
        people=_PEOPLE,
        months=_of_people(with_results(months) if listing.statement.reads_results else months),
        events=_of_people(as_known_at("assessment_event", _EVENTS)),
        absences=_of_people(as_known_at("staff_absence", ABSENCE_COLUMNS)),
    )
    params: dict[str, Any] = {**listing.statement.params(run.month), "people": people, "known_at": known_at}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT row_to_json(q)::text FROM ({sql}) q", params)
        return [json.loads(row, parse_float=Decimal) for (row,) in cursor.fetchall()]


def _of_people(query: str) -> str:
    return f"(SELECT * FROM ({query}) known WHERE employee_id = ANY(%(people)s))"


def _fact(row: Fact) -> Fact | None:
    """What is kept of a row; None for one that does not count. Notes are not kept: they may be erased where they lie."""
    if "first_day" in row:
        return {"first_day": row["first_day"], "last_day": row["last_day"]}
    if not row["counted"]:
        return None
    if "month" in row:
        value = row["value"]
        return {"month": str(Month(row["month"])), **({} if value is None else {"value": float(value)})}
    return {
        "event": row["id"], "day": row["decided_on"] or row["day"], "kind": row["kind"],
        **({"subject": row["subject"]} if row["subject"] else {}),
    }  # fmt: skip
