"""The portal's navigation. Every app says in ``AppConfig.ready`` which of its pages stand there; the shell knows none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from staff.kernel.access import Access

#: A bar under the thumb holds five; where there are more, the last place is for the rest.
PLACES = 5


@dataclass(frozen=True, slots=True)
class Door:
    """A page of the navigation. ``name`` is its URL's name and what its pages say in ``here``; ``place`` orders the doors.

    ``count`` says how many things wait behind it for this reader; none is shown where it is 0. ``asks`` names the page that
    the script asks for the number once the page is there, where counting costs more than a page may.
    """

    name: str
    label: Any
    icon: str
    place: int
    opens: Callable[[Access], bool]
    count: Callable[[Access], int] | None = None
    asks: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A door as it is shown to one reader."""

    name: str
    url: str
    label: str
    icon: str
    count: int
    asks: str = ""


_doors: list[Door] = []


def register_door(door: Door) -> None:
    """Adds a page to the navigation. The same door again changes nothing."""
    if door not in _doors:
        _doors.append(door)


def entries_for(access: Access, known: Mapping[str, int] | None = None) -> tuple[Entry, ...]:
    """The doors that open for the reader, in order. ``known``: door → what waits behind it, where the page has it already."""
    counts = known or {}
    doors = sorted((door for door in _doors if door.opens(access)), key=lambda door: door.place)
    return tuple(
        Entry(
            door.name,
            reverse(door.name),
            str(door.label),
            door.icon,
            counts[door.name] if door.name in counts else door.count(access) if door.count else 0,
            reverse(door.asks) if door.asks else "",
        )
        for door in doors
    )


def under_the_thumb(entries: tuple[Entry, ...]) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """Those that a phone's bar shows, and those behind its last place."""
    shown = len(entries) if len(entries) <= PLACES else PLACES - 1
    return entries[:shown], entries[shown:]


def waiting(entries: Iterable[Entry]) -> int:
    """How much waits behind these doors together."""
    return sum(entry.count for entry in entries)
