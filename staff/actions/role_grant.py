"""Somebody is given a role, for a while or until further notice, in the company or in a part of it."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from psycopg2.extras import DateRange

from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.refusals import require_fit
from staff.models import DERIVED_ROLES, TWO_PERSON_ROLES, Account, Department, Invitation, Role, RoleGrant
from staff.selectors.grants import grantees

#: These reach the whole company or nothing: a part of it would be a scope that the rules do not know.
_WHOLE_COMPANY = (Role.GM, Role.AUDITOR, Role.OPERATOR)


@transaction.atomic
def grant_role(
    *,
    access: Access,
    account: Account,
    role: str,
    starts_on: date,
    ends_on: date | None = None,
    department: Department | None = None,
    reason: str = "",
) -> RoleGrant:
    """A dated grant; ``ends_on`` is the first day without the role. Without a department it reaches the company.

    A role of ``TWO_PERSON_ROLES`` bites only once somebody else has approved it (``approve_grant``); on the server the
    command stands in for the second person and must give its reason. HR grants within its own scope, to the
    people of that scope; the operator grants nothing that bites by the operator alone. Such a role ends the open one-time
    links that anybody but the operator made: they would open an account above their makers' own.

    Raises ``Refused`` (derived or unknown role, dates, too long a reason, a grant that is there already), ``Forbidden``.
    """
    access.require(Thing.GRANT, Verb.CREATE)
    _require_reach(access, account, role, department)
    _check(access, role, starts_on, ends_on, department, reason)
    grant = RoleGrant(
        account=account,
        role=role,
        department=department,
        period=DateRange(starts_on, ends_on),
        granted_by_id=access.account_id,
        by_operator_command=access.everything,
        reason=reason,
    )
    require_fit(grant, "reason")
    try:
        with transaction.atomic():
            grant.save()
    except IntegrityError as error:
        raise Refused(
            _("%(account)s holds this role in that time already. End the earlier grant first.") % {"account": account},
            code="granted_already",
        ) from error
    if role in TWO_PERSON_ROLES:
        _end_links(access, account)
    _record(access, grant, reason)
    return grant


def _require_reach(access: Access, account: Account, role: str, department: Department | None) -> None:
    if access.everything:
        return
    if account.pk == access.account_id:
        raise Forbidden(_("Nobody grants themselves a role. Ask a colleague with the same role to do it."))
    granting = access.roles_for(Thing.GRANT, Verb.CREATE)
    if Role.GM in granting or (Role.OPERATOR in granting and role in TWO_PERSON_ROLES):
        return
    if Role.HR not in granting:
        raise Forbidden(_("The operator grants no role over people that takes effect alone. HR does it."))
    scope = access.departments.get(Role.HR, frozenset())
    if scope is not None and (department is None or department.pk not in scope):
        raise Forbidden(_("Your scope does not reach that far. HR of the whole company may grant this."))
    if not grantees(access).filter(pk=account.pk).exists():
        raise Forbidden(_("%(name)s is outside your scope. Ask HR of their department.") % {"name": account})


def _check(
    access: Access, role: str, starts_on: date, ends_on: date | None, department: Department | None, reason: str
) -> None:
    if role not in Role.values:
        raise Refused(_("There is no role `%(role)s`.") % {"role": role}, code="unknown_role")
    if role in DERIVED_ROLES:
        raise Refused(
            _("The role %(role)s comes by itself, from the account or from having reports; it is never granted.")
            % {"role": Role(role).label},
            code="derived_role",
        )
    if role in _WHOLE_COMPANY and department is not None:
        raise Refused(
            _("The role %(role)s is for the whole company; leave the department empty.") % {"role": Role(role).label},
            code="company_role",
        )
    if ends_on is not None and ends_on <= starts_on:
        raise Refused(_("The last day lies before the first."), code="period_empty")
    if starts_on < access.day and not access.everything:
        raise Refused(
            _("A role is granted from today on: %(day)s or later.") % {"day": access.day}, code="starts_in_the_past"
        )
    if access.everything and not reason.strip():
        raise Refused(_("A grant on the server needs a reason."), code="reason_missing")


def _end_links(access: Access, account: Account) -> None:
    """Those of the operator and of the server keep working."""
    operators = RoleGrant.objects.filter(role=Role.OPERATOR, period__contains=access.day)
    makers = {grant.account_id for grant in operators if grant.covers(access.day)}
    links = Invitation.objects.filter(account=account, used_at__isnull=True, expires_at__gt=Now())
    links.exclude(Q(created_by__isnull=True) | Q(created_by__in=makers)).update(expires_at=Now())


def _record(access: Access, grant: RoleGrant, reason: str) -> None:
    audit.record(
        access,
        "role_granted",
        object_type="role_grant",
        object_key=grant.pk,
        employee_id=grant.account.employee_id,
        after={
            "account": grant.account.username,
            "role": grant.role,
            "department": grant.department_id,
            "from": str(grant.period.lower),
            "until": str(grant.period.upper) if grant.period.upper else None,
            "in_force": grant.in_force,
        },
        reason=reason,
    )
