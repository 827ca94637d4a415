"""``PROMOTION_HOME`` (default ``var/`` of the checkout): where an installation keeps what is its own."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent


def path() -> Path:
    """The folder, absolute, whatever the current directory; a relative ``PROMOTION_HOME`` counts from the checkout."""
    return CHECKOUT / os.environ.get("PROMOTION_HOME", "var")


def private(folder: Path) -> Path:
    """Make the folder, for its owner's eyes only; root's lets others through, to the server that runs for root."""
    folder.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    return folder


def secret(name: str, base: Path | None = None) -> str:
    """A random secret of this home, made at its first use, for its owner's eyes only. Two may ask at once."""
    file = private(base or path()) / name
    if not file.exists():
        draft = file.with_name(f"{name}.{secrets.token_hex(8)}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as handle:
            handle.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text(encoding="ascii")
