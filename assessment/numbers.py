"""What a typed number is, and whether a metric takes it. The grid in the browser asks the same of a cell, in these words."""

from __future__ import annotations

import re
from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from assessment.models import Metric
from staff.kernel.access import Refused
from staff.kernel.words import in_english

#: Thousands separators stand where they belong or not at all.
_NUMBER = re.compile(r"[-+]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]+)?%?", re.ASCII)
#: Sixteen digits before the point, as the column has them.
_DIGITS = 16
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，－％", "0123456789.,-%")

#: Every fault in words; the browser is given them as they are.
MESSAGES = {
    "words": gettext_lazy("“{text}” is no number. Write it in digits, such as 2."),
    "wide": gettext_lazy("“{text}” is written in full-width characters. Write {narrow}."),
    "percent": gettext_lazy("{metric} is no percentage. Write the number without %."),
    "long": gettext_lazy("“{text}” has too many digits."),
    "low": gettext_lazy("{metric} is at least {lowest}, and this is {text}. Change it."),
    "high": gettext_lazy("{metric} is at most {highest}, and this is {text}. Change it to {lowest}–{highest}."),
    "whole": gettext_lazy("{metric} is a whole number, and this is {text}."),
    "decimals": gettext_lazy("{metric} keeps {decimals} decimals, and this is {text}."),
}


def plain(value: Decimal) -> str:
    """``92.5``: without idle zeros, as it is typed."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def named(metric: Metric) -> str:
    """What the catalogue calls it, in the language of the page."""
    return metric.en if in_english() and metric.en else metric.zh


def number_from(text: str, metric: Metric) -> Decimal | None:
    """The number that was typed or pasted; None for an empty cell. Raises ``Refused``, saying how to mend it."""
    typed = "".join(text.split())
    if not typed:
        return None
    narrow = typed.translate(_FULL_WIDTH)
    if narrow != typed and _NUMBER.fullmatch(narrow):
        raise _refused("wide", metric, text=typed, narrow=narrow)
    if not _NUMBER.fullmatch(typed):
        raise _refused("words", metric, text=typed)
    if typed.endswith("%") and metric.unit != "%":
        raise _refused("percent", metric)
    value = Decimal(typed.rstrip("%").replace(",", "")) + 0  # no -0
    if len(str(int(abs(value)))) > _DIGITS:
        raise _refused("long", metric, text=typed)
    require_fits(metric, value)
    return value


def require_fits(metric: Metric, value: Decimal) -> None:
    """Raises ``Refused`` outside the metric's bounds or decimals; its code is the metric's key."""
    if value < metric.least:
        raise _refused("low", metric, text=plain(value))
    if metric.highest is not None and value > metric.highest:
        raise _refused("high", metric, text=plain(value))
    if -int(value.normalize().as_tuple().exponent) > metric.decimals:
        raise _refused("decimals" if metric.decimals else "whole", metric, text=plain(value))


def _refused(fault: str, metric: Metric, **words: str) -> Refused:
    bounds = {"lowest": plain(metric.least), "highest": "" if metric.highest is None else plain(metric.highest)}
    told = format_lazy(MESSAGES[fault], metric=named(metric), decimals=metric.decimals, **bounds, **words)
    return Refused(str(told), code=metric.key)
