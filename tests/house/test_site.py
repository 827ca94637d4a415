"""Health, the headers of every answer, the schedule, the rights of the application's role."""

from __future__ import annotations

import io
import json
import logging

import pytest
from django.conf import settings as configured
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django_celery_beat.models import CrontabSchedule, PeriodicTask
from pytest_django import Settings

from config import health, logs, roles, schedule
from config.middleware import ContentPolicyMiddleware

pytestmark = pytest.mark.django_db


def test_alive_needs_nothing(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_ready_when_database_broker_and_migrations_are(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["parts"] == {"database": "ok", "broker": "ok", "migrations": "ok"}


def test_not_ready_while_the_broker_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configured, "CELERY_BROKER_URL", "redis://127.0.0.1:9/0")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"] == {"database": "ok", "broker": "failed", "migrations": "ok"}


def test_not_ready_while_a_migration_waits() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
        assert cursor.rowcount == 1
    assert health.migrations_are_applied() is False


def test_a_page_may_load_its_own_files_and_nothing_else(client: Client) -> None:
    policy = client.get("/healthz")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy + ";"
    assert "unsafe" not in policy


def test_evaluation_is_allowed_on_admin_paths_alone(rf: RequestFactory) -> None:
    def policy(path: str) -> str:
        middleware = ContentPolicyMiddleware(lambda request: HttpResponse())
        return str(middleware(rf.get(path))["Content-Security-Policy"])

    assert "'unsafe-eval'" in policy("/admin/staff/")
    assert "'unsafe-eval'" not in policy("/administer/")


def test_a_request_keeps_the_id_it_came_with(client: Client) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": "abcdef-12345"})["X-Request-ID"] == "abcdef-12345"
    assert client.get("/healthz", headers={"X-Request-ID": "a b\nc"})["X-Request-ID"] != "a b\nc"
    assert client.get("/healthz")["X-Request-ID"] != client.get("/healthz")["X-Request-ID"]


def test_a_log_line_is_one_json_object_with_the_requests_id() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonFormatter())
    handler.addFilter(logs.RequestIdFilter())
    logger = logging.Logger("tests.lines")
    logger.addHandler(handler)
    token = logs.request_id.set("r-1")
    try:
        logger.info("第一行\n第二行")
    finally:
        logs.request_id.reset(token)
    line = json.loads(stream.getvalue())
    assert (line["request"], line["message"], line["level"]) == ("r-1", "第一行\n第二行", "INFO")
    assert stream.getvalue().count("\n") == 1


def test_the_schedule_is_in_the_database_after_migrating() -> None:
    stored = {task.name: (task.task, str(task.crontab.timezone)) for task in PeriodicTask.objects.all()}
    for job in schedule.JOBS:
        assert stored[job.name] == (job.task, "Asia/Shanghai")


def test_every_scheduled_task_exists() -> None:
    from config.celery import app

    app.loader.import_default_modules()
    assert {job.task for job in schedule.JOBS} <= set(app.tasks)


def test_seeding_again_keeps_what_the_operator_changed() -> None:
    nightly = PeriodicTask.objects.get(name="nightly")
    nightly.crontab = CrontabSchedule.objects.create(minute="0", hour="4", timezone="Asia/Shanghai")
    nightly.enabled = False
    nightly.save()
    assert schedule.seed() == 0
    nightly.refresh_from_db()
    assert (nightly.crontab.hour, nightly.enabled) == ("4", False)


def test_a_job_that_is_missing_is_seeded() -> None:
    PeriodicTask.objects.filter(name="nightly").delete()
    assert schedule.seed() == 1
    assert PeriodicTask.objects.get(name="nightly").crontab.hour == "2"


def test_the_applications_role_may_use_what_the_owner_makes(settings: Settings) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [settings.DATABASE_APP_ROLE])
        if cursor.fetchone() is None:  # a server that is not ours: its superuser runs the tests
            cursor.execute("CREATE ROLE house_test_app")
            settings.DATABASE_APP_ROLE = "house_test_app"
        roles.grant_defaults()
        cursor.execute("CREATE TABLE made_later (id bigserial)")
        cursor.execute(
            "SELECT has_table_privilege(%(role)s, 'made_later', 'INSERT'),"
            " has_table_privilege(%(role)s, 'made_later', 'TRUNCATE'),"
            " has_sequence_privilege(%(role)s, 'made_later_id_seq', 'USAGE')",
            {"role": settings.DATABASE_APP_ROLE},
        )
        assert cursor.fetchone() == (True, False, True)


def test_a_role_that_does_not_exist_is_given_nothing(settings: Settings) -> None:
    settings.DATABASE_APP_ROLE = "nobody_has_this_name"
    with CaptureQueriesContext(connection) as queries:
        roles.grant_defaults()
    assert [query["sql"][:6] for query in queries] == ["SELECT"]


def test_a_password_costs_what_was_chosen() -> None:
    from config.hashers import Argon2

    hasher = Argon2()
    encoded = hasher.encode("a long password", hasher.salt())
    assert "m=47104,t=2,p=1" in encoded
    assert hasher.verify("a long password", encoded)
    assert not hasher.verify("another password", encoded)
