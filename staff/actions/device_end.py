"""A device is signed out from elsewhere."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet

from staff.kernel import audit
from staff.kernel.access import Access
from staff.models import Account
from staff.selectors.accounts import require_own_or_kept


@transaction.atomic
def end_device(*, access: Access, device: UserSession) -> None:
    """The session opens nothing from the next request on. One's own; the operator anybody's; HR those of its people.

    Raises ``Forbidden``.
    """
    account: Account = device.user
    require_own_or_kept(access, account)
    _record(access, account, _end(UserSession.objects.filter(pk=device.pk)))


@transaction.atomic
def end_devices(*, access: Access, account: Account, kept: str = "") -> int:
    """Every session of the account but the one of the key ``kept``; gives how many. Raises ``Forbidden``."""
    require_own_or_kept(access, account)
    ended = end_sessions(account, kept=kept)
    _record(access, account, ended)
    return ended


def end_sessions(account: Account, *, kept: str = "") -> int:
    """For actions after which whoever is signed in must sign in again; the entry in the trail is theirs."""
    return _end(UserSession.objects.filter(user=account).exclude(session_key=kept))


def _end(devices: QuerySet[UserSession]) -> int:
    keys = list(devices.values_list("session_key", flat=True))
    ended, _tables = Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return ended


def _record(access: Access, account: Account, ended: int) -> None:
    if ended:
        audit.record(
            access,
            "device_ended",
            object_type="account",
            object_key=account.username,
            employee_id=account.employee_id,
            after={"sessions": ended},
        )
