"""Typed readers of the environment. A wrong value is refused at the start, with its name and what was expected."""

from __future__ import annotations

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}


def given(name: str) -> bool:
    """Whether the variable, or the file in its stead, is set."""
    return name in os.environ or f"{name}_FILE" in os.environ


def text(name: str, default: str | None = None) -> str:
    """The variable, or the content of the file that ``<name>_FILE`` points to (secrets in containers)."""
    if file := os.environ.get(f"{name}_FILE"):
        return Path(file).read_text(encoding="utf-8").strip()
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set, nor {name}_FILE")
    return value


def flag(name: str, default: bool) -> bool:
    value = text(name, str(default)).lower()
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is `{value}`; write 1 or 0")


def integer(name: str, default: int) -> int:
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit():
        raise ImproperlyConfigured(f"{name} is `{value}`; write a whole number")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]
