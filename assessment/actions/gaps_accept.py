"""HR accepts that values are missing: one, or many with one reason."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from assessment.actions.month_row import require_ended, require_unsealed
from assessment.models import AcceptedGap
from assessment.selectors.months import as_keeper, month_row
from assessment.selectors.needs import Cell, cells_named, gaps
from staff.actions.person_change import require_in_scope
from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.periods import Month
from staff.kernel.refusals import require_fit, told
from staff.models import Employee
from staff.selectors.access import own_line


@transaction.atomic
def accept_gaps(*, access: Access, month: Month, cells: Collection[Cell], reason: str) -> int:
    """All or nothing; how many are newly accepted. What was accepted before keeps its reason.

    Raises ``Refused`` (no reason, none chosen, a value that is there or is not owed, not ended, sealed), ``Forbidden``
    (also for oneself, and for whoever leads oneself).
    """
    access.require(Thing.MONTH, Verb.UPDATE)
    require_ended(access, month)
    if access.account_id is None:
        raise Forbidden(_("A gap is accepted by a person, who answers for it: HR signs in and does it."))
    if not reason.strip():
        raise Refused(_("Say why the values are missing; it is kept with each of them."), code="reason")
    require_fit(AcceptedGap(reason=reason.strip()), "reason")
    if not cells:
        raise Refused(_("Choose at least one gap."), code="cells")
    require_unsealed(month_row(month))
    chosen = frozenset(cells)
    require_others(access, chosen)
    found = [gap for gap in gaps(as_keeper(access), month, verb=Verb.UPDATE) if gap.cell in chosen]
    if len(found) != len(chosen):
        raise Refused(
            _("%(count)d of these values are there by now, or are not owed in your scope. Look at the list again.")
            % {"count": len(chosen) - len(found)},
            code="cells",
        )
    fresh = [gap for gap in found if not gap.accepted]
    with told({}):
        AcceptedGap.objects.bulk_create(
            (
                AcceptedGap(
                    month=month,
                    employee_id=gap.employee_id,
                    metric_id=gap.metric_id,
                    accepted_by_id=access.account_id,
                    reason=reason.strip(),
                )
                for gap in fresh
            ),
            ignore_conflicts=True,
        )
    if fresh:
        audit.record(
            access,
            "gaps_accepted",
            object_type="month",
            object_key=month,
            after=cells_named(gap.cell for gap in fresh),
            reason=reason.strip(),
        )
    return len(fresh)


def require_others(access: Access, cells: Collection[Cell]) -> None:
    """Raises ``Forbidden`` where one of them is one's own, or a superior's in one's line."""
    if not access.people:
        return
    line = {employee for employee, _metric in cells} & own_line(access)
    for own in sorted(line & access.people):
        access.require_about(own, Thing.MONTH, Verb.UPDATE)
    for superior in Employee.objects.filter(pk__in=line):
        require_in_scope(access, superior, Verb.UPDATE, Thing.MONTH)
