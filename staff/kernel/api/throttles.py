"""How often one may ask: so many requests a minute for each token or account, reads and writes apart."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

_MINUTE = 60


class MinuteThrottle(BaseThrottle):
    """Counts in the cache that all processes share, from one full minute to the next."""

    def allow_request(self, request: Request, view: Any) -> bool:
        reads = request.method in SAFE_METHODS
        most = settings.API_READS_A_MINUTE if reads else settings.API_WRITES_A_MINUTE
        minute, second = divmod(time.time(), _MINUTE)
        self.left = _MINUTE - second
        who = f"token:{request.auth.pk}" if request.auth else f"account:{request.user.pk}"
        key = f"api:{'read' if reads else 'write'}:{who}:{minute:.0f}"
        cache.add(key, 0, timeout=2 * _MINUTE)
        return cache.incr(key) <= most

    def wait(self) -> float:
        return self.left
