"""Tiers as they are shown: name, emblem and colour, by their place on the ladder alone. Any ladder will do."""

from __future__ import annotations

from dataclasses import dataclass

from policy.language.checked import Ladder, Text
from staff.kernel.words import in_english

#: By the number of tiers, the emblem of each from the foot up: the same place of the same ladder always wears the same.
_EMBLEMS = {
    1: ("dot",),
    2: ("dot", "crown"),
    3: ("dot", "star", "crown"),
    4: ("dot", "star", "diamond", "crown"),
    5: ("dot", "star", "hexagon", "diamond", "crown"),
    6: ("dot", "star", "hexagon", "shield", "diamond", "crown"),
}
#: In the middle of a longer ladder, where the word alone tells the tiers apart.
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


def look_of(position: int, count: int) -> str:
    """The emblem of a place on a ladder: a dot at the foot, a crown at the head, a different one for each of up to six."""
    if count in _EMBLEMS:
        return _EMBLEMS[count][position]
    low, high = _EMBLEMS[6][:3], _EMBLEMS[6][3:]
    if position < len(low):
        return low[position]
    return high[position - count] if count - position <= len(high) else _OTHER


def tier_views(ladder: Ladder) -> dict[str, TierView]:
    """Every tier of a ladder from the foot up."""
    count = len(ladder.tiers)
    return {
        str(tier.key): TierView(str(tier.key), say(tier.names), look_of(at, count))
        for at, tier in enumerate(ladder.tiers)
    }
