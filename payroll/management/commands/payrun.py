"""``payrun --month YYYY-MM [--csv FILE]``: a line for each component of pay that a policy yields."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from assessment.actions.results_assess import assess_month
from assessment.selectors.result_faults import failures
from payroll.selectors import PayLine, pay_lines
from staff.kernel.commands import OperatorCommand, month_argument

HEADERS = ("employee_no", "month", "component", "amount")


class Command(OperatorCommand):
    help = "What the policies yield to everybody in a month; a preview until the month is sealed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--month", required=True, type=month_argument, metavar="YYYY-MM")
        parser.add_argument("--csv", metavar="FILE", default="-", help="where the lines go; - for standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        month, exceptions = options["month"], []
        assess_month(access=self.operator(), month=month)  # what lines rest on is brought up to date first
        with _opened(options["csv"], self.stdout) as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(HEADERS)
            for line in pay_lines(self.operator(), month):
                if line.amount is None:
                    exceptions.append(line)
                else:
                    writer.writerow((line.employee_no, month, line.component, f"{line.amount:.2f}"))
        self._list(exceptions)
        if found := failures(month):  # lines rest on results; whose are out of date is not to be overlooked
            raise CommandError("\n".join(failure.words for failure in found))

    def _list(self, exceptions: list[PayLine]) -> None:
        """Whoever gets no line for want of data, so that it can be settled before the run is approved."""
        for line in exceptions:
            self.stderr.write(
                _("%(number)s: no %(component)s, for want of %(missing)s")
                % {"number": line.employee_no, "component": line.component, "missing": ", ".join(line.missing)}
            )


@contextmanager
def _opened(target: str, output: Any) -> Iterator[Any]:
    """A file of UTF-8 without a byte-order mark; ``-`` is the command's output. Raises ``CommandError`` with the reason."""
    if target == "-":
        yield output
        return
    try:
        with Path(target).open("w", encoding="utf-8", newline="") as file:
            yield file
    except OSError as error:
        raise CommandError(f"{target}: {error.strerror}") from error
