"""How allauth behaves here: no sign-up, no mail, our words, and the account's language follows it to a new device."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from staff.actions.password_change import change_password
from staff.kernel.secret import seal, unseal
from staff.models import Account
from staff.web.preferences import keep_language
from staff.web.reach import access_in


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by HR or the operator with a one-time link; nobody signs up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        # One message for a wrong name and a wrong password: it tells nobody which names exist.
        "username_password_mismatch": _("The user name or the password is wrong."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again; or ask HR for a new link."),
        "rate_limited": _("Too many requests. Wait a minute, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if user.language in dict(settings.LANGUAGES) and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            keep_language(response, user.language)
        return response

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("settings")

    def set_password(self, user: Account, password: str) -> None:
        kept = self.request.session.session_key or ""
        change_password(access=access_in(self.request), account=user, password=password, kept=kept)

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Signing in and out shows by itself; only a changed password is worth a word, and its page says it."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """What an app and the recovery codes are made of lies encrypted in the database."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        """How the entry is called in the app."""
        return "晋升 Promotion"
