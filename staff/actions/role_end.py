"""A grant ends on a day; nothing is taken back for the time it held."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from psycopg2.extras import DateRange

from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.models import TWO_PERSON_ROLES, Role, RoleGrant

#: The company cannot be left without one of each (roles, rule 10).
LAST_ONE_STAYS = (Role.GM, Role.OPERATOR)


@transaction.atomic
def end_grant(*, access: Access, grant: RoleGrant, ends_on: date, reason: str = "") -> RoleGrant:
    """``ends_on`` is the first day without the role. A grant that has not begun and ends on or before its first day is
    taken back whole. Who ends a role is who may grant it: those of ``TWO_PERSON_ROLES`` the general manager and the operator,
    the others the general manager and, within its scope, HR.

    Raises ``Refused`` (over already, a day that has passed, the last general manager or operator), ``Forbidden``.
    """
    access.require(Thing.GRANT, Verb.CREATE)
    _require_reach(access, grant)
    # Ended one after the other: of two at once, the second sees that only one is left.
    same_role = RoleGrant.objects.select_for_update().filter(role=grant.role).order_by("pk")
    held = {found.pk: found for found in same_role}
    current = held.get(grant.pk)
    if current is None or (current.period.upper is not None and current.period.upper <= access.day):
        raise Refused(_("This grant is over."), code="over")
    if ends_on < access.day:
        raise Refused(_("A role ends today or later: %(day)s or after.") % {"day": access.day}, code="ends_in_the_past")
    if current.role in LAST_ONE_STAYS and current.in_force and not _another(current, ends_on):
        raise Refused(
            _("This is the last %(role)s. Grant the role to somebody else first.") % {"role": Role(grant.role).label},
            code="last_one",
        )
    before = {"until": current.period.upper.isoformat() if current.period.upper else None}
    _end(current, ends_on)
    audit.record(
        access,
        "role_ended",
        object_type="role_grant",
        object_key=grant.pk,
        employee_id=grant.account.employee_id,
        before=before,
        after={"account": grant.account.username, "role": grant.role, "until": ends_on.isoformat()},
        reason=reason,
    )
    return current


def _require_reach(access: Access, grant: RoleGrant) -> None:
    if access.everything:
        return
    if grant.account_id == access.account_id:
        raise Forbidden(_("Nobody ends their own role. Ask a colleague with the same role to do it."))
    granting = access.roles_for(Thing.GRANT, Verb.CREATE)
    if Role.GM in granting or (Role.OPERATOR in granting and grant.role in TWO_PERSON_ROLES):
        return
    if grant.role in TWO_PERSON_ROLES:
        raise Forbidden(
            _("The role %(role)s is ended by the general manager or the operator.") % {"role": Role(grant.role).label}
        )
    if Role.HR not in granting:
        raise Forbidden(_("The operator ends no role over people that takes effect alone. HR does it."))
    scope = access.departments.get(Role.HR, frozenset())
    if scope is not None and grant.department_id not in scope:
        raise Forbidden(_("Your scope does not reach that far. HR of the whole company may end this."))


def _another(grant: RoleGrant, day: date) -> bool:
    """Whether somebody else holds the role from the day on, open-ended or longer than this one would have."""
    lasting = Q(period__endswith__isnull=True) | Q(period__endswith__gt=day)
    others = RoleGrant.objects.filter(
        lasting, role=grant.role, account__is_active=True, period__startswith__lte=day
    ).exclude(account=grant.account_id)
    return any(other.in_force for other in others)


def _end(grant: RoleGrant, ends_on: date) -> None:
    if grant.period.lower is not None and ends_on <= grant.period.lower:
        grant.delete()
        return
    grant.period = DateRange(grant.period.lower, ends_on)
    grant.save(update_fields=["period"])
