"""How a message reads in the inbox: each room says it of its kinds, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """``words`` and ``url`` of a message's payload; no link where there is nothing to open."""

    words: Callable[[Payload], str]
    url: Callable[[Payload], str | None]


_kinds: dict[str, Told] = {}


def _nowhere(payload: Payload) -> str | None:
    return None


def register_message(
    kind: str, words: Callable[[Payload], str], url: Callable[[Payload], str | None] = _nowhere
) -> None:
    """Called once a kind, by the room that sends it."""
    _kinds[kind] = Told(words, url)


def told(kind: str) -> Told | None:
    """How a kind reads; None where no room has said."""
    return _kinds.get(kind)


def kinds() -> frozenset[str]:
    """Kinds that can be read."""
    return frozenset(_kinds)
