"""What a panel's points come to. Plain arithmetic: no table, no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from promotion.panels.models import Aggregate, Outcome

#: From so many judges on the highest and the lowest can be left out.
TRIMMED_FROM = 5
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Placed:
    """A candidate's total, place and outcome. Equal totals share a place."""

    total: Decimal
    rank: int
    outcome: Outcome


def rounded(number: Decimal) -> Decimal:
    """To two decimals, half away from zero."""
    return number.quantize(_CENT, ROUND_HALF_UP)


def counting(totals: Sequence[Decimal], aggregate: str) -> list[int]:
    """Which of the judges' totals count, by their places: all, or all but one highest and one lowest."""
    order = sorted(range(len(totals)), key=lambda at: totals[at])
    if aggregate == Aggregate.TRIMMED_MEAN and len(order) >= TRIMMED_FROM:
        order = order[1:-1]
    return sorted(order)


def mean(numbers: Sequence[Decimal]) -> Decimal:
    """To two decimals. Raises ``ValueError`` where there is none."""
    if not numbers:
        raise ValueError("no numbers")
    return rounded(sum(numbers, Decimal(0)) / len(numbers))


def total_of(totals: Sequence[Decimal], aggregate: str) -> Decimal:
    """What the judges' totals come to, as the document says it."""
    return mean([totals[at] for at in counting(totals, aggregate)])


def placed(
    totals: Mapping[int, Decimal], *, bar: Decimal | None, above: bool = False, vacancies: int | None = None
) -> dict[int, Placed]:
    """Everybody's place. At the bar is enough unless ``above``; without a bar everybody's total is.

    With ``vacancies`` they go to those over the bar in order of total. Whoever is equal at the last one is tied: neither
    chance nor the order of the list decides. What nobody reaches stays empty.
    """
    over = {key for key, total in totals.items() if bar is None or total > bar or (total == bar and not above)}
    ranks = {key: 1 + sum(other > total for other in totals.values()) for key, total in totals.items()}
    return {
        key: Placed(total, ranks[key], _outcome(total, [totals[k] for k in over], vacancies) if key in over else Outcome.FAILED)
        for key, total in totals.items()
    }  # fmt: skip


def _outcome(total: Decimal, over: list[Decimal], vacancies: int | None) -> Outcome:
    if vacancies is None:
        return Outcome.PASSED
    better, equal = sum(other > total for other in over), sum(other == total for other in over)
    if better + equal <= vacancies:
        return Outcome.WON
    return Outcome.TIED if better < vacancies else Outcome.NOT_WON


def left_vacant(outcomes: Sequence[str], vacancies: int) -> int:
    """How many vacancies those who are tied are tied for."""
    return vacancies - sum(outcome == Outcome.WON for outcome in outcomes)
