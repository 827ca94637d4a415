"""Programs before the company of the pages' tests: with a token, or with somebody's session."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from staff.kernel.programs import SCOPES
from staff.models import Account, ApiToken
from staff.selectors.tokens import digest_of
from tests.web.company import Company
from tests.web.conftest import _the_day, company, house

__all__ = ["_the_day", "company", "house"]

EVERYTHING = tuple(SCOPES)


def token_for(account: Account, *scopes: str, days: int = 30) -> str:
    """A token in clear, as the settings would show it once."""
    clear = f"jsk_{secrets.token_urlsafe(32)}"
    now = timezone.now()
    ApiToken.objects.create(
        account=account,
        name="test",
        hint=clear[:8],
        digest=digest_of(clear),
        scopes=list(scopes or EVERYTHING),
        created_at=now - timedelta(days=60),
        expires_at=now + timedelta(days=days),
    )
    return clear


class Program:
    """Asks ``/api/v1/``; a write gets a new key unless one is given (an empty one: none is sent)."""

    def __init__(self, client: Client, token: str = "", language: str = "en") -> None:
        self.client = client
        self.headers = {"Accept-Language": language}
        if token:
            self.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str, **params: Any) -> Any:
        return self.client.get(f"/api/v1{path}", params, headers=self.headers)

    def post(self, path: str, body: Any, key: str | None = None, method: str = "post", **headers: str) -> Any:
        key = secrets.token_hex(8) if key is None else key
        sent = {**self.headers, **({"Idempotency-Key": key} if key else {}), **headers}
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        ask = getattr(self.client, method)
        return ask(f"/api/v1{path}", text, content_type="application/json", headers=sent)

    def patch(self, path: str, body: Any, key: str | None = None) -> Any:
        return self.post(path, body, key, method="patch")

    def rows(self, path: str, *rows: dict[str, Any], **more: Any) -> Any:
        return self.post(path, {"rows": list(rows)}, **more)


Programs = Callable[..., Program]


@pytest.fixture
def program(company: Company) -> Programs:
    """``program("hr", "values:write")``; without scopes, all that there are."""

    def enter(username: str, *scopes: str, language: str = "en") -> Program:
        return Program(Client(), token_for(company.accounts[username], *scopes), language)

    return enter


@pytest.fixture
def session(company: Company) -> Programs:
    """``session("hr")``: somebody who is signed in to the portal, as their browser asks."""

    def enter(username: str, language: str = "en", **options: Any) -> Program:
        client = Client(**options)
        client.force_login(company.accounts[username])
        return Program(client, language=language)

    return enter


def faults(response: Any) -> list[tuple[str, str]]:
    """(where, code) of each fault of a problem."""
    return [(one.get("pointer") or one.get("parameter", ""), one["code"]) for one in response.json().get("errors", [])]
