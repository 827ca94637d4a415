"""Which of two languages a page speaks."""

from __future__ import annotations

from django.utils.translation import get_language


def in_english() -> bool:
    return (get_language() or "").startswith("en")
