"""What every test may use. The database and the broker are the embedded ones of the tests' own home
(config/settings_test.py).
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings as product
from django.utils import translation
from hypothesis import settings
from pytest_django import DjangoDbBlocker

from deploy import messages
from tests import chromium as chromium_program
from tests import emptied, template

# What a change is held against must not depend on luck; at a desk chance goes on looking.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


def pytest_configure(config: pytest.Config) -> None:
    messages.compile_all()
    config.pluginmanager.register(template)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those with a browser first, then the slow: no worker shall be left alone with one at the end; and what stands far from
    the end is not torn from its module by a worker that has nothing left to do, and need not be set up twice.
    """
    items.sort(key=lambda item: (item.get_closest_marker("flow") is None, item.get_closest_marker("slow") is None))


def pytest_collection_finish() -> None:
    """Some four thousand tests and all that they import stay to the end; the collector need not walk them over and over."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, request: pytest.FixtureRequest) -> None:
    template.told(request.config)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The database of this run, which a test with transactions of its own leaves as it was."""
    with django_db_blocker.unblock():
        emptied.remember()


@pytest.fixture
def process_environment() -> dict[str, str]:
    """The environment of a real process (a command, a worker) that shall see this test's database and broker.

    For ``django_db(transaction=True)`` tests: what a test has not committed, no other process sees.
    """
    from django.conf import settings
    from django.db import connection

    facts = connection.settings_dict
    user, password = quote(facts["USER"], safe=""), quote(facts["PASSWORD"], safe="")
    url = f"postgres://{user}:{password}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": url,
        "DATABASE_OWNER_URL": url,
        "REDIS_URL": settings.REDIS_URL,
    }


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One browser for all that is looked at; each look has a context of its own. Playwright keeps an event loop in this
    thread; Django's queries of the tests themselves are none of its business.
    """
    found = chromium_program.program()
    if found is None:
        pytest.skip(f"no Chromium on this machine; looked for {', '.join(chromium_program.NAMES)}")
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """A request leaves its language behind in the thread; the next test begins in the product's own."""
    yield
    translation.activate(product.LANGUAGE_CODE)
