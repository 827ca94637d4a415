"""A request of a program is answered once: the same again gets the same answer, and nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.db import connection, transaction
from django.utils.translation import gettext as _

from staff.kernel.access import Refused
from staff.kernel.locks import Lock
from staff.models import AnsweredRequest

#: How long an answer is kept.
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Answer:
    """``replayed``: given before, and nothing was done now."""

    status: int
    body: Any
    replayed: bool = False


class UnderWay(Refused):
    """Another request with the same key is at work."""


class Reused(Refused):
    """The key belongs to another request."""


def answer_once(
    *, account_id: int, key: str, digest: str, perform: Callable[[], Answer], own_transactions: bool = False
) -> Answer:
    """``perform``'s answer, or the one that was given to the same key and digest before.

    The answer is kept in the transaction of its effect: both stand or neither. ``own_transactions`` is for an effect that
    cannot run inside one and by itself does nothing twice. An answer of 500 or above is not kept. Raises ``UnderWay``,
    ``Reused``.
    """
    with _alone(f"{account_id} {key}"), nullcontext() if own_transactions else transaction.atomic():
        kept = AnsweredRequest.objects.filter(account_id=account_id, key=key).first()
        if kept and kept.digest != digest:
            raise Reused(_("This key was used for another request. Use a new key."), code="idempotency_key_reused")
        if kept:
            return Answer(cast(int, kept.status), kept.body, replayed=True)
        answer = perform()
        if answer.status < 500:
            AnsweredRequest.objects.create(
                account_id=account_id, key=key, digest=digest, status=answer.status, body=answer.body
            )
        return answer


def forget_answers(*, now: datetime) -> int:
    """Answers go after a day; the number that went."""
    return AnsweredRequest.objects.filter(at__lte=now - KEPT).delete()[0]


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """Nobody else holds the name meanwhile. A session's lock: it outlives the transaction inside, and dies with its process.

    Raises ``UnderWay`` at once where somebody does.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [Lock.ANSWERS, name])
        if not cursor.fetchone()[0]:
            raise UnderWay(
                _("The first request with this key is still under way. Ask again a little later."), code="under_way"
            )
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [Lock.ANSWERS, name])
