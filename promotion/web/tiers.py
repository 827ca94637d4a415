"""Tiers of several ladders, for lists of people."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from policy import catalogue, library
from policy.language import Faults, load_document
from policy.language.checked import Checked
from policy.models import PolicyVersion
from policy.web.tiers import TierView, look_of, say, tier_views

__all__ = ["TierView", "look_of", "say", "tier_views", "views_of"]


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
