"""A signed-in device has come back."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession

#: How exactly the last time is known, whichever process was asked.
_A_WHILE = timedelta(minutes=1)


def note_seen(*, session_key: str, address: str, now: datetime) -> None:
    """When and from where it was last seen. No entry in the trail: signing in has left one."""
    UserSession.objects.filter(session_key=session_key, last_seen_at__lte=now - _A_WHILE).update(
        last_seen_at=now, ip=address
    )
