"""A person's month whole: facts, lines taken, months running, the month before, and a median that tells of nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from assessment.models import AssessmentMonth, Result
from assessment.selectors.own_results import TOTAL, OwnResult, own_result, results_of
from policy.compiler.worked import facts_in
from policy.language import typed as t
from staff.kernel.access import Access
from staff.kernel.periods import Month
from staff.models import Employee
from tests.assessment.results.conftest import assessed
from tests.company import TODAY, Company

pytestmark = pytest.mark.django_db
ALL = Access.system(TODAY, "test")


def report(company: Company, person: Employee, **values: int) -> None:
    for key, value in values.items():
        company.values(person, key, {"2026-10": value})


def graded(company: Company, person: Employee, *points: int, last: str = "2026-10") -> None:
    """The total of each month up to ``last``, as the sum of four items of grade-and-wage."""
    for back, total in enumerate(reversed(points)):
        month = str(Month.parse(last) - back)
        for key, share in (("sales_result", 40), ("tasks", 20), ("ability", 20), ("attitude", 20)):
            company.values(person, key, {month: Decimal(total) * share / 100})


def seal(month: str) -> None:
    AssessmentMonth.objects.create(
        month=Month.parse(month), state="sealed", sealed_at="2026-11-11T02:00:00+08:00", digest="0" * 64
    )


def read(person: Employee, month: str = "2026-10") -> OwnResult:
    found = results_of(ALL, person)
    whole = own_result(ALL, person, next(one for one in found if str(one.month) == month), found)
    assert whole is not None
    assert whole.worked is not None
    return whole


def test_each_fact_is_what_the_points_rest_on_and_the_points_come_out_again(under: Callable[..., Company]) -> None:
    company = under("score-pay")
    person = company.person("")
    for key, value in {
        "calls_answered": 474,
        "calls_satisfied": 320,
        "calls_unrated": 60,
        "attendance": 1,
        "daily": 52,
    }.items():
        company.values(person, key, {"2026-10": value})
    assessed()
    found = read(person)
    assert found.worked is not None
    satisfaction = found.checked.scorecard.items[0].score  # type: ignore[union-attr]
    assert list(found.worked.words(satisfaction, "zh").values()) == ["320 个", "60 个", "474 个"]
    assert found.worked.points["satisfaction"] == found.points("satisfaction") == Decimal(20)
    assert not found.changed
    company.values(person, "daily", {"2026-10": 50})
    assert read(person).changed == {"daily"}


def test_the_line_that_was_taken_is_the_one_whose_condition_held(under: Callable[..., Company]) -> None:
    company = under("reward-and-penalty")
    person = company.person("")
    for key, value in {
        "satisfaction_rate": 84,
        "avg_response_minutes": 4,
        "resolution_rate": 65,
        "peer_review": 3,
        "leader_rating": 4,
    }.items():
        company.values(person, key, {"2026-10": value})
    company.event(person, "violation", date(2026, 10, 9), subject="serious", status="upheld")
    assessed()
    found = read(person)
    scores = {str(item.key): item.score for item in found.checked.scorecard.items}  # type: ignore[union-attr]
    taken = {key: found.worked.taken.get(node) for key, node in scores.items() if isinstance(node, t.Choice)}  # type: ignore[union-attr]
    assert taken == {"satisfaction": 1, "response": 0, "resolution": 3, "discipline": 1}
    assert found.worked.words(scores["discipline"], "zh") == dict(  # type: ignore[union-attr]
        zip(facts_in(scores["discipline"]), ["0 次", "1 次", "1 次"], strict=True)
    )
    assert found.worked.taken[found.checked.scorecard.grade] == 1  # type: ignore[union-attr,index]


def test_months_running_are_counted_up_to_the_month_and_anew_after_what_they_raised(
    under: Callable[..., Company],
) -> None:
    company = under("grade-and-wage")
    first, second = company.person(""), company.person("")
    graded(company, first, 95, 95)
    graded(company, second, 70, 50)
    assessed()
    runs = {one.case.kind: one.run for one in read(first).worked.streaks}  # type: ignore[union-attr]
    assert runs == {"bonus": 2, "resignation_clause": 0}
    assert {one.case.kind: one.run for one in read(second).worked.streaks}["resignation_clause"] == 1  # type: ignore[union-attr]
    for each, total in ((first, 95), (second, 70)):
        graded(company, each, total, total, last="2026-12")
    assessed("2026-12")
    assert Result.objects.get(employee=first, month=Month.parse("2026-11")).cases == ["bonus"]
    assert {one.case.kind: one.run for one in read(first, "2026-12").worked.streaks}["bonus"] == 1  # type: ignore[union-attr]


def test_what_is_missing_names_who_owes_it_and_what_divides_by_zero_says_so(under: Callable[..., Company]) -> None:
    company = under("score-pay")
    leader = company.person("", name="周岚")
    person = company.person("", supervisor=leader)
    for key in ("calls_answered", "calls_satisfied", "calls_unrated"):
        company.values(person, key, {"2026-10": 0})
    assessed()
    lacks = {one.key: (one.owner, one.zero) for one in read(person).lacks}
    assert lacks == {"calls_answered": ("周岚", True), "attendance": ("周岚", False), "daily": ("周岚", False)}
    seal("2026-10")
    assert {one.owner for one in read(person).lacks} == {""}


@pytest.mark.parametrize(("people", "known"), [(4, False), (5, True)])
def test_the_team_has_a_median_from_five_people_up(under: Callable[..., Company], people: int, known: bool) -> None:
    company = under("grade-and-wage")
    staff = [company.person("") for _ in range(people)]
    for at, person in enumerate(staff):
        graded(company, person, 60 + 10 * at if at else 61)
    elsewhere = company.person("", department=company.root)
    graded(company, elsewhere, 99)
    seal("2026-10")
    assessed()
    team = read(staff[0]).team
    assert team.ranked == people
    assert team.medians.get(TOTAL) == (Decimal(80) if known else None)
    assert team.medians.get("sales_result") == (Decimal(32) if known else None)


def test_whoever_lacks_a_result_does_not_make_up_the_five(under: Callable[..., Company]) -> None:
    company = under("grade-and-wage")
    staff = [company.person("") for _ in range(5)]
    for person in staff[:4]:
        graded(company, person, 80)
    company.values(staff[4], "sales_result", {"2026-10": 3})
    seal("2026-10")
    assessed()
    assert read(staff[0]).team.medians == {}


def test_an_even_team_has_the_mean_of_the_middle_two_as_its_median(under: Callable[..., Company]) -> None:
    company = under("grade-and-wage")
    staff = [company.person("") for _ in range(6)]
    for person, total in zip(staff, (50, 60, 70, 75, 80, 90), strict=True):
        graded(company, person, total)
    seal("2026-10")
    assessed()
    assert read(staff[0]).team.medians[TOTAL] == Decimal("72.5")


def test_there_is_no_median_while_values_still_come_in(under: Callable[..., Company]) -> None:
    """How it moves from one look to the next would tell the figure of whoever was entered in between."""
    company = under("grade-and-wage")
    staff = [company.person("") for _ in range(6)]
    for person in staff:
        graded(company, person, 80)
    assessed()
    assert read(staff[0]).team.medians == {}


def test_the_month_before_stands_beside_by_the_same_policy_alone(under: Callable[..., Company]) -> None:
    company = under("grade-and-wage")
    person = company.person("")
    graded(company, person, 70, 80)
    assessed()
    found = read(person)
    assert (found.points("tasks"), found.points_before("tasks")) == (Decimal(16), Decimal(14))
    assert read(person, "2026-09").before is None
