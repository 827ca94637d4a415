"""``sweep --as-of YYYY-MM [--jsonl FILE]``: the eligibility and demotion sweep."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from policy.compiler import Outcome
from promotion.models import Standing
from promotion.sweep.actions.sweep_run import run_sweep
from promotion.sweep.selectors import sweep_lines
from staff.kernel.commands import OperatorCommand, month_argument, write_lines


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
