"""Who asks: a program by its token, or a person who is signed in to the portal."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from staff.access import today_access
from staff.kernel import audit
from staff.kernel.access import Access
from staff.models import Account, ApiToken
from staff.selectors.tokens import access_with, account_of_token


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer jsk_…``. A token that does not work is 401, whatever else the request carries."""

    def authenticate(self, request: Request) -> tuple[Account, ApiToken] | None:
        scheme, _space, clear = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        found = account_of_token(clear.strip().decode("latin-1"), timezone.now())
        if found is None:
            raise AuthenticationFailed(_("This token is unknown, revoked, or past its date."))
        token, account = found
        audit.become(account.pk, "api")
        return account, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "staff.kernel.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": _("A token from the settings: Authorization: Bearer jsk_…"),
        }


def access_of_api(request: Request) -> Access:
    """What the request reaches today: the account's roles, and with a token no more than its scopes."""
    if isinstance(request.auth, ApiToken):
        return access_with(request.auth, timezone.localdate())
    if isinstance(request.user, Account):
        return today_access(request.user, channel="api")
    return Access(account_id=None, employee_id=None, day=timezone.localdate(), channel="api")
