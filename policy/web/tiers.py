"""Tiers as they are shown: name, emblem and colour. Any ladder will do; none is assumed."""

from __future__ import annotations

from dataclasses import dataclass

from policy.language.checked import Ladder, Text
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
