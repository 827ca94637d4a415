"""``sweep --as-of YYYY-MM [--jsonl FILE]``: the eligibility and demotion sweep."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from policy.compiler import Outcome
from promotion.models import Standing
from promotion.sweep.actions.sweep_run import run_sweep
from promotion.sweep.selectors import sweep_lines
from staff.kernel.commands import OperatorCommand, month_argument


class Command(OperatorCommand):
    help = "Judge everybody on a ladder as of a month: who may be promoted, who falls under a demotion clause."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", required=True, type=month_argument, dest="month", metavar="YYYY-MM")
        parser.add_argument("--jsonl", metavar="FILE", help="one JSON object a line; - for standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        month = options["month"]
        runs = run_sweep(access=self.operator(), month=month)
        if options["jsonl"]:
            write_lines(options["jsonl"], sweep_lines(month))
        if options["jsonl"] != "-":
            outcomes = Standing.objects.current().filter(month=month).values_list("outcome", flat=True)
            for outcome, people in sorted(Counter(outcomes.iterator()).items()):
                self.stdout.write(f"{Outcome(outcome)}\t{people}")
            if not runs:
                self.stderr.write(_("No policy with a ladder is in force on %(day)s.") % {"day": month.last_day})


def write_lines(target: str, lines: Iterable[str]) -> None:
    """UTF-8 without a byte-order mark, one line each; ``-`` is standard output. Raises ``CommandError`` with the reason."""
    if target == "-":
        sys.stdout.writelines(f"{line}\n" for line in lines)
        return
    try:
        with Path(target).open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in lines)
    except OSError as error:
        raise CommandError(f"{target}: {error.strerror}") from error
