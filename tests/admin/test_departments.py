"""Departments through the admin and its action: who moves and heads them."""

from __future__ import annotations

import pytest

from staff.actions.department_save import save_department
from staff.kernel.access import Forbidden
from staff.models import Department
from tests.admin.conftest import Office
from tests.admin.test_people_forms import errors, post


@pytest.fixture
def below(office: Office) -> Department:
    """A department below the first team, and so in the scope of ``hr_sub``."""
    return Department.objects.create(name="夜班", parent=office.first)


def test_hr_of_a_part_moves_no_department_out_of_it(office: Office, below: Department) -> None:
    for parent in (None, office.second):
        with pytest.raises(Forbidden):
            save_department(access=office.access("hr_sub"), department=below, name=below.name, parent=parent)
    below.refresh_from_db()
    assert below.parent == office.first


def test_hr_of_a_part_takes_in_no_department_from_outside(office: Office) -> None:
    with pytest.raises(Forbidden):
        save_department(
            access=office.access("hr_sub"), department=office.second, name=office.second.name, parent=office.first
        )


def test_hr_of_a_part_gives_its_topmost_department_a_head(office: Office) -> None:
    response = post(
        office.client("hr_sub"),
        "staff_department_change",
        {"name": "一组", "head": office.boss.employee_no},
        office.first.pk,
    )
    assert response.status_code == 302
    office.first.refresh_from_db()
    assert (office.first.head, office.first.parent) == (office.boss, office.company.department)


def test_hr_of_a_part_moves_a_department_within_it(office: Office, below: Department) -> None:
    lower = Department.objects.create(name="深夜", parent=below)
    save_department(access=office.access("hr_sub"), department=lower, name=lower.name, parent=office.first)
    lower.refresh_from_db()
    assert lower.parent == office.first


def test_hr_of_the_company_moves_a_department_to_the_root(office: Office, below: Department) -> None:
    save_department(access=office.access("hr"), department=below, name=below.name, parent=None)
    below.refresh_from_db()
    assert below.parent is None


def test_only_hr_of_the_company_founds_a_department_at_the_root(office: Office) -> None:
    with pytest.raises(Forbidden):
        save_department(access=office.access("hr_sub"), name="新部门", parent=None)
    assert save_department(access=office.access("hr"), name="新部门", parent=None).pk


def test_no_move_brings_people_under_two_policies(office: Office, below: Department) -> None:
    apart = Department.objects.create(name="另一处", parent=office.company.root)
    office.company.adopt(department=apart)
    for name, moved, to in (("上", apart, below), ("下", office.company.department, apart)):
        response = post(office.client("hr"), "staff_department_change", {"name": moved.name, "parent": to.pk}, moved.pk)
        assert response.status_code == 422, name
        assert list(errors(response)) == ["parent"]
        (message,) = errors(response)["parent"]
        assert "客服部" in message
        assert "另一处" in message
        before = moved.parent
        moved.refresh_from_db()
        assert moved.parent == before == office.company.root


def test_a_department_moves_where_no_other_policy_governs(office: Office, below: Department) -> None:
    apart = Department.objects.create(name="另一处", parent=office.company.root)
    save_department(access=office.access("hr"), department=below, name=below.name, parent=apart)
    save_department(access=office.access("hr"), department=apart, name=apart.name, parent=office.first)
    apart.refresh_from_db()
    assert apart.parent == office.first
