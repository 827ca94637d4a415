"""What the board of results says in its templates: addresses that keep what was chosen, texts of documents, cells."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment.selectors.result_cards import Card, Column
from assessment.selectors.result_periods import Span
from assessment.web.result_board import Chosen, Mark, ResultPage
from assessment.web.result_board_words import said
from policy.language.checked import Text
from staff.kernel.charts import Number
from staff.templatetags.portal import icon, short

register = template.Library()


@register.filter
def asks(chosen: Chosen, span: Span) -> str:
    """The address of the same for a period."""
    return chosen.address(period=span)


@register.filter
def only_where(chosen: Chosen) -> str:
    """The address of the same without what narrows the table."""
    return chosen.address(mark=None, state=None, q=None)


@register.filter
def in_words(text: Text) -> str:
    """In the language of the page."""
    return said(text)


@register.filter
def column_name(column: Column | Span) -> str:
    """An item by its name, a part by its period."""
    return str(column) if isinstance(column, Span) else said(column.names)


@register.filter
def points(value: Number, card: Card | None) -> str:
    """A total as its column has it: sums without idle zeros, means with two decimals, so that they stand under each other."""
    mean = card is not None and card.has_total and card.full_marks is None
    return f"{value:.2f}" if mean else short(value)


@register.filter
def width_of(page: ResultPage) -> int:
    """Cells of a row beside the person's name."""
    card, items = page.card, len(page.columns)
    return items + 1 + (2 * card.has_total + card.has_grade + card.has_stars if card else 0)


@register.simple_tag
def star_row(stars: int) -> SafeString:
    """So many stars, and the number in words."""
    words = ngettext("%(n)d star", "%(n)d stars", stars) % {"n": stars}
    drawn = format_html_join("", "{}", ((icon("t-star"),) for _at in range(min(stars, 10))))
    return format_html('<span class="star" aria-hidden="true">{}</span><span class="sr">{}</span>', drawn, words)


@register.simple_tag
def score(cell: Mark, at: int, page: ResultPage) -> SafeString:
    """A cell of points: the number, or what it waits for; never a zero that nobody gave."""
    column = page.columns[at]
    words = {"unknown": _("missing"), "off": _("does not count")}.get(cell.tone, "")
    shown = "" if cell.value is None else points(cell.value, page.card if isinstance(column, Span) else None)
    return _cell(shown, cell.tone, column_name(column), not at, words)


@lru_cache(maxsize=4096)
def _cell(shown: str | SafeString, tone: str, name: str, lead: bool, words: str) -> SafeString:
    if words and not shown:
        shown = format_html('{}<span class="sr">{}</span>', icon("unknown") if tone == "unknown" else "", words)
    classes = " ".join(filter(None, ("n", tone, "lead" if lead else "")))
    return format_html('<td role="cell" class="{}" data-l="{}">{}</td>', classes, name, shown)
