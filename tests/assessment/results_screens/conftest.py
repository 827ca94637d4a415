"""The company of the pages' tests under a scorecard: 信息客服部 by 客服考核制度细则, 财务部 by 五星级.

One wants values, one is exempt; a quarter stands beside the months.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from assessment.actions.results_assess import assess_month
from assessment.models import Assessed, Level, Result
from policy.actions.policy_adopt import adopt
from staff.kernel.periods import Month
from tests.kept import kept
from tests.web.company import MONTH, TODAY, Company, make_company
from tests.web.conftest import _the_day, visitor

__all__ = ["_the_day", "visitor"]
CARD, STARS = "itemised-scorecard", "monthly-stars"
#: Of the twelve inputs what is not said otherwise; everything is full marks: 95.
BEST = {
    "satisfaction": 95, "speed": 0, "accuracy": 0, "norms": 0, "tasks": 0, "knowledge": 96, "overtime": 1, "attendance": 1,
    "initiative": 1, "peers": 1, "collaboration": 1, "sharing": 1,
}  # fmt: skip
#: no → what differs from the best in October.
PEOPLE: dict[str, dict[str, int | None]] = {
    "K2031": {"knowledge": 80}, "K2032": {}, "K2033": {"satisfaction": 89}, "K2034": {"speed": None, "norms": None},
    "K2041": {"attendance": 0, "accuracy": 2, "sharing": 0}, "K2042": {},
}  # fmt: skip
STARRED = {"collection_rate": 112, "leader_tasks": 1, "service_attitude": 1, "discipline": 1, "proactive": 1}
#: The day on which whatever stands here was adopted.
SINCE = date(2026, 5, 1)


def scored(company: Company) -> None:
    """Six months of everybody."""
    adopt(access=company.access, key=CARD, department=company.departments["信息客服部"], starts_on=SINCE)
    adopt(access=company.access, key=STARS, department=company.departments["财务部"], starts_on=SINCE)
    for no, other in PEOPLE.items():
        for back in range(6):
            inputs = BEST | (other if back == 0 else {"knowledge": 80 + 3 * back})
            for key, value in inputs.items():
                if value is not None:
                    company.values(no, key, {str(MONTH - back): value})
    for key, value in STARRED.items():
        company.values("K2052", key, {str(MONTH): value})


def assess(company: Company) -> None:
    """October is sealed and so of record; the months before it are provisional, and so is the quarter, which is made up."""
    assess_month(access=company.access, month=MONTH)
    quarter = Month.parse("2026-09")
    team = company.departments["信息客服一组"]
    template = Result.objects.filter(policy=CARD, month=quarter, employee__isnull=False).first()
    assert template is not None
    common: dict[str, Any] = {
        "level": Level.QUARTER, "month": quarter, "policy": CARD, "version": template.version, "counts": True,
        "values_digest": template.values_digest, "department": team,
    }  # fmt: skip
    for at, no in enumerate(("K2031", "K2032")):
        total = Decimal(92 - at)
        Result.objects.create(employee=company.people[no], total=total, rank=at + 1, **common)
    Result.objects.create(employee=None, total=Decimal("91.5"), cases=["team_fund"], **common)
    Assessed.objects.create(policy=CARD, level=Level.QUARTER, month=quarter, watermark=1)


def make_house() -> Company:
    company = make_company(scored)
    assess(company)
    return company


house = kept(make_house, TODAY)


@pytest.fixture
def company(house: Company, db: None) -> Company:
    return house
