"""What messages and waiting things are about, in words that may leave the product: broad, and never adverse.

A room names its own by how the kinds of its messages and the keys of its waiting things begin. What no room has named is
"other", so that a mail which speaks of other things tells nothing about them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy

OTHER = gettext_lazy("other things")

_subjects: dict[str, Any] = {}


def register_subject(label: Any, *beginnings: str) -> None:
    """Called once by a room; ``label`` is lazy text."""
    _subjects.update(dict.fromkeys(beginnings, label))


def subject_of(name: str) -> Any:
    """Of a message's kind, or of the key of something that waits."""
    return next((label for start, label in _subjects.items() if name.startswith(start)), OTHER)


def counted(names: Iterable[str]) -> list[tuple[str, int]]:
    """(subject in the reader's language, how many), the most first and other things last."""
    found = Counter(str(subject_of(name)) for name in names)
    return sorted(found.items(), key=lambda one: (one[0] == str(OTHER), -one[1], one[0]))
