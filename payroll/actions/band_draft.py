"""New amounts for a ladder's tiers are drafted, or the draft put right. Nothing in force changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from payroll.actions.band_rules import account_of, require_company, require_day, said
from payroll.models import ChangeState, PayTableChange, PayTableLine
from payroll.selectors.bands import Band, PayTable, pay_tables, settable
from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Verb


@dataclass(frozen=True, slots=True)
class TierAmounts:
    """What a tier is to be paid, yuan a month. None: no level pay or no band is asked for."""

    tier: str
    level_pay: Decimal | None = None
    minimum: Decimal | None = None
    midpoint: Decimal | None = None
    maximum: Decimal | None = None


@transaction.atomic
def draft_change(
    *,
    access: Access,
    ladder: str,
    starts_on: date,
    reason: str,
    amounts: Sequence[TierAmounts],
    consultation: str = "",
    change: PayTableChange | None = None,
) -> PayTableChange:
    """Keeps what differs from the table in force on the day. ``change``: one's own draft to put right.

    Raises ``Refused``: a ladder not in force or a tier that is not on it, a day that has passed, a band out of order
    (its code is the field, such as ``midpoint_star``), nothing that differs, no reason; ``Forbidden``.
    """
    require_company(access, Verb.UPDATE if change else Verb.CREATE)
    maker = account_of(access)
    require_day(access, starts_on)
    if not reason.strip():
        raise Refused(_("Say why the amounts change: the general manager decides on it."), code="reason")
    lines = _lines(_table_in_force(access, ladder, starts_on), amounts)
    row = _claimed(change, maker) if change else PayTableChange(ladder=ladder, requested_by_id=maker)
    row.starts_on, row.reason, row.consultation = starts_on, reason.strip(), consultation.strip()
    row.save()
    row.lines.all().delete()
    for line in lines:
        line.change = row
    PayTableLine.objects.bulk_create(lines)
    audit.record(
        access,
        "pay_table_drafted",
        object_type="pay_table_change",
        object_key=row.pk,
        after={"ladder": ladder, "from": starts_on.isoformat(), "lines": said(lines)},
        reason=row.reason,
    )
    return row


def _claimed(change: PayTableChange, maker: int) -> PayTableChange:
    """One's own draft, locked."""
    row = PayTableChange.objects.select_for_update().get(pk=change.pk)
    if row.requested_by_id != maker:
        raise Forbidden(_("A draft is put right by whoever made it."))
    if row.state != ChangeState.DRAFT:
        raise Refused(_("It has been submitted and stays as it is. Withdraw it and draft anew."), code="settled")
    return row


def _table_in_force(access: Access, ladder: str, day: date) -> PayTable:
    found = next((table for table in pay_tables(access, day) if table.ladder == ladder), None)
    if found is None:
        raise Refused(
            _("No department has the ladder `%(ladder)s` in force on %(day)s. Choose a day on which it is.")
            % {"ladder": ladder, "day": day},
            code="starts_on",
        )
    return found


def _lines(table: PayTable, amounts: Sequence[TierAmounts]) -> list[PayTableLine]:
    may_set, lines = settable(table), []
    for given in amounts:
        if given.tier not in table.tiers:
            raise Refused(
                _("`%(tier)s` is no tier of this ladder (%(tiers)s).")
                % {"tier": given.tier, "tiers": ", ".join(table.tiers)}
            )
        line = PayTableLine(tier=given.tier)
        if given.level_pay is not None and [given.level_pay] != table.level_pay(given.tier):
            line.level_pay = _level_pay(given, may_set)
        band = _band(given)
        if band is not None and band != table.bands.get(given.tier):
            line.minimum, line.midpoint, line.maximum = band.minimum, band.midpoint, band.maximum
        if line.level_pay is not None or line.sets_band:
            lines.append(line)
    if not lines:
        raise Refused(_("Nothing differs from what holds on %(day)s. Change an amount.") % {"day": table.day})
    return lines


def _level_pay(given: TierAmounts, may_set: set[str]) -> Decimal:
    code = f"level_pay_{given.tier}"
    if given.tier not in may_set:
        raise Refused(
            _("The policy prints this amount in its own text; a new one takes a new version of the policy."), code=code
        )
    if given.level_pay is None or given.level_pay < 0:
        raise Refused(_("An amount is not below zero."), code=code)
    return given.level_pay


def _band(given: TierAmounts) -> Band | None:
    """All three or none, in order."""
    parts = {name: getattr(given, name) for name in ("minimum", "midpoint", "maximum")}
    missing = [name for name, amount in parts.items() if amount is None]
    if len(missing) == 3:
        return None
    if missing:
        raise Refused(
            _("A band has a minimum, a midpoint and a maximum: fill in all three."), code=_at(missing[0], given)
        )
    band = Band(**parts)
    if band.minimum < 0:
        raise Refused(_("An amount is not below zero."), code=_at("minimum", given))
    if band.midpoint <= 0:
        raise Refused(_("The midpoint is above zero: compa-ratio divides by it."), code=_at("midpoint", given))
    if band.minimum > band.midpoint:
        raise Refused(_("The midpoint lies between minimum and maximum."), code=_at("midpoint", given))
    if band.midpoint > band.maximum:
        raise Refused(_("The maximum is not below the midpoint."), code=_at("maximum", given))
    return band


def _at(name: str, given: TierAmounts) -> str:
    return f"{name}_{given.tier}"
