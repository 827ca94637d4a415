"""Cells of a month's grid are entered: many people's, many metrics', each answered on its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from psycopg2.errors import UniqueViolation

from assessment.measures import Measure
from assessment.models import EmployeeMonth, ItemAssessor, Metric, MetricKind
from assessment.numbers import number_from, plain
from assessment.selectors.entered import cell_key, entries_of
from assessment.selectors.entering import freely_written, handed_in, why_handed_in, why_shut
from assessment.selectors.needs import Cell, measures_of
from assessment.selectors.windows import windows_of_people
from policy.selectors import governing
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.periods import Month
from staff.kernel.refusals import told
from staff.models import Employee
from staff.selectors.access import superiors

#: More than a pasted block ever has.
MOST = 500


class CellState(StrEnum):
    SAVED = "saved"
    INVALID = "invalid"
    CONFLICT = "conflict"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class CellEntry:
    """What was typed into a cell; ``seen`` is what stood there when the typing began. Empty: nothing is reported."""

    employee_no: str
    metric: str
    value: str
    seen: str


@dataclass(frozen=True, slots=True)
class CellAnswer:
    """``value`` is what stands there now; ``who`` and ``at``: whoever entered it, of a conflict."""

    employee_no: str
    metric: str
    state: CellState
    value: str = ""
    message: str = ""
    who: str = ""
    at: datetime | None = None


@dataclass(slots=True)
class _Change:
    employee: Employee
    metric: Metric
    before: Decimal | None
    after: Decimal | None

    @property
    def column(self) -> str:
        return f"s{self.metric.slot}"


@dataclass(slots=True)
class _Sheet:
    """What the cells of one request are held against."""

    month: Month
    reason: str
    people: dict[str, Employee]
    metrics: dict[str, Metric]
    barred: dict[int, str]
    freely: frozenset[int]
    measures: dict[Cell, Measure]
    rows: dict[int, EmployeeMonth] = field(default_factory=dict)

    def held(self, employee: Employee, metric: Metric) -> Decimal | None:
        row = self.rows.get(employee.pk)
        found: Decimal | None = getattr(row, f"s{metric.slot}") if row else None
        return found


@transaction.atomic
def save_cells(*, access: Access, month: Month, cells: Sequence[CellEntry], reason: str = "") -> list[CellAnswer]:
    """An answer a cell, in their order: what is well is saved, whatever is the matter with the others.

    Values are held to the bounds of the document that asks for them. A cell in which meanwhile another value stands is
    left alone and answered with it. Who may write when is as in ``save_values``. Raises ``Refused`` (more than ``MOST``
    cells, a month sealed meanwhile), ``Forbidden``.
    """
    access.require(Thing.VALUE, Verb.UPDATE)
    if len(cells) > MOST:
        raise Refused(_("At most %(most)s cells at once. Send them in parts.") % {"most": MOST}, code="cells")
    sheet = _sheet(access, month, cells, reason.strip())
    while True:
        sheet.rows = _locked(sheet)
        decided = [_decide(sheet, cell) for cell in cells]
        changes = [one for one in decided if isinstance(one, _Change)]
        try:
            with told({}):
                _write(sheet, changes)
        except IntegrityError as error:
            if not isinstance(error.__cause__, UniqueViolation):
                raise
            continue  # another was the first to report somebody's month; theirs is what is reported
        break
    _assess(access, month, [one for one in changes if one.metric.kind == MetricKind.ITEM])
    _record(access, sheet, changes)
    return _answers(sheet, cells, decided)


def _sheet(access: Access, month: Month, cells: Sequence[CellEntry], reason: str) -> _Sheet:
    within = Employee.objects.visible_to(access, Verb.UPDATE, Thing.VALUE)
    people = {p.employee_no: p for p in within.filter(employee_no__in={cell.employee_no for cell in cells})}
    ids = {person.pk for person in people.values()}
    freely = freely_written(access, ids)
    barred: dict[int, str] = {}
    governed = governing(month.last_day)
    if led := ids - freely:
        shut = {pk: why_shut(window, access.day) for pk, window in windows_of_people(month, led, governed).items()}
        barred |= {pk: why for pk, why in shut.items() if why}
        barred |= dict.fromkeys(handed_in(month, led, access.day) - barred.keys(), why_handed_in())
    for own in sorted(access.people):
        above = _("A superior in your own line is entered by a colleague of another line.")
        barred |= dict.fromkeys(ids & superiors(own, access.day), above)
    for own in sorted(access.people):
        barred[own] = _("Nobody acts on their own record. Ask a colleague with the same role to do it.")
    metrics = {metric.key: metric for metric in Metric.objects.filter(key__in={cell.metric for cell in cells})}
    measures = measures_of(month, metrics.values(), ids, governed)
    return _Sheet(month, reason, people, metrics, barred, freely, measures)


def _locked(sheet: _Sheet) -> dict[int, EmployeeMonth]:
    rows = EmployeeMonth.objects.select_for_update(of=("self",)).filter(
        month=sheet.month, employee__in=[person.pk for person in sheet.people.values()]
    )
    return {row.employee_id: row for row in rows.order_by("employee_id")}


def _decide(sheet: _Sheet, cell: CellEntry) -> _Change | CellAnswer:
    """The change that the cell asks for, or its answer where it changes nothing."""
    employee, metric = sheet.people.get(cell.employee_no), sheet.metrics.get(cell.metric)
    if employee is None or metric is None:
        return _answer(cell, CellState.REFUSED, message=_("There is no such cell in your scope. Load the page again."))
    held = sheet.held(employee, metric)
    now = "" if held is None else plain(held)
    if message := sheet.barred.get(employee.pk):
        return _answer(cell, CellState.REFUSED, value=now, message=message)
    try:
        value = number_from(cell.value, sheet.measures[employee.pk, metric.pk])
    except Refused as refused:
        return _answer(cell, CellState.INVALID, value=now, message=refused.message)
    if value == held:
        return _answer(cell, CellState.SAVED, value=now)
    if _known(cell.seen) != held:
        return _answer(cell, CellState.CONFLICT, value=now)
    row = sheet.rows.get(employee.pk)
    if row is not None and not row.counts:
        return _answer(cell, CellState.REFUSED, value=now, message=_("The month does not count for this person."))
    if employee.pk in sheet.freely and held is not None and not sheet.reason:
        message = _("What was reported changes only with a reason.")
        return _answer(cell, CellState.REFUSED, value=now, message=message)
    return _Change(employee, metric, held, value)


def _known(seen: str) -> Decimal | None:
    try:
        return Decimal(seen) if seen else None
    except InvalidOperation:
        return None


def _write(sheet: _Sheet, changes: Iterable[_Change]) -> None:
    """Raises ``IntegrityError`` where another made somebody's row first."""
    by_person: dict[int, list[_Change]] = {}
    for change in changes:
        by_person.setdefault(change.employee.pk, []).append(change)
    new = []
    for pk, theirs in sorted(by_person.items()):
        columns = {change.column: change.after for change in theirs}
        row = sheet.rows.get(pk)
        if row is None:
            new.append(EmployeeMonth(employee_id=pk, month=sheet.month, **columns))
            continue
        for column, value in columns.items():
            setattr(row, column, value)
        row.save(update_fields=list(columns))
    EmployeeMonth.objects.bulk_create(new)


def _assess(access: Access, month: Month, items: list[_Change]) -> None:
    """Whoever enters a score has assessed it; a score that is taken back has no assessor."""
    if not items:
        return
    for item in items:
        ItemAssessor.objects.filter(employee=item.employee, month=month, metric=item.metric).delete()
    if access.employee_id is not None:
        ItemAssessor.objects.bulk_create(
            ItemAssessor(employee=item.employee, month=month, metric=item.metric, assessor_id=access.employee_id)
            for item in items
            if item.after is not None
        )


def _record(access: Access, sheet: _Sheet, changes: Iterable[_Change]) -> None:
    entries = [
        audit.Entry(
            cell_key(change.employee, sheet.month, change.metric),
            change.employee.pk,
            before=None if change.before is None else str(change.before),
            after=None if change.after is None else str(change.after),
        )
        for change in changes
    ]
    audit.record_all(access, "value_saved", entries, object_type="value", reason=sheet.reason)


def _answer(cell: CellEntry, state: CellState, *, value: str = "", message: str = "") -> CellAnswer:
    return CellAnswer(cell.employee_no, cell.metric, state, value, message)


def _answers(sheet: _Sheet, cells: Sequence[CellEntry], decided: Sequence[_Change | CellAnswer]) -> list[CellAnswer]:
    found = []
    clashes = [one for one in decided if isinstance(one, CellAnswer) and one.state is CellState.CONFLICT]
    keys = {
        (one.employee_no, one.metric): cell_key(sheet.people[one.employee_no], sheet.month, sheet.metrics[one.metric])
        for one in clashes
    }
    entries = entries_of(keys.values())
    for cell, one in zip(cells, decided, strict=True):
        if isinstance(one, _Change):
            value = "" if one.after is None else plain(one.after)
            found.append(_answer(cell, CellState.SAVED, value=value))
        elif entry := entries.get(keys.get((one.employee_no, one.metric), "")):
            found.append(
                CellAnswer(one.employee_no, one.metric, one.state, one.value, "", str(entry.actor or ""), entry.at)
            )
        else:
            found.append(one)
    return found
