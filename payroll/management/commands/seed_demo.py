"""``seed_demo [--as-of YYYY-MM-DD]``: the demonstration's company, and one login for each role."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from payroll.actions.demo_accounts import Login
from payroll.actions.demo_seed import seed_demo
from payroll.demo.shapes import COMPANY
from staff.kernel.commands import OperatorCommand, day_argument

#: In the folder that ``PROMOTION_HOME`` names; for its owner's eyes only.
LOGINS = "demo-logins.txt"


class Command(OperatorCommand):
    help = "Fill an empty installation with a company to try things on. Changes nothing where there are people already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--as-of", type=day_argument, dest="day", metavar="YYYY-MM-DD",
            help="the day it is made for: two years of facts lie before its month; today unless given",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        day: date = options["day"] or timezone.localdate(now)
        file = _home() / LOGINS
        seeded = seed_demo(
            access=replace(self.operator(), day=day),
            now=now,
            tell=self.stdout.write,
            keep=lambda found: _keep(file, found),
        )
        if seeded is None:
            self.stdout.write(_("There are people already; nothing was changed."))
            if file.exists():
                self.stdout.write(_("The logins are in %(file)s.") % {"file": file})
            return
        self.stdout.write(
            _("%(company)s: %(people)d people, facts up to %(month)s.")
            % {"company": COMPANY, "people": len(seeded.company.people), "month": seeded.company.last}
        )
        self.stdout.write("\n" + _table(seeded.logins))
        self.stdout.write(_("Kept in %(file)s, readable by you alone.") % {"file": file})


def _home() -> Path:
    """As the servers of this installation have it: a relative path counts from the checkout."""
    return Path(settings.BASE_DIR) / os.environ.get("PROMOTION_HOME", "var")


def _keep(file: Path, logins: Sequence[Login]) -> None:
    """Written whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as handle:
        handle.write(_table(logins))
    draft.replace(file)


def _table(logins: Sequence[Login]) -> str:
    """Columns in step, Chinese characters counted as two."""
    heads = (_("role"), _("name"), _("user name"), _("password"), _("what to look at"))
    rows = [heads, *((login.role, login.name, login.username, login.password, login.look) for login in logins)]
    widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    return "".join(
        "  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n" for row in rows
    )


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
