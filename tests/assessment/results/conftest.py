"""A company under one monthly policy, and what its file says."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from assessment.actions.results_assess import assess_month
from assessment.selectors.results import month_lines
from staff.kernel.periods import Month
from tests.company import Company, operator

Lines = dict[str, dict[str, Any]]


def assessed(month: str = "2026-10") -> Lines:
    """The month's lines by employee no."""
    assess_month(access=operator(), month=Month.parse(month))
    return {line["employee_no"]: line for line in map(json.loads, month_lines(Month.parse(month)))}


@pytest.fixture
def under() -> Callable[..., Company]:
    """A company under the policy of that key."""
    return lambda key: Company(policy=key)
