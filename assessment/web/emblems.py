"""The tier beside a name: the app that keeps the tiers shows it, the pages here only ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from staff.kernel.access import Access
from staff.models import Employee


class Emblem(Protocol):
    """``look`` is the class of colours, ``icon`` the symbol."""

    @property
    def name(self) -> str: ...

    @property
    def look(self) -> str: ...

    @property
    def icon(self) -> str: ...


Provider = Callable[[Sequence[Employee], Access], Mapping[int, Emblem]]
_provider: list[Provider] = []


def register_emblems(provider: Provider) -> None:
    """Called once, by the app that keeps the tiers, when it is ready."""
    _provider[:] = [provider]


def emblems_of(people: Sequence[Employee], access: Access) -> Mapping[int, Emblem]:
    """Employee's id → the tier of the day; whoever is on no ladder has none."""
    return _provider[0](people, access) if _provider else {}
