"""Which of two languages a page speaks, and words that several apps' pages share."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

#: ``Access.channel`` → the door in words.
CHANNELS: dict[str, Any] = {
    "admin": _("the admin"),
    "web": _("the portal"),
    "job": _("a job"),
    "command": _("the server"),
    "invitation": _("an invitation"),
    "sign-in": _("signing in"),
    "api": _("the interface for programs"),
}


def in_english() -> bool:
    return (get_language() or "").startswith("en")


def channel_name(channel: str) -> str:
    """The door in words; a channel that is not known any more goes by its key."""
    return str(CHANNELS.get(channel, channel))
