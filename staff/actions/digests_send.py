"""The daily mail: a working morning says once to each who wants it how much waits, by kind and number alone."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from staff.actions.messages_send import RETRY_AFTER
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.subjects import counted
from staff.kernel.workdays import Workdays
from staff.models import Account, MailChoice, MailDigest
from staff.selectors.access import access_of
from staff.selectors.waiting import waits_for

logger = logging.getLogger(__name__)

#: How long rows of past mornings are kept.
KEPT = timedelta(days=30)
#: Accounts whose rows are written in one transaction: what a process that dies has to look at again.
_BATCH = 50


def gather_digests(*, access: Access, most: int = 2000) -> int:
    """Looks at up to ``most`` people whom this working morning has not looked at yet; the number of mails that were made.

    May be repeated, and by two at once: a person has one row a day. Raises ``Forbidden``.
    """
    access.require(Thing.JOB, Verb.UPDATE)
    if not Workdays.known().works(access.day):
        return 0
    MailDigest.objects.filter(day__lt=access.day - KEPT).delete()
    left, made = list(_wanting(access)[:most]), 0
    while left:
        batch, left = left[:_BATCH], left[_BATCH:]
        made += _look_at(batch, access)
    return made


def _wanting(access: Access) -> QuerySet[Any]:
    """Active accounts with an address that want the daily mail and have no row of the day."""
    done = MailDigest.objects.filter(account=OuterRef("pk"), day=access.day)
    with_address = Account.objects.filter(is_active=True, mail=MailChoice.DIGEST).exclude(employee__email="")
    rows: QuerySet[Any] = with_address.filter(~Exists(done), employee__isnull=False)
    return rows.select_related("employee").order_by("pk")


@transaction.atomic
def _look_at(accounts: Iterable[Any], access: Access) -> int:
    rows = []
    for account in accounts:
        try:
            with transaction.atomic():
                waits = waits_for(access_of(account, access.day, channel=access.channel))
        except Exception:  # what is wrong with one person's things keeps nobody else from hearing of theirs
            logger.warning("what waits could not be read", extra={"account": account.pk}, exc_info=True)
            continue
        rows.append(MailDigest(account=account, day=access.day, counts=waits.stored(), wanted=waits.number > 0))
    MailDigest.objects.bulk_create(rows, ignore_conflicts=True)
    return sum(row.wanted for row in rows)


def send_digests(*, now: datetime, most: int = 500) -> int:
    """Sends up to ``most`` daily mails that are due; the number sent. Two senders at once share the work."""
    sent = 0
    for _turn in range(most):
        done = _send_next(now)
        if done is None:
            break
        sent += done
    return sent


@transaction.atomic
def _send_next(now: datetime) -> bool | None:
    """None where nothing is due. A process that dies between sending and marking sends once more, with the same number."""
    digest = (
        MailDigest.objects.filter(
            wanted=True, sent_at__isnull=True, next_attempt_at__lte=now, attempts__lte=len(RETRY_AFTER)
        )
        .select_related("account__employee")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("next_attempt_at", "pk")
        .first()
    )
    if digest is None:
        return None
    if _said(digest):
        digest.sent_at = now
    else:
        digest.next_attempt_at = now + RETRY_AFTER[min(digest.attempts, len(RETRY_AFTER) - 1)]
        digest.attempts += 1
    digest.save(update_fields=["sent_at", "attempts", "next_attempt_at"])
    return digest.sent_at is not None


def _said(digest: MailDigest) -> bool:
    """Whether there is nothing left to send: the mail is gone, or whom it was for wants none any more."""
    account = digest.account
    address = account.employee.email if account.employee else ""
    if not address or not account.is_active or account.mail != MailChoice.DIGEST:
        return True
    try:
        mail_of(digest, address).send()
    except Exception:  # whatever is wrong with one mail, the others behind it are sent
        logger.warning("daily mail %s could not be sent", digest.pk, exc_info=True)
        return False
    return True


def mail_of(digest: MailDigest, address: str) -> EmailMultiAlternatives:
    """Plain text with HTML beside it, in the reader's language: kinds and numbers, and where to read more."""
    with translation.override(digest.account.language or settings.LANGUAGE_CODE):
        context = _context(digest.counts)
        mail = EmailMultiAlternatives(
            subject=_("Promotion: %(what)s") % {"what": context["short"]},
            body=render_to_string("staff/mail/digest.txt", context),
            to=[address],
            headers={"Message-ID": f"<digest-{digest.pk}@{settings.MAIL_DOMAIN}>"},
        )
        mail.attach_alternative(render_to_string("staff/mail/digest.html", context), "text/html")
    return mail


def _context(counts: Mapping[str, Any]) -> dict[str, Any]:
    todos, unread = (_by_subject(counts.get(name, [])) for name in ("todos", "unread"))
    waiting, messages, late = sum(n for _s, n in todos), sum(n for _s, n in unread), int(counts.get("late", 0))
    said = []
    if waiting:
        said.append(ngettext("%(n)d thing waits for you", "%(n)d things wait for you", waiting) % {"n": waiting})
    if messages:
        said.append(ngettext("%(n)d message not read", "%(n)d messages not read", messages) % {"n": messages})
    site = settings.SITE_URL.rstrip("/")
    return {
        "short": _(", ").join(said),
        "todos": todos, "waiting": waiting, "late": late, "unread": unread, "messages": messages,
        "inbox": f"{site}/inbox/", "settings": f"{site}/settings/#mail",
        "language": translation.get_language(),
    }  # fmt: skip


def _by_subject(pairs: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return counted(name for name, number in pairs for _one in range(number))
