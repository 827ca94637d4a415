"""Tiers as they are shown: name, emblem and colour. Any ladder will do; none is assumed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from policy import catalogue, library
from policy.language import Faults, load_document
from policy.language.checked import Checked, Ladder, Text
from policy.models import PolicyVersion
from staff.kernel.words import in_english

#: Emblems and colours of ``tokens.css``; a tier with such a key wears its own.
_EMBLEMS = ("regular", "star", "diamond", "crown")
_OTHER = "other"


@dataclass(frozen=True, slots=True)
class TierView:
    """``look`` names the emblem (``t-<look>``) and the class of colours."""

    key: str
    name: str
    look: str

    @property
    def icon(self) -> str:
        return f"t-{self.look}"


def say(text: Text) -> str:
    """The text in the language of the page; Chinese where it has no English."""
    return text.en if in_english() and text.en else text.zh


def look_of(position: int, count: int, key: str) -> str:
    """The emblem by key, else by the place on the ladder: a dot at the foot, a crown at the head."""
    if key in _EMBLEMS:
        return key
    if position == 0:
        return "regular"
    if position == count - 1:
        return "crown"
    if position == 1:
        return "star"
    return "diamond" if position == count - 2 else _OTHER


def tier_views(ladder: Ladder) -> dict[str, TierView]:
    """Every tier of a ladder from the foot up."""
    count = len(ladder.tiers)
    return {
        str(tier.key): TierView(str(tier.key), say(tier.names), look_of(at, count, str(tier.key)))
        for at, tier in enumerate(ladder.tiers)
    }


def views_of(ladders: Iterable[str]) -> dict[tuple[str, str], TierView]:
    """(ladder, tier) → view, for a list of people who may stand on several ladders. One query whatever their number."""
    found: dict[tuple[str, str], TierView] = {}
    for key, document in _documents(set(ladders)).items():
        checked = _read(document)
        if checked is not None and checked.ladder is not None:
            found |= {(key, tier): view for tier, view in tier_views(checked.ladder).items()}
    return found


def _documents(ladders: set[str]) -> dict[str, str]:
    """The latest document of each ladder; the library's where no version has been published."""
    newest = PolicyVersion.objects.filter(key__in=ladders).order_by("key", "-number").distinct("key")
    found = dict(newest.values_list("key", "document"))
    missing = ladders - found.keys()
    return found | {key: library.text(key) for key in missing if key in library.policy_keys()}


@lru_cache(maxsize=64)
def _read(document: str) -> Checked | None:
    """None for a document that the catalogue has outgrown: its tiers then go by their keys."""
    try:
        return load_document(document, catalogue.current())
    except Faults:
        return None
