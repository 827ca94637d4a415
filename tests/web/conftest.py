"""The company of these tests, made once a module and rolled back after it; every test rolls back its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone, translation

from tests.kept import kept
from tests.web.company import TODAY, Company, make_company

house = kept(make_company, TODAY)


@pytest.fixture
def company(house: Company, db: None) -> Company:
    return house


def on(day: date, language: str) -> Callable[..., Iterator[None]]:
    """A fixture: the same day and an empty cache for each test; a page's language does not outlive it."""

    @pytest.fixture(autouse=True)
    def _the_day(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        monkeypatch.setattr(timezone, "localdate", lambda *args, **options: day)
        cache.clear()
        with translation.override(language):
            yield

    return _the_day


_the_day = on(TODAY, "zh-hans")


Visitor = Callable[..., Client]


@pytest.fixture
def visitor(company: Company) -> Visitor:
    """``visitor("K2031")``: a browser in which that account is signed in; ``language`` is its choice."""

    def enter(username: str = "", language: str = "en") -> Client:
        client = Client()
        client.cookies["django_language"] = language
        if username:
            client.force_login(company.accounts[username])
        return client

    return enter
