"""The sweep, the ledger and a person's tier in the admin, and the first page."""

from promotion.admin import (
    applications,
    board,
    cases,
    corrections,
    departments,
    index,
    ledger,
    month_gaps,
    months,
    notices,
    people,
    pipeline,
    rounds,
    runs,
    schedule,
    shortlist,
)

__all__ = [
    "applications",
    "board",
    "cases",
    "corrections",
    "departments",
    "index",
    "ledger",
    "month_gaps",
    "months",
    "notices",
    "people",
    "pipeline",
    "rounds",
    "runs",
    "schedule",
    "shortlist",
]
