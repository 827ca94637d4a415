"""HR seals a month: its facts do not change any more."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from assessment.actions.month_row import claimed, require_ended, require_unsealed
from assessment.models import AssessmentMonth, MonthState
from assessment.selectors.digest import digest_of
from assessment.selectors.months import last_sealed, require_company
from assessment.selectors.needs import completeness
from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.gate import close_gate
from staff.kernel.periods import Month


@transaction.atomic
def seal_month(*, access: Access, month: Month, now: datetime, seen: str = "") -> AssessmentMonth:
    """closing → sealed, in the order of months; the first that a company seals may be any.

    ``seen``: the digest that was looked at before; other facts are not sealed unseen. Whoever saves at the same time is
    in the digest or is refused. Raises ``Refused`` (not ended, not closing, sealed, out of order, gaps left, other facts),
    ``Forbidden`` (a job, the server, HR of a part of the company).
    """
    access.require(Thing.MONTH, Verb.DECIDE)
    if access.account_id is None:
        raise Forbidden(_("A month is sealed by a person, never by a job: HR for the company signs in and does it."))
    require_company(access, Verb.DECIDE)
    require_ended(access, month)
    close_gate()
    row = claimed(month)
    require_unsealed(row)
    _require_order(month)
    if row.state != MonthState.CLOSING:
        raise Refused(_("Close the intake of %(month)s first.") % {"month": month}, code="open")
    rows = completeness(access, month)
    left = sum(one.left for one in rows)
    if left:
        raise Refused(
            _("%(count)d values of %(month)s are missing. Enter each of them, or accept it with a reason.")
            % {"count": left, "month": month},
            code="gaps",
        )
    digest = digest_of(month)
    if seen and seen != digest.sha256:
        raise Refused(_("Facts have changed since you looked. Look at what will be fixed once more."), code="changed")
    row.state, row.sealed_at, row.sealed_by_id = MonthState.SEALED, now, access.account_id
    row.digest, row.accepted_gaps = digest.sha256, sum(one.accepted for one in rows)
    row.save(update_fields=["state", "sealed_at", "sealed_by", "digest", "accepted_gaps"])
    audit.record(
        access,
        "month_sealed",
        object_type="month",
        object_key=month,
        before={"state": MonthState.CLOSING},
        after={
            "state": MonthState.SEALED,
            "digest": digest.sha256,
            "values": digest.values,
            "events": digest.events,
            "accepted_gaps": row.accepted_gaps,
        },
    )
    return row


def _require_order(month: Month) -> None:
    """Streaks look back: nothing before a sealed month stays open, and nothing before it is sealed after it."""
    last = last_sealed()
    if last is None or last + 1 == month:
        return
    if month < last:
        raise Refused(
            _("%(last)s is sealed already, and months are sealed in order: %(month)s stays as it is.")
            % {"last": last, "month": month},
            code="order",
        )
    raise Refused(
        _("Seal %(earlier)s first: months are sealed in order, for later ones look back on it.")
        % {"earlier": last + 1},
        code="order",
    )
