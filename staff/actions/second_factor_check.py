"""Whoever signs in shows the second factor."""

from __future__ import annotations

import logging
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from staff.kernel import audit
from staff.kernel.access import Access, Refused
from staff.kernel.one_time_codes import step_of
from staff.kernel.secret import Unreadable, unseal
from staff.models import Account

logger = logging.getLogger(__name__)


@transaction.atomic
def check_second_factor(*, account: Account, code: str, now: datetime, today: date) -> Authenticator:
    """What the code belongs to: the app, or one of the recovery codes. Either counts once: of two at once one wins.

    Raises ``Refused`` for a code that is wrong or has been used.
    """
    rows = Authenticator.objects.select_for_update().filter(user=account).order_by("pk")
    held = {row.type: row for row in rows}
    app = held.get(Authenticator.Type.TOTP)
    codes = held.get(Authenticator.Type.RECOVERY_CODES)
    try:
        if app and _is_of_app(app, code, now):
            return app
        if codes and codes.wrap().validate_code("".join(code.split())):
            _record(account, today)
            return codes
    except Unreadable:
        logger.error("the second factor of account %s was set up under another SECRET_KEY", account.pk)
    raise Refused(_("This code is wrong or has been used. Wait for the next one."), code="code")


def _is_of_app(app: Authenticator, code: str, now: datetime) -> bool:
    step = step_of(unseal(app.data["secret"]), code, now, after=app.data["step"])
    if step is None:
        return False
    app.data["step"] = step
    app.save(update_fields=["data"])
    return True


def _record(account: Account, today: date) -> None:
    """A recovery code is spent: worth an entry, for it may have been found by somebody else."""
    holder = Access(
        account_id=account.pk, employee_id=account.employee_id, day=today, channel="sign-in", label=str(account)
    )
    audit.record(
        holder,
        "recovery_code_used",
        object_type="account",
        object_key=account.username,
        employee_id=account.employee_id,
    )
