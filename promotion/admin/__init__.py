"""The sweep, the ledger and a person's tier in the admin, and the first page."""

from promotion.admin import board, departments, index, ledger, month_gaps, months, people, runs, schedule

__all__ = ["board", "departments", "index", "ledger", "month_gaps", "months", "people", "runs", "schedule"]
