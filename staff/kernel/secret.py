"""Secrets in the database: tokens as digests that nobody can turn back, keys that must be read again encrypted."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


class Unreadable(Exception):
    """What was sealed under another ``SECRET_KEY``."""


def digest_of(token: str) -> str:
    """For tokens drawn by chance, which need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def seal(text: str) -> str:
    """Encrypted and signed under the ``SECRET_KEY``."""
    return _boxes().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed under this ``SECRET_KEY`` or one of the fallbacks. Raises ``Unreadable``."""
    try:
        return _boxes().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def _boxes() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(secret)) for secret in keys])


def _key(secret: str) -> bytes:
    digest = salted_hmac("staff.kernel.secret", "seal", secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest)
