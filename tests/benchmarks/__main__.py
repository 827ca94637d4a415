"""``make bench``: the speed of the sweep and its neighbours as ratios of one run, and of every page (docs/speed.md).

``--size`` people × 12 months in a database of its own, the month's results of as many in another; the pages at two sizes, each
in another. Progress goes to standard error, the tables to standard output.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from typing import Any

from tests.benchmarks.database import own_database, own_server


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--size", type=int, default=100_000, metavar="PEOPLE")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of what is compared; medians are shown")
    parser.add_argument("--only", choices=("sweep", "results", "pages"), help="one of the parts")
    options = parser.parse_args(arguments)
    with own_server() as server:
        if options.only in (None, "sweep"):
            _sweep(server, options.size, options.rounds)
        if options.only in (None, "results"):
            _results(server, options.size, options.rounds)
        if options.only in (None, "pages"):
            _pages(server)
    return 0


def _sweep(server: str, size: int, rounds: int) -> None:
    with own_database(server):
        from tests.benchmarks.suite import run

        table, machine = run(size, rounds)
    print(f"\n{size:,} people × 12 months. {machine}\n\n{table.markdown()}", flush=True)


def _results(server: str, size: int, rounds: int) -> None:
    with own_database(server):
        from tests.benchmarks.assessing import run

        table, machine = run(size, rounds)
    print(f"\nA month's results of {size:,} people. {machine}\n\n{table.markdown()}", flush=True)


def _pages(server: str) -> None:
    small, large = _pages_at(server, 100), _pages_at(server, 10_000, weights=True)
    from tests.benchmarks import pages
    from tests.benchmarks.measure import Table

    pages.report(table := Table(), small, large)
    print(f"\nPages, at 100 and at 10,000 people.\n\n{table.markdown()}", flush=True)


def _pages_at(server: str, size: int, *, weights: bool = False) -> Any:
    with own_database(server):
        from tests.benchmarks.pages import measure

        return measure(size, date.today(), weights=weights)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
