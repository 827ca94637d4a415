"""The portal's own forms, and allauth's in our words and classes."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.core import ratelimit
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.base.internal.flows import check_rate_limit
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staff.actions.second_factor_check import check_second_factor
from staff.actions.token_create import LONGEST, USUAL
from staff.kernel.access import Refused
from staff.models import Account
from staff.web.proof import is_fresh, note_password


class Styled:
    """Controls wear the classes of the design; an empty one says nothing in its place."""

    fields: dict[str, forms.Field]

    def dress(self) -> None:
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"
            field.widget.attrs.pop("placeholder", None)


class LoginForm(Styled, AllauthLoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Employee no. or user name")
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        self.dress()


class ChangePasswordForm(Styled, AllauthChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Present password")
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].label = _("New password")
        self.fields["password1"].help_text = " ".join(password_validators_help_texts())
        self.fields["password2"].label = _("New password again")
        self.dress()


class FirstPasswordForm(Styled, forms.Form):
    """A password twice, held against the validators for the account that it is for."""

    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    again = forms.CharField(
        label=_("Password again"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        self.fields["password"].help_text = " ".join(password_validators_help_texts())
        self.dress()

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.account)
        return password

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "password" in data and "again" in data and data["password"] != data["again"]:
            self.add_error("again", _("The two passwords differ."))
        return data


class CodeField(forms.CharField):
    """Digits that an app shows: a phone offers its number pad, and the code where it knows it."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "autocapitalize": "off",
            "spellcheck": "false",
        }
        super().__init__(max_length=20, widget=forms.TextInput(attrs=attrs), **kwargs)


class SecondFactorForm(Styled, AllauthAuthenticateForm):
    """The second step of signing in. Refused by rate before a code is looked at, as the password is."""

    code = CodeField(
        label=_("Code"),
        help_text=_("The six digits that the app shows now; or one of the recovery codes, eight digits."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["autofocus"] = True
        self.dress()

    def clean_code(self) -> str:
        forget_failures = check_rate_limit(self.user)
        code: str = self.cleaned_data["code"]
        try:
            self.authenticator = check_second_factor(
                account=self.user, code=code, now=timezone.now(), today=timezone.localdate()
            )
        except Refused as refused:
            raise ValidationError(refused.message) from refused
        forget_failures()
        return code


class ProvenForm(Styled, forms.Form):
    """Asks for the password too, unless whoever sits there has just proved who they are."""

    password = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        if is_fresh(request):
            del self.fields["password"]
        self.order_fields([name for name in self.fields if name != "password"])
        self.dress()

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not ratelimit.consume(self.request, action="reauthenticate", user=self.request.user):
            raise ValidationError(_("Too many attempts. Wait a minute, then try again."))
        if not self.request.user.check_password(password):
            raise ValidationError(_("The password is wrong."))
        note_password(self.request)
        return password

    def refuse(self, refused: Refused) -> None:
        """The action's refusal as an error of the form, at the field that it names."""
        self.add_error(refused.code if refused.code in self.fields else None, refused.message)


class SetUpForm(ProvenForm):
    code = CodeField(label=_("The six digits that the app shows now"))


class TokenForm(ProvenForm):
    """What a token is for, what it reaches and for how long."""

    name = forms.CharField(
        label=_("What it is for"),
        max_length=80,
        help_text=_("The name of the program, such as: attendance, every night."),
    )
    days = forms.TypedChoiceField(
        label=_("Works for"),
        coerce=int,
        initial=USUAL,
        choices=[(30, _("30 days")), (USUAL, _("90 days")), (180, _("180 days")), (LONGEST, _("a year"))],
    )
