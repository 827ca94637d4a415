"""The number of queries of each list: at most twelve, and the same for three people and for thirty."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from psycopg2.extras import DateRange

from promotion.sweep.actions.sweep_run import run_sweep
from staff.models import SupervisorPeriod
from tests.admin.conftest import MONTH, Office
from tests.assessment.cases.planted import raised_for
from tests.company import operator

LISTS = [
    ("index", "hr"),
    ("staff_employee_changelist", "hr"),
    ("staff_employee_changelist", "hr_sub"),
    ("staff_department_changelist", "hr"),
    ("staff_absence_changelist", "hr"),
    ("assessment_event_changelist", "hr"),
    ("values", "hr"),
    ("payroll_payrecord_changelist", "payroll"),
    ("policy_policyversion_changelist", "gm"),
    ("policy_adoption_changelist", "gm"),
    ("promotion_run_changelist", "hr"),
    ("promotion_ledgerline_changelist", "auditor"),
    ("staff_auditentry_changelist", "auditor"),
    ("staff_account_changelist", "operator"),
    ("staff_rolegrant_changelist", "operator"),
    ("django_celery_beat_periodictask_changelist", "operator"),
    ("board", "hr"),
    ("cases", "hr"),
    ("cases", "hr_sub"),
    ("board", "hr_sub"),
]


def count(office: Office, name: str, role: str) -> int:
    client = office.client(role)
    url = reverse(f"admin:{name}")
    client.get(url)  # what a process reads once (content types, documents) is not a page's
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def grow(office: Office) -> None:
    """Thirty people more, with everything that a list may show of them."""
    for n in range(30):
        person = office.company.person("star", no=f"Z{n:03d}", department=office.first)
        SupervisorPeriod.objects.create(
            employee=person, supervisor=office.boss, period=DateRange(person.hired_on, None)
        )
        office.company.values(person, "excellent_cases", {"2026-10": n})
        office.company.event(person, "complaint", date(2026, 10, 2))
        office.company.absence(person, date(2026, 10, 5), date(2026, 10, 6))
        raised_for(person)
    run_sweep(access=operator(), month=MONTH)


@pytest.mark.parametrize("at_most", [12])
def test_a_list_takes_the_same_few_queries_however_many_people_there_are(office: Office, at_most: int) -> None:
    raised_for(office.own)  # a list of none needs no document
    few = {case: count(office, *case) for case in LISTS}
    grow(office)
    many = {case: count(office, *case) for case in LISTS}
    assert few == many
    assert {case: n for case, n in many.items() if n > at_most} == {}


def test_one_persons_page_takes_no_more_queries_with_a_long_history(office: Office) -> None:
    client = office.client("hr")
    url = reverse("admin:staff_employee_change", args=[office.own.pk])
    client.get(url)
    with CaptureQueriesContext(connection) as before:
        client.get(url)
    for year in range(2010, 2020):
        office.company.absence(office.own, date(year, 1, 1), date(year, 1, 5))
        office.company.transition(office.own, "star", date(year, 2, 1), kind="lateral")
    with CaptureQueriesContext(connection) as after:
        client.get(url)
    assert len(after) == len(before) <= 14
