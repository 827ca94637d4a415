"""Somebody makes a token with which a program signs in for them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from staff.kernel import audit
from staff.kernel.access import Access, Refused
from staff.kernel.programs import scopes_open_to
from staff.kernel.refusals import require_fit
from staff.kernel.secret import digest_of
from staff.models import Account, ApiToken
from staff.selectors.tokens import working_tokens_of

PREFIX = "jsk_"
#: How long a token may work, in days; and how many that still work an account may have.
LONGEST, USUAL = 365, 90
MOST = 20


@dataclass(frozen=True, slots=True)
class Made:
    """The token in clear exists only here: the database keeps its digest."""

    token: ApiToken
    clear: str


@transaction.atomic
def create_token(*, access: Access, name: str, scopes: Sequence[str], days: int, now: datetime) -> Made:
    """For one's own account, with scopes that one's roles reach; it works for ``days``.

    Raises ``Refused`` (no name or one that is too long, no scope or one beyond one's roles, a term that is no day or more
    than a year, too many tokens), ``Forbidden`` for a program.
    """
    access.require_person()
    account = Account.objects.select_for_update().get(pk=access.account_id)
    name = name.strip()
    _require_sound(access, name, scopes, days)
    if working_tokens_of(account, now).count() >= MOST:
        raise Refused(
            _("You have %(most)s tokens that work. Revoke one that is not needed any more first.") % {"most": MOST}
        )
    clear = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        account=account,
        name=name,
        hint=clear[: len(PREFIX) + 4],
        digest=digest_of(clear),
        scopes=sorted(set(scopes)),
        expires_at=now + timedelta(days=days),
    )
    require_fit(token, "name")
    token.save()
    audit.record(
        access,
        "token_created",
        object_type="token",
        object_key=token.pk,
        employee_id=account.employee_id,
        after={
            "account": account.username,
            "name": name,
            "begins": token.hint,
            "scopes": token.scopes,
            "expires_at": token.expires_at.isoformat(),
        },
    )
    return Made(token, clear)


def _require_sound(access: Access, name: str, scopes: Sequence[str], days: int) -> None:
    if not name:
        raise Refused(_("Say what the token is for, such as the name of the program."), code="name")
    if not scopes:
        raise Refused(_("Choose what the token may reach, at least one thing."), code="scopes")
    beyond = sorted(set(scopes) - set(scopes_open_to(access)))
    if beyond:
        raise Refused(
            _("Your roles do not reach this: %(scopes)s. A token never reaches more than you.")
            % {"scopes": ", ".join(beyond)},
            code="scopes",
        )
    if not 1 <= days <= LONGEST:
        raise Refused(_("A token works for 1 to %(most)s days.") % {"most": LONGEST}, code="days")
