"""A month is sealed, its results and its sweep of record asked for: all or nothing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from assessment.actions.month_seal import seal_month
from assessment.models import AssessmentMonth
from promotion.bell import ring_for_results
from promotion.models import Run, RunState
from promotion.sweep.actions.sweep_request import request_sweep
from staff.kernel.access import Access, Refused
from staff.kernel.gate import known_snapshot
from staff.kernel.periods import Month


@transaction.atomic
def seal_and_sweep(*, access: Access, month: Month, now: datetime, seen: str = "") -> AssessmentMonth:
    """As ``seal_month``; workers hear the bell once it has committed. People are told by the run of record.

    Raises ``Refused`` also while an earlier sweep of the month is at work: what it began without, the record would lack.
    """
    sealed = seal_month(access=access, month=month, now=now, seen=seen)
    ring_for_results(month)
    request_sweep(access=access, month=month)
    with known_snapshot() as known:
        pass
    at_work = Run.objects.filter(month=month, state__in=(RunState.QUEUED, RunState.RUNNING))
    if at_work.filter(watermark__lt=known.watermark).exists():
        raise Refused(
            _("A sweep of %(month)s that does not know the latest facts is still at work. Seal when it is done.")
            % {"month": month},
            code="at_work",
        )
    return sealed
