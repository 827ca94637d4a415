"""The second factor of an account: who must have one, and what is set up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.conf import settings

from staff.kernel.access import Access
from staff.models import Account, Role

#: Whoever reaches what is other people's, or keeps the house (roles, rule 10).
SECOND_FACTOR_ROLES = frozenset({Role.HR, Role.PAYROLL, Role.GM, Role.AUDITOR, Role.OPERATOR})


@dataclass(frozen=True, slots=True)
class SecondFactor:
    since: datetime
    last_used_at: datetime | None
    codes_left: int


def must_have_second_factor(access: Access) -> bool:
    return settings.SECOND_FACTOR_REQUIRED and bool(access.roles & SECOND_FACTOR_ROLES)


def has_second_factor(account: Account) -> bool:
    return Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists()


def second_factor_of(account: Account) -> SecondFactor | None:
    """What is set up; None where the password alone opens the account."""
    found = {row.type: row for row in Authenticator.objects.filter(user=account)}
    app = found.get(Authenticator.Type.TOTP)
    if app is None:
        return None
    codes = found.get(Authenticator.Type.RECOVERY_CODES)
    used = [row.last_used_at for row in found.values() if row.last_used_at]
    return SecondFactor(
        since=app.created_at,
        last_used_at=max(used, default=None),
        codes_left=settings.MFA_RECOVERY_CODE_COUNT - codes.data["used_mask"].bit_count() if codes else 0,
    )
