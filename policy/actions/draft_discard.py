"""A draft is given up. It stays to be read in the trail."""

from __future__ import annotations

from django.db import transaction

from policy.actions.adoption_request import account_of
from policy.actions.draft_save import came_second
from policy.models import DraftState, PolicyDraft
from staff.kernel import audit
from staff.kernel.access import Access, Thing, Verb


@transaction.atomic
def discard_draft(*, access: Access, draft_id: int, revision: int) -> PolicyDraft:
    """Raises ``Refused`` where somebody saved meanwhile, or it is not written in any more; ``Forbidden``."""
    access.require(Thing.POLICY, Verb.UPDATE)
    account_of(access)
    claimed = PolicyDraft.objects.filter(pk=draft_id, revision=revision, state=DraftState.DRAFT).update(
        state=DraftState.DISCARDED
    )
    if not claimed:
        raise came_second(draft_id)
    audit.record(access, "policy_draft_discarded", object_type="policy_draft", object_key=draft_id)
    return PolicyDraft.objects.get(pk=draft_id)
