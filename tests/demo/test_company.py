"""The company by itself, before anything is loaded: the same each time, and shaped like a real one."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from payroll.demo import tables
from payroll.demo.cast import cast
from payroll.demo.company import Company, demo_company
from payroll.demo.departments import TEAMS, UNITS
from payroll.demo.shapes import MONTHS
from staff.kernel.periods import Month

DAY = date(2026, 11, 24)
RULES = {
    "四.1.1 regularised", "四.1.1 tenure", "四.1.2 violations", "四.1.2 misconduct", "四.1.6 exam",
    "四.2.1 tenure", "四.2.7 cases", "四.2.8 customers", "四.2.9 complaints", "四.2.9 misconduct", "四.2.10 exam",
    "四.3.1 tenure", "四.3.8 complaints", "四.3.8 misconduct", "四.3.9 cases", "四.3.10 customers", "四.3.11 exam",
}  # fmt: skip


@pytest.fixture(scope="module")
def company() -> Company:
    return demo_company(DAY)


def rows(company: Company) -> dict[str, list[tables.Row]]:
    return {name: list(found) for name, found in tables.first_load(company).items()}


def test_the_same_month_gives_the_same_company_to_the_last_event() -> None:
    assert rows(demo_company(DAY)) == rows(demo_company(date(2026, 11, 1)))


def test_another_month_moves_everything_with_it() -> None:
    assert rows(demo_company(date(2026, 12, 1)))["values"] != rows(demo_company(DAY))["values"]


@pytest.mark.parametrize("day", [date(2027, 1, 1), date(2028, 3, 31), date(2029, 3, 1)])
def test_any_day_has_its_company_with_nothing_after_its_last_month(day: date) -> None:
    company = demo_company(day)
    assert company.last == Month.of(day).previous
    dated = [event.day for person in company.people for event in person.events]
    dated += [absence.last_day for person in company.people for absence in person.absences]
    dated += [step.day for person in company.people for step in [*person.transitions, *person.moves]]
    assert max(dated) <= company.last.last_day
    assert [part.outcome for part in company.cast] == [part.outcome for part in cast(Month.parse("2026-10"))]


def test_there_are_some_290_people_with_numbers_of_their_own(company: Company) -> None:
    assert 280 <= len(company.people) <= 300
    assert len({person.no for person in company.people}) == len(company.people)


def test_two_people_share_a_name_so_that_a_number_is_needed(company: Company) -> None:
    names = Counter(person.name for person in company.people)
    assert [name for name, count in names.items() if count > 1] == ["李静"]


def test_every_rule_of_the_ladder_has_somebody_short_of_it_alone(company: Company) -> None:
    alone = {rule for part in company.cast if part.outcome == "not_yet" and len(part.unmet) == 1 for rule in part.unmet}
    assert alone == RULES


def test_every_outcome_and_trigger_has_somebody(company: Company) -> None:
    assert {part.outcome for part in company.cast} == {
        "eligible", "not_yet", "waiting_for_data", "demotion_proposed", "warning", "top", None,
    }  # fmt: skip
    proposed = {rule for part in company.cast if part.outcome == "demotion_proposed" for rule in part.fired}
    assert proposed == {"八.1 dry", "八.2 complaints", "八.3 misconduct"}


def test_two_years_of_months_are_reported_and_none_after_the_last(company: Company) -> None:
    months = {month for person in company.people for month, _ in person.values}
    assert (min(months), max(months), len(months)) == (Month.parse("2024-11"), Month.parse("2026-10"), MONTHS)


def test_nothing_is_reported_outside_employment_or_in_an_exempt_month(company: Company) -> None:
    for person in company.people:
        months = {month for month, _ in [*person.values, *person.items]}
        assert not [str(m) for m in months if not person.works_in(m) or person.away_all(m)], person.no


def test_every_other_policy_has_somebody_to_look_at_and_every_grade_and_number_of_stars_is_there(
    company: Company,
) -> None:
    found = [sight.found for sight in company.sights if sight.found]
    assert {sight.policy for sight in company.sights} == {
        "itemised-scorecard", "score-pay", "monthly-stars", "grade-and-wage", "reward-and-penalty"
    }  # fmt: skip
    assert {sight.person.ladder for sight in company.sights if sight.outcome} == {
        "after-sales",
        "tiered-exam",
        "parametric",
    }
    assert {row["grade"] for row in found if "grade" in row} >= {"A", "B", "C", "D", "E", "excellent", "good", "fail"}
    assert {row["stars"] for row in found if "stars" in row} == {5, 4, 3, 2, 1, None}


def test_a_ledger_climbs_tier_by_tier_and_its_dates_follow_each_other(company: Company) -> None:
    order = ["regular", "star", "diamond", "crown"]
    for person in company.people:
        tiers, days = [person.tier], [person.hired_on]
        for step in person.transitions:
            change = order.index(step.tier) - order.index(str(tiers[-1]))
            assert change == (1 if step.kind == "promotion" else -1), person.no
            tiers.append(step.tier)
            days.append(step.day)
        assert days == sorted(set(days)), person.no


def test_the_crowd_has_leavers_exempt_months_gaps_moves_and_a_bad_quarter(company: Company) -> None:
    crowd = company.crowd
    assert 8 <= sum(person.left_on is not None for person in crowd) <= 30
    assert any(person.away_all(month) for person in crowd for month in (company.last - k for k in range(18)))
    assert 10 <= sum(bool(person.moves) for person in crowd) <= 40
    online = Counter[Month]()
    for person in crowd:
        online.update(Month.of(event.day) for event in person.events if event.kind == "keyword_online")
    bad, good = (sum(online[company.last - k] for k in back) for back in ((8, 7, 6), (5, 4, 3)))
    assert bad < good * 0.85


def test_a_team_is_behind_with_the_last_month(company: Company) -> None:
    def gaps(month: Month) -> int:
        team = [p for p in company.crowd if p.department == TEAMS[3] and p.works_in(month) and not p.away_all(month)]
        return sum((month, "excellent_cases") not in person.values for person in team)

    assert gaps(company.last) >= 3 > gaps(company.last - 1)


def test_every_department_has_a_head_among_the_people(company: Company) -> None:
    names = {person.name for person in company.leaders}
    assert {unit.head for unit in UNITS} <= names


def test_the_page_on_the_demonstration_lists_the_cast_as_it_is(company: Company) -> None:
    page = (Path(__file__).parents[2] / "docs" / "demo.md").read_text(encoding="utf-8")
    for part in company.cast:
        outcome = " → ".join(word for word in (part.outcome or "no line", part.target) if word)
        assert f"| {part.person.no} | {part.person.name} | {part.en} | {outcome} |" in page
    for sight in company.sights:
        outcome = " → ".join(word for word in (sight.outcome or "no line", sight.target) if word)
        assert f"| {sight.person.no} | {sight.person.name} | {sight.text} | {sight.policy} | {outcome} |" in page
