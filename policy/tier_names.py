"""The tiers of every ladder there is: those of the library, adopted or not, and those of published versions."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from policy import catalogue, library
from policy.language import Faults, load_document
from policy.models import PolicyVersion


class TierName(NamedTuple):
    """A tier of a ladder. The ladder's key is the policy's; a later version's names stand beside the earlier one's."""

    ladder: str
    ladder_zh: str
    ladder_en: str
    tier: str
    zh: str
    en: str
    rank: int


def tier_names() -> list[TierName]:
    """In order of ladder and rank, from the bottom up. A document that cannot be read any more names none."""
    documents = [library.text(key) for key in library.policy_keys()]
    documents += PolicyVersion.objects.filter(parts__contains=["ladder"]).values_list("document", flat=True)
    return sorted({name for document in dict.fromkeys(documents) for name in _of_readable(document)})


def _of_readable(document: str) -> tuple[TierName, ...]:
    """Tried again each time while it fails: what a document lacks may be added to the catalogue."""
    try:
        return _of_document(document)
    except Faults:
        return ()


@lru_cache(maxsize=256)
def _of_document(document: str) -> tuple[TierName, ...]:
    policy = load_document(document, catalogue.current())
    if policy.ladder is None:
        return ()
    return tuple(
        TierName(str(policy.key), policy.title.zh, policy.title.en, str(tier.key), tier.names.zh, tier.names.en, rank)
        for rank, tier in enumerate(policy.ladder.tiers)
    )
