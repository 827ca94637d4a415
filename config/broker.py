"""Which broker and cache: ``REDIS_URL``, else the embedded one while it is up, else none (a command needs neither)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from config import env
from config.embedded import valkey

NONE = "memory://"


def url() -> str:
    if env.given("REDIS_URL"):
        return with_password(env.text("REDIS_URL"), env.text("REDIS_PASSWORD", ""))
    return valkey.running() or NONE


def with_password(address: str, password: str) -> str:
    """The URL with the password put in, where it names none and there is one."""
    scheme, _, rest = address.partition("://")
    return f"{scheme}://:{quote(password, safe='')}@{rest}" if password and "@" not in rest else address


def cache(broker_url: str) -> dict[str, Any]:
    """Django's settings of the cache. Without a broker each process has its own, which serves a command well enough."""
    if broker_url == NONE:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": broker_url, "KEY_PREFIX": "promotion"}
