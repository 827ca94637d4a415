"""What must be told is kept in the transaction that made it true, and sent afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Message:
    """``key`` is stable: the same fact is told once, however often it is put in."""

    key: str
    recipient_id: int
    kind: str
    payload: dict[str, Any] = field(default_factory=dict)


def tell(messages: Iterable[Message]) -> int:
    """Puts messages into the outbox; those whose key is there already are left alone. The number that were new."""
    remaining, new = iter(messages), 0
    while batch := list(islice(remaining, _BATCH)):
        new += _put(batch)
    return new


def _put(batch: list[Message]) -> int:
    from staff.models import OutboxMessage

    known = set(OutboxMessage.objects.filter(key__in=[m.key for m in batch]).values_list("key", flat=True))
    fresh = [m for m in batch if m.key not in known]
    OutboxMessage.objects.bulk_create(
        (OutboxMessage(key=m.key, recipient_id=m.recipient_id, kind=m.kind, payload=m.payload) for m in fresh),
        ignore_conflicts=True,
    )
    return len(fresh)
