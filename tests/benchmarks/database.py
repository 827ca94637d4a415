"""A database of its own for one run of the benchmarks, and its end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from config import env, home
from config.embedded import postgres

NAME = "promotion_bench"


@contextmanager
def own_database() -> Iterator[None]:
    """Django set up on a fresh database: on the server of ``DATABASE_URL``, else on an embedded one that ends with it."""
    base = home.path() / "bench"
    given = env.given("DATABASE_URL")
    server = env.text("DATABASE_URL") if given else postgres.ensure(base).owner_url
    url = urlunsplit(urlsplit(server)._replace(path=f"/{NAME}"))
    _command(server, f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
    _command(server, f"CREATE DATABASE {NAME}")
    os.environ |= {
        "DATABASE_URL": url,
        "DATABASE_OWNER_URL": url,
        "REDIS_URL": "memory://",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    try:
        _migrate()
        yield
    finally:
        from django.db import connections

        connections.close_all()
        _command(server, f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        if not given:
            postgres.stop(base)


def _migrate() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _command(url: str, statement: str) -> None:
    connection = psycopg2.connect(url)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()
