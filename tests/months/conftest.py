"""The company of the pages' tests a month later: October is sealed, November has ended and waits for its values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from assessment.models import EmployeeMonth, Metric
from staff.kernel.access import Access
from staff.kernel.periods import Month
from staff.models import Account
from staff.selectors.access import access_of
from tests.web.company import Company
from tests.web.conftest import company, house, on, visitor

__all__ = ["company", "house", "visitor"]

DAY = date(2026, 12, 12)
NOW = datetime(2026, 12, 12, 4, 0, tzinfo=UTC)
NOVEMBER = Month.parse("2026-11")
#: Who owes what in November: on the ladder, not away; 林晓 to 许诺.
OWING = ("K2031", "K2032", "K2033", "K2034", "K2041", "K2042", "K2051", "K2055")

_the_day = on(DAY, "en")

As = Callable[[str], Access]


@pytest.fixture
def acting(company: Company) -> As:
    """``acting("hr")``: what that account reaches on the day, through the admin."""
    return lambda username: access_of(Account.objects.get(username=username), DAY, channel="admin")


def report(company: Company, *numbers: str, month: Month = NOVEMBER) -> None:
    """Both metrics of these people are reported."""
    for number in numbers:
        company.values(number, "excellent_cases", {str(month): 1})
        company.values(number, "keywords_online", {str(month): 2})


def slot(key: str) -> str:
    return f"s{Metric.objects.get(key=key).slot}"


def value_of(company: Company, number: str, key: str, month: Month = NOVEMBER) -> object:
    row = EmployeeMonth.objects.filter(employee=company.people[number], month=month).first()
    return getattr(row, slot(key)) if row else None
