"""How this session has signed in: whether with the second factor, and how long ago somebody last proved who they are."""

from __future__ import annotations

import time

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from django.http import HttpRequest

from staff.selectors.second_factor import must_have_second_factor
from staff.web.reach import access_in

#: Seconds in which nobody is asked for the password again.
FRESH = 300


def showed_second_factor(request: HttpRequest) -> bool:
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


def note_second_factor(request: HttpRequest) -> None:
    record_authentication(request, request.user, "mfa", type="totp")


def note_password(request: HttpRequest) -> None:
    record_authentication(request, request.user, "password", reauthenticated=True)


def is_fresh(request: HttpRequest) -> bool:
    """Whether whoever sits there has just signed in, or typed the password."""
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < FRESH


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whether the account is signed in without the second factor that one of its roles takes."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return False
    return must_have_second_factor(access_in(request)) and not showed_second_factor(request)
