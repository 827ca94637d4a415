"""What differs, in words: one line a change, old and new, under the part of the document that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from policy.drafting.difference import Change, Piece
from policy.web.tiers import say

PARTS: dict[str, Any] = {
    "readings": _("Readings"),
    "parameters": _("Parameters"),
    "title": _("Title and day"),
    "texts": _("Source"),
    "scope": _("To whom it applies"),
    "tiers": _("Tiers"),
    "steps": _("Steps of promotion"),
    "process": _("Process of a promotion"),
    "demotion": _("Demotion"),
    "checks": _("Checks after a promotion"),
    "scorecard": _("Scorecard"),
    "cases": _("Cases"),
    "pay": _("Pay"),
    "inputs": _("Inputs"),
    "intake": pgettext_lazy("policy", "Intake"),
    "review": _("Sheet of the review"),
    "lost": _("Lost from the source"),
}
KINDS: dict[str, tuple[Any, str]] = {
    "added": (pgettext_lazy("difference", "added"), "met"),
    "removed": (pgettext_lazy("difference", "removed"), "unmet"),
    "changed": (pgettext_lazy("difference", "changed"), "warned"),
    "follows": (pgettext_lazy("difference", "follows"), "unknown"),
}


#: Parts whose changes are known by their clause and words alone.
_BY_CLAUSE = ("title", "intake", "scope", "demotion", "lost")


@dataclass(frozen=True, slots=True)
class Line:
    """One change. ``own`` are the source's words, set as such; ``name`` is what the document calls it, else (not
    ``titled``) its key there; empty of its texts.
    """

    label: Any
    tone: str
    clause: str
    name: str
    titled: bool
    old: str
    new: str
    old_why: str
    new_why: str
    own: bool
    used_in: tuple[str, ...]
    follows: bool


@dataclass(frozen=True, slots=True)
class Part:
    title: Any
    lines: tuple[Line, ...]


def told(groups: list[tuple[str, list[Change]]]) -> list[Part]:
    return [Part(PARTS[part], tuple(_line(change) for change in changes)) for part, changes in groups]


def _line(change: Change) -> Line:
    label, tone = KINDS[change.kind]
    one = change.new or change.old
    title = say(one.title) if one else ""
    text = change.name.rsplit(" ", 1)[-1].split("#")[0] == "text"
    old, new = _words(change.old), _words(change.new)
    old_why, new_why = _why(change.old), _why(change.new)
    return Line(
        label=label,
        tone=tone,
        clause=change.clause,
        name="" if text or change.part in _BY_CLAUSE else title or change.name.strip(),
        titled=bool(title),
        old=old,
        new=new if (new, new_why) != (old, old_why) or change.kind == "added" else _written(change.new),
        old_why=old_why if old_why != new_why else "",
        new_why=new_why if old_why != new_why else "",
        own=text,
        used_in=change.used_in,
        follows=change.kind == "follows",
    )


def _words(piece: Piece | None) -> str:
    return say(piece.said) if piece else ""


def _why(piece: Piece | None) -> str:
    return say(piece.why) if piece else ""


def _written(piece: Piece | None) -> str:
    """Where both read alike the text itself tells them apart."""
    return piece.meant if piece and isinstance(piece.meant, str) else _words(piece)
