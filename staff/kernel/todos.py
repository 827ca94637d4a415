"""What waits for somebody 待办: each room says what, by when and where; the inbox and the calendar ask them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from staff.kernel.access import Access


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing that waits for the reader: ``text`` in their language, ``url`` where it is done, ``due_on`` the last day."""

    key: str
    text: str
    url: str
    due_on: date | None = None
    since: date | None = None


Provider = Callable[[Access], Iterable[Todo]]
_providers: dict[str, Provider] = {}


def register_todos(name: str, provider: Provider) -> None:
    """Called once by a room. The provider asks a bounded number of queries, starting from what the reader may see."""
    _providers[name] = provider


def todos_for(access: Access) -> list[Todo]:
    """Of every room: what is overdue or due first, then by how long it has waited."""
    found = [todo for provider in _providers.values() for todo in provider(access)]
    return sorted(found, key=lambda todo: (todo.due_on or date.max, todo.since or date.max, todo.key))
