"""One account for each role of the demonstration, through the same links and grants as any other."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from payroll.demo.logins import SEATS, Seat
from staff.actions.account_invite import invite
from staff.actions.invitation_accept import accept
from staff.actions.role_grant import grant_role
from staff.kernel.access import Access
from staff.models import Employee, Role

#: Letters and digits that nobody mistakes for another.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Login:
    """``password`` exists only here: the database keeps its hash."""

    role: str
    name: str
    username: str
    password: str
    look: str


@transaction.atomic
def open_accounts(*, access: Access, now: datetime, since: date) -> list[Login]:
    """Invites each of the cast, sets a random password and grants the role from ``since`` on. Raises ``Forbidden``."""
    return [_open(access, seat, now, since) for seat in SEATS]


def _open(access: Access, seat: Seat, now: datetime, since: date) -> Login:
    employee = None if seat.outsider else Employee.objects.get(employee_no=seat.number)
    issued = invite(
        access=access,
        now=now,
        employee=employee,
        username=seat.number,
        display_name=seat.name if seat.outsider else "",
    )
    password = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
    account = accept(token=issued.token, password=password, now=now, today=access.day)
    if seat.granted:
        grant_role(access=access, account=account, role=seat.role, starts_on=since, reason=_("Demonstration"))
    return Login(str(Role(seat.role).label), seat.name, account.username, password, str(seat.look))
