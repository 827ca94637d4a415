"""Who asks: a token that works, or a session with its CSRF token; and how often."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from staff.models import ApiToken, AuditEntry
from tests.api.conftest import Programs
from tests.web.company import Company
from tests.web.test_second_factor import has

PERSON = {"employee_no": "K3001", "name": "李青", "department": "信息客服一组", "hired_on": "2026-11-02"}


@pytest.mark.parametrize(
    "change",
    [
        lambda token: ApiToken.objects.update(expires_at=timezone.now()),
        lambda token: ApiToken.objects.update(revoked_at=timezone.now()),
        lambda token: token.account.__class__.objects.filter(pk=token.account_id).update(is_active=False),
    ],
    ids=["expired", "revoked", "closed"],
)
def test_a_token_that_is_over_opens_nothing_from_the_next_request_on(program: Programs, change: Any) -> None:
    hr = program("hr")
    assert hr.get("/people").status_code == 200
    change(ApiToken.objects.get())
    response = hr.get("/people")
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'


def test_a_token_is_asked_for_even_where_there_is_a_session(session: Programs) -> None:
    hr = session("hr")
    hr.headers["Authorization"] = "Bearer jsk_wrong"
    assert hr.get("/people").status_code == 401


def test_a_session_reads_and_with_its_csrf_token_writes(session: Programs) -> None:
    hr = session("hr", enforce_csrf_checks=True)
    assert hr.get("/people").status_code == 200
    refused = hr.post("/people", PERSON)
    assert refused.status_code == 403
    assert refused["Content-Type"] == "application/problem+json"
    hr.client.get("/accounts/login/")
    hr.client.get("/settings/")
    csrf = hr.client.cookies["csrftoken"].value
    assert hr.post("/people", PERSON, **{"X-CSRFToken": csrf}).status_code == 201


def test_what_a_program_does_stands_in_the_trail_as_done_through_the_interface(program: Programs) -> None:
    program("hr").post("/people", PERSON)
    entry = AuditEntry.objects.get(action="person_hired")
    assert (entry.channel, entry.actor and entry.actor.username) == ("api", "hr")


def test_reads_and_writes_are_counted_apart_for_each_token(program: Programs, settings: Any) -> None:
    settings.API_READS_A_MINUTE, settings.API_WRITES_A_MINUTE = 3, 1
    hr, other = program("hr"), program("hr")
    assert [hr.get("/months").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert [hr.post("/people", PERSON, key="k").status_code for _ in range(2)] == [201, 429]
    refused = hr.get("/months")
    assert refused.json()["type"] == "/api/docs/problems/too-many-requests/"
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert other.get("/months").status_code == 200


def test_the_next_minute_counts_anew(program: Programs, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.API_READS_A_MINUTE = 1
    moment = 1_800_000_000.0
    monkeypatch.setattr("staff.kernel.api.throttles.time.time", lambda: moment)
    hr = program("hr")
    assert [hr.get("/months").status_code for _ in range(2)] == [200, 429]
    moment += 60
    assert hr.get("/months").status_code == 200


def test_the_pages_of_the_description_need_no_account_and_hold_no_inline_script(company: Company) -> None:
    client = Client()
    page = client.get("/api/docs/")
    assert page.status_code == 200
    assert "<script>" not in page.content.decode()
    assert "unsafe-inline" not in page["Content-Security-Policy"].split("style-src")[0]
    assert client.get("/api/schema/").status_code == 200


def test_an_expiry_to_come_is_no_hindrance(program: Programs) -> None:
    hr = program("hr")
    ApiToken.objects.update(expires_at=timezone.now() + timedelta(minutes=1))
    assert hr.get("/people").status_code == 200


def test_a_token_from_before_the_second_factor_opens_nothing_of_a_role_that_takes_one(
    company: Company, program: Programs, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    early = program("K2031", "people:read")
    assert [one["employee_no"] for one in early.get("/people").json()["results"]] == ["K2031"]
    company.grant(company.accounts["K2031"], "hr")
    refused = early.get("/people")
    assert refused.status_code == 403
    assert "second factor" in refused.json()["detail"]
    has("K2031")
    assert early.get("/people").status_code == 401
    late = program("K2031", "people:read")
    assert late.get("/people").json()["count"] > 1
    has("K2031")
    assert late.get("/people").status_code == 200
