"""The jobs of assessment. Each is one call to an action; the clock is read here, at the edge."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from assessment.actions.results_assess import assess_month
from staff.kernel.access import Access
from staff.kernel.periods import Month


@shared_task(name="assessment.tasks.assess")
def assess(month: str = "") -> None:
    """The results of a month (YYYY-MM), or of the one that has just closed; those before it come first."""
    access = Access.system(timezone.localdate(), "assessment")
    assess_month(access=access, month=Month.parse(month) if month else Month.of(access.day).previous)
