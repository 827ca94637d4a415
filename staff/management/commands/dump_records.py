"""``manage.py dump_records DIR``: the files of records, out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from staff.actions.records_dump import dump_records
from staff.kernel.commands import OperatorCommand


class Command(OperatorCommand):
    help = "Write all records as CSV files that load_records takes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="made where it is not there; files are replaced")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            for path in dump_records(access=self.operator(), folder=options["folder"]):
                self.stdout.write(str(path))
        except OSError as error:
            raise CommandError(
                _("%(folder)s cannot be written: %(error)s") % {"folder": options["folder"], "error": error.strerror}
            ) from error
