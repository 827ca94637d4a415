"""HR takes a draft back before it is decided."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from policy.actions.adoption_request import account_of
from policy.models import AdoptionRequest, DraftState, PolicyDraft, RequestState
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb


@transaction.atomic
def take_back_draft(*, access: Access, draft_id: int, now: datetime) -> PolicyDraft:
    """It is written in again, and what was asked with it is withdrawn. Raises ``Refused`` where it does not wait any more."""
    access.require(Thing.POLICY, Verb.UPDATE)
    account_of(access)
    reopen(draft_id, now=now)
    audit.record(access, "policy_draft_taken_back", object_type="policy_draft", object_key=draft_id)
    return PolicyDraft.objects.get(pk=draft_id)


def reopen(draft_id: int, *, now: datetime, reason: str = "") -> None:
    """Claims a draft that waits: of two who settle it at once, one is refused."""
    claimed = PolicyDraft.objects.filter(pk=draft_id, state=DraftState.SUBMITTED).update(
        state=DraftState.DRAFT, reason=reason, decided_at=now if reason else None
    )
    if not claimed:
        raise not_waiting()
    AdoptionRequest.objects.filter(draft=draft_id, state=RequestState.PENDING).update(
        state=RequestState.WITHDRAWN, decided_at=now, reason=reason
    )


def not_waiting() -> Refused:
    return Refused(_("This draft does not wait any more: somebody settled it."), code="settled")
