"""Steps whose term is over: each room says which and whose; the nightly job reminds, and goes up the line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Overdue:
    """``key`` is stable while the step waits. ``owners``: accounts that have to act; ``department_id`` says whose HR hears of
    it last. ``kind`` and ``payload`` are those of a message (``staff.kernel.told``).
    """

    key: str
    owners: tuple[int, ...]
    employee_id: int | None
    department_id: int
    due_on: date
    kind: str
    payload: dict[str, Any] = field(default_factory=dict)


Provider = Callable[[date], Iterable[Overdue]]
_providers: dict[str, Provider] = {}


def register_overdue(name: str, provider: Provider) -> None:
    """Called once by a room. The provider gives what was due before the day."""
    _providers[name] = provider


def overdue_on(day: date) -> list[Overdue]:
    """Of every room."""
    return [one for provider in _providers.values() for one in provider(day)]
