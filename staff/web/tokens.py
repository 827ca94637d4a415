"""Tokens for programs: which there are, a new one, an end to one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from staff.actions.token_create import create_token
from staff.actions.token_revoke import revoke_token
from staff.kernel.access import Access, Refused
from staff.kernel.programs import READ, RESOURCES, WRITE, scopes_open_to
from staff.models import Account, ApiToken
from staff.selectors.tokens import tokens_of
from staff.web.forms import TokenForm
from staff.web.reach import access_in


@dataclass(frozen=True, slots=True)
class Line:
    """A token as its owner reads it."""

    token: ApiToken
    reaches: list[str]
    works: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A resource of the form: what of it may be chosen, and what is."""

    name: str
    label: str
    kinds: list[tuple[str, str]]
    chosen: str


def lines(account: Account, now: datetime) -> list[Line]:
    """Those that work first."""
    found = [
        Line(token, in_words(token.scopes), token.revoked_at is None and token.expires_at > now)
        for token in tokens_of(account)
    ]
    return sorted(found, key=lambda line: not line.works)


def in_words(scopes: Iterable[str]) -> list[str]:
    """``values:write`` → read and write monthly values; writing brings reading."""
    held = set(scopes)
    said = []
    for name, resource in RESOURCES.items():
        if f"{name}:{WRITE}" in held:
            said.append(_("read and write %(resource)s") % {"resource": resource.label})
        elif f"{name}:{READ}" in held:
            said.append(_("read %(resource)s") % {"resource": resource.label})
    return said


@require_GET
@never_cache
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    context = {"here": "settings", "lines": lines(request.user, timezone.now())}  # type: ignore[arg-type]
    return render(request, "staff/settings_tokens.html", context)


@sensitive_post_parameters()
@never_cache
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """The token is shown once, in the answer to the form."""
    access = access_in(request)
    form = TokenForm(request.POST if request.method == "POST" else None, request=request)
    scopes = [f"{name}:{request.POST[name]}" for name in RESOURCES if request.POST.get(name)]
    if form.is_bound and form.is_valid():
        try:
            made = create_token(
                access=access,
                name=form.cleaned_data["name"],
                scopes=scopes,
                days=form.cleaned_data["days"],
                now=timezone.now(),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            line = Line(made.token, in_words(made.token.scopes), True)
            return render(request, "staff/settings_token_made.html", {"here": "settings", "made": made, "line": line})
    context = {"here": "settings", "form": form, "choices": _choices(access, set(scopes))}
    return render(request, "staff/settings_token_new.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """One of one's own tokens; another's does not exist."""
    token = get_object_or_404(tokens_of(request.user), pk=pk)  # type: ignore[arg-type]
    revoke_token(access=access_in(request), token=token, now=timezone.now())
    messages.success(request, _("The token “%(name)s” works no more.") % {"name": token.name})
    return HttpResponseRedirect(reverse("tokens"))


def _choices(access: Access, chosen: set[str]) -> list[Choice]:
    """One line for each resource that the roles reach: nothing of it, reading, or writing too."""
    open_to = set(scopes_open_to(access))
    found = []
    for name, resource in RESOURCES.items():
        kinds = [(kind, label) for kind, label in _kinds() if f"{name}:{kind}" in open_to]
        if kinds:
            picked = next((kind for kind, _label in kinds if f"{name}:{kind}" in chosen), "")
            found.append(Choice(name, str(resource.label), kinds, picked))
    return found


def _kinds() -> list[tuple[str, str]]:
    return [(READ, _("read")), (WRITE, _("read and write"))]
