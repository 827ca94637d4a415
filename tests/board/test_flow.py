"""The drawing is exact: heights are people, and nothing overlaps whatever the numbers."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import pytest

from promotion.web.flow import HEIGHT, PERSON, flow

SMALL = {("a", "x"): 3, ("a", "y"): 11, ("b", "x"): 2, ("b", "y"): 14, ("c", "z"): 3}
LARGE = {("a", "x"): 400, ("a", "y"): 7000, ("b", "y"): 1, ("c", "z"): 2600}


@pytest.mark.parametrize("people", [SMALL, LARGE, {("a", "x"): 1}, {}])
def test_bars_are_people_and_keep_to_their_slots(people: dict[tuple[str, str], int]) -> None:
    left, right = sorted({a for a, _b in people}), sorted({b for _a, b in people})
    drawn = flow(left, right, people)
    assert drawn.height == HEIGHT
    for side, at in ((drawn.left, 0), (drawn.right, 1)):
        counted: Counter[str] = Counter()
        for pair, n in people.items():
            counted[pair[at]] += n
        assert {bar.node: bar.people for bar in side} == counted
        assert sum(bar.slot for bar in side) <= HEIGHT + 0.1
        assert len({round(bar.height / bar.people, 1) for bar in side if bar.height > 5}) <= 1
        for upper, lower in pairwise(side):
            assert upper.y + upper.height < lower.y


def test_one_person_is_two_and_four_tenths_pixels_where_there_is_room() -> None:
    drawn = flow(["a", "b", "c"], ["x", "y", "z"], SMALL)
    assert [bar.height for bar in drawn.left] == [round(n * PERSON, 2) for n in (14, 16, 3)]


def test_a_ribbon_leaves_where_the_one_before_ended() -> None:
    drawn = flow(["a", "b", "c"], ["x", "y", "z"], SMALL)
    assert [ribbon.outcome for ribbon in drawn.ribbons] == ["x", "y", "x", "y", "z"]
    first, second = (re.findall(r"[\d.]+", ribbon.path) for ribbon in drawn.ribbons[:2])
    assert float(second[1]) == pytest.approx(float(first[1]) + 3 * PERSON, abs=0.02)


def test_many_tiers_make_it_higher_and_never_cut_a_label() -> None:
    tiers = [f"t{n}" for n in range(12)]
    drawn = flow(tiers, ["x"], {(tier, "x"): 5 for tier in tiers})
    assert drawn.height > HEIGHT
    assert all(bar.slot >= 26 for bar in drawn.left)
