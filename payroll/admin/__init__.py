"""Pay in the admin: records of people, bands of tiers and what changes them."""

from payroll.admin import bands, changes, person, records

__all__ = ["bands", "changes", "person", "records"]
