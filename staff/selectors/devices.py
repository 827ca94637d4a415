"""Where an account is signed in."""

from __future__ import annotations

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from staff.models import Account


def devices_of(account: Account, now: datetime) -> QuerySet[UserSession]:
    """Its sessions that still open something, the one last seen first."""
    living = Session.objects.filter(expire_date__gt=now).values("session_key")
    return UserSession.objects.filter(user=account, session_key__in=living).order_by("-last_seen_at", "-pk")
