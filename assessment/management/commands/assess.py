"""``assess --month YYYY-MM [--jsonl FILE]``: a month's totals, grades, ranks, stars, and the cases they raise."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from assessment.actions.results_assess import assess_month
from assessment.selectors.results import month_gaps, month_lines
from policy.selectors import governing
from staff.kernel.commands import OperatorCommand, month_argument, write_lines


class Command(OperatorCommand):
    help = "Assess everybody under a scorecard in a month; earlier months that it rests on come first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--month", required=True, type=month_argument, metavar="YYYY-MM")
        parser.add_argument(
            "--jsonl", metavar="FILE", default="-", help="one JSON object a line; - for standard output"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        month = options["month"]
        assess_month(access=self.operator(), month=month)
        write_lines(options["jsonl"], month_lines(month))
        for employee_no, policy, missing in month_gaps(month):
            told = {"month": month, "number": employee_no, "policy": policy, "missing": ", ".join(missing)}
            self.stderr.write(_("%(number)s %(month)s %(policy)s: missing %(missing)s") % told)
        if not governing(month.last_day, part="scorecard"):
            self.stderr.write(_("No policy with a scorecard is in force on %(day)s.") % {"day": month.last_day})
