"""On a draft's page: what it would cost a month, for whoever reads pay; nobody's own amount stands there."""

from __future__ import annotations

from payroll.selectors.draft_cost import costed
from policy.drafting.effects import Effect, EffectRequest
from staff.kernel.access import Thing, Verb

#: Whoever reads the pay of others. HR writes drafts and reads no amounts (roles, rule 4).
_READERS = frozenset({"payroll", "gm", "auditor"})


def draft_cost(request: EffectRequest) -> Effect | None:
    """None for a policy that pays nothing, or paid nobody in that month, and for whoever reads no pay."""
    if not request.draft.pay or not request.access.roles_for(Thing.PAY, Verb.READ) & _READERS:
        return None
    found = costed(request)
    return Effect("payroll/_draft_cost.html", {"found": found}) if found is not None else None
