"""A server and databases of its own for one run of the benchmarks, and their end."""

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
def own_server() -> Iterator[str]:
    """The server of ``DATABASE_URL``, else an embedded one that ends with the block. One for all parts of a run: Django
    reads the address once.
    """
    if env.given("DATABASE_URL"):
        yield env.text("DATABASE_URL")
        return
    base = home.path() / "bench"
    try:
        yield postgres.ensure(base).owner_url
    finally:
        postgres.stop(base)


@contextmanager
def own_database(server: str) -> Iterator[None]:
    """Django set up on a fresh database of the server, dropped at the end."""
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
        _drop(server)


def _drop(server: str) -> None:
    """A vacuum at work gives way to a plain DROP alone, what still holds a connection to a forced one alone."""
    try:
        _command(server, f"DROP DATABASE IF EXISTS {NAME}")
    except psycopg2.errors.ObjectInUse:
        _command(server, f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")


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
