"""Who entered what stands in a cell, by the trail; what the trail does not account for came with a file of records."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from assessment.models import Metric
from staff.kernel.periods import Month
from staff.models import AuditEntry, Employee


def cell_key(employee: Employee, month: Month, metric: Metric) -> str:
    """What the trail calls a value."""
    return f"{employee.employee_no} {month} {metric.key}"


def entries_of(keys: Iterable[str]) -> dict[str, AuditEntry]:
    """Key → the latest entry about that value. One query, none for no keys."""
    chosen = list(keys)
    if not chosen:
        return {}
    entries = AuditEntry.objects.filter(object_type="value", action="value_saved", object_key__in=chosen)
    latest = entries.order_by("object_key", "-id").distinct("object_key")
    return {entry.object_key: entry for entry in latest.select_related("actor__employee")}


def accounts_for(entry: AuditEntry | None, value: Decimal) -> bool:
    """Whether the value stands as somebody entered it."""
    return entry is not None and entry.after is not None and Decimal(str(entry.after)) == value
