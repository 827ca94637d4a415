"""``assess --month YYYY-MM`` or ``--period 2026-Q3`` (or ``2026``): totals, grades, ranks, stars, and the cases they raise."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from assessment.actions.periods_assess import assess_period
from assessment.actions.results_assess import assess_month
from assessment.selectors.period_results import period_gaps, period_lines
from assessment.selectors.result_faults import failures
from assessment.selectors.results import month_gaps, month_lines
from policy.selectors import governing
from staff.kernel.commands import OperatorCommand, month_argument, write_lines
from staff.kernel.periods import Month, Term


class Command(OperatorCommand):
    help = "Assess everybody under a scorecard in a month, a quarter or a year; what it rests on comes first."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--month", type=month_argument, metavar="YYYY-MM")
        which.add_argument("--period", metavar="YYYY-QN", help="a quarter such as 2026-Q3, or a year such as 2026")
        parser.add_argument(
            "--jsonl", metavar="FILE", default="-", help="one JSON object a line; - for standard output"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["period"] is None:
            self._month(options["month"], options["jsonl"])
        else:
            self._period(_term(options["period"]), options["jsonl"])

    def _month(self, month: Month, file: str) -> None:
        assess_month(access=self.operator(), month=month)
        write_lines(file, month_lines(month))
        for employee_no, policy, missing in month_gaps(month):
            self._tell_gap(employee_no, month, policy, missing)
        self._tell_ungoverned(month.last_day)
        self._tell_failures(month)

    def _period(self, term: Term, file: str) -> None:
        assess_period(access=self.operator(), term=term)
        write_lines(file, period_lines(term))
        for gap in period_gaps(term):
            self._tell_gap(*gap)
        self._tell_ungoverned(term.last.last_day)
        self._tell_failures(term.last)

    def _tell_gap(self, employee_no: str, month: Month, policy: str, missing: list[str]) -> None:
        told = {"month": month, "number": employee_no, "policy": policy, "missing": ", ".join(missing)}
        self.stderr.write(_("%(number)s %(month)s %(policy)s: missing %(missing)s") % told)

    def _tell_ungoverned(self, day: date) -> None:
        if not governing(day, part="scorecard"):
            self.stderr.write(_("No policy with a scorecard is in force on %(day)s.") % {"day": day})

    def _tell_failures(self, month: Month) -> None:
        """The lines of all others are written by then. Raises ``CommandError``, for the exit status."""
        if found := failures(month):
            raise CommandError("\n".join(failure.words for failure in found))


def _term(text: str) -> Term:
    """In the command's language, which the parser does not know yet."""
    try:
        return Term.parse(text)
    except ValueError as error:
        raise CommandError(
            _("`%(text)s` is neither a quarter nor a year. Write a quarter as 2026-Q3, a year as 2026.")
            % {"text": text}
        ) from error
