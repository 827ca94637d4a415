"""Somebody sets up an authenticator app as their second factor, or another one in its place."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import transaction
from django.utils.translation import gettext as _

from staff.actions.device_end import end_sessions
from staff.kernel import audit
from staff.kernel.access import Access, Refused
from staff.kernel.one_time_codes import step_of
from staff.kernel.secret import seal
from staff.models import Account


@transaction.atomic
def set_up_second_factor(*, access: Access, secret: str, code: str, now: datetime, kept: str) -> list[str]:
    """Gives the recovery codes, which nobody can read again. Every session but the one of the key ``kept`` ends, since
    none of them has shown this second factor; so does every token that was made while there was none.

    Raises ``Refused`` where the code is not what the app would show now, ``Forbidden`` for a program.
    """
    access.require_person()
    account = Account.objects.select_for_update().get(pk=access.account_id)
    step = step_of(secret, code, now)
    if step is None:
        raise Refused(
            _("This code does not fit. Type the six digits that the app shows now; the phone's clock must be right."),
            code="code",
        )
    replaced, _rows = Authenticator.objects.filter(user=account).delete()
    Authenticator.objects.create(
        user=account, type=Authenticator.Type.TOTP, data={"secret": seal(secret), "step": step}, last_used_at=now
    )
    codes: list[str] = RecoveryCodes.activate(account).get_unused_codes()
    end_sessions(account, kept=kept)
    if not replaced:
        account.tokens.filter(revoked_at__isnull=True).update(revoked_at=now)
    audit.record(
        access,
        "second_factor_replaced" if replaced else "second_factor_set_up",
        object_type="account",
        object_key=account.username,
        employee_id=account.employee_id,
    )
    return codes
