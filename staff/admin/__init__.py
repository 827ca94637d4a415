"""People, departments, accounts and the trail in the admin."""

from staff.admin import absences, accounts, departments, grants, people, robots, trail, uploads, workdays

__all__ = ["absences", "accounts", "departments", "grants", "people", "robots", "trail", "uploads", "workdays"]
