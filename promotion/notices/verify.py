"""Notices that do not say any more what was posted, or did not stay as long as they had to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from promotion.applications.models import Act, ApplicationEvent
from promotion.notices.models import Notice, NoticeState, ObjectionState
from promotion.notices.wording import digest_of
from staff.kernel.workdays import Workdays


def verify_notices() -> Iterator[str]:
    """Each difference in one line. The numbers of a year have no gap; the text is that of the digest; a last day never comes
    before the one that was told to those posted, and of a running notice never before what the calendar says now.
    """
    calendar, told = Workdays.known(), _told()
    counted: dict[int, int] = defaultdict(int)
    rows = Notice.objects.select_related("version").prefetch_related("entries__objections")
    for notice in rows.order_by("year", "serial").iterator(chunk_size=200):
        counted[notice.year] += 1
        if notice.serial != counted[notice.year]:
            yield f"notice {notice.number}: a number before it is missing"
            counted[notice.year] = notice.serial
        for said in (*_of_text(notice), *_of_days(notice, calendar, told.get(notice.number))):
            yield f"notice {notice.number}: {said}"


def _told() -> dict[str, date]:
    """Number → the last day as it was told when it was posted."""
    events = ApplicationEvent.objects.filter(act=Act.POSTED).order_by("-pk").values_list("data", flat=True)
    return {data["notice"]: date.fromisoformat(data["ends_on"]) for data in events}


def _of_text(notice: Notice) -> Iterator[str]:
    people = sorted(notice.entries.all(), key=lambda one: one.pk)
    posted = digest_of(
        notice.number, notice.version.key, notice.version.number, notice.posted_on.isoformat(), notice.days,
        [(e.name, e.employee_no, e.department, e.from_tier, e.to_tier, e.clauses) for e in people],
    )  # fmt: skip
    if posted != notice.digest:
        yield "what is posted is not what its digest says was posted"


def _of_days(notice: Notice, calendar: Workdays, told: date | None) -> Iterator[str]:
    """A calendar that changed after a notice had ended says nothing of it; that the days went by does."""
    least = notice.posted_on + timedelta(days=notice.days)
    if notice.state == NoticeState.POSTED:
        least = calendar.nth_after(notice.posted_on, notice.days)
    if told is None:
        yield "nobody on it was told of it"
    elif notice.ends_on < max(least, told):
        yield f"its last day {notice.ends_on} comes before {max(least, told)}"
    if notice.state != NoticeState.ENDED:
        return
    if notice.ended_on is None or notice.ended_on < notice.ends_on:
        yield f"it ended on {notice.ended_on}, before its last day {notice.ends_on}"
    open_ones = [o for e in notice.entries.all() for o in e.objections.all() if o.state == ObjectionState.OPEN]
    if open_ones:
        yield "it ended while an objection is open"
