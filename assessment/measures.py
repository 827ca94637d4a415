"""How a number is asked for: in the catalogue's words and bounds, or in those of the document that asks."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from assessment.models import Metric
from policy.language.checked import Input
from staff.kernel.words import in_english

#: Stored as 1 and 0.
YES_NO = "yes_no"
#: Units that are counted in whole numbers.
_WHOLE = frozenset({"count", YES_NO})


@dataclass(frozen=True, slots=True)
class Measure:
    """``highest`` None: no upper bound. ``word_zh``: the catalogue's counting word."""

    key: str
    zh: str
    en: str
    unit: str
    word_zh: str
    least: Decimal
    highest: Decimal | None
    decimals: int

    @property
    def name(self) -> str:
        """In the language of the page."""
        return self.en if in_english() and self.en else self.zh


def catalogued(metric: Metric) -> Measure:
    """As the catalogue has it."""
    return Measure(
        metric.key, metric.zh, metric.en, metric.unit, metric.word_zh, metric.least, metric.highest, metric.decimals
    )


def measure_of(metric: Metric, asked: Input | None) -> Measure:
    """As the document's ``asked`` has it; a bound that it leaves open is the catalogue's."""
    if asked is None:
        return catalogued(metric)
    return Measure(
        key=metric.key,
        zh=asked.names.zh,
        en=asked.names.en,
        unit=asked.unit,
        word_zh=metric.word_zh,
        least=metric.least if asked.lo is None else asked.lo,
        highest=metric.highest if asked.hi is None else asked.hi,
        decimals=0 if asked.unit in _WHOLE else metric.decimals,
    )
