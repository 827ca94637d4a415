"""The catalogue's names in the language of the page."""

from __future__ import annotations

from assessment.models import EventKind, Metric
from staff.kernel.words import in_english


def named(row: Metric | EventKind) -> str:
    return row.en if in_english() and row.en else row.zh
