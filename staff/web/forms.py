"""The portal's own forms, and allauth's in our words and classes."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.utils.translation import gettext_lazy as _

from staff.models import Account


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
