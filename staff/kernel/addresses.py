"""Which addresses mail can be sent to: one rule for the pages and for records."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email


def is_address(text: str) -> bool:
    """As Django's forms have it."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
