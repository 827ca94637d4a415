"""HR cancels a round, to repeat it; its candidates stand at their step as before."""

from __future__ import annotations

from django.db import transaction

from promotion.panels.guards import locked, worded
from promotion.panels.models import Round, RoundState
from promotion.panels.selectors import UNDER_WAY, accounts_of_judges
from staff.kernel import audit
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.outbox import Message, tell
from staff.models import Account


@transaction.atomic
def cancel_round(*, access: Access, round_id: int, reason: str) -> Round:
    """The reason is kept. What its judges wrote counts for nothing and is shown to nobody.

    Raises ``Refused`` (closed or cancelled already; no reason), ``Forbidden``.
    """
    access.require(Thing.ROUND, Verb.UPDATE)
    found = locked(access, round_id, *UNDER_WAY)
    before = found.state
    found.state, found.reason = RoundState.CANCELLED, worded(reason, "reason")
    found.save(update_fields=["state", "reason"])
    audit.record(
        access, "round_cancelled", object_type="round", object_key=found.pk,
        before={"state": before}, after={"state": RoundState.CANCELLED}, reason=found.reason[:300],
    )  # fmt: skip
    in_it = found.candidates.filter(left_at=None)
    people = Account.objects.filter(employee__applications__candidacies__in=in_it, is_active=True)
    told = set(people.values_list("pk", flat=True)) | set(accounts_of_judges(found))
    tell(Message(f"round:{found.pk}:cancelled:{pk}", pk, "round_cancelled", {"round": found.pk}) for pk in sorted(told))
    return found
