"""A team's month is handed in: complete, or with the reason why it is not."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from assessment.models import HandIn
from assessment.selectors.entering import as_leader, why_shut
from assessment.selectors.needs import completeness
from assessment.selectors.windows import window_of_team
from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.periods import Month
from staff.kernel.refusals import told
from staff.models import Account, Employee


@transaction.atomic
def hand_in_month(*, access: Access, month: Month, supervisor: Employee, note: str = "") -> HandIn:
    """By the supervisor of the team, or by whoever leads the supervisor. Gaps that HR has accepted need no words.

    Raises ``Refused`` (the window is shut, handed in already, gaps without a note), ``Forbidden``.
    """
    require_leading(access, supervisor)
    if shut := why_shut(window_of_team(supervisor, month, access.day), access.day):
        raise Refused(shut, code="window")
    missing = _left(access, month, supervisor)
    words = note.strip()
    if missing and not words:
        raise Refused(_("%(count)s values are missing. Say why, then hand in.") % {"count": missing}, code="note")
    who = Account.objects.get(pk=access.account_id)
    row = HandIn(month=month, supervisor=supervisor, handed_in_by=who, gaps=missing, note=words)
    with told({"hand_in_once": _("The month has been handed in already. Load the page again.")}):
        row.save()
    audit.record(
        access,
        "month_handed_in",
        object_type="month",
        object_key=month,
        employee_id=supervisor.pk,
        after={"supervisor": supervisor.employee_no, "gaps": missing},
        reason=words,
    )
    return row


def _left(access: Access, month: Month, supervisor: Employee) -> int:
    """Of the whole team, whose people may sit in departments that a head who hands in does not reach."""
    everybody = Access.system(access.day, access.label)
    return sum(one.left for one in completeness(everybody, month) if one.supervisor_id == supervisor.pk)


def require_leading(access: Access, supervisor: Employee) -> None:
    """Raises ``Forbidden`` for whoever is neither the supervisor nor leads the supervisor."""
    access.require(Thing.VALUE, Verb.UPDATE)
    access.require_person()
    if access.leads_as == supervisor.pk:
        return
    above = Employee.objects.visible_to(as_leader(access), Verb.UPDATE, Thing.VALUE)
    if not above.filter(pk=supervisor.pk).exists():
        raise Forbidden(_("A team's month is handed in by %(name)s, or by whoever leads them.") % {"name": supervisor})
