"""``explain EMPLOYEE_NO --as-of YYYY-MM``: the sweep's object for one person, each clause with its source text."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from promotion.sweep.selectors import as_line, judged_live
from staff.kernel.access import Refused
from staff.kernel.commands import OperatorCommand, month_argument
from staff.models import Employee


class Command(OperatorCommand):
    help = "Explain one person's standing as of a month, clause by clause."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("employee_no")
        parser.add_argument("--as-of", required=True, type=month_argument, dest="month", metavar="YYYY-MM")

    def handle(self, *args: Any, **options: Any) -> None:
        number, month = options["employee_no"], options["month"]
        employee = Employee.objects.filter(employee_no=number).first()
        if employee is None:
            raise Refused(_("There is no employee `%(number)s`.") % {"number": number}, code="unknown_employee")
        judged = judged_live(employee, month)
        if judged is None:
            raise Refused(
                _(
                    "%(person)s is under no ladder as of %(month)s: not employed, without a tier, or none is in force there."
                )
                % {"person": employee, "month": month},
                code="not_governed",
            )
        self.stdout.write(as_line(judged.wire(number, month)))
