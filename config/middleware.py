"""The two small middlewares of our own: a request's id, line and count, and the content policy by path."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import LazyObject

from config import logs, metrics
from staff.kernel import audit

log = logging.getLogger(__name__)
_ACCEPTABLE = re.compile(r"[A-Za-z0-9-]{8,64}")


class RequestIdMiddleware:
    """Gives every request an id (the proxy's ``X-Request-ID`` where it sent one), kept for the log and sent back; and a line of
    the log, and a place in the counts.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _ACCEPTABLE.fullmatch(given) else uuid.uuid4().hex
        token = logs.request_id.set(request_id)
        trail = audit.request_id.set(request_id)
        request.request_id = request_id  # type: ignore[attr-defined]
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            _note(request, response.status_code, time.perf_counter() - began)
        finally:
            logs.request_id.reset(token)
            audit.request_id.reset(trail)
        response["X-Request-ID"] = request_id
        return response


def _note(request: HttpRequest, status: int, seconds: float) -> None:
    """Files are the proxy's business: whatever was found without an address of ours is left out."""
    if request.resolver_match is None and status < 400:
        return
    metrics.count(request, status, seconds)
    facts = {
        "method": request.method, "route": logs.route_of(request), "status": status, "ms": round(seconds * 1000),
        "account": _account_of(request),
    }  # fmt: skip
    log.info("%(method)s %(route)s %(status)s %(ms)s ms, account %(account)s", facts, extra=facts)


def _account_of(request: HttpRequest) -> int | None:
    """Whoever is known already: a line of the log asks no database."""
    user = getattr(request, "_cached_user", None) or request.__dict__.get("user")
    return None if user is None or isinstance(user, LazyObject) else user.pk


class ContentPolicyMiddleware(CSPMiddleware):
    """django-csp's, with the additions that ``CONTENT_SECURITY_POLICY_BY_PREFIX`` gives to some paths."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        for prefix, directives in settings.CONTENT_SECURITY_POLICY_BY_PREFIX.items():
            if request.path_info.startswith(prefix):
                parts.replace = directives | (parts.replace or {})
        return parts
