"""Which broker and cache: ``REDIS_URL``, else the embedded one while it is up, else none (a command needs neither)."""

from __future__ import annotations

import os
from typing import Any

from config import env
from config.embedded import valkey

NONE = "memory://"


def url() -> str:
    if "REDIS_URL" in os.environ or "REDIS_URL_FILE" in os.environ:
        return env.text("REDIS_URL")
    return valkey.running() or NONE


def cache(broker_url: str) -> dict[str, Any]:
    """Django's settings of the cache. Without a broker each process has its own, which serves a command well enough."""
    if broker_url == NONE:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": broker_url, "KEY_PREFIX": "promotion"}
