"""The jobs of assessment. Each is one call to an action; the clock is read here, at the edge."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from assessment.actions.periods_assess import assess_ended, assess_period
from assessment.actions.results_assess import assess_month
from staff.kernel.access import Access
from staff.kernel.periods import Month, Term


@shared_task(name="assessment.tasks.assess")
def assess(month: str = "", period: str = "") -> None:
    """The results of a ``period`` (2026-Q3, 2026); or of a month (YYYY-MM; the one that has just closed unless told), and of
    the quarters and years that have ended. What they rest on comes first.
    """
    access = Access.system(timezone.localdate(), "assessment")
    if period:
        assess_period(access=access, term=Term.parse(period))
        return
    asked = Month.parse(month) if month else Month.of(access.day).previous
    assess_month(access=access, month=asked)
    assess_ended(access=access)
