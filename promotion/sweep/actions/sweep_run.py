"""Run a sweep to its end, in this process: the command and the monthly job both call this."""

from __future__ import annotations

import time

from django.utils.translation import gettext as _

from promotion.models import Run, RunState
from promotion.sweep.actions.shard_work import work_one
from promotion.sweep.actions.sweep_request import request_sweep
from staff.kernel.access import Access, Refused
from staff.kernel.periods import Month


def run_sweep(*, access: Access, month: Month) -> list[Run]:
    """Asks for the sweep and works until its runs are done; other workers may take part.

    Asks once more after that: a run that was already at work when it was asked for may not know the latest facts.
    Raises ``Refused`` where a run has failed, with its shard's error; ``Forbidden``.
    """
    found: dict[int, Run] = {}
    while True:
        runs = request_sweep(access=access, month=month)
        found |= {run.pk: run for run in runs}
        open_runs = [run for run in runs if run.state != RunState.DONE]
        if not open_runs:
            return list(found.values())
        for run in open_runs:
            finish_run(run)


def finish_run(run: Run) -> None:
    """Works until the run is done. Raises ``Refused`` where it has failed, with its shard's error."""
    while run.state not in (RunState.DONE, RunState.FAILED):
        if not work_one(run_id=run.pk):
            time.sleep(0.2)  # the last shards are in other hands
        run.refresh_from_db()
    if run.state == RunState.FAILED:
        error = run.shards.exclude(error="").values_list("error", flat=True).first()
        raise Refused(
            _("The sweep of %(month)s failed: %(error)s") % {"month": run.month, "error": error or "?"}, code="failed"
        )
