"""What every test may use. The database and the broker are the embedded ones of the tests' own home
(config/settings_test.py).
"""

from __future__ import annotations

import os
from urllib.parse import quote

import pytest

from deploy import messages


def pytest_configure(config: pytest.Config) -> None:
    messages.compile_all()


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
