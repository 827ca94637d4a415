"""What an upload's preview shows of a row."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def changed_cell(change: dict[str, Any], head: str) -> SafeString | str:
    """The new text of a column, after the old one where they differ; empty where the row leaves the column as it is."""
    after, before = change["after"].get(head), change["before"].get(head, "")
    if after is None:
        return ""
    if not change["before"] or before == after:
        return format_html("{}", after)
    return format_html("<del>{}</del> <ins>{}</ins>", before or "—", after or "—")
