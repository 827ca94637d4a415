"""Policies from the shell: ``policy list``, ``show KEY``, ``check FILE``, ``add FILE``,
``adopt KEY --department NAME --from DAY``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from policy import catalogue
from policy.actions.policy_adopt import adopt, unknown_policy
from policy.actions.policy_publish import publish
from policy.document_text import as_text
from policy.language import Faults, load_document, notices
from policy.language.faults import Language
from policy.models import Adoption, PolicyVersion
from policy.selectors import policy_keys, policy_named, title_named
from staff.kernel.access import Refused
from staff.kernel.commands import OperatorCommand, day_argument
from staff.kernel.words import in_english
from staff.selectors.departments import department_named


class Command(OperatorCommand):
    help = "Policies: list, show, check, add, adopt."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list", help="every policy, and where it is in force")
        verbs.add_parser("show", help="a policy as a document beside its rules in words").add_argument("key")
        adopting = verbs.add_parser("adopt", help="put a policy in force for a department and all below it")
        adopting.add_argument("key")
        adopting.add_argument("--department", required=True, help="its name, or 总部/客服部 where names repeat")
        adopting.add_argument("--from", required=True, type=day_argument, dest="starts_on", metavar="YYYY-MM-DD")
        adopting.add_argument(
            "--set", action="append", default=[], metavar="NAME=VALUE", help="once for each parameter"
        )
        adopting.add_argument(
            "--version", type=int, metavar="N", help="a published version; else the library's document"
        )
        verbs.add_parser("add", help="publish a document of your own as a version").add_argument("file")
        verbs.add_parser("check", help="every fault of a policy document, with its line").add_argument("file")

    def handle(self, *args: Any, **options: Any) -> None:
        verbs = {
            "list": self.list, "show": self.show, "adopt": self.adopt, "add": self.add_file, "check": self.check_file,
        }  # fmt: skip
        verbs[options["verb"]](options)

    def list(self, options: dict[str, Any]) -> None:
        in_force: dict[str, list[str]] = {}
        for adoption in Adoption.objects.select_related("department"):
            upper = adoption.period.upper
            until = f" … {upper}" if upper else ""
            in_force.setdefault(adoption.policy, []).append(
                f"{adoption.department.name} {adoption.period.lower}{until}"
            )
        for key in policy_keys():
            title = title_named(key)
            self.stdout.write(
                f"{key}\t{title.en if _language() == 'en' else title.zh}\t{'; '.join(in_force.get(key, []))}"
            )

    def show(self, options: dict[str, Any]) -> None:
        self.stdout.write(as_text(_known(options["key"]), _language()))

    def adopt(self, options: dict[str, Any]) -> None:
        adoption = adopt(
            access=self.operator(),
            key=options["key"],
            department=department_named(options["department"]),
            starts_on=options["starts_on"],
            values=_values(options["set"]),
            version=_version(options["key"], options["version"]),
        )
        self.stdout.write(
            _("%(policy)s, version %(number)s, is in force in %(department)s from %(day)s.")
            % {
                "policy": adoption.version.title,
                "number": adoption.version.number,
                "department": adoption.department.name,
                "day": adoption.period.lower,
            }
        )

    def add_file(self, options: dict[str, Any]) -> None:
        """The same document again is the same version."""
        text = _read(options["file"])[1]
        try:
            version = publish(access=self.operator(), text=text)
        except Faults as faults:
            self.stdout.write(faults.text(_language()))
            raise SystemExit(1) from faults
        self.stdout.write(
            _("%(key)s, version %(number)s: %(policy)s. In force nowhere yet: `policy adopt %(key)s …`.")
            % {"key": version.key, "number": version.number, "policy": version.title}
        )

    def check_file(self, options: dict[str, Any]) -> None:
        path, text = _read(options["file"])
        try:
            checked = load_document(text, catalogue.current())
        except Faults as faults:
            self.stdout.write(faults.text(_language()))
            raise SystemExit(1) from faults
        for notice in notices(checked):
            self.stdout.write(notice.text(_language()))
        self.stdout.write(_("%(file)s: no fault.") % {"file": path})


def _language() -> Language:
    return "en" if in_english() else "zh"


def _read(file: str) -> tuple[Path, str]:
    """Raises ``CommandError`` for a file that cannot be read."""
    path = Path(file)
    try:
        return path, path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CommandError(_("%(file)s: the document is not UTF-8.") % {"file": path}) from error


def _version(key: str, number: int | None) -> PolicyVersion | None:
    if number is None:
        return None
    found = PolicyVersion.objects.filter(key=key, number=number).first()
    if found is None:
        raise Refused(_("%(key)s has no version %(number)s.") % {"key": key, "number": number})
    return found


def _known(key: str) -> Any:
    try:
        return policy_named(key)
    except KeyError:
        raise unknown_policy(key) from None


def _values(texts: Sequence[str]) -> dict[str, str]:
    """``NAME=VALUE`` texts by name. Raises ``Refused`` for a name given twice: nobody could say which was meant."""
    found: dict[str, str] = {}
    for text in texts:
        name, value = _pair(text)
        if name in found:
            raise Refused(_("`%(name)s` is set twice: `--set` once for each parameter.") % {"name": name})
        found[name] = value
    return found


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise Refused(_("`--set %(text)s` is not NAME=VALUE.") % {"text": text})
    return name.strip(), value.strip()
