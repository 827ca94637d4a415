"""Hiring, changing, moving and parting with people through the admin's forms."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from staff.models import AuditEntry, Department, DepartmentPeriod, Employee
from tests.admin.conftest import Office
from tests.company import TODAY

HIRE = {"employee_no": "K0900", "name": "于桐", "hired_on": "2026-11-02", "position": "信息客服"}


def post(client: Client, name: str, data: dict[str, Any], *args: object) -> HttpResponse:
    """The answer to a form, in English; never the sign-in page."""
    client.cookies["django_language"] = "en"
    response = client.post(reverse(f"admin:{name}", args=args), data)
    assert "login" not in response.get("Location", "")
    return response


def errors(response: HttpResponse) -> dict[str, list[str]]:
    return dict(response.context["form"].errors)  # type: ignore[attr-defined]


def test_hr_hires_a_person_who_then_stands_in_department_line_trail_and_search(office: Office) -> None:
    data = {**HIRE, "department": office.first.pk, "supervisor": "贺宁"}
    assert post(office.client("hr_sub"), "staff_employee_add", data).status_code == 302
    person = Employee.objects.get(employee_no="K0900")
    assert person.pinyin == "yutong yt"
    assert person.department_periods.get().department == office.first
    assert person.supervisor_periods.get().supervisor == office.boss
    entry = AuditEntry.objects.get(action="person_hired")
    assert (entry.channel, entry.actor, entry.employee) == ("admin", office.accounts["hr_sub"], person)
    found = office.client("hr").get(reverse("admin:staff_employee_changelist"), {"q": "yt"})
    assert "K0900" in found.content.decode()


def test_hr_of_a_team_cannot_hire_into_another(office: Office) -> None:
    response = post(office.client("hr_sub"), "staff_employee_add", {**HIRE, "department": office.second.pk})
    assert response.status_code == 422
    assert "department" in errors(response)
    assert not Employee.objects.filter(employee_no="K0900").exists()


def test_a_taken_number_is_an_error_at_its_field(office: Office) -> None:
    data = {**HIRE, "employee_no": office.own.employee_no, "department": office.first.pk}
    response = post(office.client("hr"), "staff_employee_add", data)
    assert response.status_code == 422
    assert list(errors(response)) == ["employee_no"]


def test_nonsense_in_a_form_is_an_error_of_the_form(office: Office) -> None:
    data = {"employee_no": "K" * 41, "name": "", "hired_on": "2026-02-30", "department": "x", "supervisor": "nobody"}
    response = post(office.client("hr"), "staff_employee_add", data)
    assert response.status_code == 422
    assert set(errors(response)) == {"employee_no", "name", "hired_on", "department", "supervisor"}


def test_a_supervisor_out_of_scope_is_unknown(office: Office) -> None:
    response = post(
        office.client("hr_sub"), "person-supervisor", {"supervisor": "K0202", "from_day": "2026-11-01"}, office.own.pk
    )
    assert list(errors(response)) == ["supervisor"]


def test_leaving_before_the_hiring_is_refused_at_the_day(office: Office) -> None:
    data = {"left_on": "2020-01-01", "reason": "resigned"}
    response = post(office.client("hr"), "person-leave", data, office.own.pk)
    assert list(errors(response)) == ["left_on"]
    assert (
        post(office.client("hr"), "person-leave", {**data, "left_on": "2026-11-30"}, office.own.pk).status_code == 302
    )
    office.own.refresh_from_db()
    assert office.own.left_on == date(2026, 11, 30)
    assert AuditEntry.objects.get(action="person_changed").reason == "resigned"


def test_a_move_keeps_what_was_before_the_day_and_what_comes_after(office: Office) -> None:
    client = office.client("hr")
    for department, day in ((office.second, "2026-12-01"), (office.company.root, "2026-11-15")):
        data = {"department": department.pk, "from_day": day}
        assert post(client, "person-department", data, office.own.pk).status_code == 302
    periods = DepartmentPeriod.objects.filter(employee=office.own).order_by("period")
    assert [(str(p.department), p.period.lower, p.period.upper) for p in periods] == [
        ("一组", date(2024, 1, 1), date(2026, 11, 15)),
        ("总部", date(2026, 11, 15), date(2026, 12, 1)),
        ("二组", date(2026, 12, 1), None),
    ]


def test_the_same_move_twice_is_recorded_once(office: Office) -> None:
    for _time in range(2):
        post(
            office.client("hr"), "person-department",
            {"department": office.second.pk, "from_day": "2026-11-15"}, office.own.pk,
        )  # fmt: skip
    assert AuditEntry.objects.filter(action="department_moved").count() == 1


def test_a_line_of_supervisors_does_not_close_in_a_ring(office: Office) -> None:
    data = {"supervisor": office.own.employee_no, "from_day": "2026-11-01"}
    response = post(office.client("hr"), "person-supervisor", data, office.boss.pk)
    assert list(errors(response)) == ["supervisor"]


def test_a_new_day_of_hiring_moves_the_first_placement_with_it(office: Office) -> None:
    data = {"name": office.own.name, "hired_on": "2023-12-01", "position": "组长"}
    assert post(office.client("hr"), "person-edit", data, office.own.pk).status_code == 302
    assert DepartmentPeriod.objects.get(employee=office.own).period.lower == date(2023, 12, 1)
    entry = AuditEntry.objects.get(action="person_changed")
    assert entry.before["hired_on"] == "2024-01-01"
    assert entry.after["position"] == "组长"


def test_no_day_of_hiring_passes_a_tier_that_was_held(office: Office) -> None:
    data = {"name": office.own.name, "hired_on": "2024-02-01"}
    response = post(office.client("hr"), "person-edit", data, office.own.pk)
    assert response.status_code == 422
    assert list(errors(response)) == ["hired_on"]
    assert "2024-01-01" in errors(response)["hired_on"][0]
    office.own.refresh_from_db()
    assert office.own.hired_on == date(2024, 1, 1)
    later = office.company.person("star", no="K0950", department=office.first, tier_since=date(2024, 3, 1))
    for day, status in (("2024-03-02", 422), ("2024-03-01", 302)):
        data = {"name": later.name, "hired_on": day}
        assert post(office.client("hr"), "person-edit", data, later.pk).status_code == status


def test_nobody_changes_themselves_nor_a_superior(office: Office) -> None:
    hr = office.accounts["hr"]
    data = {"left_on": "2026-12-31", "reason": "test"}
    assert post(office.client("hr"), "person-leave", data, hr.employee_id).status_code == 403
    data = {"supervisor": "K0100", "from_day": TODAY.isoformat()}
    assert post(office.client("hr"), "person-supervisor", data, hr.employee_id).status_code == 403
    office.company.person("", no="K0003", department=office.company.root)
    _line(office, hr.employee, office.boss)
    assert (
        post(office.client("hr"), "person-leave", {"left_on": "2026-12-31", "reason": "x"}, office.boss.pk).status_code
        == 403
    )


def test_a_department_is_founded_moved_and_refused_a_ring(office: Office) -> None:
    client = office.client("hr")
    assert (
        post(client, "staff_department_add", {"name": "三组", "parent": office.first.pk, "head": "K0100"}).status_code
        == 302
    )
    third = Department.objects.get(name="三组")
    assert third.head == office.boss
    ring = post(client, "staff_department_change", {"name": "一组", "parent": third.pk}, office.first.pk)
    assert list(errors(ring)) == ["parent"]
    twice = post(client, "staff_department_add", {"name": "二组", "parent": office.company.department.pk})
    assert list(errors(twice)) == ["name"]
    root = post(office.client("hr_sub"), "staff_department_add", {"name": "独立部", "parent": ""})
    assert root.status_code == 403


def test_an_absence_is_put_right_at_its_own_fields(office: Office) -> None:
    client = office.client("hr")
    order = {"person": "K0101", "first_day": "2026-10-05", "last_day": "2026-10-01", "kind": "sick"}
    assert list(errors(post(client, "staff_absence_add", order))) == ["last_day"]
    twice = {"person": "K0101", "first_day": "2026-08-01", "last_day": "2026-08-02", "kind": "sick"}
    assert list(errors(post(client, "staff_absence_add", twice))) == ["first_day"]
    right = {"first_day": "2026-08-02", "last_day": "2026-08-31", "kind": "maternity"}
    assert post(client, "staff_absence_change", right, office.absence.pk).status_code == 302
    assert AuditEntry.objects.get(action="absence_saved").before["first_day"] == "2026-08-01"


def _line(office: Office, below: Employee | None, above: Employee) -> None:
    from psycopg2.extras import DateRange

    from staff.models import SupervisorPeriod

    SupervisorPeriod.objects.create(employee=below, supervisor=above, period=DateRange(date(2024, 1, 1), None))
