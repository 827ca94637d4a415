"""An account is closed, or opened again. Its history stays."""

from __future__ import annotations

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from staff.actions.device_end import end_sessions
from staff.actions.role_end import LAST_ONE_STAYS
from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.models import Account, Role, RoleGrant


@transaction.atomic
def close_account(*, access: Access, account: Account, reason: str = "") -> None:
    """The account opens nothing from the next request on; its sessions and tokens end for good. The last general manager's
    or operator's stays open.

    Raises ``Refused``, ``Forbidden``: only the operator closes and opens accounts.
    """
    _require_operator(access, account)
    held = list(RoleGrant.objects.select_for_update().filter(role__in=LAST_ONE_STAYS).select_related("account"))
    for role in LAST_ONE_STAYS:
        holders = {g.account_id for g in held if g.role == role and g.covers(access.day) and g.account.is_active}
        if holders == {account.pk}:
            raise Refused(
                _("This is the last %(role)s. Grant the role to somebody else first.") % {"role": Role(role).label},
                code="last_one",
            )
    _switch(access, account, active=False, reason=reason)
    end_sessions(account)
    account.tokens.filter(revoked_at__isnull=True).update(revoked_at=Now())


@transaction.atomic
def reopen_account(*, access: Access, account: Account, reason: str = "") -> None:
    """Opens a closed account again, with the password and the roles it had."""
    _require_operator(access, account)
    _switch(access, account, active=True, reason=reason)


def _require_operator(access: Access, account: Account) -> None:
    if access.everything:
        return
    access.require(Thing.ACCOUNT, Verb.UPDATE)
    if Role.OPERATOR not in access.roles:
        raise Forbidden(_("Only the operator closes and opens accounts."))
    if account.pk == access.account_id:
        raise Forbidden(_("Nobody closes their own account. Ask another operator."))


def _switch(access: Access, account: Account, *, active: bool, reason: str) -> None:
    changed = Account.objects.filter(pk=account.pk, is_active=not active).update(is_active=active)
    if changed:
        audit.record(
            access,
            "account_opened" if active else "account_closed",
            object_type="account",
            object_key=account.username,
            employee_id=account.employee_id,
            reason=reason,
        )
    account.is_active = active
