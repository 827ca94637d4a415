"""The company of the pages."""

from tests.web.conftest import _the_day, company, house, visitor

__all__ = ["_the_day", "company", "house", "visitor"]
