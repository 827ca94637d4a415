"""A hand-in is taken back, so that the team's month can be changed again."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from assessment.actions.month_hand_in import require_leading
from assessment.models import HandIn
from assessment.selectors.entering import why_shut
from assessment.selectors.windows import window_of_team
from staff.kernel import audit
from staff.kernel.access import Access, Refused
from staff.kernel.periods import Month
from staff.models import Employee


@transaction.atomic
def take_hand_in_back(*, access: Access, month: Month, supervisor: Employee) -> None:
    """While the window is open. Raises ``Refused`` (it is shut; nothing was handed in), ``Forbidden``."""
    require_leading(access, supervisor)
    if shut := why_shut(window_of_team(supervisor, month, access.day), access.day):
        raise Refused(shut, code="window")
    taken, _rows = HandIn.objects.filter(month=month, supervisor=supervisor).delete()
    if not taken:
        raise Refused(_("Nothing has been handed in, or it was taken back already."), code="hand_in")
    audit.record(
        access,
        "hand_in_taken_back",
        object_type="month",
        object_key=month,
        employee_id=supervisor.pk,
        before={"supervisor": supervisor.employee_no},
    )
