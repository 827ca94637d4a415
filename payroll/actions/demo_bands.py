"""The demonstration's bands: those in force since January, and a change that waits for the general manager."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from payroll.actions.band_decide import decide_change
from payroll.actions.band_draft import TierAmounts, draft_change
from payroll.actions.band_submit import submit_change
from payroll.demo.logins import SEATS
from payroll.models import PayTableChange
from staff.kernel.access import Access
from staff.kernel.periods import Month
from staff.models import Account, Role
from staff.selectors.access import access_of

#: tier → minimum, midpoint, maximum in yuan a month.
_BANDS = {
    "regular": (4400, 5200, 6000),
    "star": (5600, 6400, 7200),
    "diamond": (6000, 6900, 7800),
    "crown": (6400, 7400, 8400),
}
#: What the waiting change asks for: level pay, then the band.
_ASKED = {"star": (1100, 5700, 6500, 7300), "diamond": (1350, 6200, 7100, 8000)}


@transaction.atomic
def open_bands(*, access: Access, now: datetime, ladder: str) -> PayTableChange:
    """Both changes by payroll's account, the first approved by the general manager's. Gives the one that waits."""
    payroll, gm = (_as(role, access.day) for role in (Role.PAYROLL, Role.GM))
    first = draft_change(
        access=payroll,
        ladder=ladder,
        starts_on=date(access.day.year, 1, 1),
        reason=_("The first bands"),
        amounts=[TierAmounts(tier, None, *map(Decimal, band)) for tier, band in _BANDS.items()],
    )
    submit_change(access=payroll, change_id=first.pk)
    decide_change(access=gm, change_id=first.pk, approve=True, answer="", now=now)
    asked = draft_change(
        access=payroll,
        ladder=ladder,
        starts_on=Month.of(access.day).next.first_day,
        reason=_("Level pay of Star and Diamond has stood still since 2013"),
        amounts=[TierAmounts(tier, *map(Decimal, amounts)) for tier, amounts in _ASKED.items()],
    )
    return submit_change(access=payroll, change_id=asked.pk)


def _as(role: Role, day: date) -> Access:
    seat = next(seat for seat in SEATS if seat.role == role)
    return access_of(Account.objects.get(username=seat.number), day, channel="command")
