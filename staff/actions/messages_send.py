"""Send what is due: mail at least once with a stable id, to whoever wants one a message; the inbox is the row itself, and the
daily mail counts what is not read (``digests_send``).
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from staff.models import MailChoice, OutboxMessage

logger = logging.getLogger(__name__)

#: Tries at growing distances; after the last the message stays in the inbox and mail is given up.
RETRY_AFTER = (timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))


def send_due(*, now: datetime, most: int = 500) -> int:
    """Sends up to ``most`` messages that are due; the number sent. Two senders at once share the work."""
    sent = 0
    while sent < most and _send_next(now):
        sent += 1
    return sent


@transaction.atomic
def _send_next(now: datetime) -> bool:
    message = (
        OutboxMessage.objects.filter(sent_at__isnull=True, next_attempt_at__lte=now, attempts__lte=len(RETRY_AFTER))
        .select_related("recipient__employee")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("next_attempt_at")
        .first()
    )
    if message is None:
        return False
    employee = message.recipient.employee
    if employee is not None and employee.email and message.recipient.mail == MailChoice.EACH:
        try:
            _mail(message, employee.email)
        except Exception:  # whatever is wrong with one message, the others behind it are sent
            logger.warning("message %s could not be mailed", message.pk, exc_info=True)
            _put_off(message, now)
            return True
    message.sent_at = now
    message.save(update_fields=["sent_at"])
    return True


def _put_off(message: OutboxMessage, now: datetime) -> None:
    wait = RETRY_AFTER[min(message.attempts, len(RETRY_AFTER) - 1)]
    message.attempts += 1
    message.next_attempt_at = now + wait
    message.save(update_fields=["attempts", "next_attempt_at"])


def _mail(message: OutboxMessage, address: str) -> None:
    """Outside the product a message names no score, no amount and nothing adverse."""
    with translation.override(message.recipient.language or settings.LANGUAGE_CODE):
        EmailMessage(
            subject=_("There is something new for you in the promotion system"),
            body=_("Sign in to read it: %(address)s") % {"address": settings.SITE_URL},
            to=[address],
            headers={"Message-ID": f"<outbox-{message.pk}@{settings.MAIL_DOMAIN}>"},
        ).send()
