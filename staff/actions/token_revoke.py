"""A token stops working, for good."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from staff.kernel import audit
from staff.kernel.access import Access, Refused
from staff.models import ApiToken
from staff.selectors.accounts import require_own_or_kept


@transaction.atomic
def revoke_token(*, access: Access, token: ApiToken, now: datetime) -> None:
    """From the next request on. One's own; the operator anybody's; HR those of its people.

    Raises ``Refused`` where it had stopped working before, ``Forbidden``.
    """
    require_own_or_kept(access, token.account)
    claimed = ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True, expires_at__gt=now).update(revoked_at=now)
    if not claimed:
        raise Refused(_("This token does not work any more already."), code="over")
    audit.record(
        access,
        "token_revoked",
        object_type="token",
        object_key=token.pk,
        employee_id=token.account.employee_id,
        after={"account": token.account.username, "name": token.name, "begins": token.hint},
    )
