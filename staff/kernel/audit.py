"""The one way to leave an entry in the audit trail, and to say who writes.

An action leaves an entry (``record``). Every row that is written leaves itself, by the database's own triggers, which read
from the session who acts and through what (``acting``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, InterfaceError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from staff.kernel.access import Access

#: Set for the length of a request by the edge, so that an entry can be found from a log line and back.
request_id: ContextVar[str] = ContextVar("request_id", default="")

#: (account, channel, request) of whoever acts now; None where nobody has said.
_acting: ContextVar[tuple[str, str, str] | None] = ContextVar("acting", default=None)
_NOBODY = ("", "", "")


@contextmanager
def acting(access: Access, *, channel: str = "") -> Iterator[None]:
    """Whatever is written meanwhile is written by ``access``, through its channel or the given one. Afterwards as it was
    before, also on a connection that is kept, and whatever was raised.
    """
    before = _acting.get()
    _say(_told(access.account_id, channel or access.channel))
    try:
        yield
    finally:
        _say_again(before)


def become(account_id: int, channel: str) -> None:
    """Says who acts, where ``acting`` is under way for somebody not known yet: a token is read after the request came.

    Where it is not (a request that only reads) nothing is said, as nobody would take it back.
    """
    who = _told(account_id, channel)
    if _acting.get() not in (None, who):
        _say(who)


def say_on_new_connection(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """A connection that was lost meanwhile and is made anew knows who acts, too."""
    if _acting.get() is not None:
        _say(_acting.get(), connection)


def _told(account_id: int | None, channel: str) -> tuple[str, str, str]:
    return (str(account_id or ""), channel, request_id.get())


def _say(who: tuple[str, str, str] | None, using: BaseDatabaseWrapper | None = None) -> None:
    with (using or connection).cursor() as cursor:
        cursor.execute(
            "SELECT set_config('promotion.actor', %s, false), set_config('promotion.channel', %s, false), "
            "set_config('promotion.request', %s, false)",
            who or _NOBODY,
        )
    _acting.set(who)


def _say_again(before: tuple[str, str, str] | None) -> None:
    """A transaction that failed takes back what was said in it; a connection that cannot be asked is not kept."""
    _acting.set(before)
    if connection.connection is None or connection.needs_rollback:
        return
    try:
        _say(before)
    except (DatabaseError, InterfaceError):
        connection.close()


def record(
    access: Access,
    action: str,
    *,
    object_type: str,
    object_key: object,
    employee_id: int | None = None,
    before: Any = None,
    after: Any = None,
    reason: str = "",
) -> None:
    """Writes one entry, in the caller's transaction: an action and its trail stand or fall together."""
    entry = Entry(object_key, employee_id, before, after)
    record_all(access, action, [entry], object_type=object_type, reason=reason)


@dataclass(frozen=True, slots=True)
class Entry:
    """What an action did to one of many objects."""

    object_key: object
    employee_id: int | None = None
    before: Any = None
    after: Any = None


def record_all(access: Access, action: str, entries: Iterable[Entry], *, object_type: str, reason: str = "") -> None:
    """``record`` for many objects of one action, in one statement."""
    from staff.models import AuditEntry

    AuditEntry.objects.bulk_create(
        AuditEntry(
            actor_id=access.account_id,
            on_behalf_of_id=access.behalf.account_id if access.behalf else None,
            channel=access.channel,
            action=action,
            object_type=object_type,
            object_key=str(entry.object_key),
            employee_id=entry.employee_id,
            before=entry.before,
            after=entry.after,
            reason=reason,
            request_id=request_id.get(),
        )
        for entry in entries
    )
