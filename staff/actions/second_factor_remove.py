"""Somebody goes back to the password alone."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from staff.actions.device_end import end_sessions
from staff.kernel import audit
from staff.kernel.access import Access, Refused
from staff.models import Account
from staff.selectors.second_factor import must_have_second_factor


@transaction.atomic
def remove_second_factor(*, access: Access, kept: str) -> None:
    """Takes away the app and the recovery codes; every session but the one of the key ``kept`` ends.

    Raises ``Refused`` where a role of the account takes a second factor, or none is set up; ``Forbidden`` for a program.
    """
    access.require_person()
    if must_have_second_factor(access):
        raise Refused(_("Your role takes a second factor. Set up another app in its place instead."))
    account = Account.objects.select_for_update().get(pk=access.account_id)
    removed, _rows = Authenticator.objects.filter(user=account).delete()
    if not removed:
        raise Refused(_("No second factor is set up."))
    end_sessions(account, kept=kept)
    audit.record(
        access,
        "second_factor_removed",
        object_type="account",
        object_key=account.username,
        employee_id=account.employee_id,
    )
