"""``manage.py verify [FILE | --all]``: whether the ledger, cases and files of evidence say what was written."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from promotion.evidence.verify import verify_all, verify_file


class Command(BaseCommand):
    help = "Recomputes chains, digests and standings, and says what differs. Exit status 1 where anything does."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", help="a file of evidence: the ZIP, or its case.json")
        parser.add_argument("--all", action="store_true", help="everything that is stored (also without a file)")

    def handle(self, *args: Any, file: str | None = None, **options: Any) -> None:
        if file and options["all"]:
            raise CommandError("Name a file or --all, not both.")
        found = list(verify_file(_read(Path(file))) if file else verify_all())
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError(f"{len(found)} differ", returncode=1)
        self.stdout.write("nothing differs")


def _read(path: Path) -> dict[str, Any]:
    """Raises ``CommandError`` for what is no file of evidence."""
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                data = json.loads(archive.read("case.json"))
        else:
            data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise CommandError(f"{path}: no file of evidence ({error})") from error
    if not isinstance(data, dict):
        raise CommandError(f"{path}: no file of evidence")
    return data
