"""What waits for somebody 待办: each room says what, by when and where; the inbox and the calendar ask them all."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from staff.kernel.access import Access

_log = logging.getLogger(__name__)


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
    """Of every room that could be read: what is overdue or due first, then by how long it has waited."""
    return read_todos(access)[0]


def read_todos(access: Access) -> tuple[list[Todo], list[str]]:
    """As ``todos_for``, and the names of the rooms that failed: what waits elsewhere is shown all the same, and the page says
    that something is missing.
    """
    found: list[Todo] = []
    failed = []
    for name, provider in _providers.items():
        try:
            with transaction.atomic():
                found += provider(access)
        except Exception:
            _log.exception("what waits in the room %s could not be read", name)
            failed.append(name)
    return sorted(found, key=lambda todo: (todo.due_on or date.max, todo.since or date.max, todo.key)), failed
