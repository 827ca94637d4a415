"""What every request of the portal carries: the chosen language, the device, the reach of the account, the second factor
where a role takes one, refusals as pages.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.locale import LocaleMiddleware
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from staff.access import stand_in
from staff.actions.device_seen import note_seen
from staff.kernel import audit
from staff.kernel.access import Forbidden, Refused
from staff.kernel.api.problems import FORBIDDEN, plain_answer
from staff.models import Account
from staff.web.delegations import SESSION_KEY
from staff.web.devices import seen_lately
from staff.web.errors import bad_request, refusal
from staff.web.proof import lacks_second_factor
from staff.web.reach import access_in, reach_of

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


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


class _Middleware:
    """Lets every request through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


class SoundTextMiddleware(_Middleware):
    """A NUL, which no row can hold, is refused in an address and in a form. Programs are told by ``/api/`` itself."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if request.path_info.startswith("/api/"):
            return None
        sent = (text for texts in (request.GET, request.POST) for values in texts.lists() for text in values[1])
        return bad_request(request) if any("\0" in text for text in (request.path_info, *sent)) else None


class AccessMiddleware(_Middleware):
    """``request.access``: what the account reaches today, read once a request and never kept longer. Whoever has chosen to act
    for another acts in that role alone, until they go back or it ends.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (delegation := request.session.get(SESSION_KEY)) and isinstance(request.user, Account):
            stand_in(request.user, delegation)
        request.access = SimpleLazyObject(lambda: reach_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """An action's refusal that no form has caught: 403 naming who can, or 409 saying what is wrong."""
        if not isinstance(error, Refused) or request.path_info.startswith("/api/"):
            return None
        return refusal(request, error.message, status=403 if isinstance(error, Forbidden) else 409)


class ActingMiddleware(_Middleware):
    """Tells the database who acts and through which door, for what a request may write; a request that reads costs nothing."""

    DOORS = {"/admin/": "admin", "/api/": "api"}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in SAFE_METHODS:
            return self.get_response(request)
        door = next((door for prefix, door in self.DOORS.items() if request.path_info.startswith(prefix)), "web")
        with audit.acting(access_in(request), channel=door):
            return self.get_response(request)


class DeviceMiddleware(_Middleware):
    """Notes when a signed-in device was last seen: each process at most once a minute, so that most requests ask nothing."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        if key and request.user.is_authenticated and not seen_lately(key):
            note_seen(session_key=key, address=get_adapter().get_client_ip(request), now=timezone.now())
        return self.get_response(request)


class SecondFactorMiddleware(_Middleware):
    """Where a role takes a second factor and this session has shown none, nothing opens but the page that sets it up.

    A program's token has no session: one that was made without a second factor ends when there is one, and until then
    opens nothing of such a role (``staff.kernel.api.views.HasRight``).
    """

    OPEN = frozenset({"second-factor-set-up", "account_logout", "language", "theme", "healthz", "readyz", "metrics"})

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if (match and match.view_name in self.OPEN) or not lacks_second_factor(request):
            return None
        if request.path_info.startswith("/api/"):
            told = _("Your role takes a second factor. Set it up in the settings, then sign in with it.")
            return plain_answer(request, FORBIDDEN, told)
        going = request.get_full_path() if request.method == "GET" else reverse("home")
        return HttpResponseRedirect(f"{reverse('second-factor-set-up')}?{urlencode({'next': going})}")
