"""A scorecard's own inputs: owed by those it takes in, asked in the document's words and held to its bounds."""

from __future__ import annotations

from datetime import date

import pytest

from assessment.measures import measure_of
from assessment.models import Metric
from assessment.selectors.needs import completeness, gaps, measures_of, metrics_needed, needs
from policy.actions.policy_adopt import adopt
from policy.compiler.needs import inputs_asked
from policy.selectors import library_policy
from tests.intake.conftest import NOVEMBER
from tests.web.company import Company

CARD = "itemised-scorecard"
ITEMS = (
    "satisfaction", "speed", "accuracy", "norms", "tasks", "knowledge", "overtime", "attendance", "initiative", "peers",
    "collaboration", "sharing",
)  # fmt: skip


@pytest.fixture
def scored(company: Company) -> Company:
    """The first team has a scorecard from November on."""
    adopt(access=company.access, key=CARD, department=company.departments["信息客服一组"], starts_on=date(2026, 11, 1))
    return company


def test_the_inputs_of_a_scorecard_are_owed_beside_what_the_ladder_needs(scored: Company) -> None:
    team = scored.departments["信息客服一组"].pk
    asked = [metric.key for metric in metrics_needed(needs(NOVEMBER), [team])]
    assert asked == ["excellent_cases", "keywords_online", *ITEMS]
    assert [m.key for m in metrics_needed(needs(NOVEMBER - 1), [team])] == ["excellent_cases", "keywords_online"]


def test_who_is_not_regularised_or_of_another_department_owes_no_input(scored: Company) -> None:
    norms = Metric.objects.get(key="norms").pk
    owing = {gap.employee_id for gap in gaps(scored.access, NOVEMBER) if gap.metric_id == norms}
    numbers = {no for no, person in scored.people.items() if person.pk in owing}
    # 许诺 is not regularised, 严冬 left, 贺宁, 程砚 and 方宁 are elsewhere; 白羽 is on no ladder and owes it all the same
    assert numbers == {"K1001", "K2031", "K2032", "K2033", "K2034", "K2041", "K2042", "K2053", "K2055"}
    of_team = [row for row in completeness(scored.access, NOVEMBER) if row.metric_id == norms]
    assert sum(row.expected for row in of_team) == sum(row.left for row in of_team) == len(numbers)


def test_the_same_item_is_asked_as_the_document_of_the_department_has_it(scored: Company) -> None:
    tasks = Metric.objects.get(key="tasks")
    here, elsewhere = scored.people["K2031"].pk, scored.people["K2052"].pk
    found = measures_of(NOVEMBER, [tasks], [here, elsewhere])
    assert (found[here, tasks.pk].unit, found[here, tasks.pk].decimals) == ("count", 0)
    assert (found[elsewhere, tasks.pk].unit, found[elsewhere, tasks.pk].decimals) == ("number", 2)


@pytest.mark.parametrize(
    ("key", "item", "lowest", "highest"),
    [
        (CARD, "satisfaction", 0, 100),
        (CARD, "speed", 0, None),
        ("reward-and-penalty", "peer_review", 1, 4),
        ("score-pay", "attendance", 0, None),
        ("score-pay", "daily", 0, 60),
    ],
)
def test_points_are_bounded_by_full_marks_and_the_rest_as_the_document_says(
    company: Company, key: str, item: str, lowest: int, highest: int | None
) -> None:
    metric = Metric.objects.get(key=item)
    measure = measure_of(metric, inputs_asked(library_policy(key))[item])
    assert (measure.least, measure.highest) == (lowest, highest)
