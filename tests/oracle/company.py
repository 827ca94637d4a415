"""The people of the oracle in the product's tables, many at a time, and what changed between two states of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import connection
from psycopg2.extras import DateRange, execute_values

from assessment.models import Event, Metric
from promotion.models import LedgerLine
from staff.models import Absence, DepartmentPeriod, Employee
from tests.company import LADDER, Company
from tests.oracle.records import Fact, Person, Step

METRICS = {"cases": "excellent_cases", "online": "keywords_online"}
DATES = ("hired_on", "regularised_on", "post_since", "left_on")


class Roll:
    """Everybody of one company by number; ``enter`` and ``edit`` keep the tables as the records say."""

    def __init__(self) -> None:
        self.company = Company()
        self.people: dict[str, Person] = {}
        self.rows: dict[str, Employee] = {}
        self.slots = {name: f"s{Metric.objects.get(key=key).slot}" for name, key in METRICS.items()}
        self.events_written = 0

    def enter(self, people: Sequence[Person]) -> None:
        rows = Employee.objects.bulk_create(
            Employee(employee_no=p.number, name=p.number, **{name: getattr(p, name) for name in DATES}) for p in people
        )
        self.rows |= {row.employee_no: row for row in rows}
        self.people |= {p.number: p for p in people}
        # People were placed long before the earliest hiring, so that a corrected day of hire stays inside.
        placed = DateRange(date(2000, 1, 1), None)
        DepartmentPeriod.objects.bulk_create(
            DepartmentPeriod(employee=row, department=self.company.department, period=placed) for row in rows
        )
        self._steps((p, step) for p in people for step in p.steps)
        self._values((p, name, m, v) for p in people for name in METRICS for m, v in getattr(p, name).items())
        self._events((p, event) for p in people for event in p.events)
        self._absences(people)

    def edit(self, people: Iterable[Person]) -> None:
        """Writes what is otherwise than before, through updates, inserts and deletes of the rows it concerns."""
        for person in people:
            before, row = self.people[person.number], self.rows[person.number]
            if any(getattr(before, name) != getattr(person, name) for name in DATES):
                for name in DATES:
                    setattr(row, name, getattr(person, name))
                row.save()
            self._steps((person, step) for step in person.steps[len(before.steps) :])
            for name in METRICS:
                old, new = getattr(before, name), getattr(person, name)
                self._values((person, name, m, new.get(m)) for m in old.keys() | new.keys() if old.get(m) != new.get(m))
            self._edit_events(before, person)
            if before.absences != person.absences:
                Absence.objects.filter(employee=row).delete()
                self._absences([person])
            self.people[person.number] = person

    def _edit_events(self, before: Person, person: Person) -> None:
        gone = list(before.events)
        new = []
        for event in person.events:
            if event in gone:
                gone.remove(event)
            else:
                new.append(event)
        for event in gone:
            match = Event.objects.filter(
                employee=self.rows[person.number], kind_id=event.kind, day=event.day, status=event.status,
                subject=event.subject, quantity=event.quantity, decided_on=event.decided_on,
            ).first()  # fmt: skip
            assert match is not None
            match.delete()
        self._events((person, event) for event in new)

    def _steps(self, steps: Iterable[tuple[Person, Step]]) -> None:
        lines = [
            LedgerLine(seq=0, employee=self.rows[p.number], kind=step.kind, ladder=LADDER, to_tier=step.tier,
                       effective_on=step.day, channel="test")
            for p, step in steps
        ]  # fmt: skip
        if lines:
            LedgerLine.objects.bulk_create(lines)

    def _values(self, values: Iterable[tuple[Person, str, int, int | None]]) -> None:
        months: dict[tuple[int, int, str], int | None] = {}
        for person, name, month, value in values:
            months[self.rows[person.number].pk, month, name] = value
        for name, slot in self.slots.items():
            rows = [(pk, month, value) for (pk, month, metric), value in months.items() if metric == name]
            if rows:
                with connection.cursor() as cursor:
                    execute_values(
                        cursor.cursor,
                        f"INSERT INTO assessment_employeemonth (employee_id, month, {slot}) VALUES %s "
                        f"ON CONFLICT (employee_id, month) DO UPDATE SET {slot} = EXCLUDED.{slot}",
                        rows,
                    )

    def _events(self, events: Iterable[tuple[Person, Fact]]) -> None:
        rows = []
        for person, event in events:
            self.events_written += 1
            rows.append(
                Event(event_no=f"F{self.events_written}", employee=self.rows[person.number], kind_id=event.kind,
                      day=event.day, status=event.status, subject=event.subject, quantity=event.quantity,
                      decided_on=event.decided_on)
            )  # fmt: skip
        if rows:
            Event.objects.bulk_create(rows)

    def _absences(self, people: Iterable[Person]) -> None:
        rows = [
            Absence(employee=self.rows[p.number], first_day=away.first_day, last_day=away.last_day, kind="leave")
            for p in people
            for away in p.absences
        ]
        if rows:
            Absence.objects.bulk_create(rows)
