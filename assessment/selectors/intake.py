"""A team's month as a grid: its people down, what the month needs of them across, what is there and what is not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from assessment.measures import YES_NO, Measure
from assessment.models import SLOTS, AssessmentMonth, EmployeeMonth, Event, EventStatus, HandIn, Metric, MonthState
from assessment.numbers import plain
from assessment.selectors.entered import accounts_for, cell_key, entries_of
from assessment.selectors.events import events_of_month
from assessment.selectors.needs import Need, measure_in, metrics_needed, needs, owed_cells
from assessment.selectors.windows import Window, Windows, windows_of
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.periods import Month, months_between
from staff.models import AuditEntry, DepartmentPeriod, Employee, SupervisorPeriod
from staff.selectors.access import superiors_sql

#: Months whose window may still be open on a day: HR can give a month longer.
_OPEN_AT_ONCE = 3


@dataclass(frozen=True, slots=True)
class Team:
    """Who is entered together: whoever reports to one leader today. ``leader`` None: nobody leads them.

    ``department`` is where all of them are placed; the leader's own where they are of several.
    """

    leader: Employee | None
    department: str
    people: int

    @property
    def key(self) -> str:
        """As the address has it."""
        return self.leader.employee_no if self.leader else NOBODYS


#: The key of the team that nobody leads. No employee has such a number.
NOBODYS = "-"


@dataclass(frozen=True, slots=True)
class Column:
    """A metric across. ``needed``: a policy in force rests on it; the others were reported lately all the same.

    ``measures``: how it is asked; more than one where the team sits in departments whose documents differ.
    """

    metric: Metric
    measures: tuple[Measure, ...]
    needed: bool
    expected: int
    reported: int


@dataclass(frozen=True, slots=True)
class Cell:
    """``before``: what was reported the month before. ``from_file``: no entry of a person accounts for the value.

    ``owed``: a policy needs it of this very person, and HR has not accepted that it is missing.
    """

    metric: Metric
    measure: Measure
    value: Decimal | None
    before: Decimal | None
    owed: bool
    from_file: bool

    @property
    def text(self) -> str:
        """The value as it is typed."""
        return "" if self.value is None else plain(self.value)

    @property
    def yes_no(self) -> bool:
        return self.measure.unit == YES_NO

    @property
    def lowest(self) -> str:
        return plain(self.measure.least)

    @property
    def highest(self) -> str:
        return "" if self.measure.highest is None else plain(self.measure.highest)

    @property
    def missing(self) -> bool:
        return self.owed and self.value is None


@dataclass(frozen=True, slots=True)
class Row:
    """A person's month. Where it does not ``count`` there is nothing to enter."""

    employee: Employee
    counts: bool
    cells: tuple[Cell, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Intake:
    """The grid of one team in one month. ``departments`` (ids): where its people are placed; their policies give the window."""

    window: Window
    departments: frozenset[int | None]
    team: Team
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    hand_in: HandIn | None

    @property
    def expected(self) -> int:
        return sum(column.expected for column in self.columns)

    @property
    def reported(self) -> int:
        return sum(column.reported for column in self.columns)

    @property
    def gaps(self) -> list[tuple[Employee, list[Cell]]]:
        """Who lacks what, in the order of the grid."""
        found = ((row.employee, [cell for cell in row.cells if cell.missing]) for row in self.rows)
        return [(employee, cells) for employee, cells in found if cells]


class Calendar:
    """The windows of the months on either side of a day, or of a month that is asked for. Two queries."""

    def __init__(self, day: date, asked: Month | None = None) -> None:
        self.day, last = day, Month.of(day).previous
        around = (asked or last) - 1, (asked or last) + 1
        between = min(last - _OPEN_AT_ONCE, around[0]), max(last + 2, around[1])
        rows = {row.month: row for row in AssessmentMonth.objects.filter(month__range=between)}
        self._windows = windows_of({month: rows.get(month) for month in months_between(*between)})
        self.month = asked or self._to_enter(last)

    def windows(self, month: Month) -> Windows:
        return self._windows[month]

    def _to_enter(self, last: Month) -> Month:
        """Whose window is open, the earliest of several; else the latest that has ended and is not sealed."""
        windows = [self.windows(last - back).company for back in range(_OPEN_AT_ONCE, -1, -1)]
        open_today = [window.month for window in windows if window.open_on(self.day)]
        sealed = max((one.month for one in windows if one.state == MonthState.SEALED), default=last - 1)
        waiting = [one.month for one in windows if one.month > sealed]
        return next(iter(open_today), max(waiting, default=last))


def entered_by(access: Access, month: Month) -> QuerySet[Any]:
    """The people of the month whom the account may enter: in scope, employed on a day of it, not oneself, nobody above.

    ``leader`` is whoever leads them today, ``placed`` their department on the month's last day; both are ids.
    """
    led = SupervisorPeriod.objects.filter(employee=OuterRef("pk"), period__contains=access.day)
    placed = DepartmentPeriod.objects.filter(employee=OuterRef("pk"), period__contains=month.last_day)
    people = (
        Employee.objects.visible_to(access, Verb.UPDATE, Thing.VALUE)
        .filter(Q(left_on__isnull=True) | Q(left_on__gte=month.first_day), hired_on__lte=month.last_day)
        .annotate(leader=Subquery(led.values("supervisor_id")[:1]), placed=Subquery(placed.values("department_id")[:1]))
    )
    for own in sorted(access.people):
        people = people.exclude(pk=own).exclude(pk__in=superiors_sql(own, access.day))
    return people


def teams_of(access: Access, month: Month) -> list[Team]:
    """The teams that the account may enter: its own first, then by the leaders' names, whoever nobody leads last.

    One query; one more for whoever enters departments, in which somebody may be led by nobody.
    """
    entered = entered_by(access, month)
    of_team = SupervisorPeriod.objects.filter(employee__in=entered.values("pk"), period__contains=access.day)
    counts = of_team.order_by().values("supervisor_id").annotate(count=Count("pk")).filter(supervisor_id=OuterRef("pk"))
    placed = DepartmentPeriod.objects.filter(employee=OuterRef("pk"), period__contains=access.day)
    held = Q(employee__department_periods__period__contains=access.day)
    where = "employee__department_periods__department"
    together = (
        SupervisorPeriod.objects.filter(held, supervisor=OuterRef("pk"), period__contains=access.day)
        .order_by()
        .values("supervisor_id")
        .annotate(places=Count(where, distinct=True), name=Min(f"{where}__name"))
        .filter(places=1)
        .values("name")
    )
    leaders = Employee.objects.filter(pk__in=of_team.values("supervisor_id")).annotate(
        people=Subquery(counts.values("count")),
        department=Coalesce(Subquery(together), Subquery(placed.values("department__name")[:1])),
    )
    found = [Team(one, one.department or "", one.people) for one in leaders.order_by("pinyin", "employee_no")]
    found.sort(key=lambda team: team.leader is None or team.leader.pk != access.leads_as)
    scope = access.scope(Thing.VALUE, Verb.UPDATE)
    alone = entered.filter(leader=None).count() if scope.company or scope.departments else 0
    return [*found, Team(None, "", alone)] if alone else found


def members(access: Access, month: Month, team: Team) -> QuerySet[Any]:
    """Those of the team whom the account may enter."""
    led = SupervisorPeriod.objects.filter(period__contains=access.day)
    if team.leader is None:
        of_team = Q(~Exists(led.filter(employee=OuterRef("pk"))))
    else:
        of_team = Q(pk__in=led.filter(supervisor=team.leader).values("employee"))
    return entered_by(access, month).filter(of_team).order_by("pinyin", "employee_no")


def intake_of(access: Access, windows: Windows, team: Team) -> Intake:
    """The grid as it stands now."""
    month = windows.month
    people = list(members(access, month, team))
    found = needs(month)
    owed = _owed(access, month, found, people)
    rows = EmployeeMonth.objects.filter(employee__in=people, month__in=[month, month.previous])
    held = {(row.employee_id, row.month): row for row in rows}
    metrics = _metrics(found, people, held.values())
    entries = _entries(people, month, [metric for metric, _needed in metrics], held)
    events = _events(access, month, people)
    grid = tuple(
        _row(person, month, _measured(metrics, found, person.placed), held, owed, entries, events) for person in people
    )
    departments = frozenset(person.placed for person in people)
    return Intake(
        window=windows.over(departments),
        departments=departments,
        team=team,
        columns=tuple(_column(metric, needed, grid, at) for at, (metric, needed) in enumerate(metrics)),
        rows=grid,
        hand_in=hand_in_of(month, team),
    )


def hand_in_of(month: Month, team: Team) -> HandIn | None:
    if team.leader is None:
        return None
    found: HandIn | None = (
        HandIn.objects.filter(month=month, supervisor=team.leader).select_related("handed_in_by__employee").first()
    )
    return found


@dataclass(frozen=True, slots=True)
class Entered:
    """A value that stands, and who entered it when; without a name it came with a file, or nothing stands there."""

    employee_no: str
    metric: str
    value: Decimal | None
    who: str
    at: datetime | None


def version_of(access: Access, month: Month, team: Team) -> str:
    """Differs as soon as anything in the team's grid does: a value, an absence, the hand-in, the month's state."""
    stamps = EmployeeMonth.objects.filter(
        month=month, employee__in=members(access, month, team).order_by().values("pk")
    )
    state = AssessmentMonth.objects.filter(month=month).values_list("state", "intake_until").first()
    handed_in = HandIn.objects.filter(month=month, supervisor=team.leader).values_list("pk").first()
    rows = sorted(stamps.values_list("employee_id", "recorded_at"))
    return hashlib.sha256(repr((rows, state, handed_in)).encode()).hexdigest()[:32]


def entered_now(access: Access, month: Month, team: Team) -> list[Entered]:
    """Every value of the team's month with whoever entered it; what was taken back since too."""
    people = list(members(access, month, team))
    rows = {row.employee_id: row for row in EmployeeMonth.objects.filter(employee__in=people, month=month)}
    metrics = list(Metric.objects.all())
    entries = entries_of(cell_key(person, month, m) for person in people if person.pk in rows for m in metrics)
    found = []
    for person in people:
        for metric in metrics:
            entry = entries.get(cell_key(person, month, metric))
            value = getattr(rows[person.pk], f"s{metric.slot}") if person.pk in rows else None
            if value is None and entry is None:
                continue
            known = entry if entry and (value is None or accounts_for(entry, value)) else None
            at, who = (known.at, str(known.actor or "")) if known else (None, "")
            found.append(Entered(person.employee_no, metric.key, value, who, at))
    return found


def _owed(access: Access, month: Month, found: list[Need], people: Sequence[Employee]) -> dict[tuple[int, int], bool]:
    """(employee, metric) → whether HR has accepted that it is missing."""
    sql, params = owed_cells(access, month, found, Verb.UPDATE)
    if not sql or not people:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c.employee_id, c.metric_id, a.id IS NOT NULL FROM ({sql}) c LEFT JOIN assessment_acceptedgap a "
            "ON a.employee_id = c.employee_id AND a.metric_id = c.metric_id AND a.month = %s "
            "WHERE c.employee_id = ANY(%s)",
            [*params, month.number, [person.pk for person in people]],
        )
        return {(employee, metric): accepted for employee, metric, accepted in cursor.fetchall()}


def _metrics(found: list[Need], people: Sequence[Any], rows: Iterable[EmployeeMonth]) -> list[tuple[Metric, bool]]:
    """What the departments of these people need, then what was reported of them lately all the same."""
    needed = metrics_needed(found, {person.placed for person in people})
    reported = list(rows)
    slots = set(range(1, SLOTS + 1)) - {metric.slot for metric in needed}
    used = [slot for slot in slots if any(getattr(row, f"s{slot}") is not None for row in reported)]
    further = Metric.objects.filter(slot__in=used) if used else []
    return [*((metric, True) for metric in needed), *((metric, False) for metric in further)]


Held = Mapping[tuple[int, Month], EmployeeMonth]


def _entries(people: Sequence[Employee], month: Month, metrics: list[Metric], held: Held) -> dict[str, AuditEntry]:
    return entries_of(
        cell_key(person, month, metric)
        for person in people
        for metric in metrics
        if _value(held.get((person.pk, month)), metric) is not None
    )


def _events(access: Access, month: Month, people: Sequence[Employee]) -> dict[int, list[Event]]:
    """By person, without what was withdrawn."""
    found: dict[int, list[Event]] = {}
    for event in events_of_month(access, month, people).exclude(status=EventStatus.WITHDRAWN):
        found.setdefault(event.employee_id, []).append(event)
    return found


def _measured(
    metrics: list[tuple[Metric, bool]], found: list[Need], department_id: int | None
) -> list[tuple[Metric, Measure]]:
    return [(metric, measure_in(found, metric, department_id)) for metric, _needed in metrics]


def _row(
    person: Employee, month: Month, metrics: list[tuple[Metric, Measure]], held: Held, owed: Mapping[tuple[int, int], bool],
    entries: Mapping[str, AuditEntry], events: Mapping[int, list[Event]],
) -> Row:  # fmt: skip
    now, before = held.get((person.pk, month)), held.get((person.pk, month.previous))
    cells = []
    for metric, measure in metrics:
        value = _value(now, metric)
        entry = entries.get(cell_key(person, month, metric))
        cells.append(
            Cell(
                metric=metric,
                measure=measure,
                value=value,
                before=_value(before, metric),
                owed=not owed.get((person.pk, metric.pk), True),
                from_file=value is not None and not accounts_for(entry, value),
            )
        )
    counts = now.counts if now else True
    return Row(person, counts, tuple(cells), tuple(events.get(person.pk, ())))


def _value(row: EmployeeMonth | None, metric: Metric) -> Decimal | None:
    found: Decimal | None = getattr(row, f"s{metric.slot}") if row else None
    return found


def _column(metric: Metric, needed: bool, rows: Sequence[Row], at: int) -> Column:
    owed = [row.cells[at] for row in rows if row.cells[at].owed]
    measures = dict.fromkeys(row.cells[at].measure for row in rows)
    return Column(metric, tuple(measures), needed, len(owed), sum(cell.value is not None for cell in owed))
