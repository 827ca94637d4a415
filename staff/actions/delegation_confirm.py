"""Another confirms that somebody stands in for a general manager."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.outbox import Message, tell
from staff.models import Delegation, Role


@transaction.atomic
def confirm_delegation(*, access: Access, delegation: Delegation) -> Delegation:
    """From now on it bites, on its days. By another general manager, or HR of the whole company; neither whoever made it nor
    whoever stands in (roles, rule 2).

    Raises ``Refused`` (needs none, is over or confirmed), ``Forbidden``.
    """
    access.require(Thing.DELEGATION, Verb.DECIDE)
    if access.account_id is None or access.account_id in (delegation.holder_id, delegation.deputy_id):
        raise Forbidden(_("Maker is not checker: another general manager, or HR of the whole company, confirms this."))
    if Role.GM not in access.roles and access.departments.get(Role.HR, frozenset()) is not None:
        raise Forbidden(_("Your scope does not reach that far. HR of the whole company may confirm this."))
    if not delegation.waits or delegation.until <= access.day:
        raise Refused(_("There is nothing to confirm. Load the page again."), code="state")
    waiting = Delegation.objects.filter(pk=delegation.pk, confirmed_by__isnull=True, ended_at__isnull=True)
    if not waiting.update(confirmed_by=access.account_id):
        raise Refused(_("There is nothing to confirm. Load the page again."), code="state")
    delegation.refresh_from_db()
    audit.record(
        access,
        "delegation_confirmed",
        object_type="delegation",
        object_key=delegation.pk,
        employee_id=delegation.holder.employee_id,
        after={"role": delegation.role, "deputy": delegation.deputy.username},
    )
    tell(
        Message(f"delegation:{delegation.pk}:confirmed:{pk}", pk, "delegation_confirmed", {"delegation": delegation.pk})
        for pk in (delegation.holder_id, delegation.deputy_id)
    )
    return delegation
