"""An account is made, or given a new one-time link with which its holder sets the password."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.refusals import require_fit
from staff.kernel.secret import digest_of
from staff.models import TWO_PERSON_ROLES, Account, Employee, Invitation, Role, RoleGrant

#: How long a link works.
VALID_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Issued:
    """The link's secret exists only here: the database keeps its digest."""

    account: Account
    token: str
    expires_at: datetime


@transaction.atomic
def invite(
    *,
    access: Access,
    now: datetime,
    employee: Employee | None = None,
    username: str = "",
    display_name: str = "",
) -> Issued:
    """For an employee (the user name is the employee no. unless given), or without one for an outsider.

    Where the account is there already it gets a new link, and the earlier ones stop working. HR reaches the people of
    its scope; the operator everybody, outsiders, and the accounts that hold a role which takes two people: a link opens
    its account, so nobody may make themselves one to a higher role.

    Raises ``Refused`` (no name, one that is taken or too long, account closed), ``Forbidden``.
    """
    access.require(Thing.ACCOUNT, Verb.CREATE)
    _require_reach(access, employee)
    account = _account_for(employee, username.strip(), display_name.strip())
    require_rank(access, account)
    if not account.is_active:
        raise Refused(_("The account `%(name)s` is closed. Open it again first.") % {"name": account.username})
    return _issue(access, account, now)


def _is_operator(access: Access) -> bool:
    return access.everything or Role.OPERATOR in access.roles


def _require_reach(access: Access, employee: Employee | None) -> None:
    if employee is None:
        if not _is_operator(access):
            raise Forbidden(_("Only the operator makes an account for somebody who is no employee."))
        return
    access.require_about(employee.pk, Thing.ACCOUNT, Verb.CREATE)
    if not Employee.objects.visible_to(access, Verb.CREATE, Thing.ACCOUNT).filter(pk=employee.pk).exists():
        raise Forbidden(_("%(name)s is outside your scope. Ask HR of their department.") % {"name": employee})


def _account_for(employee: Employee | None, username: str, display_name: str) -> Account:
    """The employee's account, or the one of that user name; made if it is not there."""
    if employee is not None:
        found = Account.objects.filter(employee=employee).first()
        if found:
            return found
        username = username or employee.employee_no
    if not username:
        raise Refused(_("An account without an employee needs a user name."), code="user_name_missing")
    taken = Account.objects.filter(username=username).first()
    if taken and employee is None and taken.employee_id is None:
        return taken
    account = Account(username=username, employee=employee, display_name=display_name)
    require_fit(account, "username", "display_name")
    account.set_unusable_password()
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError:
        raise Refused(
            _("The user name `%(name)s` is taken. Choose another.") % {"name": username}, code="user_name_taken"
        ) from None
    return account


def require_rank(access: Access, account: Account) -> None:
    """Raises ``Forbidden`` where the account holds what whoever opens it for somebody might then become."""
    if _is_operator(access):
        return
    now_or_later = Q(period__endswith__isnull=True) | Q(period__endswith__gt=access.day)
    if RoleGrant.objects.filter(now_or_later, account=account, role__in=TWO_PERSON_ROLES).exists():
        raise Forbidden(
            _("This account holds a role that takes two people to grant; only the operator opens it for somebody.")
        )


def _issue(access: Access, account: Account, now: datetime) -> Issued:
    Invitation.objects.filter(account=account, used_at__isnull=True, expires_at__gt=now).update(expires_at=now)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        account=account, digest=digest_of(token), created_by_id=access.account_id, expires_at=now + VALID_FOR
    )
    audit.record(
        access,
        "account_invited",
        object_type="account",
        object_key=account.username,
        employee_id=account.employee_id,
        after={"expires_at": invitation.expires_at.isoformat()},
    )
    return Issued(account, token, invitation.expires_at)
