"""A scorecard's own inputs: owed by those it takes in, asked in the document's words and held to its bounds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment.actions.cells_save import CellState
from assessment.actions.values_save import save_values
from assessment.measures import measure_of
from assessment.models import ItemAssessor, Metric
from assessment.selectors.needs import completeness, gaps, measures_of, metrics_needed, needs
from policy.actions.policy_adopt import adopt
from policy.compiler.needs import inputs_asked
from policy.selectors import library_policy
from staff.kernel.access import Refused
from tests.intake.conftest import NOVEMBER, Visitor, acting, cell, held, save
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
    assert (found[elsewhere, tasks.pk].unit, found[elsewhere, tasks.pk].decimals) == ("number", 4)


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


@pytest.mark.parametrize(
    ("typed", "value"),
    [("是", "1"), ("否", "0"), ("1", "1"), ("0", "0"), ("Yes", "1"), ("n", "0"), (" 是 ", "1"), ("", "")],
)
def test_yes_and_no_are_taken_as_people_write_them_and_kept_as_1_and_0(scored: Company, typed: str, value: str) -> None:
    answer = save(acting("K1001"), cell("K2031", typed, metric="overtime"))[0]
    assert (answer.state, answer.value) == (CellState.SAVED, value)
    assert held(scored, "K2031", "overtime") == (Decimal(value) if value else None)


@pytest.mark.parametrize("typed", ["2", "-1", "0.5", "maybe", "100%"])
def test_what_is_neither_yes_nor_no_is_told_so(scored: Company, typed: str) -> None:
    answer = save(acting("K1001"), cell("K2031", typed, metric="attendance"))[0]
    assert answer.state is CellState.INVALID
    assert "yes or no" in answer.message


@pytest.mark.parametrize(
    ("metric", "typed", "said"),
    [
        ("satisfaction", "100.01", "satisfaction is at most 100, and this is 100.01. Change it to 0–100."),
        ("tasks", "1.5", "tasks not done in time is a whole number"),
        ("speed", "-0.5", "hours over the limit is at least 0"),
    ],
)
def test_beyond_the_documents_bounds_the_bounds_are_said(scored: Company, metric: str, typed: str, said: str) -> None:
    answer = save(acting("K1001"), cell("K2031", typed, metric=metric))[0]
    assert answer.state is CellState.INVALID
    assert said in answer.message
    with pytest.raises(Refused, match=said.split(" is ")[0]):
        save_values(
            access=acting("K1001"), employee=scored.people["K2031"], month=NOVEMBER,
            values={Metric.objects.get(key=metric): Decimal(typed)},
        )  # fmt: skip


def test_the_bounds_themselves_are_taken(scored: Company) -> None:
    answers = save(
        acting("K1001"), cell("K2031", "100", metric="satisfaction"), cell("K2032", "0", metric="satisfaction")
    )
    assert [answer.state for answer in answers] == [CellState.SAVED] * 2


def test_whoever_enters_an_input_has_assessed_it(scored: Company) -> None:
    save(acting("K1001"), cell("K2031", "是", metric="sharing"))
    row = ItemAssessor.objects.get(employee=scored.people["K2031"], month=NOVEMBER, metric__key="sharing")
    assert row.assessor == scored.people["K1001"]


def test_the_grid_asks_in_the_documents_words_with_its_unit_and_bounds(scored: Company, visitor: Visitor) -> None:
    save(acting("K1001"), cell("K2031", "0", metric="overtime"))
    html = visitor("K1001").get("/intake/").content.decode()
    assert "tasks not done in time" in html
    assert 'data-l="satisfaction" data-unit="%" data-lowest="0" data-highest="100" data-decimals="4"' in html
    assert 'data-l="attendance" data-unit="yes_no" data-lowest="0" data-highest="1" data-decimals="0"' in html
    assert 'aria-label="林晓 overtime" value="no"' in html


def test_the_grid_of_a_scorecard_takes_as_many_queries_for_many_people_as_for_few(
    scored: Company, visitor: Visitor
) -> None:
    client = visitor("K1001")
    scored.values("K2031", "overtime", {"2026-11": 1})
    client.get("/intake/")
    with CaptureQueriesContext(connection) as few:
        client.get("/intake/")
    for at in range(40):
        scored.hire(f"K3{at:03d}", f"新人{at}", f"xinren{at}")
        scored.values(f"K3{at:03d}", "overtime", {"2026-11": 1})
    with CaptureQueriesContext(connection) as many:
        client.get("/intake/")
    asked = [[query for query in queries if "SAVEPOINT" not in query["sql"]] for queries in (few, many)]
    assert len(asked[0]) == len(asked[1]) <= 20


def test_saving_many_cells_takes_as_many_queries_to_read_as_one(scored: Company) -> None:
    counts = []
    for numbers in (("K2031",), ("K2031", "K2032", "K2033", "K2034")):
        for number in numbers:
            save(acting("K1001"), cell(number, "1", metric="peers"))
        access = acting("K1001")
        with CaptureQueriesContext(connection) as captured:
            save(access, *(cell(number, "1", metric="peers") for number in numbers))
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 12
