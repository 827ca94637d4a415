"""What every test may use. The database and the broker are the embedded ones of the tests' own home
(config/settings_test.py).
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from importlib import import_module
from urllib.parse import quote

import pytest
from django.conf import settings as product
from django.utils import translation
from hypothesis import settings
from pytest_django.plugin import blocking_manager_key

from deploy import messages

# What a change is held against must not depend on luck; at a desk chance goes on looking.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


def pytest_configure(config: pytest.Config) -> None:
    messages.compile_all()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those with a browser first: they take longest, and no worker shall be left alone with one at the end."""
    items.sort(key=lambda item: item.get_closest_marker("flow") is None)


def pytest_collection_finish() -> None:
    """Some four thousand tests and all that they import stay to the end; the collector need not walk them over and over."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """What the migrations wrote is written again after a test with transactions of its own, whose flush took it away."""
    yield
    marker = item.get_closest_marker("django_db")
    committing = {"transactional_db", "live_server"}.intersection(getattr(item, "fixturenames", ()))
    flushed = committing or (marker is not None and marker.kwargs.get("transaction"))
    if flushed and nextitem is not None:  # after the last, the database itself is gone
        with item.config.stash[blocking_manager_key].unblock():
            migrated_rows()


def migrated_rows() -> None:
    from django.apps import apps
    from django.db import connection

    from assessment.models import Metric
    from promotion.models import LedgerHead

    if not Metric.objects.exists():
        with connection.cursor() as cursor:  # a test may know a metric by its number
            cursor.execute("SELECT setval(pg_get_serial_sequence('assessment_metric', 'id'), 1, false)")
        import_module("assessment.migrations.0003_catalogue").fill(apps, None)
        import_module("assessment.migrations.0004_quantities").pages_count_from_one(apps, None)
        import_module("assessment.migrations.0012_four_decimals").widen(apps, None)
    LedgerHead.objects.get_or_create(id=1, defaults={"seq": 0, "hash": "0" * 64})


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


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """A request leaves its language behind in the thread; the next test begins in the product's own."""
    yield
    translation.activate(product.LANGUAGE_CODE)
