"""Where one is signed in, and signing out elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.signals import user_logged_in
from django.core.cache import caches
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from staff.actions.device_end import end_device, end_devices
from staff.selectors.devices import devices_of
from staff.web.reach import access_in

#: The first that is found names it: what calls itself Chrome may be another, and everybody calls themselves Mozilla.
_BROWSERS = [
    ("MicroMessenger", "微信"), ("wxwork", "企业微信"), ("DingTalk", "钉钉"), ("Lark", "飞书"), ("Edg", "Edge"),
    ("OPR", "Opera"), ("QQBrowser", "QQ"), ("UCBrowser", "UC"), ("SamsungBrowser", "Samsung"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("HeadlessChrome", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
]  # fmt: skip
_SYSTEMS = [
    ("OpenHarmony|HarmonyOS", "HarmonyOS"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"),
    ("Windows", "Windows"), ("Macintosh|Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Device:
    """A session as its owner knows it: the browser and the system in words."""

    session: Any
    words: str
    here: bool


def in_words(user_agent: str) -> str:
    browser = _first(_BROWSERS, user_agent)
    system = _first(_SYSTEMS, user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown program")


def seen_lately(session_key: str) -> bool:
    """Whether this process has been told of the session within the minute; it has from now on."""
    return not caches["process"].add(f"seen:{session_key}", True, 60)


@receiver(user_logged_in)
def _just_signed_in(request: HttpRequest, **rest: Any) -> None:
    """Signing in has noted it."""
    seen_lately(request.session.session_key or "")


def devices(account: Any, here: str = "") -> list[Device]:
    """The account's sessions; ``here`` is the key of the reader's own."""
    found = devices_of(account, timezone.now())
    return [Device(row, in_words(row.user_agent), row.session_key == here) for row in found]


@require_GET
@never_cache
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    found = devices(request.user, request.session.session_key or "")
    return render(request, "staff/settings_devices.html", {"here": "settings", "devices": found})


@require_POST
@login_required
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """One of one's own sessions; another's does not exist."""
    device = get_object_or_404(devices_of(request.user, timezone.now()), pk=pk)  # type: ignore[arg-type]
    end_device(access=access_in(request), device=device)
    if device.session_key == request.session.session_key:
        request.session.flush()
        return HttpResponseRedirect(reverse("account_login"))
    messages.success(request, _("%(device)s is signed out.") % {"device": in_words(device.user_agent)})
    return HttpResponseRedirect(reverse("devices"))


@require_POST
@login_required
def end_others(request: HttpRequest) -> HttpResponse:
    end_devices(access=access_in(request), account=request.user, kept=request.session.session_key or "")  # type: ignore[arg-type]
    messages.success(request, _("Every other device is signed out."))
    return HttpResponseRedirect(reverse("devices"))


def _first(names: list[tuple[str, str]], user_agent: str) -> str:
    return next((name for pattern, name in names if re.search(pattern, user_agent)), "")
