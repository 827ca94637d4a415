"""``request.access``, typed."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django.utils import timezone

from staff.access import today_access
from staff.kernel.access import Access
from staff.models import Account


def access_in(request: HttpRequest) -> Access:
    """What the request's account reaches; put there by ``AccessMiddleware``."""
    return cast(Access, request.access)  # type: ignore[attr-defined]


def reach_of(request: HttpRequest) -> Access:
    """Read from the database; whoever is not signed in reaches nothing."""
    if isinstance(request.user, Account):
        return today_access(request.user, channel="web")
    return Access(account_id=None, employee_id=None, day=timezone.localdate())
