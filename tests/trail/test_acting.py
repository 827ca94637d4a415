"""Who writes, and through what, stands with every row: by the admin, the portal, a token, a command, a job."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from celery import shared_task
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from psycopg2.extras import DateRange

from staff.actions.token_create import create_token
from staff.kernel import audit
from staff.kernel.access import Access
from staff.kernel.commands import OperatorCommand
from staff.models import Account, AuditEntry, Department, RoleGrant, RowChange
from staff.selectors.access import access_of
from staff.selectors.trail import rows_of, without_act

pytestmark = pytest.mark.django_db(transaction=True)

DAY = date(2026, 11, 12)


def settings_of_the_session() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('promotion.actor', true), current_setting('promotion.channel', true)")
        actor, channel = cursor.fetchone()
    return actor or "", channel or ""


@pytest.fixture
def hr() -> Iterator[Account]:
    account = Account.objects.create(username="hr", password="!")
    RoleGrant.objects.create(
        account=account, role="hr", period=DateRange(date(2020, 1, 1), None), by_operator_command=True, reason="test"
    )
    yield account
    assert settings_of_the_session() == ("", "")


@pytest.fixture
def browser(hr: Account) -> Client:
    client = Client()
    client.force_login(hr)
    return client


def the_change(table: str = "staff_department") -> RowChange:
    return RowChange.objects.filter(table_name=table).latest("id")


def test_a_form_of_the_admin(hr: Account, browser: Client) -> None:
    named = {"X-Request-ID": "abcdef0123456789"}
    answer = browser.post("/admin/staff/department/add/", {"name": "客服部"}, headers=named)
    assert answer.status_code == 302
    change = the_change()
    assert (change.actor_id, change.channel, change.request_id) == (hr.pk, "admin", "abcdef0123456789")
    assert list(rows_of(AuditEntry.objects.get(action="department_saved"), Access.system(DAY, "test"))) == [change]


def test_a_page_of_the_portal(hr: Account, browser: Client) -> None:
    browser.post("/settings/language/", {"language": "en", "next": "/"})
    change = the_change("staff_account")
    assert (change.actor_id, change.channel) == (hr.pk, "web")


def test_a_program_with_its_token(hr: Account) -> None:
    made = create_token(
        access=access_of(hr, timezone.localdate()), name="feed", scopes=["people:write"], days=1, now=timezone.now()
    )
    answer = Client().post(
        "/api/v1/departments/", {"name": "x", "parent": None}, content_type="application/json",
        headers={"Authorization": f"Bearer {made.clear}", "Idempotency-Key": "k-0123456789"},
    )  # fmt: skip
    assert answer.status_code == 201, answer.content
    assert (the_change().actor_id, the_change().channel) == (hr.pk, "api")
    assert settings_of_the_session() == ("", "")


def test_a_token_read_inside_a_request_names_its_account(hr: Account) -> None:
    with audit.acting(Access(None, None, DAY, channel="api")):
        audit.become(hr.pk, "api")
        Department.objects.create(name="x")
    assert (the_change().actor_id, the_change().channel) == (hr.pk, "api")


def test_nobody_becomes_somebody_where_nothing_would_take_it_back(hr: Account) -> None:
    audit.become(hr.pk, "api")
    assert settings_of_the_session() == ("", "")


def test_reading_costs_no_query_for_it(browser: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        browser.get("/settings/")
    assert not [query for query in queries.captured_queries if "set_config" in query["sql"]]


def test_a_command(hr: Account) -> None:
    class Makes(OperatorCommand):
        def handle(self, *args: object, **options: object) -> None:
            Department.objects.create(name="x")

    Makes().execute(language=None, force_color=False, no_color=True, skip_checks=True)
    assert (the_change().actor_id, the_change().channel) == (None, "command")


@shared_task(name="tests.trail.makes")
def makes() -> None:
    Department.objects.create(name="x")


def test_a_job(hr: Account) -> None:
    makes()
    assert (the_change().actor_id, the_change().channel) == (None, "job")


def test_an_error_takes_it_back(hr: Account) -> None:
    with pytest.raises(ZeroDivisionError), audit.acting(access_of(hr, DAY)):
        raise ZeroDivisionError
    assert settings_of_the_session() == ("", "")


def test_a_transaction_that_broke_takes_it_back(hr: Account) -> None:
    def breaks() -> None:
        with audit.acting(access_of(hr, DAY)), transaction.atomic():
            Department.objects.create(name="x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        breaks()
    assert settings_of_the_session() == ("", "")
    assert not Department.objects.exists()


def test_who_acts_inside_gives_way_to_who_acted_before(hr: Account) -> None:
    with audit.acting(access_of(hr, DAY, channel="admin")):
        with audit.acting(Access.system(DAY, "job")):
            assert settings_of_the_session() == ("", "job")
        assert settings_of_the_session() == (str(hr.pk), "admin")


def test_a_connection_made_anew_knows_who_acts(hr: Account) -> None:
    with audit.acting(access_of(hr, DAY, channel="admin")):
        connection.close()
        assert settings_of_the_session() == (str(hr.pk), "admin")


def test_rows_are_found_by_their_act_and_without_one(hr: Account) -> None:
    access = Access.system(DAY, "test")
    with transaction.atomic():
        Department.objects.create(name="甲")
        audit.record(access, "department_saved", object_type="department", object_key="甲")
    Department.objects.create(name="乙")
    entry = AuditEntry.objects.get(action="department_saved")
    assert [row.after["name"] for row in rows_of(entry, access)] == ["甲"]
    written = RowChange.objects.filter(table_name="staff_department")
    assert [row.after["name"] for row in without_act(written)] == ["乙"]
