"""What a typed number is, and whether a metric takes it. The grid in the browser asks the same of a cell, in these words."""

from __future__ import annotations

import re
from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from assessment.measures import YES_NO, Measure
from staff.kernel.access import Refused

#: Thousands separators stand where they belong or not at all.
_NUMBER = re.compile(r"[-+]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]+)?%?", re.ASCII)
#: Sixteen digits before the point, as the column has them.
_DIGITS = 16
#: What people write for yes and for no; stored as 1 and 0.
_YES, _NO = frozenset({"1", "是", "yes", "y"}), frozenset({"0", "否", "no", "n"})
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，－％", "0123456789.,-%")

#: Every fault in words; the browser is given them as they are.
MESSAGES = {
    "words": gettext_lazy("“{text}” is no number. Write it in digits, such as 2."),
    "wide": gettext_lazy("“{text}” is written in full-width characters. Write {narrow}."),
    "yes_no": gettext_lazy("{metric} is yes or no, and this is “{text}”. Write 是, 否, 1 or 0."),
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


def number_from(text: str, measure: Measure) -> Decimal | None:
    """The number that was typed or pasted; None for an empty cell. Raises ``Refused``, saying how to mend it."""
    typed = "".join(text.split())
    if not typed:
        return None
    if measure.unit == YES_NO:
        return _yes_or_no(typed, measure)
    narrow = typed.translate(_FULL_WIDTH)
    if narrow != typed and _NUMBER.fullmatch(narrow):
        raise _refused("wide", measure, text=typed, narrow=narrow)
    if not _NUMBER.fullmatch(typed):
        raise _refused("words", measure, text=typed)
    if typed.endswith("%") and measure.unit != "%":
        raise _refused("percent", measure)
    value = Decimal(typed.rstrip("%").replace(",", "")) + 0  # no -0
    if len(str(int(abs(value)))) > _DIGITS:
        raise _refused("long", measure, text=typed)
    require_fits(measure, value)
    return value


def _yes_or_no(typed: str, measure: Measure) -> Decimal:
    word = typed.lower()
    if word not in _YES | _NO:
        raise _refused("yes_no", measure, text=typed)
    return Decimal(word in _YES)


def require_fits(measure: Measure, value: Decimal) -> None:
    """Raises ``Refused`` outside the metric's bounds or decimals; its code is the metric's key."""
    if value < measure.least:
        raise _refused("low", measure, text=plain(value))
    if measure.highest is not None and value > measure.highest:
        raise _refused("high", measure, text=plain(value))
    if -int(value.normalize().as_tuple().exponent) > measure.decimals:
        raise _refused("decimals" if measure.decimals else "whole", measure, text=plain(value))


def _refused(fault: str, measure: Measure, **words: str) -> Refused:
    bounds = {"lowest": plain(measure.least), "highest": "" if measure.highest is None else plain(measure.highest)}
    told = format_lazy(MESSAGES[fault], metric=measure.name, decimals=measure.decimals, **bounds, **words)
    return Refused(str(told), code=measure.key)
