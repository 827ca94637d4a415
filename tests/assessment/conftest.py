"""The same company as the pages' tests."""

from tests.web.conftest import _the_day, company, house, visitor

__all__ = ["_the_day", "company", "house", "visitor"]
