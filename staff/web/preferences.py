"""Language and theme: a cookie for the device, the language on the account as well. How mail tells what is new."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from staff.actions.language_choose import choose_language
from staff.actions.mail_choose import choose_mail
from staff.kernel.access import Refused
from staff.web.context import THEME_COOKIE, THEMES
from staff.web.reach import access_in

_YEAR = 365 * 24 * 3600


def keep_language(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=_YEAR,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


def safe_next(request: HttpRequest, otherwise: str) -> str:
    """Where the form or the address says to go on to, never to another host."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else otherwise


def back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page the form was on."""
    return HttpResponseRedirect(safe_next(request, resolve_url("home")))


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keeps the language; an unknown one changes nothing."""
    response = back(request)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        keep_language(response, chosen)
        if request.user.is_authenticated:
            choose_language(access=access_in(request), language=chosen)
    return response


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """``light`` or ``dark``; anything else goes back to following the device."""
    response = back(request)
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(
            THEME_COOKIE, chosen, max_age=_YEAR, secure=settings.SECURE_TRANSPORT, httponly=True, samesite="Lax"
        )
    else:
        response.delete_cookie(THEME_COOKIE)
    return response


@require_POST
@login_required
def mail(request: HttpRequest) -> HttpResponse:
    """How mail tells the account what is new; an unknown choice changes nothing."""
    try:
        choose_mail(access=access_in(request), choice=request.POST.get("mail", ""))
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("From now on you are told that way."))
    return redirect("settings")
