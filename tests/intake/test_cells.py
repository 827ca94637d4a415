"""Cells are saved one by one: by whom, when, and never over what somebody else entered."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from psycopg2.extras import DateRange

from assessment.actions.cells_save import MOST, CellState
from assessment.actions.month_hand_in import hand_in_month
from assessment.actions.values_save import save_values
from assessment.models import AssessmentMonth, ItemAssessor, Metric
from policy.actions.policy_adopt import adopt
from staff.kernel.access import Forbidden, Refused
from staff.models import Absence, AuditEntry, SupervisorPeriod
from tests.company import operator
from tests.intake.conftest import DAY, NOVEMBER, acting, cell, held, save
from tests.web.company import MONTH, Company


def states(answers: list[object]) -> list[CellState]:
    return [answer.state for answer in answers]  # type: ignore[attr-defined]


def test_a_supervisor_enters_the_own_team_and_each_cell_leaves_an_entry(company: Company) -> None:
    answers = save(
        acting("K1001"), cell("K2031", "2"), cell("K2032", "1"), cell("K2031", "4", metric="keywords_online")
    )
    assert states(answers) == [CellState.SAVED] * 3
    assert held(company, "K2031") == 2
    assert held(company, "K2031", "keywords_online") == 4
    entries = AuditEntry.objects.filter(action="value_saved", object_key__contains="2026-11")
    assert sorted(entries.values_list("object_key", flat=True)) == [
        "K2031 2026-11 excellent_cases", "K2031 2026-11 keywords_online", "K2032 2026-11 excellent_cases",
    ]  # fmt: skip
    assert set(entries.values_list("actor__username", flat=True)) == {"K1001"}


def test_cells_are_shut_until_the_day_that_the_policy_of_the_persons_department_names(company: Company) -> None:
    adopt(access=operator(DAY), key="grade-and-wage", department=company.departments["信息客服一组"],
          starts_on=NOVEMBER.first_day)  # fmt: skip
    (answer,) = save(acting("K1001"), cell("K2031", "2"))
    assert answer.state is CellState.REFUSED
    assert "2026-11 is entered from 2026-12-05 to 2026-12-10" in answer.message
    with pytest.raises(Refused, match="2026-12-05"):
        hand_in_month(access=acting("K1001"), month=NOVEMBER, supervisor=company.people["K1001"], note="early")
    assert states(save(acting("K1001", date(2026, 12, 5)), cell("K2031", "2"))) == [CellState.SAVED]


def test_a_fault_in_one_cell_keeps_the_others(company: Company) -> None:
    answers = save(
        acting("K1001"), cell("K2031", "两篇"), cell("K2032", "3"), cell("K2033", "１２"), cell("K2034", "1.5")
    )
    assert states(answers) == [CellState.INVALID, CellState.SAVED, CellState.INVALID, CellState.INVALID]
    assert "“两篇” is no number" in answers[0].message
    assert "Write 12." in answers[2].message
    assert "whole number" in answers[3].message
    assert held(company, "K2031") is None
    assert held(company, "K2032") == 3


@pytest.mark.parametrize(
    ("typed", "value"), [("1,234", "1234"), (" 7 ", "7"), ("+3", "3"), ("007", "7"), ("1.0", "1"), ("-0", "0")]
)
def test_a_number_is_taken_as_people_write_it(company: Company, typed: str, value: str) -> None:
    assert save(acting("K1001"), cell("K2031", typed))[0].value == value


@pytest.mark.parametrize("typed", ["-1", "1e3", "NaN", "12,34", "3%", "1" * 17, "0x1", "١", "1.2.3", "1_000"])
def test_what_is_no_number_of_the_metric_is_invalid(company: Company, typed: str) -> None:
    assert states(save(acting("K1001"), cell("K2031", typed))) == [CellState.INVALID]


def test_within_the_window_a_correction_takes_no_reason_and_an_empty_cell_takes_it_back(company: Company) -> None:
    supervisor = acting("K1001")
    save(supervisor, cell("K2031", "2"))
    assert states(save(supervisor, cell("K2031", "3", "2"))) == [CellState.SAVED]
    assert states(save(supervisor, cell("K2031", "", "3"))) == [CellState.SAVED]
    assert held(company, "K2031") is None


def test_a_cell_that_another_changed_meanwhile_is_a_conflict_that_names_them(company: Company) -> None:
    save(acting("K1000"), cell("K2031", "5"))
    answer = save(acting("K1001"), cell("K2031", "4"))[0]
    assert (answer.state, answer.value, answer.who) == (CellState.CONFLICT, "5", "程砚 K1000")
    assert answer.at is not None
    assert held(company, "K2031") == 5
    assert states(save(acting("K1001"), cell("K2031", "4", "5"))) == [CellState.SAVED]


def test_the_same_again_is_saved_and_writes_nothing(company: Company) -> None:
    save(acting("K1001"), cell("K2031", "2"))
    before = AuditEntry.objects.count()
    assert states(save(acting("K1001"), cell("K2031", "2"))) == [CellState.SAVED]
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize(
    ("day", "state"), [
        (date(2026, 11, 30), CellState.REFUSED), (date(2026, 12, 1), CellState.SAVED),
        (date(2026, 12, 10), CellState.SAVED), (date(2026, 12, 11), CellState.REFUSED),
    ],
)  # fmt: skip
def test_leaders_enter_from_the_first_to_the_last_day_of_the_window(
    company: Company, day: date, state: CellState
) -> None:
    assert states(save(acting("K1001", day), cell("K2031", "2"))) == [state]


def test_a_longer_window_and_one_that_is_closing_hold(company: Company) -> None:
    row = AssessmentMonth.objects.create(month=NOVEMBER, intake_until=date(2026, 12, 20))
    assert states(save(acting("K1001", date(2026, 12, 20)), cell("K2031", "2"))) == [CellState.SAVED]
    AssessmentMonth.objects.filter(pk=row.pk).update(state="closing")
    refused = save(acting("K1001"), cell("K2032", "2"))[0]
    assert refused.state == CellState.REFUSED
    assert "HR enters what is missing" in refused.message


def test_a_sealed_month_takes_nothing_from_leaders_or_hr(company: Company) -> None:
    answer = save(acting("K1001"), cell("K2031", "9", "0"), month=MONTH)[0]
    assert (answer.state, answer.value) == (CellState.REFUSED, "0")
    with pytest.raises(Refused, match="sealed"):
        save(acting("hr"), cell("K2031", "9", "0"), month=MONTH, reason="late")


def test_hr_enters_outside_the_window_and_corrects_with_a_reason(company: Company) -> None:
    hr = acting("hr", date(2026, 12, 20))
    assert states(save(hr, cell("K2031", "2"))) == [CellState.SAVED]
    refused = save(hr, cell("K2031", "3", "2"))[0]
    assert refused.state == CellState.REFUSED
    assert "only with a reason" in refused.message
    assert states(save(hr, cell("K2031", "3", "2"), reason="counted again")) == [CellState.SAVED]


def test_outside_the_scope_there_is_no_such_cell(company: Company) -> None:
    answers = save(acting("hr-two"), cell("K2031", "2"), cell("K2052", "2"), cell("K9999", "2"))
    assert states(answers) == [CellState.REFUSED] * 3
    assert {answer.message for answer in answers} == {"There is no such cell in your scope. Load the page again."}
    assert held(company, "K2031") is None
    assert states(save(acting("K1001"), cell("K2031", "2", metric="nothing"))) == [CellState.REFUSED]


def test_nobody_enters_themselves_nor_those_above_them(company: Company) -> None:
    company.grant(company.accounts["K2034"], "head", "信息客服部")
    answers = save(acting("K2034"), cell("K2034", "2"), cell("K1001", "2"), cell("K1000", "2"), cell("K2031", "2"))
    assert states(answers) == [*[CellState.REFUSED] * 3, CellState.SAVED]
    assert "own record" in answers[0].message
    assert "superior" in answers[1].message


def test_who_does_not_enter_months_is_refused_as_a_whole(company: Company) -> None:
    for username in ("K2031", "auditor", "payroll", "operator"):
        with pytest.raises(Forbidden):
            save(acting(username), cell("K2032", "2"))


def test_an_exempt_month_takes_nothing(company: Company) -> None:
    Absence.objects.create(
        employee=company.people["K2055"], first_day=date(2026, 11, 1), last_day=date(2026, 11, 30), kind="maternity"
    )
    answer = save(acting("K1001"), cell("K2055", "2"))[0]
    assert (answer.state, answer.message) == (CellState.REFUSED, "The month does not count for this person.")


def test_a_head_who_hands_in_answers_for_the_whole_team(company: Company) -> None:
    """贺宁 leads somebody of another department than that of the head."""
    company.hire("K3001", "乙", "yi y", boss="K1002", department="信息客服一组")
    company.tier("K3001", ("regular", "2025-01-01"))
    company.hire("K3002", "头", "tou t", boss=None, department="信息客服二组")
    company.account("K3002", "K3002")
    company.departments["信息客服二组"].head = company.people["K3002"]
    company.departments["信息客服二组"].save()
    with pytest.raises(Refused, match="2 values are missing"):
        hand_in_month(access=acting("K3002"), month=NOVEMBER, supervisor=company.people["K1002"])
    handed = hand_in_month(access=acting("K3002"), month=NOVEMBER, supervisor=company.people["K1002"], note="later")
    assert handed.gaps == 2


def test_what_was_handed_in_is_taken_back_before_it_changes(company: Company) -> None:
    hand_in_month(access=acting("K1001"), month=NOVEMBER, supervisor=company.people["K1001"], note="later")
    for username in ("K1001", "K1000"):
        answer = save(acting(username), cell("K2031", "2"))[0]
        assert answer.state == CellState.REFUSED
        assert "Take the hand-in back" in answer.message
    cases = Metric.objects.get(key="excellent_cases")
    given = {"employee": company.people["K2031"], "month": NOVEMBER, "values": {cases: Decimal(1)}}
    with pytest.raises(Refused, match="handed in"):
        save_values(access=acting("K1001"), **given)
    assert save_values(access=acting("hr"), **given) == 1


def test_a_former_supervisor_enters_nothing_any_more(company: Company) -> None:
    SupervisorPeriod.objects.filter(employee=company.people["K2031"], period__contains=DAY).update(
        period=DateRange(date(2026, 9, 1), date(2026, 12, 1))
    )
    assert states(save(acting("K1001"), cell("K2031", "2"))) == [CellState.REFUSED]


def test_whoever_enters_a_score_has_assessed_it(company: Company) -> None:
    item = Metric.objects.filter(kind="item", unit="point").first()
    assert item is not None
    save(acting("K1001"), cell("K2031", "2", metric=item.key))
    assert ItemAssessor.objects.get(metric=item).assessor == company.people["K1001"]
    save(acting("K1001"), cell("K2031", "", "2", metric=item.key))
    assert not ItemAssessor.objects.filter(metric=item).exists()


def test_more_cells_than_a_paste_holds_are_refused(company: Company) -> None:
    with pytest.raises(Refused, match="500"):
        save(acting("K1001"), *[cell("K2031", "2")] * (MOST + 1))


def test_reading_what_stands_takes_as_many_queries_for_many_cells_as_for_one(company: Company) -> None:
    people = ("K2031", "K2032", "K2033", "K2034", "K2041", "K2042")
    counts = []
    for numbers in (people[:1], people):
        for number in numbers:
            save(acting("K1001"), cell(number, "1"))
        access = acting("K1001")
        with CaptureQueriesContext(connection) as captured:
            save(access, *(cell(number, "1") for number in numbers))
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 11


def test_saving_a_cell_takes_few_queries(company: Company) -> None:
    save(acting("K1001"), cell("K2031", "1"))
    access = acting("K1001")
    with CaptureQueriesContext(connection) as captured:
        save(access, cell("K2031", "2", "1"))
    assert len(captured) <= 15
