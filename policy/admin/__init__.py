"""Policies in the admin: documents clause by clause, where they are in force, and the requests that lead there."""

from policy.admin import adoptions, requests, versions

__all__ = ["adoptions", "requests", "versions"]
