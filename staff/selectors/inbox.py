"""The inbox: messages to an account, newest first, as their kinds are read; and how many are not read yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from staff.kernel.access import Access
from staff.kernel.told import told
from staff.models import OutboxMessage

#: A message of this kind says again what another says, of a step whose term is over; ``of`` is that kind.
OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in words: where it leads, when it came, whether it was read, and whether it reminds of what is overdue."""

    pk: int
    words: str
    url: str | None
    at: datetime
    read: bool
    overdue: bool


def messages_of(access: Access) -> QuerySet[OutboxMessage]:
    """One's own, and nobody else's."""
    return OutboxMessage.objects.filter(recipient=access.account_id)


def unread(access: Access) -> int:
    """One query; the index of the inbox answers it."""
    return messages_of(access).filter(read_at__isnull=True).count() if access.account_id else 0


def letter(message: OutboxMessage) -> Letter:
    """In the reader's language. What a kind says that no room knows any more is only that there is something."""
    overdue = message.kind == OVERDUE
    known = told(message.payload.get("of", "") if overdue else message.kind)
    words = known.words(message.payload) if known else _("There is something new for you.")
    url = known.url(message.payload) if known else None
    return Letter(message.pk, words, url, message.created_at, message.read_at is not None, overdue)
