"""Values of a person's month are entered, put right or taken back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from assessment.models import EmployeeMonth, Metric
from assessment.numbers import require_fits
from assessment.selectors.entered import cell_key
from assessment.selectors.entering import freely_written, handed_in, why_handed_in, why_shut
from assessment.selectors.needs import measures_of
from assessment.selectors.windows import window_of_person
from staff.actions.person_change import require_in_scope
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.periods import Month
from staff.kernel.refusals import told
from staff.models import Employee

Changes = dict[Metric, tuple[Decimal | None, Decimal | None]]


@transaction.atomic
def save_values(
    *,
    access: Access,
    employee: Employee,
    month: Month,
    values: Mapping[Metric, Decimal | None],
    reason: str = "",
) -> int:
    """All or nothing; the number of values that changed. None takes a value back: it is missing then, not zero.

    Metrics that are not named stay. Whoever leads the person writes within the month's window, without a reason; HR until
    the month is sealed, and changes or takes back what was reported with a reason. A month that has not begun takes nothing
    but gives back. Raises ``Refused`` (outside the bounds or decimals of whoever asks for the metric, with its key as
    code; not begun; no reason; outside the window; handed in; a sealed month), ``Forbidden``.
    """
    access.require_about(employee.pk, Thing.VALUE, Verb.UPDATE)
    require_in_scope(access, employee, Verb.UPDATE, Thing.VALUE)
    given = {metric: value for metric, value in values.items() if value is not None}
    if given and month > Month.of(access.day):
        raise Refused(_("%(month)s has not begun.") % {"month": month}, code="month")
    measures = measures_of(month, given, [employee.pk])
    for metric, value in given.items():
        require_fits(measures[employee.pk, metric.pk], value)
    freely = bool(freely_written(access, [employee.pk]))
    row = _locked(employee, month)
    changes = _changes(row, values)
    if not changes:
        return 0
    if not freely:
        _require_open(access, employee, month)
    if row is None and not _create(employee, month, changes):  # another was first; theirs is what is reported
        row = _locked(employee, month)
        changes = _changes(row, values)
    if freely and not reason.strip() and any(before is not None for before, _after in changes.values()):
        raise Refused(_("What was reported changes only with a reason."), code="reason")
    if row is not None and changes:
        _write(row, changes)
    for metric, (before, after) in changes.items():
        audit.record(
            access,
            "value_saved",
            object_type="value",
            object_key=cell_key(employee, month, metric),
            employee_id=employee.pk,
            before=None if before is None else str(before),
            after=None if after is None else str(after),
            reason=reason.strip(),
        )
    return len(changes)


def _require_open(access: Access, employee: Employee, month: Month) -> None:
    """Raises ``Refused`` where the window is shut for whoever leads the person, or the month is handed in."""
    if shut := why_shut(window_of_person(employee, month), access.day):
        raise Refused(shut, code="window")
    if handed_in(month, [employee.pk], access.day):
        raise Refused(why_handed_in(), code="handed_in")


def _changes(row: EmployeeMonth | None, values: Mapping[Metric, Decimal | None]) -> Changes:
    held = {metric: getattr(row, f"s{metric.slot}") if row else None for metric in values}
    return {metric: (held[metric], value) for metric, value in values.items() if held[metric] != value}


def _locked(employee: Employee, month: Month) -> EmployeeMonth | None:
    return EmployeeMonth.objects.select_for_update().filter(employee=employee, month=month).first()


def _columns(changes: Changes) -> dict[str, Decimal | None]:
    return {f"s{metric.slot}": after for metric, (_before, after) in changes.items()}


def _create(employee: Employee, month: Month, changes: Changes) -> bool:
    """Whether the month's row is ours; waits for another first writer, whose row is kept."""
    with told({}):
        return EmployeeMonth.objects.get_or_create(employee=employee, month=month, defaults=_columns(changes))[1]


def _write(row: EmployeeMonth, changes: Changes) -> None:
    columns = _columns(changes)
    for column, value in columns.items():
        setattr(row, column, value)
    with told({}):
        row.save(update_fields=list(columns))
