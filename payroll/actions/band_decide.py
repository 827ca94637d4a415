"""The general manager approves a change of a pay table, which makes it hold from its day on; or declines it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from psycopg2.extras import DateRange

from payroll.actions.band_rules import account_of, in_force, require_free, said
from payroll.models import ChangeState, PayBand, PayTableChange, PayTableLine
from payroll.selectors.bands import level_values
from policy.actions.policy_adopt import adopt
from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb


@transaction.atomic
def decide_change(*, access: Access, change_id: int, approve: bool, answer: str, now: datetime) -> PayTableChange:
    """Approving cuts the bands and adopts the level pay in the same transaction: all of it holds, or nothing.

    Raises ``Refused`` (decided already, and by whom; declined without a reason; another change, a sealed month or a day
    that has passed in the way), ``Forbidden`` (one's own change).
    """
    access.require(Thing.BAND, Verb.DECIDE)
    checker = account_of(access)
    change = PayTableChange.objects.select_for_update().get(pk=change_id)
    if change.requested_by_id in access.accounts:
        raise Forbidden(_("Maker is not checker: another general manager decides on your change."))
    if change.state != ChangeState.SUBMITTED:
        raise Refused(_settled(change), code="settled")
    answer = answer.strip()
    if not (approve or answer):
        raise Refused(_("Say why, so that payroll can put it right."), code="answer")
    lines = list(change.lines.all())
    if approve:
        require_free(access, change, lines)
    change.state = ChangeState.APPROVED if approve else ChangeState.DECLINED
    change.decided_by_id, change.decided_at, change.answer = checker, now, answer
    change.save(update_fields=["state", "decided_by", "decided_at", "answer"])
    if approve:
        for line in lines:
            if line.sets_band:
                _set_band(change, line)
        _adopt(access, change, level_values(lines))
    audit.record(
        access,
        f"pay_table_{change.state}",
        object_type="pay_table_change",
        object_key=change.pk,
        after={"ladder": change.ladder, "from": change.starts_on.isoformat(), "lines": said(lines)},
        reason=answer,
    )
    return change


def _settled(change: PayTableChange) -> str:
    if change.decided_by is None:
        return _("It does not wait for a decision: %(state)s.") % {"state": change.get_state_display()}
    return _("%(name)s has decided already: %(state)s.") % {
        "name": change.decided_by,
        "state": change.get_state_display(),
    }


def _set_band(change: PayTableChange, line: PayTableLine) -> None:
    """The tier's band of the day ends there; the new one holds until further notice."""
    held = PayBand.objects.filter(ladder=change.ladder, tier=line.tier, period__contains=change.starts_on)
    for earlier in held.select_for_update():
        earlier.period = DateRange(earlier.period.lower, change.starts_on)
        earlier.save(update_fields=["period"])
    PayBand.objects.create(
        ladder=change.ladder,
        tier=line.tier,
        period=DateRange(change.starts_on, None),
        minimum=line.minimum,
        midpoint=line.midpoint,
        maximum=line.maximum,
        change=change,
    )


def _adopt(access: Access, change: PayTableChange, values: dict[str, str]) -> None:
    """The policy in force on the day, adopted anew wherever it is: what else its adoption sets stays."""
    for adoption in in_force(change).select_related("department") if values else ():
        adopt(
            access=access,
            key=change.ladder,
            department=adoption.department,
            starts_on=change.starts_on,
            values={**adoption.values, **values},
            consultation=change.consultation,
            request=change,
        )
