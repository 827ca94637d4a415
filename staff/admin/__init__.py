"""People, departments, accounts and the trail in the admin."""

from staff.admin import absences, accounts, delegations, departments, grants, people, robots, trail, uploads, workdays

__all__ = [
    "absences",
    "accounts",
    "delegations",
    "departments",
    "grants",
    "people",
    "robots",
    "trail",
    "uploads",
    "workdays",
]
