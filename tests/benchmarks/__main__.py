"""``make bench``: the speed of the sweep and its neighbours as ratios of one run (docs/speed.md). No second is a goal.

``--size`` people × 12 months in a database of its own. Progress goes to standard error, the table to standard output.
"""

from __future__ import annotations

import argparse
import sys

from tests.benchmarks.database import own_database


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--size", type=int, default=100_000, metavar="PEOPLE")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of what is compared; medians are shown")
    options = parser.parse_args(arguments)
    with own_database():
        from tests.benchmarks.suite import run

        table, machine = run(options.size, options.rounds)
    print(f"\n{options.size:,} people × 12 months. {machine}\n\n{table.markdown()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
