"""Policies in the admin: documents clause by clause, and where they are in force."""

from policy.admin import adoptions, versions

__all__ = ["adoptions", "versions"]
