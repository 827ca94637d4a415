"""Characters that no key is written in, as PostgreSQL's regular expressions name them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import chain

#: The planes of Unicode that hold any of them, without NUL, which no text of the database holds.
_PLANES = (range(1, 0x20000), range(0xE0000, 0xF0000))


@cache
def other_digits() -> str:
    """Digits that are not 0-9, such as full-width ones."""
    return _class_of({"Nd"}, "0123456789")


@cache
def unseen() -> str:
    """Control characters, line breaks, and what takes no room, such as U+200B."""
    return _class_of({"Cc", "Cf", "Zl", "Zp"})


def _class_of(categories: set[str], without: str = "") -> str:
    """A bracket expression of the characters of some categories, in ranges."""
    found = (code for code in chain(*_PLANES) if unicodedata.category(chr(code)) in categories)
    return f"[{''.join(_ranges(code for code in found if chr(code) not in without))}]"


def _ranges(codes: Iterator[int]) -> Iterator[str]:
    first = last = next(codes)
    for code in codes:
        if code > last + 1:
            yield f"\\U{first:08x}-\\U{last:08x}"
            first = code
        last = code
    yield f"\\U{first:08x}-\\U{last:08x}"
