"""Results in words: a document's own names of grades and inputs, the kinds of case, in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessment.selectors.result_cards import Card
from assessment.selectors.result_periods import Span
from assessment.web.own_result_words import kind_name, most_stars
from assessment.web.own_result_words import words as said

__all__ = ["best_stars", "case_names", "grade_name", "missing_names", "said", "stars_named"]


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


def best_stars(card: Card) -> int:
    """The most stars that a month can have."""
    return max((most_stars(document) for _version, document in card.versions if document is not None), default=0)


def stars_named(card: Card | None, span: Span) -> str:
    """What the number of stars counts: the stars of a month, or of a longer period the months that had the most."""
    if card is None or span.length == 1:
        return pgettext("result", "stars")
    return _("months of %(n)s stars") % {"n": best_stars(card)}
