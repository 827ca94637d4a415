"""Policies in the admin: documents clause by clause, drafts, where they are in force, and the requests that lead there."""

from policy.admin import adoptions, draft_edit, drafts, requests, versions

__all__ = ["adoptions", "draft_edit", "drafts", "requests", "versions"]
