"""Everything that is measured, in its order."""

from __future__ import annotations

from datetime import date

from staff.kernel.periods import Month
from tests.benchmarks import explaining, loading, mixed, sweeping
from tests.benchmarks.company import Made, make_company
from tests.benchmarks.measure import Table, machine, say, spent

LAST = Month.parse("2026-10")


def run(size: int, rounds: int) -> tuple[Table, str]:
    """The table and the line about the machine."""
    table = Table()
    say(f"Making {size:,} people × 12 months …")
    made: list[Made] = []
    say(f"  {spent(lambda: made.append(make_company(size, LAST)))}")
    full = sweeping.against_hand_written(table, LAST, rounds)
    sweeping.against_a_loop(table, LAST, full, size)
    sweeping.reruns(table, LAST, full)
    sweeping.memory(table, LAST)
    explaining.one_person(table, LAST)
    loading.values(table, LAST, size, rounds)
    mixed.measure(table, made[0], LAST, date.today())
    return table, machine()
