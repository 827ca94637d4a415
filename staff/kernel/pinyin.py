"""Chinese names as they are sorted and searched: full spelling, then initials."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=4096)
def sort_key(name: str) -> str:
    """``韩序`` → ``hanxu hx``; what is not Chinese stays as it is, in small letters."""
    # Its dictionary takes a fifth of a process's start, and few processes spell a name.
    from pypinyin import Style, lazy_pinyin

    full = "".join(lazy_pinyin(name)).replace(" ", "")
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).replace(" ", "")
    return f"{full} {initials}".lower()[:300]
