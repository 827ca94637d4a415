"""A sealed month takes no more facts, through whichever door they come, and each door says so in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from assessment.actions.event_save import save_event
from assessment.actions.values_save import save_values
from assessment.models import AcceptedGap, AssessmentMonth, Event, EventKind, ItemAssessor, Metric
from assessment.selectors.digest import digest_of
from staff.actions.absence_save import save_absence
from staff.actions.records_load import load_records
from staff.kernel.access import Refused
from staff.models import Absence
from tests.months.conftest import As
from tests.web.company import MONTH, Company
from tests.web.conftest import Visitor

pytestmark = pytest.mark.django_db
WHOLE = {"first_day": date(2026, 10, 1), "last_day": date(2026, 10, 31)}


@pytest.fixture(autouse=True)
def unchanged(company: Company) -> object:
    """Whatever was tried, the month's facts are what they were."""
    before = digest_of(MONTH)
    yield
    assert digest_of(MONTH) == before


def _value(company: Company, acting: As) -> None:
    cases = Metric.objects.get(key="excellent_cases")
    person = company.people["K2031"]
    save_values(access=acting("hr"), employee=person, month=MONTH, values={cases: Decimal(7)}, reason="late")


def _first_value(company: Company, acting: As) -> None:
    cases = Metric.objects.get(key="excellent_cases")
    save_values(access=acting("hr"), employee=company.people["K2053"], month=MONTH, values={cases: Decimal(7)})


def _event(company: Company, acting: As) -> None:
    save_event(
        access=acting("hr"), employee=company.people["K2031"], event_no="X-1", day=date(2026, 10, 7),
        kind=EventKind.objects.get(key="complaint"), status="upheld",
    )  # fmt: skip


def _event_moved(company: Company, acting: As) -> None:
    """Out of the sealed month into the next."""
    event = Event.objects.get(day=date(2026, 10, 9))
    save_event(
        access=acting("hr"), employee=event.employee, event_no=event.event_no, day=date(2026, 11, 9), kind=event.kind,
        status="withdrawn", event=event,
    )  # fmt: skip


def _absence(company: Company, acting: As) -> None:
    save_absence(access=acting("hr"), employee=company.people["K2031"], kind="medical", **WHOLE)


def _longer_absence(company: Company, acting: As) -> None:
    """From November on it exempts November; from September on October as well."""
    one = Absence.objects.create(
        employee=company.people["K2031"], first_day=date(2026, 11, 1), last_day=date(2026, 11, 30), kind="medical"
    )
    save_absence(
        access=acting("hr"), employee=one.employee, first_day=date(2026, 9, 1), last_day=date(2026, 11, 30),
        kind="medical", absence=one,
    )  # fmt: skip


def _shorter_absence(company: Company, acting: As) -> None:
    one = Absence.objects.get(employee=company.people["K2055"])
    save_absence(
        access=acting("hr"), employee=one.employee, first_day=one.first_day, last_day=date(2026, 10, 30),
        kind=one.kind, absence=one,
    )  # fmt: skip


def _days_away(company: Company, acting: As) -> None:
    """Two days of October: it counts as before, and a policy that counts days does not find the same."""
    days = {"first_day": date(2026, 10, 20), "last_day": date(2026, 10, 21)}
    save_absence(access=acting("hr"), employee=company.people["K2031"], kind="sick", **days)


ACTS = [_value, _first_value, _event, _event_moved, _absence, _longer_absence, _shorter_absence, _days_away]


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_an_action_is_refused_and_names_the_month(
    company: Company, acting: As, act: Callable[[Company, As], None]
) -> None:
    before = transaction.savepoint()
    with pytest.raises(Refused, match="2026-10 is sealed"):
        act(company, acting)
    transaction.savepoint_rollback(before)


@pytest.mark.parametrize(
    ("route", "more", "data"),
    [
        ("admin:values-edit", [str(MONTH)], {"excellent_cases": "7", "reason": "late"}),
        ("admin:assessment_event_add", None, {
            "event_no": "X-1", "person": "K2031", "day": "2026-10-07", "kind": "complaint", "status": "upheld"}),
        ("admin:staff_absence_add", None, {
            "person": "K2031", "first_day": "2026-10-20", "last_day": "2026-11-02", "kind": "medical"}),
    ],
)  # fmt: skip
def test_a_form_of_the_admin_says_so(
    company: Company, visitor: Visitor, route: str, more: list[str] | None, data: dict[str, str]
) -> None:
    args = [] if more is None else [company.people["K2031"].pk, *more]
    answer = visitor("hr").post(reverse(route, args=args), data)
    assert answer.status_code == 422
    assert "2026-10 is sealed and takes no more facts" in answer.content.decode()


@pytest.mark.parametrize(
    ("table", "text"),
    [
        ("values", "employee_no,month,metric,value\nK2031,2026-10,excellent_cases,7\n"),
        ("items", "employee_no,month,item,value,assessor_no\nK2031,2026-10,satisfaction,90,K1001\n"),
        ("events", "event_no,employee_no,date,kind,status\nX-1,K2031,2026-10-07,complaint,upheld\n"),
        ("absences", "employee_no,first_day,last_day,kind\nK2031,2026-10-01,2026-10-31,medical\n"),
        ("absences", "employee_no,first_day,last_day,kind\nK2055,2026-05-01,2026-10-30,maternity\n"),
        ("absences", "employee_no,first_day,last_day,kind\nK2031,2026-10-20,2026-11-02,sick\n"),
    ],
)
def test_a_file_is_refused_at_its_line(company: Company, acting: As, tmp_path: Path, table: str, text: str) -> None:
    (tmp_path / f"{table}.csv").write_text(text, encoding="utf-8")
    (report,) = load_records(access=company.access, paths=[tmp_path / f"{table}.csv"], reason="test")
    assert [fault.line for fault in report.faults] == [2]
    assert "2026-10" in str(report.faults[0])
    assert "sealed" in str(report.faults[0])


def _sql(company: Company) -> list[str]:
    lin, away = company.people["K2031"].pk, company.people["K2055"].pk
    cases = Metric.objects.get(key="excellent_cases")
    number = MONTH.number
    return [
        f"UPDATE assessment_employeemonth SET s{cases.slot} = 9 WHERE employee_id = {lin} AND month = {number}",
        f"DELETE FROM assessment_employeemonth WHERE employee_id = {lin}",
        f"UPDATE assessment_employeemonth SET month = {number} + 9 WHERE employee_id = {lin} AND month = {number}",
        f"INSERT INTO assessment_employeemonth (employee_id, month) VALUES ({company.people['K2053'].pk}, {number})",
        f"UPDATE assessment_event SET status = 'dismissed' WHERE employee_id = {lin}",
        f"DELETE FROM assessment_event WHERE employee_id = {lin}",
        f"UPDATE assessment_event SET day = '2026-10-02' WHERE employee_id = {lin} AND day = '2026-04-09'",
        f"DELETE FROM staff_absence WHERE employee_id = {away}",
        "INSERT INTO staff_absence (employee_id, first_day, last_day, kind) "
        f"VALUES ({lin}, '2026-09-30', '2026-10-01', 'leave')",
        f"UPDATE staff_absence SET employee_id = {lin} WHERE employee_id = {away}",
        f"UPDATE staff_absence SET first_day = '2026-10-02' WHERE employee_id = {away}",
        f"INSERT INTO assessment_itemassessor (employee_id, month, metric_id, assessor_id) "
        f"VALUES ({lin}, {number}, {cases.pk}, {away})",
        "INSERT INTO assessment_acceptedgap (month, employee_id, metric_id, accepted_by_id, reason) "
        f"VALUES ({number}, {lin}, {cases.pk}, {company.accounts['hr'].pk}, 'late')",
        f"UPDATE assessment_assessmentmonth SET state = 'open' WHERE month = {number}",
        f"DELETE FROM assessment_assessmentmonth WHERE month = {number}",
    ]


@pytest.mark.parametrize("at", range(15))
def test_sql_is_refused(company: Company, at: int) -> None:
    statement = _sql(company)[at]
    refused = pytest.raises(DatabaseError, match=r"2026-10 is sealed|is sealed and stays so")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_rows_around_a_sealed_month_refuse_too(company: Company) -> None:
    rows = [
        ItemAssessor(
            employee=company.people["K2031"], month=MONTH, metric=Metric.objects.first(),
            assessor=company.people["K1001"],
        ),
        AcceptedGap(
            employee=company.people["K2033"], month=MONTH, metric=Metric.objects.first(), reason="late",
            accepted_by=company.accounts["hr"],
        ),
    ]  # fmt: skip
    for row in rows:
        with pytest.raises(DatabaseError, match="2026-10 is sealed"), transaction.atomic():
            row.save()


def test_what_leaves_a_sealed_month_as_it_is_goes_on(company: Company, acting: As) -> None:
    """The open days of a long absence, its kind, and a finding after the sealing are facts of their own."""
    person, away = company.people["K2031"], Absence.objects.get(employee=company.people["K2055"])
    for first_day, last_day, kind in (
        (date(2026, 5, 1), date(2026, 11, 20), "maternity"),
        (date(2026, 4, 20), date(2026, 11, 15), "maternity"),
        (date(2026, 4, 20), date(2026, 11, 15), "injury"),
    ):
        save_absence(
            access=acting("hr"), employee=away.employee, absence=away, first_day=first_day, last_day=last_day, kind=kind
        )
    save_absence(
        access=acting("hr"), employee=person, kind="sick", first_day=date(2026, 11, 1), last_day=date(2026, 11, 9)
    )
    save_event(
        access=acting("hr"), employee=person, event_no="X-2", day=date(2026, 10, 7), decided_on=date(2026, 11, 20),
        kind=EventKind.objects.get(key="complaint"), status="upheld",
    )  # fmt: skip
    assert AssessmentMonth.objects.get(month=MONTH).state == "sealed"
