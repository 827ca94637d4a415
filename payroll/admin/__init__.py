"""Pay in the admin: records of people, bands of tiers and what changes them."""

from payroll.admin import bands, changes, dues, person, records

__all__ = ["bands", "changes", "dues", "person", "records"]
