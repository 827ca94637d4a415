"""What a draft would cost a month: component by component, for whoever reads pay, and for nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from payroll.selectors.draft_cost import costed
from payroll.web.draft_cost import draft_cost
from policy import catalogue, library
from policy.drafting.effects import EffectRequest
from policy.language import load_document
from staff.kernel.access import Access
from tests.company import Company, operator
from tests.payroll.test_components import fill, pay

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 10)


def request(text: str, access: Access | None = None) -> EffectRequest:
    return EffectRequest(access or replace(operator(), day=DAY), load_document(text, catalogue.current()))


@pytest.fixture
def company() -> Company:
    """93.50 points of 3333.33 and no score of 4000: the second's performance cannot be reckoned by either."""
    made = Company(policy="score-pay")
    first, second = made.person("", no="K1"), made.person("", no="K2")
    pay(first, "3333.33")
    pay(second)
    fill(made, first, calls_answered=100, calls_satisfied=60, calls_unrated=10, attendance=1, daily=60)
    return made


def test_an_unchanged_draft_costs_what_is_paid(company: Company) -> None:
    found = costed(request(library.text("score-pay")))
    assert found is not None
    assert str(found.month) == "2026-10"
    assert {str(cost.component.key): (cost.before, cost.after, cost.people) for cost in found.costs} == {
        "base": (Decimal("7333.33"), Decimal("7333.33"), 0), "performance": (Decimal("467.50"), Decimal("467.50"), 0),
    }  # fmt: skip
    assert found.change == 0


def test_a_draft_that_pays_more_says_by_which_component_and_of_how_many_something_is_missing(company: Company) -> None:
    found = costed(request(library.text("score-pay").replace("base * performance_share", "base * 0.2")))
    assert found is not None
    performance = next(cost for cost in found.costs if cost.component.key == "performance")
    assert (performance.change, performance.people, performance.missing) == (Decimal("155.83"), 1, 1)


def test_whoever_reads_no_pay_learns_no_cost(company: Company) -> None:
    text = library.text("score-pay")
    for role, told in (("hr", False), ("head", False), ("payroll", True), ("gm", True), ("auditor", True)):
        access = Access(account_id=1, employee_id=None, day=DAY, roles=frozenset({role}), departments={role: None})
        assert (draft_cost(request(text, access)) is not None) is told, role
