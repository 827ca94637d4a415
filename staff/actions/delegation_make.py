"""Whoever holds a role and will be away names a deputy for some days."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from psycopg2.extras import DateRange

from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.outbox import Message, tell
from staff.kernel.refusals import require_fit, told
from staff.models import CONFIRMED_ROLES, DELEGABLE, Delegation, Role
from staff.selectors.delegations import deputy_named
from staff.selectors.grants import accounts_in_role


@transaction.atomic
def make_delegation(
    *, access: Access, role: str, number: str, name: str, starts_on: date, ends_on: date, reason: str
) -> Delegation:
    """``number`` and ``name`` are the deputy's; ``ends_on`` is the first day without. By the holder alone, who holds the role
    on the day of ``access``, one role at a time (roles, rule 9). A general manager's bites once another has confirmed it.

    Raises ``Refused`` (nobody of that number and name who can sign in, oneself, dates, no or too long a reason, a deputy in
    that time already), ``Forbidden`` (not one's role, one that nobody hands on, a program, whoever stands in).
    """
    access.require(Thing.DELEGATION, Verb.CREATE)
    access.require_person()
    if role not in DELEGABLE or role not in access.roles or access.account_id is None:
        raise Forbidden(_("Only whoever holds a role as supervisor, head or general manager hands it on for a while."))
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why somebody stands in, such as leave or a journey."), code="reason")
    if starts_on < access.day:
        raise Refused(_("It begins today or later: %(day)s or after.") % {"day": access.day}, code="starts_on")
    if ends_on <= starts_on:
        raise Refused(_("The day of return lies after the first day."), code="ends_on")
    deputy = deputy_named(number, name, starts_on)
    if deputy is None:
        raise Refused(_("There is nobody of this number and name who can sign in. Look at both again."), code="number")
    if deputy.pk == access.account_id:
        raise Refused(_("Nobody stands in for themselves."), code="number")
    row = Delegation(
        holder_id=access.account_id, role=role, deputy=deputy, period=DateRange(starts_on, ends_on), reason=reason
    )
    require_fit(row, "reason")
    with told({"one_deputy_at_a_time": _("Somebody stands in for you in that role and time already. End that first.")}):
        row.save()
    audit.record(
        access,
        "delegation_made",
        object_type="delegation",
        object_key=row.pk,
        employee_id=access.employee_id,
        after={"role": role, "deputy": deputy.username, "from": str(starts_on), "until": str(ends_on)},
        reason=reason,
    )
    _tell(access, row)
    return row


def _tell(access: Access, row: Delegation) -> None:
    """The holder has it in writing too; where another has to confirm it, whoever may is told."""
    asked = set()
    if row.role in CONFIRMED_ROLES:
        asked = {*accounts_in_role(Role.GM, access.day), *accounts_in_role(Role.HR, access.day, company=True)}
        asked -= {row.holder_id, row.deputy_id}
    payload = {"delegation": row.pk}
    tell(
        [
            Message(f"delegation:{row.pk}:made:{row.deputy_id}", row.deputy_id, "delegation_received", payload),
            Message(f"delegation:{row.pk}:made:{row.holder_id}", row.holder_id, "delegation_given", payload),
            *(Message(f"delegation:{row.pk}:ask:{pk}", pk, "delegation_to_confirm", payload) for pk in sorted(asked)),
        ]
    )
