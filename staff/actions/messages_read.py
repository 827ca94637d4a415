"""Whoever a message is for has read it."""

from __future__ import annotations

from django.db.models.functions import Now

from staff.kernel.access import Access
from staff.selectors.inbox import messages_of


def read_message(*, access: Access, pk: int) -> bool:
    """Whether there is such a message of the account's own. Reading again changes nothing; it is no act on a record."""
    own = messages_of(access).filter(pk=pk)
    own.filter(read_at__isnull=True).update(read_at=Now())
    return own.exists()


def read_all(*, access: Access) -> int:
    """Everything there is now; the number that was not read yet."""
    return messages_of(access).filter(read_at__isnull=True).update(read_at=Now())
