"""The description and the interface agree: whatever is sent, valid or not, the answer is one that is described."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from staff.models import Account
from tests.api.conftest import token_for
from tests.web.company import Company

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
#: What the company has, by the names under which the interface asks for it.
THERE: dict[str, Any] = {
    "employee_no": "K2031",
    "supervisor_no": "K1002",
    "department": "信息客服二组",
    "metric": "excellent_cases",
    "month": "2026-11",
    "as_of": "2026-10",
    "kind": "complaint",
    "key": "info-service",
    "number": 1,
    "status": "alleged",
    "quantity": None,
}


def _described() -> Any:
    text = StringIO()
    call_command("spectacular", "--format", "openapi-json", stdout=text)
    return schemathesis.openapi.from_dict(json.loads(text.getvalue()))


SCHEMA = _described()
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]


def test_the_description_is_valid_and_leaves_nothing_to_guess(tmp_path: Path) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", file=str(tmp_path / "schema.yaml"))


def test_every_operation_says_what_it_does_and_every_write_names_its_key() -> None:
    for operation in OPERATIONS:
        raw = operation.definition.raw
        assert raw["summary"], operation.label
        assert raw["description"], operation.label
        keys = [one for one in raw["parameters"] if one["name"] == "Idempotency-Key"] if "parameters" in raw else []
        assert bool(keys and keys[0]["required"]) is (operation.method != "get"), operation.label
        refusals = {"400", "401", "403", "404", "406", "429"}
        assert refusals <= raw["responses"].keys(), operation.label
        if operation.method != "get":
            assert {"409", "413", "415", "422"} <= raw["responses"].keys(), operation.label
            body = raw["requestBody"]["content"]["application/json"]
            assert body["examples"], operation.label


@pytest.fixture
def at_will(settings: Any) -> Iterator[None]:
    """As often as the test likes, and on one connection: it would end with the first request."""
    settings.API_READS_A_MINUTE = settings.API_WRITES_A_MINUTE = 1_000_000
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


def made_real(value: Any) -> Any:
    """The same, about people and things that the company has."""
    if isinstance(value, dict):
        return {name: THERE.get(name, made_real(below)) for name, below in value.items()}
    return [made_real(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("who", ["hr", "auditor"])
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_every_answer_is_as_it_is_described(operation: Any, who: str, company: Company, at_will: None) -> None:
    token = token_for(Account.objects.get(username=who))
    app = get_wsgi_application()
    valid, wrong = (
        operation.as_strategy(generation_mode=mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    )

    @settings(
        max_examples=8,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.one_of(valid, valid, wrong), st.booleans())
    def ask(case: Any, real: bool) -> None:
        if real:
            case.path_parameters = made_real(case.path_parameters)
            case.query = made_real(case.query)
            case.body = made_real(case.body)
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}
        with transaction.atomic():
            case.call_and_validate(app=app, checks=CHECKS)
            transaction.set_rollback(True)

    ask()
