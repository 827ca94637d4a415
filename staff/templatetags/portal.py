"""Small tags that every page uses: icons, dates that do not break, numbers as people write them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from staff.kernel.periods import Month

register = template.Library()
MINUS = "\N{MINUS SIGN}"


@register.simple_tag
def icon(name: str) -> SafeString:
    """A symbol of ``_icons.html``; the words beside it say the same, so readers of a screen skip it."""
    return format_html('<svg class="ico" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.filter
def iso(value: date | datetime | Month | None) -> SafeString | str:
    """A day or a month inside ``<time>``; the time of day too where there is one."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        shown = local.strftime("%Y-%m-%d %H:%M")
        return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), shown)
    return format_html("<time>{}</time>", value.isoformat() if isinstance(value, date) else str(value))


@register.filter
def short(value: Decimal | int | None) -> str:
    """A number without idle zeros, with thousands separators and a true minus sign."""
    if value is None:
        return ""
    number = Decimal(value)
    text = f"{number:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", MINUS)


@register.filter
def money(value: Decimal | None) -> str:
    """Yuan with two decimals and thousands separators."""
    return "" if value is None else f"{value:,.2f}".replace("-", MINUS)


@register.filter
def signed(value: Decimal | None) -> str:
    """A difference: ``+200`` or ``−418.32``."""
    if value is None:
        return ""
    return f"+{short(value)}" if value > 0 else short(value)
