"""Which of two languages a page speaks, and words that several apps' pages share."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from staff.kernel.access import Thing

#: ``Access.channel`` → the door in words.
CHANNELS: dict[str, Any] = {
    "admin": _("the admin"),
    "web": _("the portal"),
    "job": _("a job"),
    "command": _("the server"),
    "invitation": _("an invitation"),
    "sign-in": _("signing in"),
    "api": _("the interface for programs"),
    "sql": _("the database itself"),
}
#: The things of the table of roles.
THINGS: dict[str, Any] = {
    Thing.PERSON: pgettext_lazy("thing", "People and departments"),
    Thing.SENSITIVE: pgettext_lazy("thing", "Sensitive facts"),
    Thing.GRANT: pgettext_lazy("thing", "Roles"),
    Thing.ACCOUNT: pgettext_lazy("thing", "Accounts and sign-in"),
    Thing.MONTH: pgettext_lazy("thing", "Months and intake"),
    Thing.VALUE: pgettext_lazy("thing", "Monthly values"),
    Thing.EVENT: pgettext_lazy("thing", "Events"),
    Thing.DOUBT: pgettext_lazy("thing", "Doubts"),
    Thing.FEEDBACK: pgettext_lazy("thing", "Feedback of results"),
    Thing.ABSENCE: pgettext_lazy("thing", "Absences"),
    Thing.STANDING: pgettext_lazy("thing", "Standings"),
    Thing.LEDGER: pgettext_lazy("thing", "Tier ledger"),
    Thing.POLICY: pgettext_lazy("thing", "Policies and metrics"),
    Thing.PAY: pgettext_lazy("thing", "Pay"),
    Thing.BAND: pgettext_lazy("thing", "Pay tables"),
    Thing.RUN: pgettext_lazy("thing", "Runs of the sweep"),
    Thing.JOB: pgettext_lazy("thing", "Jobs and schedule"),
    Thing.VACANCY: pgettext_lazy("thing", "Vacant posts"),
    Thing.DELEGATION: pgettext_lazy("thing", "Standing in"),
    Thing.AUDIT: pgettext_lazy("thing", "Audit trail"),
}


def in_english() -> bool:
    return (get_language() or "").startswith("en")


def channel_name(channel: str) -> str:
    """The door in words; a channel that is not known any more goes by its key."""
    return str(CHANNELS.get(channel, channel))


def both_names(by: object | None, holder: str) -> str:
    """As an act is signed: whoever did it, and whose role it was where somebody stood in; empty where nobody did it."""
    if by and holder:
        return str(_("%(deputy)s for %(holder)s") % {"deputy": by, "holder": holder})
    return str(by or "")
