"""``manage.py account invite | grant | end | close | open | second-factor-reset``: accounts and roles from the server, for the
first of them and for when nobody else is left. Each use leaves an entry in the audit trail, with its reason.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import CommandParser
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from staff.actions.account_close import close_account, reopen_account
from staff.actions.account_invite import invite
from staff.actions.role_end import end_grant
from staff.actions.role_grant import grant_role
from staff.actions.second_factor_reset import reset_second_factor
from staff.kernel.access import Refused
from staff.kernel.commands import OperatorCommand, day_argument
from staff.models import Account, Employee, Role, RoleGrant
from staff.selectors.departments import department_named


class Command(OperatorCommand):
    help = "Make an account or a new one-time link; grant or end a role; close or open an account; reset its second factor."

    def add_arguments(self, parser: CommandParser) -> None:
        does = parser.add_subparsers(dest="does", required=True)
        one = does.add_parser("invite", help="an account and its one-time link")
        one.add_argument("name", help="employee no., or the user name of somebody who is no employee")
        one.add_argument("--display-name", default="", help="how somebody who is no employee is called")
        one.add_argument("--site", default="", help="https://… put before the link's path")
        for verb in ("grant", "end"):
            one = does.add_parser(verb, help=f"{verb} a role")
            one.add_argument("username")
            one.add_argument("role", choices=[str(role) for role in Role])
            one.add_argument("--department", help="the part of the company; the whole of it without")
            one.add_argument("--from" if verb == "grant" else "--on", dest="day", type=day_argument)
            one.add_argument("--reason", required=True)
        for verb, what in (
            ("close", "close an account"),
            ("open", "open an account"),
            ("second-factor-reset", "take the second factor away from somebody who has lost it"),
        ):
            one = does.add_parser(verb, help=what)
            one.add_argument("username")
            one.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['does'].replace('-', '_')}")(**options)

    def _invite(self, *, name: str, display_name: str, site: str, **rest: Any) -> None:
        employee = Employee.objects.filter(employee_no=name).first()
        issued = invite(
            access=self.operator(),
            now=timezone.now(),
            employee=employee,
            username="" if employee else name,
            display_name=display_name,
        )
        path = reverse("invitation", args=[issued.token])
        self.stdout.write(f"{site.rstrip('/')}{path}")
        until = timezone.localtime(issued.expires_at).strftime("%Y-%m-%d %H:%M")
        self.stderr.write(_("Works once, until %(until)s. Shown only now.") % {"until": until})

    def _grant(self, *, username: str, role: str, reason: str, day: date | None, **rest: Any) -> None:
        department = department_named(rest["department"]) if rest["department"] else None
        access = self.operator()
        grant_role(
            access=access, account=_account(username), role=role, starts_on=day or access.day, department=department,
            reason=reason,
        )  # fmt: skip
        self.stdout.write(_("%(name)s now holds the role %(role)s.") % {"name": username, "role": Role(role).label})

    def _end(self, *, username: str, role: str, reason: str, day: date | None, **rest: Any) -> None:
        access = self.operator()
        grants = RoleGrant.objects.filter(account=_account(username), role=role, period__contains=day or access.day)
        if rest["department"]:
            grants = grants.filter(department=department_named(rest["department"]))
        if not grants:
            raise Refused(_("%(name)s does not hold the role %(role)s.") % {"name": username, "role": Role(role).label})
        for grant in grants:
            end_grant(access=access, grant=grant, ends_on=day or access.day, reason=reason)
        self.stdout.write(
            _("%(name)s no longer holds the role %(role)s.") % {"name": username, "role": Role(role).label}
        )

    def _close(self, *, username: str, reason: str, **rest: Any) -> None:
        close_account(access=self.operator(), account=_account(username), reason=reason)

    def _open(self, *, username: str, reason: str, **rest: Any) -> None:
        reopen_account(access=self.operator(), account=_account(username), reason=reason)

    def _second_factor_reset(self, *, username: str, reason: str, **rest: Any) -> None:
        reset_second_factor(access=self.operator(), account=_account(username), reason=reason)


def _account(username: str) -> Account:
    found = Account.objects.filter(username=username).first()
    if found is None:
        raise Refused(_("There is no account `%(name)s`.") % {"name": username}, code="unknown_account")
    return found
