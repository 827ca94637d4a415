"""``manage.py load_records PATH…``: files of records in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from staff.actions.records_load import load_records
from staff.kernel.commands import OperatorCommand
from staff.kernel.records.report import FileReport, TableReport


class Command(OperatorCommand):
    help = "Load CSV and XLSX files of records; each file is taken whole or refused."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="file, or folder of files")
        parser.add_argument("--reason", default="", help="kept in the trail and beside every correction of a tier")

    def handle(self, *args: Any, **options: Any) -> None:
        reports = load_records(access=self.operator(), paths=options["paths"], reason=options["reason"])
        for report in reports:
            if report.refused:
                self._tell_refused(report)
            else:
                for table in report.tables:
                    self._tell_taken(report, table)
        if any(report.refused for report in reports):
            sys.exit(1)

    def _tell_taken(self, report: FileReport, table: TableReport) -> None:
        self.stdout.write(
            _("%(file)s: %(table)s, %(rows)s rows: %(added)s added, %(changed)s changed, %(unchanged)s unchanged") % {
                "file": report.file, "table": table.table, "rows": table.rows, "added": table.added,
                "changed": table.changed, "unchanged": table.unchanged,
            }
        )  # fmt: skip
        for warning in table.warnings:
            self.stdout.write(f"  {warning}")
        self._tell_rest(table.warned - len(table.warnings), self.stdout)

    def _tell_refused(self, report: FileReport) -> None:
        for fault in report.faults:
            self.stderr.write(str(fault))
        self._tell_rest(report.fault_count - len(report.faults), self.stderr)
        self.stderr.write(
            ngettext(
                "%(file)s: refused for %(count)s fault; nothing of it was kept",
                "%(file)s: refused for %(count)s faults; nothing of it was kept",
                report.fault_count,
            )
            % {"file": report.file, "count": report.fault_count}
        )

    def _tell_rest(self, more: int, stream: Any) -> None:
        if more > 0:
            stream.write("  " + ngettext("… and %(count)s more", "… and %(count)s more", more) % {"count": more})
