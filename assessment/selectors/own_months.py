"""What was reported about oneself: month by month, and one month whole, with who reported it and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from assessment.measures import Measure
from assessment.models import (
    AcceptedGap,
    AssessmentMonth,
    Doubt,
    EmployeeMonth,
    Event,
    ItemAssessor,
    Metric,
    MetricKind,
    MonthState,
)
from assessment.selectors.doubts import own_doubts
from assessment.selectors.entered import accounts_for, cell_key, entries_of
from assessment.selectors.needs import gaps, measures_of
from assessment.selectors.windows import Window, window_of_person
from staff.kernel.access import Access
from staff.kernel.periods import Month
from staff.models import Absence, AuditEntry, Employee, SupervisorPeriod


@dataclass(frozen=True, slots=True)
class Source:
    """Who reported it and when. Without a name it came with a file of records."""

    at: datetime
    name: str = ""


@dataclass(frozen=True, slots=True)
class Reported:
    """A value of the month beside that of the month before; ``before`` None: nothing was reported then."""

    metric: Metric
    measure: Measure
    value: Decimal
    before: Decimal | None
    source: Source
    assessor: str
    doubt: Doubt | None

    @property
    def more(self) -> Decimal | None:
        """How much more than the month before; negative for less."""
        return None if self.before is None else self.value - self.before


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of the month."""

    event: Event
    source: Source
    doubt: Doubt | None


@dataclass(frozen=True, slots=True)
class Missing:
    """A value that nobody reported. ``owner`` can enter it today, empty: nobody leads the person; or HR accepted the gap."""

    measure: Measure
    owner: str
    accepted: bool


@dataclass(frozen=True, slots=True)
class OwnMonth:
    """One month whole. ``absences`` are those on account of which it does not count."""

    window: Window
    ended: bool
    counts: bool
    absences: tuple[Absence, ...]
    values: tuple[Reported, ...]
    events: tuple[Happened, ...]
    missing: tuple[Missing, ...]

    @property
    def month(self) -> Month:
        return self.window.month

    @property
    def sealed(self) -> bool:
        return self.window.state == MonthState.SEALED


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month of the list: how much was reported, not what."""

    month: Month
    state: str
    ended: bool
    counts: bool
    values: int
    events: int
    doubts: int


def months_of(employee: Employee, today: Month) -> list[Month]:
    """From the hiring to today's, or the one in which the person left; the latest first."""
    last = min(today, Month.of(employee.left_on)) if employee.left_on else today
    first = Month.of(employee.hired_on)
    return [last - back for back in range(last.number - first.number + 1)]


def month_lines(
    access: Access, employee: Employee, months: Sequence[Month], doubts: Iterable[Doubt],
    of_all: Mapping[Month, AssessmentMonth],
) -> list[MonthLine]:  # fmt: skip
    """A line a month, latest first as they are given; ``doubts`` are the person's own, ``of_all`` the months themselves, where
    they have begun. Two queries, however many.
    """
    if not months:
        return []
    between = (min(months), max(months))
    rows = {row.month: row for row in EmployeeMonth.objects.filter(employee=employee, month__range=between)}
    happened = [Month.of(day) for day in events_of(access, employee, *between).values_list("counted_on", flat=True)]
    open_doubts = [doubt.month for doubt in doubts if doubt.open]
    return [
        MonthLine(
            month=month,
            state=of_all[month].state if month in of_all else MonthState.OPEN,
            ended=month < Month.of(access.day),
            counts=rows[month].counts if month in rows else True,
            values=len(_slots(rows.get(month))),
            events=happened.count(month),
            doubts=open_doubts.count(month),
        )
        for month in months
    ]


def own_month(access: Access, employee: Employee, month: Month) -> OwnMonth:
    """The month whole, as it stands now."""
    window = window_of_person(employee, month)
    rows = {r.month: r for r in EmployeeMonth.objects.filter(employee=employee, month__in=[month, month.previous])}
    row, ended = rows.get(month), month < Month.of(access.day)
    counts = row.counts if row else True
    doubts = list(own_doubts(access).filter(month=month))
    return OwnMonth(
        window=window,
        ended=ended,
        counts=counts,
        absences=() if counts else _absences(employee, month),
        values=_values(employee, row, rows.get(month.previous), doubts),
        events=_happened(access, employee, month, doubts),
        missing=missing_of(access, employee, window) if ended and counts else (),
    )


def missing_of(access: Access, employee: Employee, window: Window) -> tuple[Missing, ...]:
    """What of an ended month nobody has reported. Of a sealed one only what HR accepted as missing is still owed by none."""
    month = window.month
    if window.state == MonthState.SEALED:
        accepted = AcceptedGap.objects.filter(employee=employee, month=month).select_related("metric")
        lacking = {gap.metric_id: gap.metric for gap in accepted}
        measures = measures_of(month, lacking.values(), [employee.pk]) if lacking else {}
        return tuple(Missing(measures[employee.pk, pk], "", accepted=True) for pk in lacking)
    found = gaps(access.as_oneself(), month)
    if not found:
        return ()
    metrics = Metric.objects.in_bulk([gap.metric_id for gap in found])
    led = SupervisorPeriod.objects.filter(employee=employee, period__contains=access.day).select_related("supervisor")
    owner = next((period.supervisor.name for period in led), "")
    measures = measures_of(month, metrics.values(), [employee.pk])
    return tuple(Missing(measures[gap.cell], owner, gap.accepted) for gap in found)


def _slots(row: EmployeeMonth | None) -> dict[int, Decimal]:
    """slot → value, of what is reported."""
    if row is None:
        return {}
    held = ((field.attname, getattr(row, field.attname)) for field in row._meta.concrete_fields)
    return {int(name[1:]): value for name, value in held if name[1:].isdigit() and value is not None}


def _values(
    employee: Employee, row: EmployeeMonth | None, earlier: EmployeeMonth | None, doubts: list[Doubt]
) -> tuple[Reported, ...]:
    held, before = _slots(row), _slots(earlier)
    if row is None or not held:
        return ()
    metrics = list(Metric.objects.filter(slot__in=held))
    sources = _value_sources(employee, row, metrics, held)
    assessors = _assessors(row) if any(metric.kind == MetricKind.ITEM for metric in metrics) else {}
    about = {doubt.metric_id: doubt for doubt in reversed(doubts)}
    measures = measures_of(row.month, metrics, [employee.pk])
    return tuple(
        Reported(
            metric, measures[employee.pk, metric.pk], held[metric.slot], before.get(metric.slot), sources[metric.pk],
            assessors.get(metric.pk, ""), about.get(metric.pk),
        )
        for metric in metrics
    )  # fmt: skip


def _assessors(row: EmployeeMonth) -> dict[int, str]:
    named = ItemAssessor.objects.filter(employee_id=row.employee_id, month=row.month)
    return dict(named.values_list("metric_id", "assessor__name"))


def _value_sources(
    employee: Employee, row: EmployeeMonth, metrics: Iterable[Metric], held: dict[int, Decimal]
) -> dict[int, Source]:
    """metric → whoever entered what stands there. What the trail of entries does not account for came with a file."""
    keys = {cell_key(employee, row.month, metric): metric for metric in metrics}
    found: dict[int, Source] = {}
    for key, entry in entries_of(keys).items():
        metric = keys[key]
        if accounts_for(entry, held[metric.slot]):
            found[metric.pk] = Source(entry.at, str(entry.actor or ""))
    since = _since(row, [m for m in keys.values() if m.pk not in found], held)
    return found | {pk: Source(at) for pk, at in since.items()}


def _since(row: EmployeeMonth, metrics: list[Metric], held: dict[int, Decimal]) -> dict[int, datetime]:
    """metric → since when the value has stood, by the row's own history."""
    if not metrics:
        return {}
    columns = ", ".join(f"s{metric.slot}" for metric in metrics)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT recorded_at, {columns} FROM assessment_employeemonth_history "
            "WHERE employee_id = %s AND month = %s ORDER BY recorded_at DESC",
            [row.employee_id, row.month.number],
        )
        versions = cursor.fetchall()
    found = {}
    for at, metric in enumerate(metrics, start=1):
        since = row.recorded_at
        for version in versions:
            if version[at] != held[metric.slot]:
                break
            since = version[0]
        found[metric.pk] = since
    return found


def events_of(access: Access, employee: Employee, first: Month, last: Month) -> QuerySet[Any]:
    """Events by the day on which they count: that of the finding, where it came later."""
    rows: QuerySet[Any] = Event.objects.visible_to(access.as_oneself()).filter(employee=employee)
    counted = rows.annotate(counted_on=Coalesce("decided_on", "day"))
    return counted.filter(counted_on__range=(first.first_day, last.last_day)).select_related("kind")


def _happened(access: Access, employee: Employee, month: Month, doubts: list[Doubt]) -> tuple[Happened, ...]:
    events = list(events_of(access, employee, month, month).order_by("day", "event_no"))
    if not events:
        return ()
    entries = _event_entries([event.event_no for event in events])
    about = {doubt.event_id: doubt for doubt in reversed(doubts)}
    return tuple(Happened(event, _event_source(event, entries), about.get(event.pk)) for event in events)


def _event_entries(numbers: list[str]) -> dict[str, AuditEntry]:
    """no. → the latest entry about the event."""
    entries = AuditEntry.objects.filter(object_type="event", object_key__in=numbers)
    return {entry.object_key: entry for entry in entries.select_related("actor__employee").order_by("pk")}


def _event_source(event: Event, entries: dict[str, AuditEntry]) -> Source:
    """Whoever entered what stands there; it came with a file where the trail of entries says otherwise."""
    entry = entries.get(event.event_no)
    after = entry.after if entry and isinstance(entry.after, dict) else {}
    if entry and after.get("day") == event.day.isoformat() and after.get("status") == event.status:
        return Source(entry.at, str(entry.actor or ""))
    return Source(event.recorded_at)


def _absences(employee: Employee, month: Month) -> tuple[Absence, ...]:
    within = Q(first_day__lte=month.last_day, last_day__gte=month.first_day)
    return tuple(Absence.objects.filter(within, employee=employee).order_by("first_day"))
