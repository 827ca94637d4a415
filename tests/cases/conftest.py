"""The company of the pages' tests, with K2041's demotion proposed by its October; every test rolls its own back."""

from __future__ import annotations

import pytest

from promotion.cases.models import Proceeding
from tests.cases.steps import Course
from tests.web.company import TODAY, Company
from tests.web.conftest import company, house, on, visitor

__all__ = ["company", "house", "visitor"]

_the_day = on(TODAY, "en")


@pytest.fixture
def course(company: Company) -> Course:
    return Course(company, Proceeding.objects.get(case__employee=company.people["K2041"]))
