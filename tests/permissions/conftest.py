"""The same company as the pages' tests."""

from tests.web.conftest import company, house, visitor

__all__ = ["company", "house", "visitor"]
