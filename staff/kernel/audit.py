"""The one way to leave an entry in the audit trail."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from staff.kernel.access import Access

#: Set for the length of a request by the edge, so that an entry can be found from a log line and back.
request_id: ContextVar[str] = ContextVar("request_id", default="")


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
    from staff.models import AuditEntry

    AuditEntry.objects.create(
        actor_id=access.account_id,
        channel=access.channel,
        action=action,
        object_type=object_type,
        object_key=str(object_key),
        employee_id=employee_id,
        before=before,
        after=after,
        reason=reason,
        request_id=request_id.get(),
    )
