"""A person's time line, and the page of a person as of any day."""

from __future__ import annotations

from datetime import date

from psycopg2.extras import DateRange

from staff.models import Department, DepartmentPeriod, SupervisorPeriod
from tests.admin.conftest import Office


def facts(office: Office, role: str, on: str = "") -> str:
    body = office.client(role).get(f"/admin/staff/employee/{office.own.pk}/change/", {"on": on} if on else {}).content
    return body.decode().split('<dl class="kv facts">')[2].split("</dl>")[0]


def moved(office: Office, day: date) -> Department:
    period = DepartmentPeriod.objects.get(employee=office.own)
    DepartmentPeriod.objects.filter(pk=period.pk).update(period=DateRange(period.period.lower, day))
    DepartmentPeriod.objects.create(employee=office.own, department=office.second, period=DateRange(day, None))
    return office.second


def test_a_person_stands_where_they_stood_on_the_day(office: Office) -> None:
    moved(office, date(2026, 6, 1))
    assert "一组" in facts(office, "hr", "2026-05-31")
    assert "二组" in facts(office, "hr", "2026-06-01")
    assert "二组" in facts(office, "hr")


def test_before_hiring_there_is_nothing_and_after_leaving_it_says_so(office: Office) -> None:
    hired = office.own.hired_on
    assert "尚未入职" in facts(office, "hr", f"{hired.year - 1}-01-01")
    type(office.own).objects.filter(pk=office.own.pk).update(left_on=date(2026, 10, 15))
    assert "已离职" not in facts(office, "hr", "2026-10-15")
    assert "已离职" in facts(office, "hr", "2026-10-16")


def test_an_absence_is_a_fact_of_the_day_for_whoever_may_know_its_kind(office: Office) -> None:
    assert "产假" in facts(office, "hr", "2026-08-31")
    assert "产假" not in facts(office, "hr", "2026-09-01")
    assert "产假" not in facts(office, "gm", "2026-08-31")


def test_what_is_to_come_stands_above_what_was(office: Office) -> None:
    SupervisorPeriod.objects.filter(employee=office.own).update(period=DateRange(office.own.hired_on, date(2027, 1, 1)))
    SupervisorPeriod.objects.create(
        employee=office.own, supervisor=office.other, period=DateRange(date(2027, 1, 1), None)
    )
    page = office.client("hr").get(f"/admin/staff/employee/{office.own.pk}/change/").content.decode()
    line = page.split('<ol class="timeline">')[1].split("</ol>")[0]
    assert line.index('class="todo"') < line.index('class="now"')
    assert "2027-01-01" in line


def test_what_is_no_day_is_told_and_today_is_shown(office: Office) -> None:
    page = office.client("hr").get(f"/admin/staff/employee/{office.own.pk}/change/", {"on": "2026-02-30"})
    assert page.status_code == 200
    assert "“2026-02-30”不是日期" in page.content.decode()
