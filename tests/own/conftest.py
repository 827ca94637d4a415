"""The company of the pages' tests, for what people read about themselves and say about it."""

from tests.web.conftest import Visitor, _the_day, company, house, visitor

__all__ = ["Visitor", "_the_day", "company", "house", "visitor"]
