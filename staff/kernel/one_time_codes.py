"""The six digits that an authenticator app shows for half a minute (RFC 6238)."""

from __future__ import annotations

import hmac
from datetime import datetime

from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value

STEP = 30
#: A phone's clock may be half a minute off, either way.
_OFF = (0, -1, 1)


def new_secret() -> str:
    """A key for an app, as it is typed: base 32."""
    secret: str = generate_totp_secret()
    return secret


def code_at(secret: str, step: int) -> str:
    code: str = format_hotp_value(hotp_value(secret, step))
    return code


def step_of(secret: str, code: str, now: datetime, *, after: int = 0) -> int | None:
    """The half-minute that the code belongs to, about now; None for a wrong code.

    A step up to ``after`` has been used, or was before one that has: its code counts no more.
    """
    typed = "".join(code.split())
    present = int(now.timestamp()) // STEP
    for step in (present + off for off in _OFF):
        if step > after and hmac.compare_digest(code_at(secret, step).encode(), typed.encode()):
            return step
    return None
