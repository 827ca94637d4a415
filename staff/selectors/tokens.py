"""Tokens of programs: who one belongs to, what it reaches, and which ones an account has."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from staff.kernel.access import Access
from staff.kernel.programs import reach_of_scopes
from staff.kernel.secret import digest_of
from staff.models import Account, ApiToken
from staff.selectors.access import access_of

#: How exactly the last use is known.
_A_WHILE = timedelta(minutes=1)


def account_of_token(clear: str, now: datetime) -> tuple[ApiToken, Account] | None:
    """The token and its account with its employee; None where it is unknown, over, revoked, or the account is closed.

    Notes that it was used, at most once a minute.
    """
    token = (
        ApiToken.objects.select_related("account__employee")
        .filter(digest=digest_of(clear), revoked_at__isnull=True, expires_at__gt=now, account__is_active=True)
        .first()
    )
    if token is None:
        return None
    if token.last_used_at is None or token.last_used_at <= now - _A_WHILE:
        idle = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - _A_WHILE)
        ApiToken.objects.filter(idle, pk=token.pk).update(last_used_at=now)
        token.last_used_at = now
    return token, token.account


def access_with(token: ApiToken, day: date) -> Access:
    """What a request with the token reaches on the day: its account's roles, within its scopes."""
    return replace(access_of(token.account, day, channel="api"), only=reach_of_scopes(token.scopes))


def tokens_of(account: Account) -> QuerySet[ApiToken]:
    """All that the account ever had, the youngest first."""
    return ApiToken.objects.filter(account=account).select_related("account")


def working_tokens_of(account: Account, now: datetime) -> QuerySet[ApiToken]:
    return tokens_of(account).filter(revoked_at__isnull=True, expires_at__gt=now)
