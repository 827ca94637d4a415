"""HR begins a draft: of a version, of the library's document, or of a document of its own."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from policy import library
from policy.actions.adoption_request import account_of
from policy.catalogue import Key
from policy.drafting.reads import newest
from policy.drafting.text import title_and_key
from policy.language import Faults
from policy.language.load import MAX_BYTES
from policy.models import PolicyDraft, PolicyVersion
from policy.selectors import document_digest
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb


@transaction.atomic
def start_draft(*, access: Access, base: PolicyVersion | None = None, key: str = "", text: str = "") -> PolicyDraft:
    """Of ``base``; else of the library's ``key``, which nobody has adopted; else of ``text``, whose own key says which policy
    it is: a new one, or the next version of one that is known.

    A text may have faults, which the draft's page tells, but it must be YAML with a ``policy``. Raises ``Refused``,
    ``Forbidden``.
    """
    access.require(Thing.POLICY, Verb.CREATE)
    maker = account_of(access)
    if base is not None:
        key, text = base.key, base.document
    elif key:
        if key not in library.policy_keys():
            raise Refused(_("There is no policy `%(key)s` in the library.") % {"key": key}, code="key")
        text = library.text(key)
    else:
        key = _key_of(text)
        base = newest(key)
    draft = PolicyDraft.objects.create(
        key=key,
        base=base,
        document=text,
        digest=document_digest(text),
        editors=[maker],
        started_by_id=maker,
        edited_by_id=maker,
    )
    audit.record(
        access,
        "policy_draft_started",
        object_type="policy_draft",
        object_key=draft.pk,
        after={"policy": key, "base": base.number if base else None, "digest": draft.digest},
    )
    return draft


def _key_of(text: str) -> str:
    require_size(text)
    try:
        key = title_and_key(text)[0]
        return str(Key(key))
    except Faults as faults:
        first = faults.faults[0]
        raise Refused(
            _("This is no policy document. %(fault)s") % {"fault": f"{first.line}:{first.column}: {first.message_zh}"},
            code="text",
        ) from faults
    except ValueError as error:
        raise Refused(
            _(
                "The document must begin with its key, such as `policy: night-shift`: lower-case letters, digits, - and _."
            ),
            code="text",
        ) from error


def require_size(text: str) -> None:
    """Raises ``Refused`` for a document that the language would not read for its size alone."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES or "\x00" in text:
        raise Refused(_("A document has at most 64 KB of text."), code="text")
