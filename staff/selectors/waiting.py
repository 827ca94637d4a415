"""How much waits for somebody: things to do, those of them that are late, and messages not read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from staff.kernel.access import Access
from staff.kernel.todos import todos_for
from staff.selectors.inbox import OVERDUE, messages_of


@dataclass(frozen=True, slots=True)
class Waits:
    """``todos`` are the keys of what waits; ``unread`` pairs of (kind of message, how many)."""

    todos: tuple[str, ...]
    late: int
    unread: tuple[tuple[str, int], ...]

    @property
    def messages(self) -> int:
        return sum(number for _kind, number in self.unread)

    @property
    def number(self) -> int:
        return len(self.todos) + self.messages

    def stored(self) -> dict[str, Any]:
        """As a row of the daily mail keeps it: beginnings of keys and kinds, never whose."""
        found: dict[str, int] = {}
        for key in self.todos:
            room = key.partition(":")[0]
            found[room] = found.get(room, 0) + 1
        return {"todos": sorted(found.items()), "late": self.late, "unread": sorted(self.unread)}


def waits_for(access: Access) -> Waits:
    """What is late is what was due before the day of ``access``."""
    todos = todos_for(access)
    late = sum(1 for todo in todos if todo.due_on is not None and todo.due_on < access.day)
    return Waits(tuple(todo.key for todo in todos), late, _unread(access))


def _unread(access: Access) -> tuple[tuple[str, int], ...]:
    """A reminder counts as what it reminds of."""
    if access.account_id is None:
        return ()
    rows = messages_of(access).filter(read_at__isnull=True).order_by()
    found: dict[str, int] = {}
    for kind, of, number in rows.values_list("kind", "payload__of").annotate(number=Count("pk")):
        name = str(of or kind) if kind == OVERDUE else kind
        found[name] = found.get(name, 0) + number
    return tuple(sorted(found.items()))
