"""Reads of drafts: whose they are to see, what is wrong with one, and what it changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import QuerySet

from policy import catalogue, library
from policy.drafting.difference import Change, difference
from policy.drafting.text import title_and_key
from policy.language import Checked, Faults, load_document, notices
from policy.language.faults import Fault
from policy.models import DraftState, PolicyDraft, PolicyVersion
from policy.selectors import READ_ALL
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.words import in_english


def drafts_visible_to(access: Access) -> QuerySet[PolicyDraft]:
    """All for HR, the general manager and auditors; nobody else hears of a draft before it is in force."""
    if access.everything or access.roles_for(Thing.POLICY, Verb.READ) & READ_ALL:
        return PolicyDraft.objects.all()
    return PolicyDraft.objects.none()


def open_drafts(access: Access) -> list[PolicyDraft]:
    """Those that are written in or wait, the latest saved first."""
    rows = drafts_visible_to(access).filter(state__in=[DraftState.DRAFT, DraftState.SUBMITTED])
    return list(rows.select_related("base", "edited_by__employee").defer("document"))


def newest(key: str) -> PolicyVersion | None:
    return PolicyVersion.objects.filter(key=key).order_by("-number").first()


def newer_than_base(draft: PolicyDraft) -> PolicyVersion | None:
    """A version that was published since the draft was begun; None while its base is the newest."""
    last = newest(draft.key)
    return last if last is not None and last.pk != draft.base_id else None


@dataclass(frozen=True)
class Examined:
    """A document held against its base. ``checked`` is None where it has faults.

    ``faults`` are all of them in order of place; ``hints`` are no faults. Only ``changes`` compiles anything.
    """

    text: str
    checked: Checked | None
    base: Checked | None
    faults: tuple[Fault, ...] = ()
    hints: tuple[Fault, ...] = field(default=())

    @cached_property
    def changes(self) -> list[Change]:
        return difference(self.base, self.checked) if self.checked else []


def examined(draft: PolicyDraft, text: str | None = None) -> Examined:
    """A draft's document, or ``text`` in its place. The catalogue is asked once."""
    return examine(draft.document if text is None else text, draft.key, base_text(draft))


def examine(text: str, key: str, base: str | None) -> Examined:
    """``key`` is what the document must call itself, or it would be another policy."""
    known = catalogue.current()
    before = _readable(base, known) if base else None
    try:
        checked = load_document(text, known)
    except Faults as found:
        return Examined(text, None, before, found.faults)
    if checked.key != key:
        named, place = title_and_key(text)
        at = place.at if place else None
        line, column = (at.line, at.column) if at else (1, 1)
        fault = Fault(
            line, column, f"本草案属于 `{key}`,不是 `{named}`", f"this is a draft of `{key}`, not of `{named}`"
        )
        return Examined(text, None, before, (fault,))
    return Examined(text, checked, before, hints=tuple(notices(checked)))


def base_text(draft: PolicyDraft) -> str | None:
    """What the draft is held against: its base, else the library's document, else nothing."""
    if draft.base is not None:
        return draft.base.document
    return library.text(draft.key) if draft.key in library.policy_keys() else None


def told(fault: Fault) -> str:
    """What is wrong, in the reader's language, without its place."""
    return fault.message_en if in_english() else fault.message_zh


def _readable(text: str, known: catalogue.Catalogue) -> Checked | None:
    """A base that the catalogue has outgrown has nothing to be compared with."""
    try:
        return load_document(text, known)
    except Faults:
        return None
