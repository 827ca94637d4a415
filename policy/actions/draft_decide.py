"""The general manager publishes a draft and puts it in force where it was asked for, or returns it with the reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from policy.actions.adoption_decide import decide_adoption
from policy.actions.adoption_request import account_of
from policy.actions.draft_take_back import not_waiting, reopen
from policy.actions.policy_adopt import faults_told
from policy.actions.policy_publish import publish
from policy.models import AdoptionRequest, DraftState, PolicyDraft, RequestState
from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb


@transaction.atomic
def decide_draft(
    *, access: Access, draft_id: int, submission: str, approve: bool, reason: str, now: datetime
) -> PolicyDraft:
    """Publishing and every adoption that was asked for are one transaction: where one is refused, the draft waits on.

    ``submission`` is the draft's own, as it was read: what HR took back and sent anew meanwhile is decided by nobody unread.
    Raises ``Refused`` (settled or sent anew, returned without a reason, whatever ``adopt`` raises), ``Forbidden`` (one's own).
    """
    access.require(Thing.POLICY, Verb.DECIDE)
    checker = account_of(access)
    draft = PolicyDraft.objects.select_related("base").select_for_update(of=("self",)).get(pk=draft_id)
    if access.accounts.intersection(draft.editors):
        raise Forbidden(_("Maker is not checker: another general manager decides on what you wrote in."))
    if draft.waits and draft.submission != submission:
        raise Refused(
            _("HR has taken it back and submitted it anew since you read it. Read it again, then decide."),
            code="submission",
        )
    reason = reason.strip()
    if approve:
        _publish(access, draft, checker, now)
    elif not reason:
        raise Refused(_("Say why, so that HR can put it right."), code="reason")
    else:
        reopen(draft_id, now=now, reason=reason)
    draft.refresh_from_db()
    audit.record(
        access,
        "policy_draft_approved" if approve else "policy_draft_returned",
        object_type="policy_draft",
        object_key=draft_id,
        after={"policy": draft.key, "version": draft.version.number if draft.version else None, "digest": draft.digest},
        reason=reason,
    )
    return draft


def _publish(access: Access, draft: PolicyDraft, checker: int, now: datetime) -> None:
    with faults_told():
        version = publish(access=access, text=draft.document)
    claimed = PolicyDraft.objects.filter(pk=draft.pk, state=DraftState.SUBMITTED, revision=draft.revision).update(
        state=DraftState.APPROVED, version=version, decided_by_id=checker, decided_at=now
    )
    if not claimed:
        raise not_waiting()
    asked = AdoptionRequest.objects.filter(draft=draft, state=RequestState.PENDING)
    asked.update(version=version)
    for request_id in asked.order_by("pk").values_list("pk", flat=True):
        decide_adoption(access=access, request_id=request_id, approve=True, reason="", now=now)
