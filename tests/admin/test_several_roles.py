"""One account, several roles of different scopes: what one role may do never reaches the people of another."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from psycopg2.extras import DateRange

from assessment.actions.event_save import save_event
from assessment.models import Event, EventKind
from staff.kernel.access import Refused, Thing
from staff.models import Employee, RoleGrant
from staff.selectors.people import things_reached
from tests.admin.conftest import BIRTH_DATE, SECRET_NOTE, Office


def hr_of_the_second_team_and(office: Office, role: str) -> None:
    """The account ``hr_sub`` is HR of the second team alone, and has the role for the first, where ``own`` works."""
    account = office.accounts["hr_sub"]
    RoleGrant.objects.filter(account=account).update(department=office.second)
    RoleGrant.objects.create(
        account=account, role=role, department=office.first, period=DateRange(date(2020, 1, 1), None),
        by_operator_command=True, reason="test",
    )  # fmt: skip


@pytest.fixture
def head_of_the_first(office: Office) -> Office:
    """The account ``hr_sub`` is HR of the second team, and its person heads the first."""
    head = office.company.person("", no="K0900", department=office.second)
    office.first.head = head
    office.first.save()
    account = office.accounts["hr_sub"]
    account.employee = head
    account.save()
    RoleGrant.objects.filter(account=account).update(department=office.second)
    return office


def page(office: Office, person: Employee) -> str:
    response = office.client("hr_sub").get(reverse("admin:staff_employee_change", args=[person.pk]))
    assert response.status_code == 200
    return response.content.decode()


def test_payroll_of_a_team_sees_nothing_sensitive_there_for_being_hr_elsewhere(office: Office) -> None:
    hr_of_the_second_team_and(office, "payroll")
    Employee.objects.filter(pk=office.other.pk).update(birth_date=BIRTH_DATE)
    office.company.absence(office.other, date(2026, 8, 1), date(2026, 8, 31), "maternity")
    own, other = page(office, office.own), page(office, office.other)
    for words in (BIRTH_DATE.isoformat(), "<h2>缺勤</h2>", "<h2>评定结果</h2>"):
        assert words in other
        assert words not in own
    assert "· 台账 " in own  # payroll reads tiers


def test_a_head_sees_nothing_sensitive_for_being_hr_elsewhere(head_of_the_first: Office) -> None:
    shown = page(head_of_the_first, head_of_the_first.own)
    assert BIRTH_DATE.isoformat() not in shown
    assert "<h2>缺勤</h2>" not in shown
    assert "<h2>评定结果</h2>" in shown


def test_what_is_reached_of_a_person_takes_one_query_or_none(head_of_the_first: Office) -> None:
    for role, queries in (("hr_sub", 1), ("hr", 0)):
        access = head_of_the_first.access(role)
        with CaptureQueriesContext(connection) as asked:
            found = things_reached(access, head_of_the_first.own, [Thing.SENSITIVE, Thing.ABSENCE, Thing.STANDING])
        assert len(asked) == queries
        assert (Thing.STANDING in found, Thing.ABSENCE in found) == (True, role == "hr")


def event(office: Office, person: Employee, **fields: Any) -> Event:
    given = {"event_no": "E7", "day": date(2026, 10, 5), "kind": EventKind.objects.get(key="complaint"), **fields}
    return save_event(access=office.access("hr_sub"), employee=person, **given)


def test_a_head_decides_nothing_for_being_hr_elsewhere(head_of_the_first: Office) -> None:
    with pytest.raises(Refused) as refused:
        event(head_of_the_first, head_of_the_first.own, status="upheld")
    assert refused.value.code == "status"
    assert event(head_of_the_first, head_of_the_first.own, status="alleged").pk
    assert event(head_of_the_first, head_of_the_first.other, event_no="E8", status="upheld").status == "upheld"


@pytest.mark.parametrize("decided", ["upheld", "dismissed", "withdrawn"])
def test_what_hr_has_decided_a_head_does_not_undo(head_of_the_first: Office, decided: str) -> None:
    first = event(head_of_the_first, head_of_the_first.own, status="alleged")
    Event.objects.filter(pk=first.pk).update(status=decided)
    first.refresh_from_db()
    with pytest.raises(Refused) as refused:
        event(head_of_the_first, head_of_the_first.own, status="alleged", event=first)
    assert refused.value.code == "status"
    first.refresh_from_db()
    assert first.status == decided


def test_a_head_puts_right_what_is_alleged_still(head_of_the_first: Office) -> None:
    first = event(head_of_the_first, head_of_the_first.own, status="alleged")
    assert event(head_of_the_first, head_of_the_first.own, status="alleged", subject="王", event=first).subject == "王"


def test_forms_hold_nothing_sensitive_for_being_hr_elsewhere(head_of_the_first: Office) -> None:
    office = head_of_the_first
    noted = office.company.event(office.own, "complaint", date(2026, 9, 3), status="upheld", note=SECRET_NOTE)
    client = office.client("hr_sub")
    about = {
        office.own: (reverse("admin:person-edit", args=[office.own.pk]), noted, False),
        office.other: (reverse("admin:person-edit", args=[office.other.pk]), office.event, True),
    }
    Employee.objects.filter(pk=office.other.pk).update(birth_date=BIRTH_DATE)
    for edit, entry, there in about.values():
        assert (BIRTH_DATE.isoformat() in client.get(edit).content.decode()) is there
        shown = client.get(reverse("admin:assessment_event_change", args=[entry.pk])).content.decode()
        assert (SECRET_NOTE in shown) is there


def test_who_reads_their_own_notes_reads_nobody_elses(office: Office) -> None:
    account = office.accounts["gm"]
    account.employee = office.company.person("", no="K0901", department=office.second)
    account.save()
    shown = office.client("gm").get(reverse("admin:assessment_event_change", args=[office.event.pk]))
    assert shown.status_code == 200
    assert SECRET_NOTE not in shown.content.decode()
