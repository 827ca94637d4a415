"""Somebody takes new recovery codes; the earlier ones count no more."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import transaction
from django.utils.translation import gettext as _

from staff.kernel import audit
from staff.kernel.access import Access, Refused
from staff.models import Account


@transaction.atomic
def renew_recovery_codes(*, access: Access) -> list[str]:
    """Gives the new codes, which nobody can read again.

    Raises ``Refused`` where no second factor is set up, ``Forbidden`` for a program.
    """
    access.require_person()
    account = Account.objects.select_for_update().get(pk=access.account_id)
    held = Authenticator.objects.filter(user=account)
    if not held.filter(type=Authenticator.Type.TOTP).exists():
        raise Refused(_("Set up the app first; recovery codes stand in for it."))
    held.filter(type=Authenticator.Type.RECOVERY_CODES).delete()
    codes: list[str] = RecoveryCodes.activate(account).get_unused_codes()
    audit.record(
        access,
        "recovery_codes_renewed",
        object_type="account",
        object_key=account.username,
        employee_id=account.employee_id,
    )
    return codes
