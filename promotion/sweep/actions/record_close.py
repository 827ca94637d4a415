"""A month's run of record is done: what stands of the month is of record, raises its cases, and people are told."""

from __future__ import annotations

from django.utils import timezone

from promotion.applications.actions.halt_fired import halt_fired
from promotion.models import Run, Standing
from promotion.sweep.actions.cases_of_standings import raise_cases_of_standings
from promotion.sweep.actions.findings_tell import tell_eligible
from staff.kernel.access import Access


def close_record(*, run: Run) -> None:
    """A run judges anew only whom new facts touched, so the others stand by earlier runs: those are of record with it.

    Nothing to do for a provisional run.
    """
    if not run.of_record:
        return
    Run.objects.filter(pk__in=Standing.objects.of(run).values("run_id"), of_record=False).update(of_record=True)
    access = Access.system(timezone.localdate(run.known_at), "sweep")
    raise_cases_of_standings(access=access, run=run)
    halt_fired(access=access, run=run)
    tell_eligible(run=run)
