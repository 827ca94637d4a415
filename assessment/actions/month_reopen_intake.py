"""HR gives supervisors longer: an open month until another day, a closing one open again until a day."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from assessment.actions.month_row import claimed, require_ended, require_unsealed
from assessment.models import AssessmentMonth, MonthState
from assessment.selectors.months import require_company
from assessment.selectors.windows import windows_of
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.periods import Month

#: A day further off is a slip of the hand, and would keep the month from closing by itself.
LONGEST = timedelta(days=60)


@transaction.atomic
def reopen_intake(*, access: Access, month: Month, until: date, reason: str) -> AssessmentMonth:
    """``until``: the last day on which supervisors enter the month. Raises ``Refused`` (a day that is past or far off, no
    reason, not ended, sealed), ``Forbidden``.
    """
    access.require(Thing.MONTH, Verb.UPDATE)
    require_company(access, Verb.UPDATE)
    require_ended(access, month)
    if not access.day <= until <= access.day + LONGEST:
        raise Refused(
            _("The last day of the intake lies between today and %(day)s.") % {"day": access.day + LONGEST},
            code="until",
        )
    if not reason.strip():
        raise Refused(_("Say why the intake goes on; it stands in the month's history."), code="reason")
    row = claimed(month)
    require_unsealed(row)
    before = windows_of({month: row})[month].company
    if (before.state, before.last) == (MonthState.OPEN, until):
        return row
    row.state, row.intake_until, row.closing_since = MonthState.OPEN, until, None
    row.save(update_fields=["state", "intake_until", "closing_since"])
    audit.record(
        access,
        "month_intake_until",
        object_type="month",
        object_key=month,
        before={"state": before.state, "until": before.last.isoformat()},
        after={"state": MonthState.OPEN, "until": until.isoformat()},
        reason=reason.strip(),
    )
    return row
