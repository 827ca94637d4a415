"""Results in words: a document's own names of grades and inputs, the kinds of case, in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable

from assessment.selectors.result_cards import Card
from assessment.web.own_result_words import kind_name
from assessment.web.own_result_words import words as said

__all__ = ["case_names", "grade_name", "missing_names", "said"]


def grade_name(card: Card | None, key: str | None) -> str:
    """What the document calls a grade; a key that it does not name goes by itself. None: there is no grade."""
    names = dict(card.grades) if card else {}
    return "" if key is None else said(names[key]) if key in names else key


def case_names(kinds: Iterable[str]) -> list[str]:
    """What the cases that a result raises are called."""
    return [kind_name(kind) for kind in kinds]


def missing_names(card: Card | None, keys: Iterable[str]) -> list[str]:
    """What a result waits for."""
    names = card.names if card else {}
    return [said(names[key]) if key in names else key for key in keys]
