from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation
from psycopg2.extras import DateRange

from staff.models import Department, DepartmentPeriod, Employee, SupervisorPeriod
from tests.records.world import Files


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """The wording of messages is tested in English."""
    with translation.override("en"):
        yield


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


@pytest.fixture
def company(db: None, files: Files) -> Files:
    """Two departments and three people; K2 leads K1, K3 left. Made without a load, which is what the tests are about."""
    root = Department.objects.create(name="总部")
    service = Department.objects.create(name="客服部", parent=root)
    after_sales = Department.objects.create(name="售后部", parent=root)
    people = [
        Employee(employee_no=no, name=name, hired_on=hired_on, left_on=left_on)
        for no, name, hired_on, left_on in (
            ("K1", "王芳", date(2024, 1, 15), None),
            ("K2", "李雷", date(2020, 3, 1), None),
            ("K3", "韩梅", date(2021, 5, 1), date(2026, 6, 30)),
        )
    ]
    Employee.objects.bulk_create(people)
    DepartmentPeriod.objects.bulk_create(
        DepartmentPeriod(employee=person, department=department, period=DateRange(person.hired_on, None))
        for person, department in zip(people, (service, service, after_sales), strict=True)
    )
    SupervisorPeriod.objects.create(
        employee=people[0], supervisor=people[1], period=DateRange(people[0].hired_on, None)
    )
    return files
