"""Somebody chooses how mail tells them what is new."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from staff.kernel.access import Access, Refused
from staff.models import Account, MailChoice


@transaction.atomic
def choose_mail(*, access: Access, choice: str) -> None:
    """Kept on one's own account; from the next message and the next morning on. Nobody else is concerned, so it is no act on
    a record.

    Raises ``Refused`` for a choice that there is not, ``Forbidden`` for a program.
    """
    access.require_person()
    if choice not in MailChoice.values:
        raise Refused(_("There is no such choice of mail."), code="unknown_choice")
    Account.objects.filter(pk=access.account_id).exclude(mail=choice).update(mail=choice)
