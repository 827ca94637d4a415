"""What must be told is kept in the transaction that made it true, and sent afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Message:
    """``key`` is stable: the same fact is told once, however often it is put in."""

    key: str
    recipient_id: int
    kind: str
    payload: dict[str, Any] = field(default_factory=dict)


def tell(messages: Iterable[Message]) -> int:
    """Puts messages into the outbox; those whose key is there already are left alone. The number that were new."""
    from staff.models import OutboxMessage

    wanted = list(messages)
    known = set(OutboxMessage.objects.filter(key__in=[m.key for m in wanted]).values_list("key", flat=True))
    fresh = [m for m in wanted if m.key not in known]
    OutboxMessage.objects.bulk_create(
        (OutboxMessage(key=m.key, recipient_id=m.recipient_id, kind=m.kind, payload=m.payload) for m in fresh),
        ignore_conflicts=True,
    )
    return len(fresh)
