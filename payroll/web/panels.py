"""Level pay beside a person's standing. Amounts printed in a policy are public; what a person is paid is not shown here."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from payroll.selectors import LEVEL_PAY, level_pay_table
from promotion.web.panels import Panel, PanelRequest
from promotion.web.tiers import TierView, say, tier_views


@dataclass(frozen=True, slots=True)
class LevelPay:
    """A tier and its pay in yuan a month; ``more`` is the difference from the tier held, for those above it."""

    tier: TierView
    amount: Decimal | None
    here: bool
    more: Decimal | None


def level_pay_panel(request: PanelRequest) -> Panel | None:
    """The tiers that carry pay, and the one held even if it carries none. None where the policy has no level pay."""
    table = level_pay_table(request.version, request.values)
    component = next((c for c in request.checked.pay if c.key == LEVEL_PAY), None)
    if not table or component is None or request.checked.ladder is None:
        return None
    views = tier_views(request.checked.ladder)
    keys = [tier for tier, _ in table]
    at = keys.index(request.tier) if request.tier in keys else len(keys)
    held = next((amount for tier, amount in table if tier == request.tier), None) or Decimal(0)
    rows = [
        LevelPay(views[tier], amount, place == at, (amount or 0) - held if place > at else None)
        for place, (tier, amount) in enumerate(table)
        if amount is not None or place == at
    ]
    readings = [say(reading.why) for reading in request.checked.readings.values() if reading.clause == component.clause]
    return Panel("payroll/_level_pay.html", {"rows": rows, "clause": component.clause, "readings": readings})
