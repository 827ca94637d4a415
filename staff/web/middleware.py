"""What every request of the portal carries: the chosen language, the reach of the account, refusals as pages."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from staff.kernel.access import Forbidden, Refused
from staff.web.errors import refusal
from staff.web.reach import reach_of


class LanguageMiddleware(LocaleMiddleware):
    """The language somebody chose (a cookie), else Chinese: the policies are Chinese, whatever a browser prefers.

    An API answers in the language that its client asks for.
    """

    def process_request(self, request: HttpRequest) -> None:
        if request.path_info.startswith("/api/"):
            super().process_request(request)
            return
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = chosen in dict(settings.LANGUAGES)
        translation.activate(chosen if known else settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()


class AccessMiddleware:
    """``request.access``: what the account reaches today, read once a request and never kept longer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.access = SimpleLazyObject(lambda: reach_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """An action's refusal that no form has caught: 403 naming who can, or 409 saying what is wrong."""
        if not isinstance(error, Refused) or request.path_info.startswith("/api/"):
            return None
        return refusal(request, error.message, status=403 if isinstance(error, Forbidden) else 409)
