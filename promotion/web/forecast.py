"""When a clause that is not met yet would be, if months went on as the last ones did. An assumption, and no promise.

Only what adds up over a window of months is carried on: counts of events and sums of monthly values. The pace is that of at
most half the window, never of the whole: over N months the pace of N months is the present value for ever. Months that leave
the window are taken out as they leave.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from functools import partial

from policy.compiler import Explanation, Finding, Outcome, Verdict, label
from policy.language import typed as t
from policy.language.checked import Rule
from promotion.models import Standing
from promotion.sweep.selectors import explanation_of
from promotion.web.conditions import rule_of
from promotion.web.evidence import Place
from promotion.web.facts import Facts, MonthCell, month_name
from promotion.web.tiers import say
from staff.kernel.periods import Month

#: Months of the pace, where the window is long enough.
PACE = 3
#: As far as anybody looks ahead.
AHEAD = 6
#: Lengths of the drawing: its base line, and the height of its highest bar, in pixels.
_BASE, _HIGHEST = 128, 100


@dataclass(frozen=True, slots=True)
class Bar:
    """What a month's standing holds, or is supposed to; places across in percent, along in pixels."""

    label: str
    value: str
    supposed: bool
    x: str
    width: str
    middle: str
    top: int
    height: int

    @property
    def words_at(self) -> int:
        return self.top - 6


@dataclass(frozen=True, slots=True)
class Forecast:
    """``reached``: the month as of which the clause would be met, None for not within sight. ``by_itself``: time alone does it.

    ``leaving``: months whose share drops out of the window on the way, with that share.
    """

    number: str
    label: str
    asked: str
    reached: Month | None
    by_itself: bool = False
    pace: str = ""
    pace_months: int = 0
    window: int = 0
    leaving: tuple[tuple[str, str], ...] = ()
    bars: tuple[Bar, ...] = ()
    bound: int = 0

    @property
    def bound_words(self) -> int:
        return self.bound - 6


def forecasts_of(
    standing: Standing, explanation: Explanation, facts: Mapping[Place, Facts], before: Iterable[Standing]
) -> tuple[Forecast, ...]:
    """Of every clause that is not met yet and can be carried on, where nothing but that stands against a promotion;
    ``before`` are the person's standings of earlier months.
    """
    if Outcome(standing.outcome) is not Outcome.NOT_YET:
        return ()
    open_ones = [(finding, rule) for finding in explanation.conditions if (rule := _carried(finding)) is not None]
    summed = any(not isinstance(rule.observed, t.Completed) for _finding, rule in open_ones)
    past = _past(standing, explanation, before) if summed else {}
    found = []
    for finding, rule in open_ones:
        place = (finding.clause.number, str(rule.key))
        shown = facts.get(place)
        cells = shown.cells if shown else ()
        found.append(forecast_of(finding, rule, cells, standing.month, past.get(place, {})))
    return tuple(forecast for forecast in found if forecast is not None)


def _past(
    standing: Standing, explanation: Explanation, before: Iterable[Standing]
) -> dict[Place, dict[Month, Decimal]]:
    """(clause, rule) → what the standings of this month and the two before held, for as long as the tier is the same."""
    alike = (one for one in before if one.tier == standing.tier and one.month >= standing.month - 2)
    known = [(one.month, explanation_of(one)) for one in alike]
    found: dict[Place, dict[Month, Decimal]] = {}
    for month, one in [*known, (standing.month, explanation)]:
        for finding in one.conditions:
            if isinstance(finding.observed, Decimal):
                found.setdefault((finding.clause.number, str(finding.rule)), {})[month] = finding.observed
    return found


def _carried(finding: Finding) -> Rule | None:
    """The rule, where it is unmet for want of time, or of a number that months add to and none of them is missing."""
    rule = rule_of(finding)
    if rule is None or finding.verdict is not Verdict.UNMET or finding.op not in (">=", ">") or finding.gap is None:
        return None
    node = rule.observed
    adds_up = isinstance(node, t.EventAggregate) or (isinstance(node, t.MonthAggregate) and node.function == "sum")
    return rule if isinstance(node, t.Completed) or (adds_up and not finding.missing) else None


def forecast_of(
    finding: Finding, rule: Rule, cells: Sequence[MonthCell], month: Month, past: Mapping[Month, Decimal]
) -> Forecast | None:
    """None where the months of the pace do not tell. ``past``: what the standings of the months before held."""
    asked, gap = finding.threshold, finding.gap
    if not isinstance(asked, Decimal) or gap is None:
        return None
    about = partial(Forecast, number=finding.clause.number, label=say(label(rule)), asked=_plain(asked))
    if isinstance(rule.observed, t.Completed):
        return about(reached=month + int(gap), by_itself=True)
    window = len(cells)
    pace_months = min(PACE, window // 2)
    recent = [cell.amount for cell in cells[-pace_months:] if cell.amount is not None] if pace_months else []
    if not recent or len(recent) < pace_months:
        return None
    pace = sum(recent, Decimal(0)) / pace_months
    values = [_carried_on(cells, pace, ahead) for ahead in range(1, min(AHEAD, window) + 1)]
    enough = [value > asked if finding.op == ">" else value >= asked for value in values]
    steps = enough.index(True) + 1 if True in enough else None
    bars, bound = _drawn(past, month, values[: steps or 0], asked)
    return about(
        reached=month + steps if steps else None,
        pace=_plain(pace.quantize(Decimal("0.1"))),
        pace_months=pace_months,
        window=window,
        leaving=tuple((cell.label, _plain(cell.amount)) for cell in cells[: steps or 0] if cell.amount),
        bars=bars if steps else (),
        bound=bound,
    )


def _carried_on(cells: Sequence[MonthCell], pace: Decimal, ahead: int) -> Decimal:
    """The window's sum so many months on: what is still in it, and the pace for each new month."""
    return sum((cell.amount or Decimal(0) for cell in cells[ahead:]), Decimal(0)) + pace * ahead


def _drawn(
    past: Mapping[Month, Decimal], month: Month, values: Sequence[Decimal], asked: Decimal
) -> tuple[tuple[Bar, ...], int]:
    """A bar a month, known ones first, and the height of the line that is asked for."""
    known = [(one, past[one], False) for one in sorted(past)]
    every = known + [(month + at, value, True) for at, value in enumerate(values, start=1)]
    highest = max(asked, *(value for _month, value, _supposed in every), Decimal(0))
    if not every or not highest:
        return (), 0
    slot = min(17.0, 100 / len(every))
    bars = []
    for at, (one, value, supposed) in enumerate(every):
        height = int(_HIGHEST * value / highest)
        left = at * slot + slot * 0.2
        bars.append(
            Bar(
                label=month_name(one), value=_plain(value.to_integral_value(ROUND_FLOOR)), supposed=supposed,
                x=f"{left:.2f}%", width=f"{slot * 0.55:.2f}%", middle=f"{left + slot * 0.275:.2f}%",
                top=_BASE - height, height=height,
            )
        )  # fmt: skip
    return tuple(bars), _BASE - int(_HIGHEST * asked / highest)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
