"""The nightly job ends the intake of months whose window is over. It never seals."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assessment.actions.month_close import close_month
from assessment.models import AssessmentMonth, MonthState
from assessment.selectors.months import unsealed
from assessment.selectors.needs import needs
from assessment.selectors.windows import windows_of
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.periods import Month


@transaction.atomic
def close_due_months(*, access: Access, now: datetime) -> list[Month]:
    """The months that went from open to closing; one of which nothing is asked stays as it is. Raises ``Forbidden``."""
    access.require(Thing.MONTH, Verb.UPDATE)
    kept = {row.month: row for row in AssessmentMonth.objects.filter(month__in=unsealed(access.day))}
    windows = windows_of({month: kept.get(month) for month in unsealed(access.day)})
    due = []
    for month, found in windows.items():
        window = found.company
        if window.state == MonthState.OPEN and access.day > window.last and needs(month):
            try:
                close_month(access=access, month=month, now=now)
            except Refused:  # HR, or the same job a second time, was first
                continue
            due.append(month)
    return due
