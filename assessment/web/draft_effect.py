"""On a draft's page: whose result of the last assessed month would be another by it."""

from __future__ import annotations

from assessment.selectors.draft_results import rescored
from policy.drafting.effects import Effect, EffectRequest
from policy.web.tiers import say
from staff.kernel.access import Thing, Verb

#: Whoever decides on a draft or writes it; nobody else learns from it how others are rated.
_READERS = frozenset({"hr", "gm", "auditor"})


def draft_effect(request: EffectRequest) -> Effect | None:
    """None for a policy without a scorecard, or by which no month was assessed, or where the reader sees no results."""
    card = request.draft.scorecard
    if card is None or not request.access.roles_for(Thing.STANDING, Verb.READ) & _READERS:
        return None
    found = rescored(request)
    if found is None:
        return None
    grades = {str(key): say(names) for key, names in card.grades}
    return Effect("assessment/_draft_effect.html", {"found": found, "grades": grades})
