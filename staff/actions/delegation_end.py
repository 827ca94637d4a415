"""Somebody stands in no more, from this instant on."""

from __future__ import annotations

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.outbox import Message, tell
from staff.models import Delegation, Role
from staff.selectors.delegations import delegations_visible_to


@transaction.atomic
def end_delegation(*, access: Access, delegation: Delegation, reason: str = "") -> Delegation:
    """By the holder, by the deputy who lays it down, or by HR of the holder's department, who says why. What was done meanwhile
    stays.

    Raises ``Refused`` (ended or over already; HR without a reason), ``Forbidden``.
    """
    access.require_person()
    party = access.behalf is None and access.account_id in (delegation.holder_id, delegation.deputy_id)
    reason = reason.strip()
    if not party:
        _require_hr(access, delegation)
        if not reason:
            raise Refused(_("Say why: both are told."), code="reason")
    rows = Delegation.objects.not_over(access.day).filter(pk=delegation.pk)
    if not rows.update(ended_at=Now(), ended_by=access.account_id):
        raise Refused(_("It is over already."), code="state")
    delegation.refresh_from_db()
    audit.record(
        access,
        "delegation_ended",
        object_type="delegation",
        object_key=delegation.pk,
        employee_id=delegation.holder.employee_id,
        after={"role": delegation.role, "deputy": delegation.deputy.username},
        reason=reason[:300],
    )
    tell(
        Message(f"delegation:{delegation.pk}:ended:{pk}", pk, "delegation_ended", {"delegation": delegation.pk})
        for pk in (delegation.holder_id, delegation.deputy_id)
        if pk != access.account_id
    )
    return delegation


def _require_hr(access: Access, delegation: Delegation) -> None:
    access.require(Thing.DELEGATION, Verb.UPDATE)
    hr = access.in_roles(frozenset({Role.HR.value}))
    if not delegations_visible_to(hr).filter(pk=delegation.pk).exists():
        raise Forbidden(_("Their department is outside your scope. HR of it may end this."))
