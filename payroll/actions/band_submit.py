"""A draft is put before the general manager, or a change taken back by whoever made it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from payroll.actions.band_rules import account_of, require_company, require_free, said
from payroll.models import ChangeState, PayTableChange
from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Verb
from staff.kernel.refusals import told


@transaction.atomic
def submit_change(*, access: Access, change_id: int) -> PayTableChange:
    """From here on it stays as it is. Raises ``Refused`` (submitted already, another change or a sealed month in the way,
    a day that has passed), ``Forbidden``.
    """
    require_company(access, Verb.UPDATE)
    change = _own(access, change_id)
    if change.state != ChangeState.DRAFT:
        raise Refused(_("It is no draft any more: %(state)s.") % {"state": change.get_state_display()}, code="settled")
    lines = list(change.lines.all())
    require_free(access, change, lines)
    change.state = ChangeState.SUBMITTED
    with told({"one_change_of_a_ladder_waits": _("Another change of this ladder was submitted just now.")}):
        change.save(update_fields=["state"])
    audit.record(
        access,
        "pay_table_submitted",
        object_type="pay_table_change",
        object_key=change.pk,
        after={"ladder": change.ladder, "from": change.starts_on.isoformat(), "lines": said(lines)},
    )
    return change


@transaction.atomic
def withdraw_change(*, access: Access, change_id: int, now: datetime) -> PayTableChange:
    """A draft or a submitted change. Raises ``Refused`` where it has been decided, ``Forbidden`` for anybody else."""
    require_company(access, Verb.UPDATE)
    change = _own(access, change_id)
    if not change.open:
        raise Refused(_("It is settled already: %(state)s.") % {"state": change.get_state_display()}, code="settled")
    change.state, change.decided_at = ChangeState.WITHDRAWN, now
    change.save(update_fields=["state", "decided_at"])
    audit.record(access, "pay_table_withdrawn", object_type="pay_table_change", object_key=change.pk)
    return change


def _own(access: Access, change_id: int) -> PayTableChange:
    """Locked, so that a decision and a withdrawal come one after the other."""
    change: PayTableChange = PayTableChange.objects.select_for_update().get(pk=change_id)
    if change.requested_by_id != account_of(access):
        raise Forbidden(_("A change is submitted and withdrawn by whoever drafted it."))
    return change
