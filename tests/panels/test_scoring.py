"""What points come to: means, the bar itself, ties."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promotion.panels.models import Outcome
from promotion.panels.scoring import counting, placed, total_of


def numbers(*texts: str) -> list[Decimal]:
    return [Decimal(text) for text in texts]


@pytest.mark.parametrize(
    ("totals", "how", "total"),
    [
        (("80", "80", "81"), "mean", "80.33"),
        (("80", "80.01", "80"), "mean", "80.00"),
        (("80.01", "80.01", "79.995"), "mean", "80.01"),
        (("0.01", "0.01", "0.01", "0"), "mean", "0.01"),
        (("0.01", "0"), "mean", "0.01"),
        (("10", "90", "90", "90", "100"), "trimmed_mean", "90.00"),
        (("90", "90", "90", "90", "90"), "trimmed_mean", "90.00"),
        (("10", "20", "90", "100"), "trimmed_mean", "55.00"),
    ],
)
def test_totals_are_rounded_half_away_from_zero_and_trimmed_from_five_judges_on(
    totals: tuple[str, ...], how: str, total: str
) -> None:
    assert str(total_of(numbers(*totals), how)) == total


@given(st.lists(st.integers(0, 10000), min_size=5, max_size=9))
def test_trimming_leaves_out_one_highest_and_one_lowest_wherever_they_stand(cents: list[int]) -> None:
    totals = [Decimal(cent) / 100 for cent in cents]
    kept = [totals[at] for at in counting(totals, "trimmed_mean")]
    assert sorted(kept) == sorted(totals)[1:-1]


@pytest.mark.parametrize(
    ("above", "outcomes"),
    [(False, ["passed", "passed", "failed"]), (True, ["passed", "failed", "failed"])],
    ids=["at least", "more than"],
)
def test_the_bar_itself_is_enough_unless_the_policy_says_more(above: bool, outcomes: list[str]) -> None:
    found = placed(dict(enumerate(numbers("80.01", "80.00", "79.99"))), bar=Decimal(80), above=above)
    assert [place.outcome for place in found.values()] == outcomes


@pytest.mark.parametrize(
    ("totals", "vacancies", "outcomes"),
    [
        (("90", "85", "85", "79"), 2, ["won", "tied", "tied", "failed"]),
        (("90", "85", "85", "79"), 3, ["won", "won", "won", "failed"]),
        (("90", "85", "84"), 2, ["won", "won", "not_won"]),
        (("90", "85", "84"), 5, ["won", "won", "won"]),
        (("79", "78"), 1, ["failed", "failed"]),
        (("85", "85", "85"), 2, ["tied", "tied", "tied"]),
        (("90", "90", "85", "85"), 1, ["tied", "tied", "not_won", "not_won"]),
        (("80", "79.99"), 1, ["won", "failed"]),
    ],
)
def test_vacancies_go_in_order_of_total_and_a_tie_at_the_last_is_left_open(
    totals: tuple[str, ...], vacancies: int, outcomes: list[str]
) -> None:
    found = placed(dict(enumerate(numbers(*totals))), bar=Decimal(80), vacancies=vacancies)
    assert [place.outcome for place in found.values()] == outcomes


@given(st.lists(st.integers(60, 100), min_size=1, max_size=12), st.integers(1, 6))
def test_never_more_win_than_there_are_vacancies_and_nobody_beats_a_better_one(
    given_: list[int], vacancies: int
) -> None:
    found = placed({at: Decimal(total) for at, total in enumerate(given_)}, bar=Decimal(80), vacancies=vacancies)
    won = [place.total for place in found.values() if place.outcome == Outcome.WON]
    lost = [place.total for place in found.values() if place.outcome != Outcome.WON]
    tied = [place for place in found.values() if place.outcome == Outcome.TIED]
    assert len(won) <= vacancies
    assert not won or not lost or min(won) > max(lost)
    assert not tied or len(won) < vacancies < len(won) + len(tied)
