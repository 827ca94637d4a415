"""Whatever goes wrong is a problem document, in the language that was asked for."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.test import Client

from staff.kernel.api.problems import KINDS
from tests.api.conftest import Program, Programs, faults
from tests.web.company import Company

VALUE = {"employee_no": "K2032", "month": "2026-11", "metric": "excellent_cases", "value": "2"}


def problem(response: Any, status: int, kind: str) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = response.json()
    assert found["type"] == f"/api/docs/problems/{kind}/"
    assert found["status"] == status
    assert {"title", "detail", "instance"} <= found.keys()
    return found


def test_every_kind_has_a_page_of_its_own_and_stands_on_the_list(company: Company) -> None:
    client = Client()
    page = client.get("/api/docs/problems/").content.decode()
    for kind in KINDS:
        assert f'id="{kind.name}"' in page
        assert client.get(kind.type).status_code == 200
    assert client.get("/api/docs/problems/nothing/").status_code == 404


def test_addresses_that_lead_nowhere_are_problems_too(company: Company) -> None:
    for path in ("/api/v1/nothing", "/api/nothing/", "/api/v1/people/K2031/nothing", "/api/"):
        assert problem(Client().get(path), 404, "not-found")["instance"] == path


def test_a_path_with_what_no_name_has_in_it_is_not_found(program: Programs) -> None:
    problem(program("hr").get("/people/%00"), 404, "not-found")
    problem(program("hr").get("/explanations/%00?as_of=2026-10"), 404, "not-found")
    problem(program("hr").get("/months/2026-13"), 404, "not-found")
    problem(program("hr").get("/runs/99999999999999999999"), 404, "not-found")


def test_who_is_not_signed_in_or_has_a_bad_token_is_told_how_to(company: Company) -> None:
    for program in (Program(Client()), Program(Client(), "jsk_wrong")):
        for response in (program.get("/people"), program.rows("/values", VALUE)):
            problem(response, 401, "not-signed-in")
            assert response["WWW-Authenticate"].startswith("Bearer")


def test_a_wrong_method_names_the_right_ones(program: Programs) -> None:
    response = program("hr").post("/people/K2031", {}, method="delete")
    problem(response, 405, "method-not-allowed")
    assert "PATCH" in response["Allow"]


@pytest.mark.parametrize("method", ["put", "delete", "patch", "trace"])
def test_a_method_that_is_not_there_is_no_matter_of_scopes(program: Programs, method: str) -> None:
    reader = program("hr", "values:read")
    response = reader.client.generic(method.upper(), "/api/v1/values", headers=reader.headers)
    problem(response, 405, "method-not-allowed")


@pytest.mark.parametrize("body", ["{", "[1]", '"text"', '{"rows": {}}', '{"rows": []}', '{"rows": [1]}', "\xff"])
def test_broken_bodies_are_told(program: Programs, body: str) -> None:
    response = program("hr").post("/values", body.encode("latin-1"))
    assert response.status_code in (400, 422)
    problem(response, response.status_code, "bad-request" if response.status_code == 400 else "invalid")


def test_brackets_without_end_are_a_bad_request(program: Programs) -> None:
    problem(program("hr").post("/values", "[" * 100_000), 400, "bad-request")


def test_what_is_not_json_is_refused(program: Programs) -> None:
    hr = program("hr")
    for content_type in ("text/csv", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", ""):
        response = hr.client.post(
            "/api/v1/values",
            b"--x--",
            content_type=content_type,
            headers={**hr.headers, "Idempotency-Key": content_type[:9] or "none"},
        )
        problem(response, 415, "unsupported-media-type")


def test_what_is_too_large_is_refused(program: Programs) -> None:
    problem(program("hr").post("/values", "[" + " " * 3_000_000 + "]"), 413, "too-large")
    problem(program("hr").rows("/values", *[VALUE] * 1001), 422, "invalid")


def test_who_takes_no_json_gets_none(program: Programs) -> None:
    hr = program("hr")
    problem(hr.client.get("/api/v1/people", headers={**hr.headers, "Accept": "text/csv"}), 406, "not-acceptable")


@pytest.mark.parametrize(
    "query",
    [
        {"emplyee_no": "K2031"},
        {"month": "2026-13"},
        {"department": "财务"},
        {"updated_since": "yesterday"},
        {"fields": "x"},
    ],
)
def test_a_parameter_that_is_unknown_or_wrong_is_told_and_not_left_out(
    program: Programs, query: dict[str, str]
) -> None:
    response = program("hr").get("/values", **query)
    problem(response, 400, "bad-request")
    assert faults(response) == [(next(iter(query)), "invalid")]


def test_a_page_beyond_the_last_is_not_found(program: Programs) -> None:
    problem(program("hr").get("/people", page=99), 404, "not-found")


def test_what_stands_against_a_write_is_told_with_its_code(program: Programs) -> None:
    person = {"employee_no": "K2031", "name": "李青", "department": "信息客服一组", "hired_on": "2026-12-01"}
    response = program("hr").post("/people", person)
    found = problem(response, 409, "refused")
    assert found["errors"] == [{"detail": "The employee no. K2031 is taken.", "code": "staff_employee_employee_no_key"}]


def test_a_sealed_month_takes_nothing(program: Programs) -> None:
    response = program("hr").rows("/values", {**VALUE, "month": "2026-10", "reason": "mistyped"})
    problem(response, 409, "sealed-month")
    assert faults(response) == [("#/rows/0", "sealed_month_is_closed")]


def test_a_lacking_right_names_who_has_it(program: Programs) -> None:
    found = problem(program("payroll").rows("/values", VALUE), 403, "forbidden")
    assert "HR" in found["detail"]
    found = problem(program("hr", "values:read").rows("/values", VALUE), 403, "forbidden")
    assert "values:write" in found["detail"]


def test_the_language_is_the_one_that_was_asked_for(program: Programs) -> None:
    body = {**VALUE, "employee_no": "K9999"}
    english = program("hr", language="en").rows("/values", body).json()
    chinese = program("hr", language="zh-CN").rows("/values", body).json()
    assert english["title"] == "The content is not valid"
    assert chinese["title"] == "内容有误"
    assert "K9999" in chinese["errors"][0]["detail"]
    assert chinese["errors"][0]["detail"] != english["errors"][0]["detail"]
    assert Client().get("/api/v1/nothing", headers={"Accept-Language": "zh-CN"}).json()["title"] == "查无此项"


def test_a_failure_of_the_server_is_a_problem_without_its_inside(
    program: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any, **options: Any) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr("staff.api.people.hire", broken)
    logging.disable(logging.CRITICAL)
    hr = program("hr")
    hr.client.raise_request_exception = False
    body = {"employee_no": "K3001", "name": "李青", "department": "信息客服一组", "hired_on": "2026-12-01"}
    response = hr.post("/people", body)
    logging.disable(logging.NOTSET)
    problem(response, 500, "server-error")
    assert "secret inside" not in response.content.decode()


def test_every_fault_of_a_batch_is_told_with_its_place_and_nothing_is_kept(program: Programs) -> None:
    response = program("hr").rows(
        "/values",
        VALUE,
        {**VALUE, "metric": "nothing"},
        {**VALUE, "value": "-1"},
        {**VALUE, "employee_no": "K9999", "month": "2026-1"},
        {**VALUE, "vaule": "1"},
        {**VALUE, "month": "2026-10", "reason": "mistyped"},
        {**VALUE, "value": "3"},
    )
    problem(response, 422, "invalid")
    assert faults(response) == [
        ("#/rows/1/metric", "does_not_exist"),
        ("#/rows/2/value", "excellent_cases"),
        ("#/rows/3/employee_no", "unknown"),
        ("#/rows/3/month", "invalid"),
        ("#/rows/4/vaule", "unknown"),
        ("#/rows/5", "sealed_month_is_closed"),
        ("#/rows/6/reason", "reason"),
    ]
    assert program("hr").get("/values", employee_no="K2032", month="2026-11").json()["count"] == 0
