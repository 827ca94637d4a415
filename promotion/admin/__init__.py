"""The sweep, the ledger and a person's tier in the admin, and the first page."""

from promotion.admin import departments, index, ledger, people, runs, schedule

__all__ = ["departments", "index", "ledger", "people", "runs", "schedule"]
