"""Removes one check of the product at a time and tells which cell of the tables notices.

``python -m tests.permissions.mutants`` runs them all and prints a line each; words behind it choose those whose names hold
one of them. No file is touched: as pytest's plugin this module hands the changed source to the importer of that one run.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

from tests.permissions import process_mutants

ROOT = Path(__file__).resolve().parents[2]
#: Names the mutant of this process.
CHOSEN = "PERMISSION_MUTANT"
MATRIX, ROWS, ACTIONS, TOKENS = (
    f"tests/permissions/test_{name}.py" for name in ("matrix", "rows", "actions", "scopes_of_tokens")
)
STANDING_IN = "tests/delegations/test_standing_in.py"
PORTAL, ADMIN, API = "tests/permissions/test_portal.py", "tests/admin/test_doors.py", "tests/api/test_permissions.py"
#: The quick ones first.
TABLES = (MATRIX, TOKENS, ROWS, ACTIONS, STANDING_IN, API, PORTAL, ADMIN, *process_mutants.TABLES)


@dataclass(frozen=True, slots=True)
class Mutant:
    """``old`` stands once in the file; ``new`` in its place is the product without the check. ``table`` is asked first."""

    name: str
    path: str
    old: str
    new: str
    table: str

    @property
    def module(self) -> str:
        return self.path.removesuffix(".py").replace("/", ".")

    def source(self) -> str:
        """Raises ``LookupError`` where the check does not stand there any more."""
        text = (ROOT / self.path).read_text(encoding="utf-8")
        if text.count(self.old) != 1:
            raise LookupError(f"{self.name}: {self.path} has it {text.count(self.old)} times")
        return text.replace(self.old, self.new)


KERNEL, QUERYSETS, PAGES = "staff/kernel/access.py", "staff/models/querysets.py", "staff/kernel/admin/pages.py"
TRAIL, SITE, UPLOADS = "staff/selectors/trail.py", "staff/kernel/admin/site.py", "staff/admin/uploads.py"
MODEL_ADMIN, API_VIEWS = "staff/kernel/admin/model_admin.py", "staff/kernel/api/views.py"
MUTANTS = (
    Mutant("require", KERNEL, "if not self.may(thing, verb):", "if False:", MATRIX),
    Mutant("require_about", KERNEL, "if employee_id in self.people and verb is", "if False and verb is", MATRIX),
    Mutant("require_person", KERNEL, "if self.only is not None or not (self.everything", "if not (self.everything", TOKENS),
    Mutant("Access.only", KERNEL, "return self.only is None or (thing, verb) in self.only", "return True", TOKENS),
    Mutant("Scope.own reads alone", KERNEL, ' if "employee" in roles and verb is Verb.READ else', " if True else", MATRIX),
    Mutant("Scope.led_by", KERNEL, 'self.leads_as if "supervisor" in roles else None', "self.leads_as", ROWS),
    Mutant(
        "through a deputy", KERNEL, "both = (self.employee_id, self.behalf.employee_id if self.behalf else None)",
        "both = (self.employee_id, None)", STANDING_IN,
    ),
    Mutant("in person", KERNEL, "self.behalf is not None and thing in _IN_PERSON and", "False and", STANDING_IN),
    Mutant(
        "confirmed by another", "staff/models/delegations.py",
        "settled = ~Q(role__in=CONFIRMED_ROLES) | Q(confirmed_by__isnull=False)", "settled = Q()", STANDING_IN,
    ),
    Mutant("Scope.departments", KERNEL, "company = company or ids is None", "company = True", ROWS),
    Mutant("Scope.company", KERNEL, 'frozenset({"gm", "auditor", "operator"})', 'frozenset({"gm", "head"})', ROWS),
    Mutant(
        "cell pay × hr", KERNEL, 'Thing.PAY: {"employee": "r",', 'Thing.PAY: {"hr": "r", "employee": "r",', MATRIX
    ),
    Mutant("cell band × hr", KERNEL, 'Thing.BAND: {"payroll"', 'Thing.BAND: {"hr": "r", "payroll"', MATRIX),
    Mutant(
        "cell sensitive × supervisor", KERNEL, 'Thing.SENSITIVE: {"employee"',
        'Thing.SENSITIVE: {"supervisor": "r", "employee"', MATRIX,
    ),
    Mutant("cell standing × payroll", KERNEL, '"payroll": "",', '"payroll": "r",', MATRIX),
    Mutant("cell audit × hr", KERNEL, '"hr": "r", "payroll": "r", "gm": "r", "auditor": "rx", "operator": "r"}',
           '"hr": "rx", "payroll": "r", "gm": "r", "auditor": "rx", "operator": "r"}', MATRIX),
    Mutant("within", QUERYSETS, "if scope.company:\n        return Q()", "if True:\n        return Q()", ROWS),
    Mutant(
        "visible_to of rows about people", QUERYSETS, "return self.filter(within(scope, access.day, self.path))",
        "return self", ROWS,
    ),
    Mutant(
        "visible_to by thing", QUERYSETS, "within(access.scope(thing, verb), access.day))",
        "within(access.scope(Thing.PERSON, verb), access.day))", API,
    ),
    Mutant(
        "visible_to of departments", QUERYSETS, "return self.filter(Q(pk__in=scope.departments) |", "return self.filter(Q() |",
        ROWS,
    ),
    Mutant(
        "visible_to of accounts", QUERYSETS, "return self.filter(Q(pk=access.account_id) |", "return self.filter(Q() |", ROWS
    ),
    Mutant(
        "visible_to of bands", "payroll/models/bands.py", "return self if access.may(Thing.BAND, verb) else self.none()",
        "return self", ACTIONS,
    ),
    Mutant("@page", PAGES, "if thing is not None:\n", "if False:\n", ADMIN),
    Mutant("what one reads of oneself alone", PAGES, "if not may_in_admin(access, thing, verb):", "if False:", ADMIN),
    Mutant(
        "the door of the admin", SITE, " and bool(request.access.roles & ADMIN_ROLES)", "", ADMIN
    ),
    Mutant(
        "answers out of scope", "promotion/notices/rights.py",
        "require_in_scope(hr, about, Verb.DECIDE, Thing.OBJECTION)", "pass", ACTIONS,
    ),
    Mutant(
        "objections to oneself", "promotion/notices/actions/objection_raise.py",
        "entry.application.employee_id == access.employee_id", "False", ACTIONS,
    ),
    Mutant(
        "the end of a notice out of scope", "promotion/notices/rights.py",
        "not scope.company and notice.department_id not in scope.departments", "False", ACTIONS,
    ),
    Mutant(
        "objections out of scope", "promotion/notices/selectors.py",
        'objects.filter(within(scope, access.day, "entry__application__employee__"))', "objects.all()", ADMIN,
    ),
    Mutant(
        "rounds of one's own line", "promotion/panels/guards.py", "if person.pk in line]", "if False]", ACTIONS,
    ),
    Mutant("rows of events", "assessment/admin/events.py", "Event.objects.visible_to(access)", "Event.objects", ADMIN),
    Mutant("rows of absences", "staff/admin/absences.py", "Absence.objects.visible_to(access)", "Absence.objects", ADMIN),
    Mutant(
        "filters of an address", MODEL_ADMIN,
        'return lookup in filters or lookup.split("__", 1)[0] in columns', "return True", ADMIN,
    ),
    Mutant(
        "person of a page", PAGES, "get_object_or_404(Employee.objects.visible_to(access), pk",
        "get_object_or_404(Employee, pk", ADMIN,
    ),
    Mutant("an upload is its sender's", UPLOADS, "pk=pk, account=access.account_id", "pk=pk", ADMIN),
    Mutant("who uploads", UPLOADS, "    if not tables:\n", "    if False:\n", ADMIN),
    Mutant(
        "things_reached", "staff/selectors/people.py",
        "scopes = {thing: access.scope(thing, verb) for thing in things}",
        "return frozenset(things)\n    scopes = {thing: access.scope(thing, verb) for thing in things}", ADMIN,
    ),
    Mutant("entries_visible_to", TRAIL, "if roles & _READ_ALL:", "if True:", ADMIN),
    Mutant(
        "whose turn a doubt is", "assessment/actions/doubt_answer.py", "    _require(access, doubt)\n    refuse_settled",
        "    refuse_settled", ACTIONS,
    ),
    Mutant(
        "who handles a case", "assessment/actions/case_handle.py", "    _require(access, case)\n    note", "    note", ACTIONS,
    ),
    Mutant(
        "a doubt is its raiser's", "assessment/actions/doubt_raise.py",
        "if doubt.employee_id != access.employee_id:", "if False:", PORTAL,
    ),
    Mutant(
        "require_in_scope", "staff/actions/person_change.py",
        "if not Employee.objects.visible_to(access, verb, thing).filter(pk=employee.pk).exists():", "if False:", ACTIONS,
    ),
    Mutant(
        "no superior in one's own line", "staff/actions/person_change.py",
        "if any(is_above(", "if False and any(is_above(", ACTIONS,
    ),
    Mutant(
        "maker and checker of a role", "staff/actions/role_approve.py",
        "if access.account_id is not None and access.account_id in (", "if False and access.account_id in (", ACTIONS,
    ),
    Mutant(
        "maker and checker of a draft", "policy/actions/draft_decide.py",
        "if access.accounts.intersection(draft.editors):", "if False:", ACTIONS,
    ),
    Mutant(
        "who sees drafts", "policy/drafting/reads.py",
        "if access.everything or access.roles_for(Thing.POLICY, Verb.READ) & READ_ALL:", "if True:", ADMIN,
    ),
    Mutant(
        "maker and checker of an adoption", "policy/actions/adoption_decide.py",
        "if AdoptionRequest.objects.filter(pk=request_id, requested_by__in=access.accounts).exists():", "if False:", ACTIONS,
    ),
    Mutant(
        "maker and checker of a pay table", "payroll/actions/band_decide.py", "if change.requested_by_id in access.accounts:",
        "if False:", ACTIONS,
    ),
    Mutant(
        "a request is its maker's", "policy/actions/adoption_request.py",
        "if not AdoptionRequest.objects.filter(pk=request_id, requested_by=maker).exists():", "if False:", ADMIN,
    ),
    Mutant(
        "a pay table is the company's", "payroll/actions/band_rules.py",
        "if not access.scope(Thing.BAND, verb).company:", "if False:", ACTIONS,
    ),
    Mutant(
        "a month is the company's", "assessment/selectors/months.py",
        "if access.scope(Thing.MONTH, verb).company:\n        return", "return", ADMIN,
    ),
    Mutant(
        "whose hand-in", "assessment/actions/month_hand_in.py", "if not above.filter(pk=supervisor.pk).exists():",
        "if False:", ACTIONS,
    ),
    Mutant(
        "whose token or device", "staff/selectors/accounts.py",
        "if account.pk != access.account_id and not", "if False and not", ACTIONS
    ),
    Mutant("scopes of a token", API_VIEWS,
           "if not allows(token.scopes", "if False and not allows(token.scopes", API),
    Mutant("the interface asks the table", API_VIEWS, "        view.require()\n", "", API),
    Mutant("rows of the interface", "assessment/api/facts.py", "return EmployeeMonth.objects.visible_to(self.access)",
           "return EmployeeMonth.objects.all()", API),
    Mutant("pay of the interface", "payroll/api/views.py", "        rows = PayRecord.objects.visible_to(self.access)",
           "        rows = PayRecord.objects.all()", API),
    Mutant("names of the interface", "staff/kernel/api/names.py", "Employee.objects.visible_to(self._access)",
           "Employee.objects.all()", API),
    Mutant("who may write a note", "assessment/api/facts.py",
           "if not things_reached(self.access, employee, [Thing.SENSITIVE], Verb.UPDATE):", "if False:", API),
    Mutant("outcomes are no filter", "promotion/api/views.py", "outcome=_NUMBERS[value], reaches_standing=True)",
           "outcome=_NUMBERS[value])", API),
    *(Mutant(*one) for one in process_mutants.MUTANTS),
)  # fmt: skip


class _Loader(SourceFileLoader):
    """Compiles the mutant's source, never what was compiled before."""

    def __init__(self, mutant: Mutant) -> None:
        super().__init__(mutant.module, str(ROOT / mutant.path))
        self._mutant = mutant

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._mutant.source(), self.path, "exec")


class _Finder(MetaPathFinder):
    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        if fullname != self._mutant.module:
            return None
        found = PathFinder.find_spec(fullname, path, target)
        if found is not None:
            found.loader = _Loader(self._mutant)
        return found


if CHOSEN in os.environ:
    (_mutant,) = (one for one in MUTANTS if one.name == os.environ[CHOSEN])
    sys.meta_path.insert(0, _Finder(_mutant))


def killer_of(mutant: Mutant) -> str:
    """The test that fails first, the likely table before the others; empty where none does. Raises ``RuntimeError`` where
    the product without the check does not even run.
    """
    for table in (mutant.table, *(one for one in TABLES if one != mutant.table)):
        if found := _first_failure(mutant, table):
            return found
    return ""


def _first_failure(mutant: Mutant, table: str) -> str:
    command = [sys.executable, "-m", "pytest", "-p", "tests.permissions.mutants", "-p", "no:cacheprovider", "-x", "-q"]
    done = subprocess.run(
        [*command, "-n", "0", "--show-capture=no", "--tb=line", table],
        cwd=ROOT, env={**os.environ, CHOSEN: mutant.name}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode == 0:
        return ""
    found = re.search(r"^FAILED (\S+)", done.stdout, re.MULTILINE)
    if found is None:
        raise RuntimeError(f"{mutant.name} breaks {table} otherwise than by a failing test:\n{done.stdout[-2000:]}")
    return found[1]


def chosen(words: list[str]) -> Iterator[Mutant]:
    return (one for one in MUTANTS if not words or any(word in one.name for word in words))


def main(words: list[str]) -> int:
    survived = 0
    for mutant in chosen(words):
        began = time.monotonic()
        killer = killer_of(mutant)
        survived += not killer
        print(f"{mutant.name:<36} {killer or 'SURVIVED'}  ({time.monotonic() - began:.0f} s)", flush=True)
    print(f"{len(list(chosen(words)))} mutants, {survived} survived")
    return int(survived > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
