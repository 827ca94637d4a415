"""The second person approves a grant that takes two."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.models import TWO_PERSON_ROLES, RoleGrant


@transaction.atomic
def approve_grant(*, access: Access, grant: RoleGrant) -> RoleGrant:
    """From now on the grant bites. Neither whoever made it nor whoever receives it may approve it.

    Raises ``Refused`` (approved already, over, needs none), ``Forbidden``.
    """
    access.require(Thing.GRANT, Verb.DECIDE)
    if access.account_id is not None and access.account_id in (grant.granted_by_id, grant.account_id):
        raise Forbidden(_("Maker is not checker: somebody else with the role of general manager approves this grant."))
    if grant.role not in TWO_PERSON_ROLES or grant.by_operator_command:
        raise Refused(_("This grant needs no approval; it is in force."), code="needs_none")
    if grant.period.upper is not None and grant.period.upper <= access.day:
        raise Refused(_("This grant is over. A new one has to be made."), code="over")
    # On the server there is no account to name: the command stands in for the second person, and the entry says so.
    approval = {"by_operator_command": True} if access.everything else {"approved_by_id": access.account_id}
    waiting = RoleGrant.objects.filter(pk=grant.pk, approved_by__isnull=True, by_operator_command=False)
    claimed = waiting.update(**approval)
    if not claimed:
        raise Refused(_("This grant has been approved already."), code="approved_already")
    grant.refresh_from_db()
    audit.record(
        access,
        "role_approved",
        object_type="role_grant",
        object_key=grant.pk,
        employee_id=grant.account.employee_id,
        after={"account": grant.account.username, "role": grant.role},
    )
    return grant
