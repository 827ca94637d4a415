"""Every pattern of value, missing, exempt and before hire over four months against a naive evaluator.

The naive one fills the missing months in every way that could matter and asks whether all fillings agree.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal as D
from itertools import product
from typing import Any

import pytest

from policy.catalogue import Catalogue, Column, Key, Metric, Names
from policy.compiler import compile_sweep
from policy.language import load_document
from staff.kernel.periods import Month
from tests.policy.facts import PERSONS
from tests.policy.world import World, ladder

MISSING, EXEMPT, BEFORE = "missing", "exempt", "before"
AS_OF = Month.parse("2026-08")
VALUES = (D(0), D(1), D(3))
HUGE = D(10**6)
BOUNDS = [(None, None), (None, D(3)), (D(-2), D(4))]
THRESHOLDS = (D(1), D("2.5"), D(6))
OPS: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt, "=": operator.eq, "!=": operator.ne,
}  # fmt: skip
Pattern = tuple[Any, ...]
"""States of four months, the oldest first."""


def patterns() -> list[Pattern]:
    states = (MISSING, EXEMPT, *VALUES)
    return [(BEFORE,) * n + rest for n in range(5) for rest in product(states, repeat=4 - n)]


PATTERNS = patterns()


def fill(world: World) -> None:
    """A person a pattern, all in one table."""
    people, months = [], []
    for id_, pattern in enumerate(PATTERNS):
        before = pattern.count(BEFORE)
        hired = (AS_OF + (before - 3)).first_day if before else (AS_OF + -30).first_day
        people.append({"id": id_, "tier": "low", "hired_on": hired, "tier_since": hired})
        for back, state in enumerate(reversed(pattern)):
            if state == MISSING and id_ % 2:
                continue  # a missing value is an absent row as well as an empty cell
            value = state if isinstance(state, D) else D(3) if state in (BEFORE, EXEMPT) else None
            counts = state != EXEMPT
            months.append({"employee_id": id_, "month": (AS_OF + -back).number, "counts": counts, "s1": value})
    world.insert("people", people)
    world.insert("months", months)


def verdicts(world: World, bounds: tuple[D | None, D | None], rules: dict[str, str]) -> dict[int, list[Any]]:
    """Verdicts of the compiled rules, in order, by pattern."""
    metric = Metric(Key("v"), Names("值", "value"), "count", Column("s1"), *bounds, decimals=2)
    policy = load_document(ladder(rules), Catalogue.of([metric, *PERSONS]))
    rows = world.rows(compile_sweep(policy), str(AS_OF))
    named = {0: False, 1: True, 2: None}
    return {id_: [named[row.bits >> (2 * at) & 3] for at in range(len(rules))] for id_, row in rows.items()}


def agree(results: set[bool]) -> bool | None:
    return results.pop() if len(results) == 1 else None


def fillings(pattern: Pattern, grid: Sequence[D]) -> Iterator[list[Any]]:
    """The pattern with its missing months filled in every way of the grid."""
    gaps = [at for at, state in enumerate(pattern) if state == MISSING]
    for values in product(grid, repeat=len(gaps)):
        filled = list(pattern)
        for at, value in zip(gaps, values, strict=True):
            filled[at] = value
        yield filled


AGGREGATES: dict[str, Callable[[list[D]], D | None]] = {
    "sum": lambda seen: sum(seen, D(0)),
    "mean": lambda seen: sum(seen, D(0)) / len(seen) if seen else None,
    "lowest": lambda seen: min(seen, default=None),
    "highest": lambda seen: max(seen, default=None),
}


def naive_number(function: str, pattern: Pattern, op: str, t: D, bounds: tuple[D | None, D | None]) -> bool | None:
    counting = [s for s in pattern if s not in (EXEMPT, BEFORE)]
    if function == "mean" and counting and MISSING in counting:  # compared as a sum, for 1/3 has no decimal
        function, t = "sum", t * len(counting)
    low, high = bounds[0] if bounds[0] is not None else D(0), bounds[1] if bounds[1] is not None else HUGE
    gaps = counting.count(MISSING)
    reported = sum((s for s in counting if s != MISSING), D(0))
    even = (t - reported) / gaps if gaps and function == "sum" else t
    grid = sorted({low, high, *(v for v in (even, t) if low <= v <= high)})
    results = set()
    for filled in fillings(pattern, grid):
        value = AGGREGATES[function]([s for s in filled if isinstance(s, D)])
        if value is None:
            return None
        if abs(value - t) < D("1e-12"):
            value = t
        results.add(OPS[op](value, t))
    return agree(results)


@pytest.mark.parametrize("bounds", BOUNDS, ids=["no-upper-bound", "bounded", "below-zero"])
@pytest.mark.parametrize("function", AGGREGATES)
def test_an_aggregate_is_decided_exactly_when_no_missing_value_could_change_it(
    world: World, function: str, bounds: tuple[D | None, D | None]
) -> None:
    fill(world)
    cases = [(op, t) for op in OPS for t in THRESHOLDS]
    found = verdicts(world, bounds, {f"r{n}": f"{function}(v, 4 months) {op} {t}" for n, (op, t) in enumerate(cases)})
    wrong = [
        (pattern, op, t, found[id_][at])
        for id_, pattern in enumerate(PATTERNS)
        for at, (op, t) in enumerate(cases)
        if found[id_][at] != naive_number(function, pattern, op, t, bounds)
    ]
    assert not wrong, wrong[:5]
    assert {v for row in found.values() for v in row} == {True, False, None}


CONDITIONS: dict[str, Callable[[D], bool]] = {
    "v = 0": lambda v: v == 0, "v >= 1": lambda v: v >= 1, "v > 1 and v < 3": lambda v: 1 < v < 3,
    "not v = 0": lambda v: v != 0, "v in (0, 3)": lambda v: v in (0, 3),
}  # fmt: skip
GRID = (D(0), D(1), D(2), D(3), HUGE)


def naive_condition(kind: str, pattern: Pattern, holds: Callable[[D], bool], op: str, t: int) -> bool | None:
    results = set()
    for filled in fillings(pattern, GRID):
        counting = [s for s in filled if isinstance(s, D)]
        if kind == "months":
            results.add(OPS[op](sum(map(holds, counting)), t))
        elif kind == "each":
            if not counting:
                return None
            results.add(all(map(holds, counting)))
        else:
            run = 0
            for state in reversed(filled):
                if not isinstance(state, D) or not holds(state):
                    break
                run += 1
            results.add(run >= t)
    return agree(results)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_months_each_and_streak_are_decided_exactly_when_no_missing_value_could_change_them(
    world: World, condition: str
) -> None:
    fill(world)
    cases: list[tuple[str, str, int]] = [("months", op, t) for op in OPS for t in (1, 3)]
    cases += [("each", "=", 0)] + [("streak", ">=", t) for t in (1, 2, 3, 4)]
    texts = {"months": f"months({condition}, 4 months) %s %s", "each": f"each({condition}, 4 months)",
             "streak": f"streak({condition}) >= %s months"}  # fmt: skip
    rules = {
        f"r{n}": texts[kind] % {"months": (op, t), "each": (), "streak": (t,)}[kind]
        for n, (kind, op, t) in enumerate(cases)
    }
    found = verdicts(world, (None, None), rules)
    wrong = [
        (pattern, case, found[id_][at])
        for id_, pattern in enumerate(PATTERNS)
        for at, case in enumerate(cases)
        if found[id_][at] != naive_condition(case[0], pattern, CONDITIONS[condition], case[1], case[2])
    ]
    assert not wrong, wrong[:5]


@pytest.mark.parametrize("months", [1, 3])
def test_a_window_shorter_than_the_widest_sees_its_own_months_alone(world: World, months: int) -> None:
    fill(world)
    rules = {"a": f"sum(v, {months} months) >= 3", "b": "mean(v, 4 months) >= 1", "c": f"lowest(v, {months} months) <= 0",
             "d": f"each(v >= 1, {months} months)"}  # fmt: skip
    found = verdicts(world, (None, D(3)), rules)
    for id_, pattern in enumerate(PATTERNS):
        part = pattern[-months:]
        assert found[id_][0] == naive_number("sum", part, ">=", D(3), (None, D(3)))
        assert found[id_][2] == naive_number("lowest", part, "<=", D(0), (None, D(3)))
        assert found[id_][3] == naive_condition("each", part, lambda v: v >= 1, "=", 0)
