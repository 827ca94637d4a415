"""The company as files of records, the same seven that any company loads."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from payroll.demo.company import Company
from payroll.demo.departments import AFTER_SALES, ONLINE, TEAMS, UNITS, number_of
from payroll.demo.shapes import Person

Row = dict[str, object]


def first_load(company: Company) -> dict[str, Iterator[Row]]:
    """Table → rows: everybody where they began, and all that has happened to them since."""
    people = company.people
    return {
        "departments": ({"department": unit.name, "parent": unit.parent} for unit in UNITS),
        "staff": (_staff(person) for person in people),
        "absences": (
            {"employee_no": p.no, "first_day": a.first_day, "last_day": a.last_day, "kind": a.kind}
            for p in people
            for a in p.absences
        ),
        "pay": (
            {"employee_no": p.no, "from": row.starts_on, "base": row.base, "post_wage": row.post_wage,
             "performance": row.performance}
            for p in people for row in p.pay
        ),
        "values": (
            {"employee_no": p.no, "month": month, "metric": metric, "value": value}
            for p in people
            for (month, metric), value in sorted(p.values.items())
        ),
        "items": (
            {"employee_no": p.no, "month": month, "item": item, "value": value, "assessor_no": p.supervisor}
            for p in people
            for (month, item), value in sorted(p.items.items())
        ),
        "events": _events(people),
    }  # fmt: skip


def second_load(company: Company) -> dict[str, Iterator[Row]]:
    """What HR changed later: who heads each department, who moved to another department or supervisor.

    A team has a supervisor, not a head.
    """
    return {
        "departments": (
            {"department": unit.name, "parent": unit.parent, "head_no": number_of(unit.head)}
            for unit in UNITS if unit.name not in (*TEAMS, *AFTER_SALES, *ONLINE)
        ),
        "staff": (
            {"employee_no": p.no, "name": p.name, "department": move.department, "hired_on": p.hired_on,
             "supervisor_no": move.supervisor, "department_since": move.day, "supervisor_since": move.day}
            for p in company.people for move in p.moves[-1:]
        ),
    }  # fmt: skip


def _staff(person: Person) -> Row:
    """The first tier of a ladder; what followed goes to the ledger."""
    return {
        "employee_no": person.no,
        "name": person.name,
        "department": person.department,
        "position": person.position,
        "hired_on": person.hired_on,
        "regularised_on": person.regularised_on,
        "ladder": person.ladder if person.tier else None,
        "tier": person.tier,
        "tier_since": (person.tier_since or person.hired_on) if person.tier else None,
        "post_since": person.post_since,
        "birth_date": person.birth_date,
        "supervisor_no": person.supervisor,
        "left_on": person.left_on,
    }


def _events(people: Iterable[Person]) -> Iterator[Row]:
    """Numbered by year in order of day, as a register would."""
    rows = sorted((e.day, p.no, n, e) for p in people for n, e in enumerate(p.events))
    seen: dict[int, int] = {}
    for day, number, _, event in rows:
        seen[day.year] = seen.get(day.year, 0) + 1
        yield {
            "event_no": f"E{day.year}-{seen[day.year]:04d}",
            "employee_no": number,
            "date": day,
            "kind": event.kind,
            "status": event.status,
            "subject": event.subject,
            "quantity": event.quantity,
            "note": event.note,
            "decided_on": event.decided_on,
        }


def write(tables: dict[str, Iterator[Row]], folder: Path) -> list[Path]:
    """One CSV a table that has rows, under the headers of its first row; the paths, in the order of the tables."""
    paths = []
    for name, rows in tables.items():
        listed = list(rows)
        if not listed:
            continue
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(listed[0])
            writer.writerows([_cell(value) for value in row.values()] for row in listed)
        paths.append(path)
    return paths


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
