"""Whom to sign in as, and what each finds."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from staff.models import Role


@dataclass(frozen=True, slots=True)
class Seat:
    """An account. ``number`` is the employee's and also the user name; an outsider has a name alone."""

    role: Role
    number: str
    name: str
    look: str | Promise
    outsider: bool = False

    @property
    def granted(self) -> bool:
        """The others come by themselves: with the account, with having reports, with heading a department."""
        return self.role not in (Role.EMPLOYEE, Role.SUPERVISOR, Role.HEAD)


HR, EMPLOYEE = "G0003", "K2031"
#: The supervisors whose teams' month is handed in, and waits.
HANDED_IN, CHASED = "K0102", "K0104"
SEATS = (
    Seat(
        Role.EMPLOYEE,
        EMPLOYEE,
        "林晓",
        _("My tier: two customers short, and a month that a former supervisor still owes"),
    ),
    Seat(
        Role.EMPLOYEE,
        "S2001",
        "夏蝉",
        _("Another ladder and a scorecard of 95 points: eligible, and first of the team"),
    ),
    Seat(Role.EMPLOYEE, "O2011", "秦川", _("Results of months, failed twice running, and of quarters and the year")),
    Seat(Role.EMPLOYEE, "K2084", "陶然", _("A letter of a case, served three working days ago, that may be answered")),
    Seat(Role.SUPERVISOR, "K0101", "周岚", _("The team's month to enter, and how far each has come")),
    Seat(Role.SUPERVISOR, HANDED_IN, "贺宁", _("A team whose month is handed in")),
    Seat(Role.SUPERVISOR, CHASED, "谭越", _("A team that is behind, and a reminder of it")),
    Seat(
        Role.SUPERVISOR,
        "O0102",
        "骆冰",
        _("A team under another policy: five indicators, and a rating that is missing"),
    ),
    Seat(Role.HEAD, "G0007", "程砚", _("The department's people; a review that is late, a statement to decide on")),
    Seat(Role.HR, HR, "杜若", _("The admin: the month's work, people, facts, uploads, sweeps and their results")),
    Seat(Role.PAYROLL, "G0005", "邵敏", _("Pay records, which nobody else of the house sees")),
    Seat(Role.GM, "G0001", "沈岳", _("Applications to decide, a tie of a competition, an appeal, a tier to restore")),
    Seat(
        Role.JUDGE,
        "G0002",
        "梁驰",
        _("A defence under way: one sheet is a draft, one is empty; the others have handed in"),
    ),
    Seat(
        Role.AUDITOR,
        "auditor",
        "外部审计",
        _("Everything with its audit trail, and no way to change it"),
        outsider=True,
    ),
    Seat(
        Role.OPERATOR,
        "operator",
        "运维",
        _("Accounts, roles and the schedule of jobs, none of the people's data"),
        outsider=True,
    ),
)
