"""What leaves the product for those who keep it running: log lines and counts, without anybody's data."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from config import logs, metrics
from staff.models import Employee
from tests.web.company import Company

pytestmark = pytest.mark.django_db

Visitor = Callable[..., Client]
#: Names, numbers and what somebody typed in the requests of these tests.
CANARIES = ("林晓", "K2031", "linxiao", "canary", "林", "%E6%9E%97")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything that is logged meanwhile, as a collector gets it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonFormatter())
    handler.addFilter(logs.RequestIdFilter())
    root, requests = logging.getLogger(), logging.getLogger("config.middleware")
    level, quiet = root.level, requests.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    requests.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)
    requests.setLevel(quiet)


def parsed(lines: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_a_request_leaves_one_line_with_its_route(visitor: Visitor, company: Company, lines: io.StringIO) -> None:
    answer = visitor("K1001").get("/people/K2031/", headers={"X-Request-ID": "abcdef0123456789"})
    (line,) = [line for line in parsed(lines) if line["logger"] == "config.middleware"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/people/<path:employee_no>/", answer.status_code)
    assert (line["account"], line["request"]) == (company.accounts["K1001"].pk, "abcdef0123456789")
    assert line["ms"] >= 0


def test_no_line_tells_of_anybody(
    visitor: Visitor, company: Company, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    supervisor, hr, nobody = visitor("K1001"), visitor("hr"), Client(raise_request_exception=False)
    supervisor.get("/people/", {"q": "林晓"})
    supervisor.get("/people/K2031/", {"note": "canary"})
    supervisor.get("/people/K2052/")
    supervisor.get("/no-such-place/K2031/林晓/")
    supervisor.post("/people/K2031/", {"note": "canary"})
    hr.get(reverse("admin:staff_employee_changelist"), {"q": "linxiao", "name__contains": "林晓"})
    hr.post(reverse("admin:staff_employee_add"), {"employee_no": "K2031", "name": "林晓", "hired_on": "canary"})
    nobody.post(reverse("account_login"), {"login": "K2031", "password": "canary-secret"})
    Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "K2031"})

    def breaks(*args: object, **options: object) -> None:
        try:
            raise ValueError("canary 林晓")
        except ValueError as error:
            raise IntegrityError("Key (employee_no)=(K2031) already exists") from error

    monkeypatch.setattr(Employee.objects.__class__, "get_queryset", breaks)
    broken = visitor("K1001")
    broken.raise_request_exception = False
    assert broken.get("/people/K2031/").status_code == 500
    found = parsed(lines)
    assert not [line for line in found if line["request"] == "-"]
    assert {line["status"] for line in found if "status" in line} >= {200, 403, 404, 500}
    assert "ValueError" in lines.getvalue()
    assert [line for line in found if any(canary in json.dumps(line, ensure_ascii=False) for canary in CANARIES)] == []


def test_a_job_that_failed_is_logged_without_its_words(lines: io.StringIO) -> None:
    try:
        raise ValueError("canary 林晓")
    except ValueError:
        context = {"name": "work", "exc": "ValueError('canary 林晓')", "traceback": "canary", "id": "1"}
        logging.getLogger("celery.app.trace").error(
            "Task %(name)s[%(id)s] raised unexpected: %(exc)s", context, exc_info=True
        )
    assert "canary" not in lines.getvalue()
    assert "Task work[1] raised unexpected: ValueError" in lines.getvalue()


def test_a_developer_reads_the_words_of_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configured, "DEBUG", True)
    assert "why" in logs.PlainFormatter().formatException((ValueError, ValueError("why"), None))


def scraped(client: Client, **headers: str) -> str:
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_machine_reads_how_requests_went(visitor: Visitor, company: Company, client: Client) -> None:
    visitor("K2031").get(reverse("me"))
    client.get("/no/such/place/K2031/")
    text = scraped(client)
    for line in (
        'promotion_requests_total{status="200",view="me"}',
        'promotion_requests_total{status="404",view="unresolved"}',
        'promotion_request_seconds_bucket{le="0.15",view="me"}',
        'promotion_runs{state="done"}',
        "promotion_oldest_open_shard_seconds 0",
        "promotion_outbox_waiting",
        "promotion_database_up 1.0",
        "promotion_broker_up 1.0",
        "promotion_build_info{",
    ):
        assert line in text, line
    assert [canary for canary in CANARIES if canary in text] == []


def test_counts_say_when_what_the_site_needs_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "database_answers", lambda: False)
    monkeypatch.setattr(metrics, "broker_answers", lambda: False)
    text = scraped(client)
    assert "promotion_database_up 0.0" in text
    assert "promotion_broker_up 0.0" in text
    assert "promotion_runs{" not in text


def test_others_read_no_counts_without_the_token(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    away: dict[str, Any] = {"REMOTE_ADDR": "10.0.0.7"}
    assert client.get("/metrics", **away).status_code == 404
    assert client.get("/metrics", **away, headers={"Authorization": "Bearer "}).status_code == 404
    monkeypatch.setattr(configured, "METRICS_TOKEN", "long-enough-secret")
    assert client.get("/metrics", **away, headers={"Authorization": "Bearer long-enough-secret"}).status_code == 200
    assert client.get("/metrics", **away, headers={"Authorization": "Bearer wrong"}).status_code == 404


def test_whoever_comes_through_a_proxy_of_the_machine_is_not_the_machine(client: Client) -> None:
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404
