"""Somebody who is signed in sets another password."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from staff.actions.device_end import end_sessions
from staff.kernel import audit
from staff.kernel.access import Access, Forbidden
from staff.models import Account


@transaction.atomic
def change_password(*, access: Access, account: Account, password: str, kept: str) -> None:
    """One's own; the form has held it against the validators. Every session but the one of the key ``kept`` ends.

    Raises ``Forbidden`` for another's account, and for a program.
    """
    access.require_person()
    if account.pk != access.account_id:
        raise Forbidden(_("Nobody sets another's password. Make a one-time link for them."))
    account.set_password(password)
    account.save(update_fields=["password"])
    end_sessions(account, kept=kept)
    audit.record(
        access,
        "password_changed",
        object_type="account",
        object_key=account.username,
        employee_id=account.employee_id,
    )
