"""The second factor: asked for at sign-in; set up, renewed and removed in the settings."""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import wraps

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import clear_authentication_records
from allauth.mfa.adapter import get_adapter
from allauth.mfa.stages import AuthenticateStage
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from staff.actions.recovery_codes_renew import renew_recovery_codes
from staff.actions.second_factor_remove import remove_second_factor
from staff.actions.second_factor_set_up import set_up_second_factor
from staff.kernel.access import Refused
from staff.kernel.one_time_codes import new_secret
from staff.kernel.secret import Unreadable, seal, unseal
from staff.selectors.second_factor import must_have_second_factor, second_factor_of
from staff.web.forms import ProvenForm, SecondFactorForm, SetUpForm
from staff.web.preferences import safe_next
from staff.web.proof import note_second_factor, showed_second_factor
from staff.web.reach import access_in

View = Callable[[HttpRequest], HttpResponse]
#: The key that waits for its first code, sealed.
_PENDING = "second_factor_pending"


@sensitive_post_parameters()
@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")
def ask(request: HttpRequest) -> HttpResponse:
    """The second step of signing in."""
    stage = request._login_stage  # type: ignore[attr-defined]
    form = SecondFactorForm(request.POST if request.method == "POST" else None, user=stage.login.user)
    if form.is_bound and form.is_valid():
        form.save()
        answer: HttpResponse = stage.exit()
        return answer
    return render(request, "mfa/authenticate.html", {"form": form})


def shown(view: View) -> View:
    """Signed in, and with the second factor where one is set up: without it the session ends, to sign in anew."""

    @never_cache
    @login_required
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not showed_second_factor(request) and second_factor_of(request.user) is not None:  # type: ignore[arg-type]
            logout(request)
            return HttpResponseRedirect(reverse("account_login"))
        return view(request)

    return guarded


@require_GET
@shown
def overview(request: HttpRequest) -> HttpResponse:
    context = {
        "here": "settings",
        "factor": second_factor_of(request.user),  # type: ignore[arg-type]
        "must": must_have_second_factor(access_in(request)),
    }
    return render(request, "staff/settings_second_factor.html", context)


@sensitive_post_parameters()
@shown
def set_up(request: HttpRequest) -> HttpResponse:
    """The key as a picture and as text; the first code proves that the app has it. The answer shows the recovery codes."""
    secret = _pending(request)
    form = SetUpForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_bound and form.is_valid():
        try:
            codes = set_up_second_factor(
                access=access_in(request),
                secret=secret,
                code=form.cleaned_data["code"],
                now=timezone.now(),
                kept=request.session.session_key or "",
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            del request.session[_PENDING]
            note_second_factor(request)
            return _codes(request, codes, safe_next(request, reverse("second-factor")))
    adapter = get_adapter()
    picture = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    context = {
        "here": "settings",
        "form": form,
        "picture": base64.b64encode(picture.encode()).decode(),
        "secret": [secret[at : at + 4] for at in range(0, len(secret), 4)],
        "replaces": second_factor_of(request.user),  # type: ignore[arg-type]
        "must": must_have_second_factor(access_in(request)),
        "next": safe_next(request, ""),
    }
    return render(request, "staff/settings_second_factor_set_up.html", context, status=422 if form.errors else 200)


@sensitive_post_parameters()
@shown
def codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes in place of the earlier ones."""
    form = ProvenForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_bound and form.is_valid():
        return _codes(request, renew_recovery_codes(access=access_in(request)), reverse("second-factor"))
    context = {"here": "settings", "form": form}
    return render(request, "staff/settings_recovery_codes.html", context, status=422 if form.errors else 200)


@sensitive_post_parameters()
@shown
def remove(request: HttpRequest) -> HttpResponse:
    form = ProvenForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_bound and form.is_valid():
        remove_second_factor(access=access_in(request), kept=request.session.session_key or "")
        clear_authentication_records(request)
        messages.success(request, _("From now on the password alone opens your account."))
        return HttpResponseRedirect(reverse("second-factor"))
    context = {"here": "settings", "form": form}
    return render(request, "staff/settings_second_factor_remove.html", context, status=422 if form.errors else 200)


def _pending(request: HttpRequest) -> str:
    """The key of this visit: the same when the page is loaded again, so that what was scanned stays right."""
    try:
        return unseal(request.session[_PENDING])
    except (KeyError, Unreadable):
        secret = new_secret()
        request.session[_PENDING] = seal(secret)
        return secret


def _codes(request: HttpRequest, codes: list[str], onwards: str) -> HttpResponse:
    """Shown in the answer to the form and never again; the file is made of the page itself."""
    shown = [f"{code[:4]} {code[4:]}" for code in codes]
    lines = [_("Recovery codes for %(name)s") % {"name": request.user}, *shown, ""]
    file = base64.b64encode("\r\n".join(lines).encode()).decode()
    context = {"here": "settings", "codes": shown, "file": file, "onwards": onwards, "made": timezone.now()}
    return render(request, "staff/settings_codes.html", context)
