"""A draft is saved; whoever read an older revision is told who came first, and loses nothing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from policy.actions.adoption_request import account_of
from policy.actions.draft_start import require_size
from policy.models import DraftState, PolicyDraft
from policy.selectors import document_digest
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb


@transaction.atomic
def save_draft(*, access: Access, draft_id: int, revision: int, text: str, now: datetime) -> PolicyDraft:
    """``revision`` is the one that ``text`` was made of. Faults of the document are no hindrance: a draft may be unfinished.

    The same text again changes nothing. Raises ``Refused`` (``conflict`` where somebody saved meanwhile, ``settled`` where it
    is not written in any more, ``text`` where it is too long), ``Forbidden``.
    """
    access.require(Thing.POLICY, Verb.UPDATE)
    maker = account_of(access)
    text = text.replace("\r\n", "\n")
    require_size(text)
    draft = PolicyDraft.objects.get(pk=draft_id)
    digest = document_digest(text)
    if (draft.digest, draft.revision) == (digest, revision) and draft.open:
        return draft
    claimed = PolicyDraft.objects.filter(pk=draft_id, revision=revision, state=DraftState.DRAFT).update(
        document=text,
        digest=digest,
        revision=F("revision") + 1,
        editors=sorted({*draft.editors, maker}),
        edited_by_id=maker,
        edited_at=now,
    )
    if not claimed:
        raise came_second(draft_id)
    audit.record(
        access,
        "policy_draft_saved",
        object_type="policy_draft",
        object_key=draft_id,
        before={"revision": revision, "digest": draft.digest},
        after={"revision": revision + 1, "digest": digest},
    )
    draft.refresh_from_db()
    return draft


def came_second(draft_id: int) -> Refused:
    """Why a draft could not be claimed: who was first, or that it is settled."""
    draft = PolicyDraft.objects.select_related("edited_by__employee").get(pk=draft_id)
    if not draft.open:
        return Refused(
            _("This draft is not written in any more: %(state)s.") % {"state": draft.get_state_display()},
            code="settled",
        )
    return Refused(
        _("%(who)s saved revision %(n)s at %(at)s. Your words are kept below; look at what differs, then save again.")
        % {
            "who": draft.edited_by,
            "n": draft.revision,
            "at": timezone.localtime(draft.edited_at).strftime("%Y-%m-%d %H:%M"),
        },
        code="conflict",
    )
