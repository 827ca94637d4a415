"""Who is signed in: the account with its employee, in one query a request."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from staff.models import Account


class AccountBackend(AuthenticationBackend):
    """allauth's, by user name and password; a closed account is nobody from the next request on."""

    def get_user(self, user_id: Any) -> Account | None:
        found: Account | None = Account.objects.select_related("employee").filter(pk=user_id, is_active=True).first()
        return found
