"""Which database, and as which of its two roles.

The owner makes the tables; the application's role uses them and owns none. ``DATABASE_URL`` signs in as the
application's role, ``DATABASE_OWNER_URL`` as the owner (the same role where it is not set). Without ``DATABASE_URL``
both come from the embedded PostgreSQL of ``PROMOTION_HOME``, which is created and started when it is not there.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from config import env

OWNER_COMMANDS = {"migrate", "createcachetable", "flush", "sqlflush", "test"}


def as_owner(argv: list[str]) -> bool:
    """Whether this process changes the schema and therefore signs in as the owner."""
    return env.flag("DATABASE_AS_OWNER", False) or (argv[1:2] != [] and argv[1] in OWNER_COMMANDS)


def configured(owner: bool) -> dict[str, Any]:
    """Django's settings of the database for the owner or for the application's role."""
    if env.given("DATABASE_URL"):
        name = "DATABASE_OWNER" if owner and env.given("DATABASE_OWNER_URL") else "DATABASE"
        return parsed(env.text(f"{name}_URL"), env.text(f"{name}_PASSWORD", ""))
    from config.embedded import postgres

    running = postgres.ensure()
    return parsed(running.owner_url if owner else running.app_url)


def parsed(url: str, password: str = "") -> dict[str, Any]:
    """``postgres://user:password@host:port/name?option=value`` as Django's settings; options go to libpq.

    ``password`` is used where the URL names none, so that it can lie in a file of its own. Raises ImproperlyConfigured.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or len(parts.path) < 2:
        raise ImproperlyConfigured("DATABASE_URL must read postgres://user:password@host:port/name")
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or "") or password,
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": "promotion", **options},
    }
