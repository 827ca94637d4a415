"""The first page, an account's settings, and the one-time link."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from staff.actions.invitation_accept import accept, invitation_of
from staff.kernel.access import Refused
from staff.models import Account, MailChoice
from staff.selectors.devices import devices_of
from staff.selectors.second_factor import must_have_second_factor, second_factor_of
from staff.selectors.tokens import working_tokens_of
from staff.web.context import Shell
from staff.web.forms import FirstPasswordForm
from staff.web.reach import access_in


@require_GET
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """To where one's work is: the own tier, the people of one's scope, the administration."""
    shell = Shell(request)
    if shell.has_own_page:
        return HttpResponseRedirect(reverse("me"))
    if shell.has_admin:
        return HttpResponseRedirect(reverse("admin:index"))
    return HttpResponseRedirect(reverse("people" if shell.reaches_people else "settings"))


@require_GET
@login_required
def settings_page(request: HttpRequest) -> HttpResponse:
    account: Account = request.user  # type: ignore[assignment]
    now = timezone.now()
    context = {
        "here": "settings",
        "factor": second_factor_of(account),
        "must": must_have_second_factor(access_in(request)),
        "mail_choices": MailChoice.choices,
        "address": account.employee.email if account.employee else "",
        "devices": devices_of(account, now).count(),
        "tokens": working_tokens_of(account, now).count(),
    }
    return render(request, "staff/settings.html", context)


@never_cache
@sensitive_post_parameters()
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever opens the link sets the password, once."""
    now = timezone.now()
    found = invitation_of(token, now)
    if found is None:
        return render(request, "staff/invitation.html", {"form": None}, status=410)
    form = FirstPasswordForm(request.POST or None, account=found.account)
    if request.method == "POST" and form.is_valid():
        try:
            accept(token=token, password=form.cleaned_data["password"], now=now, today=timezone.localdate())
        except Refused:
            return render(request, "staff/invitation.html", {"form": None}, status=410)
        messages.success(request, _("The password is set. Sign in with it."))
        return HttpResponseRedirect(reverse("account_login"))
    return render(request, "staff/invitation.html", {"form": form, "invitation": found})
