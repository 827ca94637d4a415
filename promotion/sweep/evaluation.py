"""From a policy and a population to evidence: the one place where a compiled sweep meets the tables of facts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from assessment.models import SLOTS
from policy.compiler import ProcessValue, Relation, SweepStatement, compile_sweep
from policy.language import Checked
from policy.selectors import Governed
from promotion.sweep.population import PERSON_COLUMNS, Population
from staff.kernel.gate import as_known_at
from staff.kernel.periods import Month

#: The names under which a stored statement reads its relations; whoever runs it says what they are.
PEOPLE, MONTHS, EVENTS, ABSENCES = "sweep_people", "sweep_months", "sweep_events", "sweep_absences"

MONTH_COLUMNS = "employee_id, month, counts, " + ", ".join(f"s{slot}" for slot in range(1, SLOTS + 1))
EVENT_COLUMNS = "id, employee_id, day, kind, status, subject, quantity, decided_on"
ABSENCE_COLUMNS = "employee_id, first_day, last_day, kind"

#: What a standing keeps: the statement's columns, then the person's row.
EVIDENCE_COLUMNS = ("tier", "outcome", "target", "bits", "observed", "missing")
STANDING_COLUMNS = (*EVIDENCE_COLUMNS, *PERSON_COLUMNS)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A query of standings (``id``, then ``STANDING_COLUMNS``) and its parameters."""

    sql: str
    params: Mapping[str, Any]


@lru_cache(maxsize=256)
def statement_of(checked: Checked) -> SweepStatement:
    return compile_sweep(checked)


@lru_cache(maxsize=64)
def statement_with_process(checked: Checked) -> SweepStatement:
    """The same statement for one person, whom the process has yielded something of: it is among the parameters."""
    return compile_sweep(checked, with_process=True)


@lru_cache(maxsize=256)
def statement_text(statement: SweepStatement) -> str:
    """The text that is stored with a run, over named relations."""
    return statement.sql(
        people=Relation(PEOPLE), months=Relation(MONTHS), events=Relation(EVENTS), absences=Relation(ABSENCES)
    )


def text_digest(sql: str) -> str:
    return hashlib.sha256(sql.encode()).hexdigest()


def as_stored(params: Mapping[str, object]) -> dict[str, object]:
    """Parameters as a run keeps them: days as ISO text, which PostgreSQL reads as days again."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in params.items()}


def judged_now(
    governed: Governed, month: Month, people: Population, process: Mapping[str, ProcessValue] | None = None
) -> Judgement:
    """Over the facts as they are. ``process``: with what the process yielded for the one person."""
    statement = (statement_of if process is None else statement_with_process)(governed.checked)
    months = "SELECT * FROM assessment_employeemonth"
    if statement.reads_results:
        months = f"SELECT * FROM ({with_results(months)}) t"
    return _judged(
        statement_text(statement),
        people,
        months=f"{months} WHERE {people.facts}",
        events=f"SELECT * FROM assessment_event WHERE {people.facts}",
        absences=f"SELECT * FROM staff_absence WHERE {people.facts}",
        params=statement.params(month, process),
    )


def judged_as_known(sql: str, people: Population, params: Mapping[str, object]) -> Judgement:
    """Over the facts as they were known at ``params["known_at"]``, by the text that was stored then.

    Results of months are read as they stand; those of a sealed month do not change.
    """
    return _judged(
        sql,
        people,
        months=with_results(as_known_at("assessment_employeemonth", MONTH_COLUMNS)),
        events=as_known_at("assessment_event", EVENT_COLUMNS),
        absences=as_known_at("staff_absence", ABSENCE_COLUMNS),
        params=params,
    )


def with_results(months: str) -> str:
    """Each month with what the person's scorecard made of it; null where none did."""
    return (
        f"SELECT m.*, r.total, r.grade, r.rank, r.stars FROM ({months}) m LEFT JOIN assessment_result r "
        "ON r.employee_id = m.employee_id AND r.month = m.month AND r.level = 'month'"
    )


def _judged(
    sql: str, people: Population, *, months: str, events: str, absences: str, params: Mapping[str, object]
) -> Judgement:
    columns = ", ".join([f"r.{c}" for c in EVIDENCE_COLUMNS] + [f"q.{c}" for c in PERSON_COLUMNS])
    text = (
        f"WITH {PEOPLE} AS MATERIALIZED ({people.relation}), {MONTHS} AS NOT MATERIALIZED ({months}), "
        f"{EVENTS} AS NOT MATERIALIZED ({events}), {ABSENCES} AS NOT MATERIALIZED ({absences}) "
        f"SELECT r.id, {columns} FROM ({sql}) r JOIN {PEOPLE} q ON q.id = r.id"
    )
    return Judgement(text, {**params, **people.params})
