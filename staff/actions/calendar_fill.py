"""The working calendar takes what the State Council has announced, as the library knows it; HR's own days stay."""

from __future__ import annotations

import chinese_calendar
from django.db import transaction

from staff.kernel import audit
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.workdays import regrow_terms
from staff.models import Workday, WorkdaySource

#: No term of this product ran before.
_SINCE = 2024
_SATURDAY = 5


@transaction.atomic
def fill_calendar(*, access: Access) -> int:
    """May be repeated; the number of days that were new. A running term may grow by it, never shrink. Raises ``Forbidden``."""
    access.require(Thing.JOB, Verb.UPDATE)
    new = add_announced()
    if new:
        regrow_terms()
        audit.record(access, "calendar_filled", object_type="calendar", object_key="library", after={"days": new})
    return new


def add_announced(using: str = "default") -> int:
    """Announced days that the calendar does not hold yet, by nobody's act: after a migration no term is running by them."""
    rows = Workday.objects.using(using)
    known = set(rows.values_list("day", flat=True))
    announced = [
        *((day, False, name) for day, name in chinese_calendar.holidays.items() if day.weekday() < _SATURDAY),
        *((day, True, name) for day, name in chinese_calendar.workdays.items() if day.weekday() >= _SATURDAY),
    ]
    new = [
        Workday(day=day, works=works, name=str(name), source=WorkdaySource.LIBRARY)
        for day, works, name in announced
        if day.year >= _SINCE and day not in known
    ]
    rows.bulk_create(new, ignore_conflicts=True)
    return len(new)
