"""Quarters, years and teams: what their totals are made of, the cases they raise, what stands and what is written again."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from psycopg2.extras import DateRange

from assessment.actions.periods_assess import assess_ended, assess_period
from assessment.models import Assessed, AssessmentMonth, EmployeeMonth, Metric, MonthState, Result
from assessment.selectors.period_results import period_lines
from assessment.tasks import assess
from staff.kernel.access import Access, Forbidden, Refused
from staff.kernel.periods import Month, Term, months_between
from staff.models import Department, DepartmentPeriod, Employee
from tests.company import Company, job, operator

pytestmark = pytest.mark.django_db
#: Points of an item → the value that yields them.
YIELDS = {
    "satisfaction_rate": {4: 90, 3: 80, 2: 70, 1: 60}, "avg_response_minutes": {4: 5, 3: 10, 2: 15, 1: 16},
    "resolution_rate": {4: 90, 3: 80, 2: 70, 1: 60}, "peer_review": {4: 4, 3: 3, 2: 2, 1: 1},
}  # fmt: skip


def lines(period: str) -> dict[str, dict[str, Any]]:
    """By employee no. or team."""
    assess_period(access=operator(), term=Term.parse(period))
    found = [json.loads(line) for line in period_lines(Term.parse(period))]
    return {line["employee_no"] or line["team"]: line for line in found}


def told(period: str, *who: str) -> list[tuple[Any, ...]]:
    """Total, grade, rank and cases of each."""
    found = lines(period)
    return [(line["total"], line["grade"], line["rank"], line["cases"]) for line in (found[each] for each in who)]


def marks(company: Company, person: Employee, total: float | None, first: str, last: str = "") -> None:
    """Values that come to ``total`` (in fifths) in each of some months, below 1.6 by a violation; None: one is missing."""
    slots = dict(Metric.objects.filter(key__in=[*YIELDS, "leader_rating"]).values_list("key", "slot"))
    points = round((total or 4) * 5)
    discipline = 4 if points >= 8 else 1
    each, more = divmod(points - discipline, 4)
    values = {key: found[each + (at < more)] for at, (key, found) in enumerate(YIELDS.items())}
    values["leader_rating"] = values["peer_review"]
    row = {f"s{slots[key]}": value for key, value in values.items()}
    if total is None:
        row[f"s{slots['resolution_rate']}"] = None
    for month in months_between(Month.parse(first), Month.parse(last or first)):
        EmployeeMonth.objects.update_or_create(employee=person, month=month, defaults=row)
        if discipline == 1:
            company.event(person, "violation", month.first_day, subject="major")


def seal(first: str, last: str) -> None:
    for month in months_between(Month.parse(first), Month.parse(last)):
        AssessmentMonth.objects.update_or_create(
            month=month,
            defaults={"state": MonthState.SEALED, "sealed_at": datetime(2026, 11, 2, tzinfo=UTC), "digest": "d"},
        )


@pytest.fixture
def company() -> Company:
    return Company(policy="reward-and-penalty")


def test_a_line_has_the_keys_of_the_interface_and_people_come_before_teams(company: Company) -> None:
    person = company.person("", no="K1")
    marks(company, person, 4, "2026-07", "2026-09")
    found = lines("2026-Q3")
    assert list(found) == ["K1", "客服部"]
    assert found["K1"] == {
        "employee_no": "K1", "team": None, "period": "2026-Q3", "policy": "reward-and-penalty", "total": 4,
        "grade": "excellent", "rank": 1, "five_star_months": None, "cases": [],
    }  # fmt: skip
    assert found["客服部"] == {
        "employee_no": None, "team": "客服部", "period": "2026-Q3", "policy": "reward-and-penalty", "total": 4,
        "grade": "excellent", "rank": None, "five_star_months": None, "cases": ["team_fund"],
    }  # fmt: skip


def test_a_quarter_is_the_rounded_mean_of_its_months_and_people_are_ranked_in_their_team(company: Company) -> None:
    first, second, third = (company.person("", no=no) for no in ("K1", "K2", "K3"))
    marks(company, first, 3.6, "2026-07", "2026-08")
    marks(company, first, 3.2, "2026-09")
    marks(company, second, 3.6, "2026-07", "2026-08")
    marks(company, second, 3.2, "2026-09")
    marks(company, third, 1.4, "2026-07", "2026-09")
    assert told("2026-Q3", "K1", "K2", "K3", "客服部") == [
        (3.47, "good", 1, []), (3.47, "good", 1, []), (1.4, "fail", 3, []), (2.78, "good", None, []),
    ]  # fmt: skip


def test_a_year_is_the_mean_of_rounded_quarters_without_those_that_are_wholly_exempt(company: Company) -> None:
    person = company.person("", no="K1", hired_on=date(2025, 4, 1))
    marks(company, person, 3.6, "2025-04", "2025-05")
    marks(company, person, 3.8, "2025-06")
    marks(company, person, 3.4, "2025-10")
    marks(company, person, 3.6, "2025-11")
    company.absence(person, date(2025, 7, 1), date(2025, 9, 30))
    company.absence(person, date(2025, 12, 1), date(2025, 12, 31))
    assert told("2025-Q2", "K1") == [(3.67, "excellent", 1, [])]
    assert told("2025-Q3", "K1", "客服部") == [(None, None, None, []), (None, None, None, [])]
    assert told("2025-Q4", "K1") == [(3.5, "excellent", 1, [])]
    assert told("2025", "K1", "客服部") == [
        (3.59, "excellent", 1, ["bonus", "certificate"]), (3.59, "excellent", None, []),
    ]  # fmt: skip


def test_who_joined_or_left_has_a_line_of_their_own_months_and_counts_in_the_team(company: Company) -> None:
    joined = company.person("", no="K1", hired_on=date(2026, 8, 31))
    leaver = company.person("", no="K2", left_on=date(2026, 8, 1))
    gone = company.person("", no="K3", left_on=date(2026, 6, 30))
    marks(company, joined, 3.4, "2026-08")
    marks(company, joined, 3.6, "2026-09")
    marks(company, leaver, 2, "2026-07", "2026-09")
    marks(company, gone, 2, "2026-07", "2026-09")
    assert told("2026-Q3", "K1", "K2", "客服部") == [
        (3.5, "excellent", 1, []), (2, "pass", 2, []), (2.75, "good", None, []),
    ]  # fmt: skip
    assert set(lines("2026-Q3")) == {"K1", "K2", "客服部"}


def test_whoever_moved_is_ranked_and_counted_where_they_are_on_the_last_day(company: Company) -> None:
    other = Department.objects.create(name="二组", parent=company.department)
    elsewhere = Department.objects.create(name="财务部", parent=company.root)
    moved, stays, away = (company.person("", no=no) for no in ("K1", "K2", "K3"))
    for person, department in ((moved, other), (away, elsewhere)):
        DepartmentPeriod.objects.filter(employee=person).update(period=DateRange(date(2024, 1, 1), date(2026, 9, 30)))
        DepartmentPeriod.objects.create(
            employee=person, department=department, period=DateRange(date(2026, 9, 30), None)
        )
    for person, total in ((moved, 3), (stays, 2), (away, 4)):
        marks(company, person, total, "2026-07", "2026-09")
    assert told("2026-Q3", "K1", "K2", "客服部", "二组") == [
        (3, "good", 1, []), (2, "pass", 1, []), (2, "pass", None, []), (3, "good", None, []),
    ]  # fmt: skip
    assert "K3" not in lines("2026-Q3")


def test_a_month_that_nobody_reported_leaves_quarter_team_and_year_null(company: Company) -> None:
    first, second = company.person("", no="K1"), company.person("", no="K2")
    marks(company, first, 4, "2026-01", "2026-12")
    marks(company, second, 4, "2026-01", "2026-08")
    marks(company, second, None, "2026-09")
    assert told("2026-Q3", "K1", "K2", "客服部") == [
        (4, "excellent", 1, []), (None, None, None, []), (None, None, None, []),
    ]  # fmt: skip
    assert [line["total"] for line in lines("2026").values()] == [4, None, None]
    assert [line["total"] for line in lines("2026-Q2").values()] == [4, 4, 4]


def test_a_failed_team_plans_and_after_two_quarters_running_is_reorganised_as_well(company: Company) -> None:
    person = company.person("", no="K1")
    for total, quarter in ((1.4, 1), (1.6, 4), (1.4, 7), (1.4, 10)):
        marks(company, person, total, f"2025-{quarter:02}", f"2025-{quarter + 2:02}")
    raised = [lines(f"2025-Q{n}")["客服部"]["cases"] for n in (4, 1, 2, 3)]
    assert raised == [["improvement_plan", "reorganisation"], ["improvement_plan"], [], ["improvement_plan"]]


def test_a_failed_year_is_trained_and_a_second_one_running_dismissed_as_well(company: Company) -> None:
    twice, once = company.person("", no="K1"), company.person("", no="K2")
    marks(company, twice, 1.4, "2025-01", "2026-12")
    marks(company, once, 1.6, "2025-01", "2025-12")
    marks(company, once, 1.2, "2026-01", "2026-12")
    found = lines("2026")
    assert [found[no]["cases"] for no in ("K1", "K2")] == [["dismissal", "training"], ["training"]]
    assert lines("2025")["K1"]["cases"] == ["training"]


def test_the_same_facts_write_no_row_the_second_time_and_a_late_one_reaches_streaks_after_it(company: Company) -> None:
    person = company.person("", no="K1")
    marks(company, person, 1.4, "2026-01", "2026-09")
    third = Term.parse("2026-Q3")
    assert assess_period(access=operator(), term=third) == 9 + 6
    assert assess_period(access=operator(), term=third) == 0
    assert assess_period(access=operator(), term=Term.parse("2026-Q1")) == 0
    assert lines("2026-Q3")["客服部"]["cases"] == ["improvement_plan", "reorganisation"]
    marks(company, person, 4, "2026-05", "2026-06")
    assert lines("2026-Q3")["客服部"]["cases"] == ["improvement_plan"]
    second = Result.objects.get(level="quarter", month=Month.parse("2026-06"), employee=person)
    assert second.total == Decimal("2.73")  # 1.4, and twice 3.4: the violations stand


def test_a_quarter_is_of_record_once_all_its_months_are_and_stays_as_it_was_told(company: Company) -> None:
    person = company.person("", no="K1")
    marks(company, person, 4, "2026-07", "2026-09")
    seal("2026-07", "2026-08")
    assert told("2026-Q3", "K1") == [(4, "excellent", 1, [])]
    assert not Assessed.objects.get(level="quarter").of_record
    seal("2026-09", "2026-09")
    assert told("2026-Q3", "K1") == [(4, "excellent", 1, [])]
    assert Assessed.objects.get(level="quarter").of_record
    person.left_on = date(2026, 6, 30)
    person.save()
    assert told("2026-Q3", "K1", "客服部") == [(4, "excellent", 1, []), (4, "excellent", None, ["team_fund"])]


def test_jobs_wait_for_the_end_and_a_person_needs_the_role(company: Company) -> None:
    with pytest.raises(Refused):
        assess_period(access=job(date(2026, 12, 31)), term=Term.parse("2026"))
    with pytest.raises(Forbidden):
        assess_period(access=Access(account_id=1, employee_id=1, day=date(2026, 11, 10)), term=Term.parse("2026-Q3"))


def test_jobs_assess_the_last_quarter_and_year_that_have_ended_if_anything_is_known_of_them(company: Company) -> None:
    person = company.person("", no="K1")
    marks(company, person, 4, "2026-05")
    assess_ended(access=job(date(2026, 11, 10)))
    assert set(Result.objects.exclude(level="month").values_list("level", "month")) == {
        ("quarter", Month.parse("2026-06")), ("quarter", Month.parse("2026-09")),
    }  # fmt: skip
    assess_ended(access=job(date(2027, 1, 1)))
    assert Result.objects.filter(level="year").count() == 2


def test_the_task_takes_a_month_or_a_period(company: Company) -> None:
    marks(company, company.person("", no="K1"), 4, "2026-07", "2026-09")
    assess(period="2026-Q3")
    assert set(Result.objects.values_list("level", flat=True)) == {"month", "quarter"}
    Result.objects.all().delete()
    Assessed.objects.all().delete()
    assess("2026-08")
    assert Result.objects.filter(level="quarter", month=Month.parse("2026-09")).count() == 2


def test_the_command_takes_a_month_or_a_period_and_lists_what_is_missing(company: Company, tmp_path: Path) -> None:
    marks(company, company.person("", no="K9"), 4, "2026-07", "2026-09")
    marks(company, company.person("", no="K10"), None, "2026-07", "2026-09")
    errors = StringIO()
    call_command("assess", period="2026-Q3", jsonl=str(tmp_path / "out.jsonl"), stderr=errors)
    written = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["employee_no"] or line["team"] for line in written] == ["K10", "K9", "客服部"]
    assert [line.split("：")[0] for line in errors.getvalue().splitlines()] == [
        f"K10 {month} reward-and-penalty" for month in ("2026-07", "2026-08", "2026-09")
    ]


@pytest.mark.parametrize("period", ["2026-Q5", "2026-09", "Q3", "２０２６", "1899"])
def test_a_wrong_period_is_refused_in_the_commands_language(company: Company, period: str) -> None:
    with pytest.raises(CommandError, match="neither a quarter nor a year"):
        call_command("assess", period=period, language="en")
    with pytest.raises(CommandError, match="季度"):
        call_command("assess", period=period, language="zh-hans")


def test_a_month_and_a_period_exclude_each_other(company: Company) -> None:
    with pytest.raises(CommandError):
        call_command("assess", "--month", "2026-09", "--period", "2026-Q3")


def test_whoever_leads_a_department_sees_its_team_and_others_only_people(company: Company) -> None:
    person = company.person("", no="K1")
    marks(company, person, 4, "2026-07", "2026-09")
    lines("2026-Q3")
    quarter = Result.objects.filter(level="quarter")
    day, department = date(2026, 11, 10), frozenset({company.department.pk})
    head = Access(account_id=1, employee_id=0, day=day, roles=frozenset({"head"}), departments={"head": department})
    own = Access(account_id=2, employee_id=person.pk, day=day, roles=frozenset({"employee"}))
    gm = Access(account_id=3, employee_id=0, day=day, roles=frozenset({"gm"}))
    seen = [quarter.visible_to(each).order_by("pk").values_list("employee", flat=True) for each in (head, own, gm)]
    assert [list(each) for each in seen] == [[person.pk, None], [person.pk], [person.pk, None]]
