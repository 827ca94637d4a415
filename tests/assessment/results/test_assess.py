"""Results of a month: what stands, what is written again, and what rests on earlier months."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from assessment.actions.results_assess import assess_month
from assessment.models import Assessed, AssessmentMonth, MonthState, Result
from assessment.selectors.points import points_now
from assessment.selectors.result_faults import failures
from assessment.selectors.results import month_gaps
from policy.actions.policy_adopt import adopt
from policy.actions.policy_publish import publish
from staff.kernel.access import Access, Forbidden, Refused
from staff.kernel.periods import Month, months_between
from staff.models import Department, DepartmentPeriod
from tests.assessment.results.conftest import Lines, assessed
from tests.company import Company, job, operator

pytestmark = pytest.mark.django_db
OCTOBER = Month.parse("2026-10")
GRADES = {"sales_result": 40, "tasks": 20, "ability": 20, "attitude": 20}


def marks(company: Company, person: Any, total: int | None, first: str, last: str = "") -> None:
    """Points of grade-and-wage that add up to ``total``, in each of some months; None takes one item back."""
    for key, most in GRADES.items():
        points = None if total is None and key == "tasks" else min(most, 60 if total is None else total)
        total = None if total is None else total - (points or 0)
        company.every_month(person, key, points, first, last or first)


@pytest.fixture
def graded(under: Callable[..., Company]) -> Company:
    return under("grade-and-wage")


def test_total_grade_and_shared_rank_inside_the_department(graded: Company) -> None:
    other = Department.objects.create(name="二部", parent=graded.department)
    for total in (95, 90, 90, 59):
        marks(graded, graded.person(), total, "2026-10")
    marks(graded, graded.person(department=other), 60, "2026-10")
    found = [(line["total"], line["grade"], line["rank"]) for line in assessed().values()]
    assert found == [(95, "A", 1), (90, "A", 2), (90, "A", 2), (59, "E", 4), (60, "D", 1)]


def test_a_line_has_the_keys_of_the_interface_and_no_other(graded: Company) -> None:
    marks(graded, graded.person(no="K1"), 88, "2026-10")
    assert assessed()["K1"] == {
        "employee_no": "K1", "month": "2026-10", "policy": "grade-and-wage",
        "items": {"sales_result": 40, "tasks": 20, "ability": 20, "attitude": 8}, "total": 88, "full_marks": 100,
        "grade": "B", "rank": 1, "stars": None, "cases": [],
    }  # fmt: skip


def test_a_missing_input_leaves_the_result_null_and_is_listed(graded: Company) -> None:
    marks(graded, graded.person(no="K1"), None, "2026-10")
    marks(graded, graded.person(no="K2"), 70, "2026-10")
    found = assessed()
    assert [found["K1"][key] for key in ("total", "grade", "rank", "full_marks", "cases")] == [
        None,
        None,
        None,
        100,
        [],
    ]
    assert found["K1"]["items"]["tasks"] is None
    assert found["K1"]["items"]["ability"] == 20
    assert found["K2"]["rank"] == 1
    assert list(month_gaps(OCTOBER)) == [("K1", "grade-and-wage", ["tasks"])]


def test_who_is_exempt_has_a_line_with_nulls_and_is_not_on_the_list(graded: Company) -> None:
    person = graded.person(no="K1")
    graded.absence(person, date(2026, 10, 1), date(2026, 10, 31))
    line = assessed()["K1"]
    assert (line["total"], line["grade"], line["rank"], line["cases"]) == (None, None, None, [])
    assert line["items"] == dict.fromkeys(GRADES)
    assert list(month_gaps(OCTOBER)) == []


@pytest.mark.parametrize(("last_day", "there"), [(date(2026, 10, 29), True), (date(2026, 10, 30), False)])
def test_more_than_sixty_days_of_absence_are_out_of_scope(graded: Company, last_day: date, there: bool) -> None:
    person = graded.person(no="K1")
    graded.absence(person, date(2026, 8, 31), last_day)
    assert ("K1" in assessed()) is there


@pytest.mark.parametrize(("left_on", "there"), [(date(2026, 9, 30), False), (date(2026, 10, 1), True)])
def test_a_leaver_has_a_line_in_the_month_of_the_last_day(graded: Company, left_on: date, there: bool) -> None:
    marks(graded, graded.person(no="K1", left_on=left_on), 90, "2026-10")
    assert ("K1" in assessed()) is there


def test_who_is_hired_later_is_not_in_the_month(graded: Company) -> None:
    graded.person(no="K1", hired_on=date(2026, 11, 1))
    assert assessed() == {}


def test_the_same_facts_write_no_row_the_second_time(graded: Company) -> None:
    for total in (95, 60):
        marks(graded, graded.person(), total, "2026-08", "2026-10")
    assert assess_month(access=operator(), month=OCTOBER) == 6
    assert assess_month(access=operator(), month=OCTOBER) == 0
    assert assess_month(access=operator(), month=OCTOBER.previous) == 0


def test_first_three_months_running_raises_a_bonus_and_begins_anew(graded: Company) -> None:
    first, last = graded.person(no="K1"), graded.person(no="K2")
    marks(graded, first, 95, "2026-01", "2026-10")
    marks(graded, last, 50, "2026-01", "2026-10")
    by_month = {str(m): cases(assessed(str(m))) for m in months_between(Month.parse("2026-01"), OCTOBER)}
    raised = {"K1": ["bonus"], "K2": ["resignation_clause"]}
    assert [month for month, found in by_month.items() if found == raised] == ["2026-03", "2026-06", "2026-09"]
    assert all(found in ({}, raised) for found in by_month.values())


def cases(lines: Lines) -> dict[str, list[str]]:
    return {number: line["cases"] for number, line in lines.items() if line["cases"]}


def test_the_output_does_not_depend_on_which_months_were_assessed_before(graded: Company) -> None:
    person = graded.person(no="K1")
    marks(graded, person, 95, "2026-02", "2026-10")
    assert cases(assessed("2026-10")) == {"K1": ["bonus"]}
    assert Result.objects.count() == 9


def test_an_exempt_month_breaks_a_streak(graded: Company) -> None:
    person = graded.person(no="K1")
    marks(graded, person, 95, "2026-07", "2026-10")
    graded.absence(person, date(2026, 9, 1), date(2026, 9, 30))
    assert cases(assessed()) == {}


def test_a_null_month_raises_nothing_until_it_is_reported(graded: Company) -> None:
    person = graded.person(no="K1")
    marks(graded, person, 95, "2026-08", "2026-10")
    marks(graded, person, None, "2026-09")
    assert cases(assessed()) == {}
    graded.values(person, "tasks", {"2026-09": 20})
    assert cases(assessed()) == {"K1": ["bonus"]}


def test_a_late_fact_re_evaluates_the_months_after_it(graded: Company) -> None:
    first, second = graded.person(no="K1"), graded.person(no="K2")
    marks(graded, first, 80, "2026-08", "2026-10")
    marks(graded, second, 70, "2026-08", "2026-10")
    assert cases(assessed()) == {"K1": ["bonus"]}
    marks(graded, second, 90, "2026-09")
    assert assess_month(access=operator(), month=OCTOBER.previous) == 2
    assert cases(assessed()) == {}


def test_a_sealed_month_stays_as_it_was_told(graded: Company) -> None:
    person = graded.person(no="K1")
    marks(graded, person, 80, "2026-10")
    AssessmentMonth.objects.create(
        month=OCTOBER, state=MonthState.SEALED, sealed_at=datetime(2026, 11, 2, tzinfo=UTC), digest="d"
    )
    assert assessed()["K1"]["grade"] == "B"
    assert Assessed.objects.get(month=OCTOBER).of_record
    person.left_on = date(2026, 9, 30)
    person.save()
    assert assessed()["K1"]["grade"] == "B"


def test_whom_the_policy_governs_no_more_has_no_result_left(graded: Company) -> None:
    marks(graded, graded.person(no="K1"), 80, "2026-10")
    assert set(assessed()) == {"K1"}
    DepartmentPeriod.objects.all().delete()
    assert assessed() == {}


def test_a_job_waits_for_the_months_end_and_a_person_needs_the_role(graded: Company) -> None:
    with pytest.raises(Refused):
        assess_month(access=job(), month=Month.parse("2026-11"))
    with pytest.raises(Forbidden):
        assess_month(access=Access(account_id=1, employee_id=1, day=date(2026, 11, 10)), month=OCTOBER)


def test_the_command_writes_the_file_and_lists_what_is_missing(graded: Company, tmp_path: Path) -> None:
    marks(graded, graded.person(no="K9"), 90, "2026-10")
    marks(graded, graded.person(no="K10"), None, "2026-10")
    errors = StringIO()
    call_command("assess", month=OCTOBER, jsonl=str(tmp_path / "out.jsonl"), stderr=errors)
    lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert [line[:22] for line in lines] == ['{"employee_no": "K10",', '{"employee_no": "K9", ']
    assert "K10" in errors.getvalue()
    assert "tasks" in errors.getvalue()


PROBE = """
policy: probe
title: {zh: 试, en: Probe}
approved_by: gm
scorecard:
  items: {cases: {of: 10, clause: 一, text: 条款, zh: 案例, en: Cases, score: SCORE}}
"""


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ("", "the points of “Cases” come to more than a result can hold"),
        ("  stars: total / 100000\n", "their stars are more than 32767"),
        ("  grade: [A if total > 0, B otherwise]\n  stars: total * 100\n", "total, grade or stars cannot be computed"),
    ],
)
def test_a_policy_that_cannot_be_computed_is_told_in_words_and_stops_no_other(
    graded: Company, more: str, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    other = Department.objects.create(name="二部", parent=graded.root)
    score = "excellent_cases * 9999999999" if more else "excellent_cases * 10000000000"
    version = publish(access=operator(), text=PROBE.replace("SCORE", score) + more)
    adopt(access=operator(), key="probe", department=other, starts_on=date(2026, 1, 1), version=version)
    marks(graded, graded.person(no="K1"), 88, "2026-10")
    probed = graded.person(no="K2", department=other)
    graded.values(probed, "excellent_cases", {"2026-10": 1})
    with pytest.raises(CommandError) as told:
        call_command("assess", "--month", "2026-10", "--language", "en")
    assert str(told.value).startswith("Probe, 2026-10: ")
    assert what in str(told.value)
    assert '"employee_no": "K1"' in capsys.readouterr().out
    assert list(Result.objects.values_list("policy", flat=True)) == ["grade-and-wage"]
    shown = points_now(OCTOBER, {probed.pk: other.pk})
    assert all(points.total is not None for points in shown.values()), (
        "the grid shows points where there are any, and opens"
    )
    graded.values(probed, "excellent_cases", {"2026-10": 0})
    assert assessed()["K2"]["total"] == 0
    assert points_now(OCTOBER, {probed.pk: other.pk})[probed.pk].total == 0
    assert failures(OCTOBER) == []
