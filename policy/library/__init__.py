"""The policies that come with the product, each one document."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def policy_keys() -> list[str]:
    """Keys of all policies of the library, in order."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def text(key: str) -> str:
    """The document. Raises ``KeyError`` for a key that is not in the library."""
    if key not in policy_keys():
        raise KeyError(key)
    return (FOLDER / f"{key}.yaml").read_text(encoding="utf-8")
