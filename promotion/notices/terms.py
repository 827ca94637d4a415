"""When the working calendar changes, a running notice may stay posted longer, and never shorter."""

from __future__ import annotations

from promotion.notices.models import Notice, NoticeState
from staff.kernel.workdays import Workdays


def regrow(known: Workdays) -> int:
    """Those whose last day moved out; in the transaction that changed the calendar."""
    grown = 0
    for notice in Notice.objects.select_for_update().filter(state=NoticeState.POSTED).order_by("pk"):
        end = known.nth_after(notice.posted_on, notice.days)
        if end > notice.ends_on:
            grown += Notice.objects.filter(pk=notice.pk).update(ends_on=end)
    return grown
