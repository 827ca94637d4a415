"""What stands on an account's page about its sign-in: second factor, devices, tokens; and ending them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from staff.actions.device_end import end_device, end_devices
from staff.actions.second_factor_reset import reset_second_factor
from staff.actions.token_revoke import revoke_token
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.admin import ActionForm, ActionPage, action_page, page, site
from staff.kernel.admin.pages import access_of_request
from staff.models import Account
from staff.selectors.accounts import accounts_kept_by
from staff.selectors.devices import devices_of
from staff.selectors.second_factor import second_factor_of
from staff.selectors.tokens import tokens_of
from staff.web.devices import devices
from staff.web.tokens import lines


def sign_in_of(access: Access, account: Account) -> dict[str, Any]:
    """For the template: what there is, and whether the reader may end it."""
    return {
        "factor": second_factor_of(account),
        "devices": devices(account),
        "tokens": lines(account, timezone.now()),
        "may_end": accounts_kept_by(access).filter(pk=account.pk).exists(),
    }


class ResetForm(ActionForm):
    """Takes the second factor away from somebody who has lost phone and codes."""

    reason = forms.CharField(label=gettext_lazy("reason"), max_length=300)

    def perform(self) -> None:
        reset_second_factor(access=self.access, account=self.subject, reason=self.cleaned_data["reason"])


@page("accounts/<int:pk>/second-factor/", "account-second-factor", Thing.ACCOUNT, Verb.CREATE)
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    account = _account(request, pk)
    title = _("Reset the second factor")
    about = ActionPage(
        title=f"{account} · {title}",
        submit=title,
        done=_("The second factor has been taken away."),
        back=_back(pk),
        lead=_(
            "For somebody whose phone and recovery codes are lost. Make sure that it is they who ask: see them, or call "
            "them back. The account is signed out everywhere; the next sign-in takes the password alone, and then a new "
            "second factor where a role takes one."
        ),
    )
    return action_page(request, ResetForm, about, subject=account)


@page("accounts/<int:pk>/devices/<int:device>/end/", "account-device-end", Thing.ACCOUNT, Verb.CREATE)
@require_POST
def device_end(request: HttpRequest, pk: int, device: int) -> HttpResponse:
    found = get_object_or_404(devices_of(_account(request, pk), timezone.now()), pk=device)
    end_device(access=access_of_request(request), device=found)
    messages.success(request, _("The device is signed out."))
    return HttpResponseRedirect(_back(pk))


@page("accounts/<int:pk>/devices/end/", "account-devices-end", Thing.ACCOUNT, Verb.CREATE)
@require_POST
def devices_end(request: HttpRequest, pk: int) -> HttpResponse:
    end_devices(access=access_of_request(request), account=_account(request, pk))
    messages.success(request, _("The account is signed out everywhere."))
    return HttpResponseRedirect(_back(pk))


@page("accounts/<int:pk>/tokens/<int:token>/revoke/", "account-token-revoke", Thing.ACCOUNT, Verb.CREATE)
@require_POST
def token_revoke(request: HttpRequest, pk: int, token: int) -> HttpResponse:
    found = get_object_or_404(tokens_of(_account(request, pk)), pk=token)
    revoke_token(access=access_of_request(request), token=found, now=timezone.now())
    messages.success(request, _("The token “%(name)s” works no more.") % {"name": found.name})
    return HttpResponseRedirect(_back(pk))


def _account(request: HttpRequest, pk: int) -> Account:
    found: Account = site.get_model_admin(Account).found(request, str(pk))
    return found


def _back(pk: int) -> str:
    return reverse("admin:staff_account_change", args=[pk])
