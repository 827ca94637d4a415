"""A world of facts in temporary tables: no migration is needed to test the language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from django.conf import settings

from tests.policy.world import World


@pytest.fixture(scope="session")
def server() -> Iterator[Any]:
    """A connection of its own to the tests' server; temporary tables alone are made in it."""
    facts = settings.DATABASES["default"]
    connection = psycopg2.connect(
        host=facts["HOST"], port=facts["PORT"] or None, user=facts["USER"], password=facts["PASSWORD"] or None,
        dbname="postgres",
    )  # fmt: skip
    yield connection
    connection.close()


@pytest.fixture
def world(server: Any) -> Iterator[World]:
    """Empty relations; whatever is put in is gone after the test."""
    with server.cursor() as cursor:
        made = World(cursor)
        made.create()
        yield made
    server.rollback()
