"""What HR had accepted as missing is asked for again."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from assessment.actions.gaps_accept import require_others
from assessment.actions.month_row import require_unsealed
from assessment.models import AcceptedGap
from assessment.selectors.months import as_keeper, month_row
from assessment.selectors.needs import Cell, cells_named
from staff.kernel import audit
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.periods import Month
from staff.kernel.refusals import told
from staff.models import Employee


@transaction.atomic
def take_back_gaps(*, access: Access, month: Month, cells: Collection[Cell]) -> int:
    """How many are gaps again, of the people in one's scope. Raises ``Refused`` (sealed), ``Forbidden`` (also for oneself,
    and for whoever leads oneself).
    """
    access.require(Thing.MONTH, Verb.UPDATE)
    require_unsealed(month_row(month))
    people = Employee.objects.visible_to(as_keeper(access), Verb.UPDATE, Thing.VALUE)
    chosen = frozenset(cells)
    require_others(access, chosen)
    rows = AcceptedGap.objects.filter(month=month, employee__in={employee for employee, _metric in chosen})
    found = [row for row in rows.filter(employee__in=people) if (row.employee_id, row.metric_id) in chosen]
    if not found:
        return 0
    with told({}):
        AcceptedGap.objects.filter(pk__in=[row.pk for row in found]).delete()
    audit.record(
        access,
        "gaps_taken_back",
        object_type="month",
        object_key=month,
        before=cells_named((row.employee_id, row.metric_id) for row in found),
    )
    return len(found)
