"""The holder of a one-time link sets the password."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from staff.actions.device_end import end_sessions
from staff.kernel import audit
from staff.kernel.access import Access, Refused
from staff.kernel.secret import digest_of
from staff.models import Account, Invitation


def invitation_of(token: str, now: datetime) -> Invitation | None:
    """The invitation that the link still opens; None for used, expired, replaced, unknown and of a closed account."""
    return (
        Invitation.objects.filter(
            digest=digest_of(token), used_at__isnull=True, expires_at__gt=now, account__is_active=True
        )
        .select_related("account__employee")
        .first()
    )


@transaction.atomic
def accept(*, token: str, password: str, now: datetime, today: date) -> Account:
    """Sets the password and spends the link. Of two at once one wins: the claim is one conditional UPDATE.

    The link is the permission. Every session of the account ends.
    Raises ``Refused`` where the link no longer works; the password has been held against the validators by the form.
    """
    invitation = invitation_of(token, now)
    claimed = invitation and Invitation.objects.filter(
        pk=invitation.pk, used_at__isnull=True, expires_at__gt=now
    ).update(used_at=now)
    if not invitation or not claimed:
        raise Refused(_("This link no longer works. Ask HR for a new one."), code="link_spent")
    account = invitation.account
    account.set_password(password)
    account.save(update_fields=["password"])
    end_sessions(account)
    holder = Access(
        account_id=account.pk, employee_id=account.employee_id, day=today, channel="invitation", label=str(account)
    )
    audit.record(
        holder, "password_set", object_type="account", object_key=account.username, employee_id=account.employee_id
    )
    return account
