"""The two small middlewares of our own: a request's id, and the content policy by path."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from config import logs
from staff.kernel import audit

_ACCEPTABLE = re.compile(r"[A-Za-z0-9-]{8,64}")


class RequestIdMiddleware:
    """Gives every request an id (the proxy's ``X-Request-ID`` where it sent one), kept for the log and sent back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _ACCEPTABLE.fullmatch(given) else uuid.uuid4().hex
        token = logs.request_id.set(request_id)
        trail = audit.request_id.set(request_id)
        try:
            response = self.get_response(request)
        finally:
            logs.request_id.reset(token)
            audit.request_id.reset(trail)
        response["X-Request-ID"] = request_id
        return response


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
