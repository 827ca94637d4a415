"""What every command of the shell shares: its language, its actor, and refusals without a traceback."""

from __future__ import annotations

import sys
from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError, _SubParsersAction
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from psycopg2.errors import UndefinedTable

from staff.kernel import audit
from staff.kernel.access import Access, Refused
from staff.kernel.periods import Month


def month_argument(text: str) -> Month:
    """``YYYY-MM`` as an argument's type."""
    try:
        return Month.parse(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error


def day_argument(text: str) -> date:
    """``YYYY-MM-DD`` as an argument's type."""
    try:
        if len(text) != 10 or not text.isascii():
            raise ValueError
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"`{text}` is not a day; write YYYY-MM-DD, such as 2026-10-31") from error


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


def _add_language(parser: ArgumentParser, default: str | None) -> None:
    """After a verb the default is ``SUPPRESS``, or what stands before the verb would be lost."""
    parser.add_argument("--language", choices=["zh-hans", "en"], default=default, help="language of the messages")


class OperatorCommand(BaseCommand):
    """A command run by the operator on the server: every row, every verb, and audited as such."""

    #: Commands say what they need themselves; a full check of urls and templates would cost more than most of them.
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        _add_language(parser, None)
        for action in parser._actions:
            if isinstance(action, _SubParsersAction):
                for verb in action.choices.values():
                    _add_language(verb, SUPPRESS)
        return parser

    def execute(self, *args: Any, **options: Any) -> str | None:
        with translation.override(options.get("language") or translation.get_language()):
            try:
                with audit.acting(self.operator()):
                    return super().execute(*args, **options)
            except Refused as refused:
                raise CommandError(refused.message) from refused
            except ProgrammingError as error:
                if not isinstance(error.__cause__, UndefinedTable):
                    raise
                raise CommandError(
                    _("The database has no tables yet: run `.venv/bin/python manage.py migrate` first.")
                ) from error
            except BrokenPipeError:
                sys.stderr.close()
                return None

    def operator(self) -> Access:
        """The actor. The clock is read here, at the edge."""
        return Access.system(timezone.localdate(), "operator", channel="command")
