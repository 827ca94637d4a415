"""The sweep of a whole company against the oracle, line by line; first run and after facts have changed."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from promotion.sweep.actions.sweep_run import run_sweep
from promotion.sweep.selectors import judged_live, sweep_lines
from staff.kernel.periods import Month
from tests.company import operator
from tests.oracle import wire
from tests.oracle.company import Roll
from tests.oracle.people import edited, person_by_chance
from tests.oracle.records import month_of

pytestmark = pytest.mark.django_db

#: An ordinary one, one after the turn of a year, a leap February, one of 30 days.
MONTHS = st.sampled_from([month_of(text) for text in ("2026-10", "2026-01", "2024-02", "2026-06")])
SEEDS = st.integers(min_value=0, max_value=2**32)

#: The same three companies each time; ``ORACLE_EXAMPLES=100`` draws as many others.
EXAMPLES = int(os.environ.get("ORACLE_EXAMPLES", "0"))

few = settings(
    max_examples=EXAMPLES or 3, derandomize=not EXAMPLES, database=None, deadline=None, report_multiple_bugs=False,
    phases=[Phase.generate], suppress_health_check=list(HealthCheck),
)  # fmt: skip


@contextmanager
def rolled_back() -> Iterator[None]:
    """Each example has the tables to itself."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def swept(month: int) -> dict[str, wire.Judgement]:
    run_sweep(access=operator(), month=Month(month))
    return wire.judgements(sweep_lines(Month(month)))


def company_by_chance(chance: Random, month: int, people: int) -> Roll:
    roll = Roll()
    roll.enter([person_by_chance(chance, f"K{n:04d}", month) for n in range(people)])
    return roll


def agree(roll: Roll, month: int, found: dict[str, wire.Judgement]) -> None:
    differing = wire.differences(roll.people.values(), month, found)
    assert not differing, f"{len(differing)} differ as of {Month(month)}:\n" + "\n".join(differing[:5])


@few
@given(seed=SEEDS, month=MONTHS)
def test_every_line_is_what_the_policy_says(seed: int, month: int) -> None:
    with rolled_back():
        roll = company_by_chance(Random(seed), month, people=350)
        found = swept(month)
        agree(roll, month, found)
        outcomes = Counter(judged.outcome for judged in found.values())
        assert set(outcomes) == {"eligible", "not_yet", "waiting_for_data", "demotion_proposed", "warning", "top"}


@few
@given(seed=SEEDS, month=MONTHS)
def test_facts_after_a_first_sweep_lead_where_facts_before_it_lead(seed: int, month: int) -> None:
    chance = Random(seed)
    with rolled_back():
        roll = company_by_chance(chance, month, people=80)
        swept(month - 1)
        swept(month)
        for _ in range(2):
            roll.edit(edited(chance, roll.people[number], month) for number in chance.sample(sorted(roll.people), 25))
            agree(roll, month, swept(month))
        agree(roll, month - 1, swept(month - 1))
        found = {}
        for number, row in roll.rows.items():
            judged = judged_live(row, Month(month))
            if judged:
                found[number] = wire.read(judged.wire(number, Month(month)))
        agree(roll, month, found)
