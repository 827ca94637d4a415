"""Who may do what: the table of roles × objects × verbs, and what one account may reach on a day.

``actions`` ask ``require``; querysets ask ``visible_to``. Nothing else decides access.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext as _


class Verb(StrEnum):
    CREATE = "c"
    READ = "r"
    UPDATE = "u"
    DECIDE = "d"
    EXPORT = "x"


class Thing(StrEnum):
    """The objects of the table. A thing about a person is scoped by that person's row."""

    PERSON = "person"
    SENSITIVE = "sensitive"  # birth date, kinds of absence, misconduct notes (rule 5)
    GRANT = "grant"
    ACCOUNT = "account"
    MONTH = "month"
    VALUE = "value"
    EVENT = "event"
    CASE = "case"  # what follows from results by a policy's words
    PROCEEDING = "proceeding"  # the course of an adverse case: letter, statement, decision, appeal
    DOUBT = "doubt"  # what a person doubts in what was reported about them
    FEEDBACK = "feedback"  # the talk about a month's result, and what the person says to it
    ABSENCE = "absence"
    STANDING = "standing"
    LEDGER = "ledger"
    POLICY = "policy"
    PAY = "pay"
    BAND = "band"  # pay tables and bands; amounts of people are PAY
    RUN = "run"
    JOB = "job"
    AUDIT = "audit"
    APPLICATION = "application"
    OPINION = "opinion"  # the supervisor's words on an application
    REVIEW = "review"  # the head's attestations and review
    ROUND = "round"  # defences, competitions and the like, with their panels
    SCORE = "score"  # what a judge gave; before a round is closed it is the judge's alone
    NOTICE = "notice"
    OBJECTION = "objection"
    VACANCY = "vacancy"  # a supervisor's post that is vacant, with its shortlist
    DELEGATION = "delegation"  # who stands in for whom, in which role and when


#: thing → role → verbs, as the product's table of roles has it. A role that is not named has none.
MATRIX: Mapping[Thing, Mapping[str, str]] = {
    Thing.PERSON: {
        "employee": "r",
        "supervisor": "r",
        "head": "r",
        "hr": "crux",
        "payroll": "r",
        "gm": "r",
        "auditor": "rx",
    },
    Thing.SENSITIVE: {"employee": "r", "hr": "crux", "auditor": "rx"},
    Thing.GRANT: {"employee": "r", "head": "r", "hr": "cr", "gm": "crd", "auditor": "r", "operator": "cr"},
    Thing.ACCOUNT: {"employee": "u", "hr": "cr", "auditor": "r", "operator": "cru"},
    Thing.MONTH: {
        "employee": "r",
        "supervisor": "r",
        "head": "r",
        "hr": "crud",
        "payroll": "r",
        "gm": "r",
        "auditor": "r",
    },
    Thing.VALUE: {"employee": "r", "supervisor": "cru", "head": "cru", "hr": "crux", "gm": "r", "auditor": "rx"},
    Thing.EVENT: {"employee": "r", "supervisor": "cr", "head": "cru", "hr": "crudx", "gm": "r", "auditor": "rx"},
    Thing.DOUBT: {"employee": "cr", "supervisor": "ru", "head": "ru", "hr": "rd", "gm": "r", "auditor": "r"},
    Thing.FEEDBACK: {"employee": "cru", "supervisor": "cru", "head": "cru", "hr": "rd", "gm": "r", "auditor": "r"},
    Thing.CASE: {"employee": "r", "supervisor": "r", "head": "rd", "hr": "crux", "gm": "rd", "auditor": "r"},
    # A statement and an appeal are the person's; a supervisor reads the plan and adds to it.
    Thing.PROCEEDING: {"employee": "cr", "supervisor": "ru", "head": "rd", "hr": "ru", "gm": "rd", "auditor": "r"},
    Thing.ABSENCE: {"employee": "r", "hr": "crux", "auditor": "rx"},
    Thing.STANDING: {
        "employee": "r",
        "supervisor": "r",
        "head": "r",
        "hr": "rx",
        "payroll": "",
        "gm": "r",
        "auditor": "rx",
    },
    Thing.LEDGER: {
        "employee": "r",
        "supervisor": "r",
        "head": "r",
        "hr": "rux",
        "payroll": "r",
        "gm": "r",
        "auditor": "rx",
    },
    Thing.POLICY: {
        "employee": "r",
        "supervisor": "r",
        "head": "r",
        "hr": "cru",
        "payroll": "r",
        "gm": "rd",
        "judge": "r",
        "auditor": "rx",
    },
    Thing.PAY: {"employee": "r", "payroll": "crux", "gm": "rd", "auditor": "rx"},
    Thing.BAND: {"payroll": "crux", "gm": "rd", "auditor": "rx"},
    Thing.RUN: {"hr": "cr", "operator": "cr", "gm": "r", "auditor": "r"},
    Thing.JOB: {"hr": "r", "auditor": "r", "operator": "cru"},
    Thing.APPLICATION: {
        "employee": "cr",
        "supervisor": "r",
        "head": "r",
        "hr": "crux",
        "gm": "rd",
        "auditor": "rx",
    },
    # A head gives the opinion on whoever has no supervisor beneath them.
    Thing.OPINION: {"supervisor": "c", "head": "c"},
    Thing.REVIEW: {"head": "c"},
    Thing.ROUND: {"head": "r", "hr": "cru", "gm": "r", "judge": "", "auditor": "r"},
    Thing.SCORE: {"head": "r", "hr": "r", "gm": "r", "judge": "c", "auditor": "r"},
    Thing.NOTICE: {
        "employee": "r",
        "supervisor": "r",
        "head": "r",
        "hr": "crd",
        "payroll": "r",
        "gm": "r",
        "judge": "r",
        "auditor": "r",
        "operator": "r",
    },
    Thing.OBJECTION: {"employee": "c", "hr": "rd", "gm": "rd", "auditor": "r"},
    Thing.VACANCY: {"head": "r", "hr": "cru", "gm": "rd", "auditor": "r"},
    # Whoever stands in, and for whom, read their own; HR ends one, and confirms a general manager's.
    Thing.DELEGATION: {"employee": "r", "supervisor": "cr", "head": "cr", "hr": "rud", "gm": "crd", "auditor": "r"},
    Thing.AUDIT: {"employee": "r", "hr": "r", "payroll": "r", "gm": "r", "auditor": "rx", "operator": "r"},
}

#: Roles whose rows are everybody's, whatever their grant says about departments.
_COMPANY_WIDE = frozenset({"gm", "auditor", "operator"})


#: What nobody does for somebody else: roles, sign-ins, and handing the role on.
_IN_PERSON = frozenset({Thing.GRANT, Thing.ACCOUNT, Thing.DELEGATION})


class Refused(Exception):
    """An action is refused. ``message`` says what is wrong, where, and what to do."""

    def __init__(self, message: str, *, code: str = "refused") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class Forbidden(Refused):
    """The verb is lacking inside one's scope: 403, saying who can."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="forbidden")


@dataclass(frozen=True, slots=True)
class Behalf:
    """Whom somebody stands in for 代理: the account and the person whose role it is (``delegation_id`` names the row, ``until``
    is the first day without it, ``label`` the holder's name).
    """

    delegation_id: int
    account_id: int
    employee_id: int | None
    label: str
    until: date


@dataclass(frozen=True, slots=True)
class Access:
    """What an account may reach on a day. Built by ``staff.selectors.access``; never stored, never cached over requests.

    ``departments`` holds, for each scoped role, the ids of every department of its scope, sub-departments included;
    ``None`` stands for the whole company. ``only`` is what a program's token has been given: beyond it no role counts.
    ``about`` names what else holds for the account's employee, of what the apps have asked. Where ``behalf`` is set, the
    account acts in another's role: roles and departments are that person's, and neither acts on themselves through the other.
    """

    account_id: int | None
    employee_id: int | None
    day: date
    roles: frozenset[str] = frozenset()
    departments: Mapping[str, frozenset[int] | None] = field(default_factory=dict)
    channel: str = "web"
    label: str = ""
    everything: bool = False
    only: frozenset[tuple[Thing, Verb]] | None = None
    about: frozenset[str] = frozenset()
    behalf: Behalf | None = None

    @classmethod
    def system(cls, day: date, label: str, channel: str = "job") -> Access:
        """A job, or the operator on the server: no account, every row, every verb. Audited as such."""
        return cls(account_id=None, employee_id=None, day=day, channel=channel, label=label, everything=True)

    @property
    def leads_as(self) -> int | None:
        """The employee whose reports one leads: one's own, or those of whoever one stands in for."""
        return self.behalf.employee_id if self.behalf else self.employee_id

    @property
    def role_account_id(self) -> int | None:
        """The account whose role it is."""
        return self.behalf.account_id if self.behalf else self.account_id

    @property
    def accounts(self) -> frozenset[int]:
        """Who acts here: the account, and whose role it is. Neither checks what the other made."""
        both = (self.account_id, self.behalf.account_id if self.behalf else None)
        return frozenset(pk for pk in both if pk is not None)

    @property
    def people(self) -> frozenset[int]:
        """The same as employees: on neither's record is anything done."""
        both = (self.employee_id, self.behalf.employee_id if self.behalf else None)
        return frozenset(pk for pk in both if pk is not None)

    @property
    def selves(self) -> list[tuple[int | None, int | None]]:
        """(account, employee) of whoever acts, and of whoever they stand in for."""
        own = [(self.account_id, self.employee_id)]
        return [*own, (self.behalf.account_id, self.behalf.employee_id)] if self.behalf else own

    def roles_for(self, thing: Thing, verb: Verb) -> frozenset[str]:
        """Those of one's roles that have the verb on the thing."""
        if not self._given(thing, verb) or self._in_person(thing, verb):
            return frozenset()
        row = MATRIX[thing]
        return frozenset(role for role in self.roles if verb in row.get(role, ""))

    def may(self, thing: Thing, verb: Verb) -> bool:
        return self._given(thing, verb) and (self.everything or bool(self.roles_for(thing, verb)))

    def scope(self, thing: Thing, verb: Verb = Verb.READ) -> Scope:
        """The people whose ``thing`` may be reached with ``verb``."""
        if self.everything:
            return Scope(company=self._given(thing, verb))
        roles = self.roles_for(thing, verb)
        departments: set[int] = set()
        company = bool(roles & _COMPANY_WIDE)
        for role in roles & self.departments.keys():
            ids = self.departments[role]
            company = company or ids is None
            departments |= ids or frozenset()
        return Scope(
            company=company,
            departments=frozenset(departments),
            led_by=self.leads_as if "supervisor" in roles else None,
            own=self.employee_id if "employee" in roles and verb is Verb.READ else None,
        )

    def require(self, thing: Thing, verb: Verb) -> None:
        """Raises ``Forbidden``, naming the roles that may."""
        if not self._given(thing, verb):
            raise Forbidden(_("The scopes of this token do not reach this. Make a token whose scopes do."))
        if self._in_person(thing, verb):
            raise Forbidden(_("Whoever stands in for another does not do this. Go back to your own role first."))
        if not self.may(thing, verb):
            raise Forbidden(
                _("You may not do this. It takes one of these roles: %(roles)s.") % {"roles": _who_may(thing, verb)}
            )

    def require_about(self, employee_id: int, thing: Thing, verb: Verb) -> None:
        """``require``, and nobody acts on themselves (rule 1)."""
        self.require(thing, verb)
        if employee_id in self.people and verb is not Verb.READ:
            if employee_id != self.employee_id:
                raise Forbidden(_("It is about whoever you stand in for. Somebody else with this role does it."))
            raise Forbidden(_("Nobody acts on their own record. Ask a colleague with the same role to do it."))

    def require_person(self) -> None:
        """What concerns one's own sign-in takes the person: no program does it with a token. Raises ``Forbidden``."""
        if self.only is not None or not (self.everything or self.account_id):
            raise Forbidden(_("This takes a person who is signed in; a token does not do it."))

    def as_oneself(self) -> Access:
        """The same account, reaching nobody but itself."""
        return replace(self, roles=self.roles & {"employee"}, departments={}, everything=False)

    def others(self) -> Access:
        """The same account, in what it does about others: its own record is not in its reach."""
        return replace(self, roles=self.roles - {"employee"})

    def standing_in(
        self, behalf: Behalf, role: str, departments: Mapping[str, frozenset[int] | None], about: frozenset[str]
    ) -> Access:
        """The same account in another's role, and in none of its own."""
        return replace(self, roles=frozenset({role}), departments=departments, about=about, behalf=behalf)

    def in_roles(self, roles: frozenset[str]) -> Access:
        """The same account, in those of its roles alone."""
        return replace(self, roles=self.roles & roles, everything=False)

    def _in_person(self, thing: Thing, verb: Verb) -> bool:
        return self.behalf is not None and thing in _IN_PERSON and verb is not Verb.READ

    def _given(self, thing: Thing, verb: Verb) -> bool:
        return self.only is None or (thing, verb) in self.only


@dataclass(frozen=True, slots=True)
class Scope:
    """A set of people: the company, or departments with all below (as expanded ids), everybody below ``led_by`` in the
    chain of supervisors, and oneself (``own``); both are ids of employees.
    """

    company: bool = False
    departments: frozenset[int] = frozenset()
    led_by: int | None = None
    own: int | None = None

    @property
    def empty(self) -> bool:
        return not (self.company or self.departments) and self.led_by is None and self.own is None


def _who_may(thing: Thing, verb: Verb) -> str:
    from staff.models import Role

    return ", ".join(str(Role(role).label) for role, verbs in MATRIX[thing].items() if verb in verbs)
