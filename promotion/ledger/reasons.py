"""Reasons in words lie beside the ledger and can be erased; the line keeps a salted digest of them."""

from __future__ import annotations

import hashlib
import secrets


def new_salt() -> str:
    """32 hex digits."""
    return secrets.token_hex(16)


def digest_of(salt: str, reason: str) -> str:
    """SHA-256 of salt and reason, in hex; a load of records computes the same in SQL."""
    return hashlib.sha256(f"{salt}{reason}".encode()).hexdigest()
