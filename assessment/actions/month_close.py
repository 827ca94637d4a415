"""HR ends the intake of a month: supervisors read only, HR goes on with a reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.actions.month_row import claimed, require_ended, require_unsealed
from assessment.models import AssessmentMonth, MonthState
from assessment.selectors.months import require_company
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.periods import Month


@transaction.atomic
def close_month(*, access: Access, month: Month, now: datetime) -> AssessmentMonth:
    """open → closing, on any day after the month's end. Raises ``Refused`` (not ended, closing already, sealed),
    ``Forbidden``.
    """
    access.require(Thing.MONTH, Verb.UPDATE)
    require_company(access, Verb.UPDATE)
    require_ended(access, month)
    row = claimed(month)
    require_unsealed(row)
    if row.closing_since is not None and row.state == MonthState.CLOSING:
        raise Refused(
            _("The intake of %(month)s has been closed since %(day)s.")
            % {"month": month, "day": timezone.localtime(row.closing_since).date()},
            code="closing",
        )
    row.state, row.closing_since = MonthState.CLOSING, now
    row.save(update_fields=["state", "closing_since"])
    audit.record(
        access,
        "month_closing",
        object_type="month",
        object_key=month,
        before={"state": MonthState.OPEN},
        after={"state": MonthState.CLOSING},
    )
    return row
