"""Somebody's phone and recovery codes are lost: another takes the second factor away, so that it can be set up anew."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from staff.actions.account_invite import require_rank
from staff.actions.device_end import end_sessions
from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused
from staff.models import Account
from staff.selectors.accounts import require_own_or_kept


@transaction.atomic
def reset_second_factor(*, access: Access, account: Account, reason: str) -> None:
    """HR for its people, the operator for everybody and alone for whoever holds a role that takes two people. Every
    session of the account ends. The entry in the trail is written first.

    Raises ``Refused`` (nothing set up, no reason), ``Forbidden``: nobody resets their own.
    """
    if account.pk == access.account_id:
        raise Forbidden(_("Nobody resets their own second factor. Use a recovery code, or ask the operator."))
    require_own_or_kept(access, account)
    require_rank(access, account)
    if not reason.strip():
        raise Refused(_("Say why, for the trail."), code="reason")
    audit.record(
        access,
        "second_factor_reset",
        object_type="account",
        object_key=account.username,
        employee_id=account.employee_id,
        reason=reason.strip(),
    )
    removed, _rows = Authenticator.objects.filter(user=account).delete()
    if not removed:
        raise Refused(_("No second factor is set up for %(name)s.") % {"name": account}, code="nothing")
    end_sessions(account)
