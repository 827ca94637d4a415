"""Pay beside a person's standing: the level pay of the policy in force, which is public, and to the person their own."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from payroll.selectors import LEVEL_PAY, level_pay_table
from payroll.selectors.bands import record_in_force
from promotion.web.panels import Panel, PanelRequest
from promotion.web.tiers import TierView, say, tier_views
from staff.kernel.access import Thing, Verb


@dataclass(frozen=True, slots=True)
class LevelPay:
    """A tier and its pay in yuan a month; ``more`` is the difference from the tier held, for those above it."""

    tier: TierView
    amount: Decimal | None
    here: bool
    more: Decimal | None


def own_pay_panel(request: PanelRequest) -> Panel | None:
    """What the person is paid a month on the day, to nobody but the person: fixed parts on record, then level pay."""
    if request.employee.pk != request.access.employee_id or not request.access.may(Thing.PAY, Verb.READ):
        return None
    record = record_in_force(request.access, request.employee.pk, request.day, (request.version.key, request.tier))
    level = dict(level_pay_table(request.version, request.values)).get(request.tier)
    if record is None and level is None:
        return None
    fixed = [record.base, record.post_wage, record.performance] if record else []
    views = tier_views(request.checked.ladder) if request.checked.ladder else {}
    return Panel(
        "payroll/_own_pay.html",
        {
            "record": record,
            "level": level,
            "sum": sum((amount for amount in (*fixed, level) if amount is not None), Decimal(0)),
            "whole": record is not None and record.base is not None,
            "band": views.get(request.tier) if record and record.banded else None,
        },
    )


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
