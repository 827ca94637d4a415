"""What a team as a whole has waiting, for its group's robot: numbers of things and names of departments, never of people."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class News:
    """So many (``number``) of a ``kind`` wait in a department; ``said`` puts it and the department's name into words."""

    kind: str
    department_id: int
    number: int
    said: Callable[[int, str], str]


Provider = Callable[[date], Iterable[News]]
_providers: dict[str, Provider] = {}


def register_team_news(name: str, provider: Provider) -> None:
    """Called once by a room. The provider counts in one query or two."""
    _providers[name] = provider


def news_on(day: date) -> list[News]:
    """Of every room."""
    return [one for provider in _providers.values() for one in provider(day) if one.number]
