"""Cells of the board: a page has a thousand of them and few different ones, so each kind is written once."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from promotion.web.matrix import Mark
from staff.templatetags.portal import icon

register = template.Library()


@register.simple_tag
def mark(cell: Mark) -> SafeString:
    """A cell of the matrix: mark, what was observed, what is missing; the verdict in words for readers of a screen."""
    classes = f"c {cell.tone} lead" if cell.column.lead else f"c {cell.tone}"
    return _cell(classes, cell.column.name, cell.icon if cell.marked else "", cell.seen, cell.gap, cell.words)


@lru_cache(maxsize=4096)
def _cell(classes: str, name: str, symbol: str, seen: str, gap: str, words: str) -> SafeString:
    return format_html(
        '<td role="cell" class="{}" data-l="{}">{}{}{}<span class="sr"> {}</span></td>',
        classes,
        name,
        icon(symbol) if symbol else "",
        conditional_escape(seen),
        format_html('<small class="q">{}</small>', gap) if gap else "",
        words,
    )
