"""A draft is held against the version that was published since it was begun."""

from __future__ import annotations

from django.db import transaction

from policy.actions.adoption_request import account_of
from policy.actions.draft_save import came_second
from policy.drafting.reads import newest
from policy.models import DraftState, PolicyDraft
from staff.kernel import audit
from staff.kernel.access import Access, Thing, Verb


@transaction.atomic
def rebase_draft(*, access: Access, draft_id: int) -> PolicyDraft:
    """The text stays; from now on the difference is told against the newest version. Raises ``Refused``, ``Forbidden``."""
    access.require(Thing.POLICY, Verb.UPDATE)
    account_of(access)
    draft = PolicyDraft.objects.select_related("base").get(pk=draft_id)
    last = newest(draft.key)
    if not PolicyDraft.objects.filter(pk=draft_id, state=DraftState.DRAFT).update(base=last):
        raise came_second(draft_id)
    audit.record(
        access,
        "policy_draft_rebased",
        object_type="policy_draft",
        object_key=draft_id,
        before={"base": draft.base.number if draft.base else None},
        after={"base": last.number if last else None},
    )
    draft.refresh_from_db()
    return draft
