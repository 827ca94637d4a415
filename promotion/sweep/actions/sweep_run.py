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

    Raises ``Refused`` where a run has failed, with its shard's error; ``Forbidden``.
    """
    runs = request_sweep(access=access, month=month)
    for run in runs:
        while run.state not in (RunState.DONE, RunState.FAILED):
            if not work_one(run_id=run.pk):
                time.sleep(0.2)  # the last shards are in other hands
            run.refresh_from_db()
        if run.state == RunState.FAILED:
            error = run.shards.exclude(error="").values_list("error", flat=True).first()
            raise Refused(
                _("The sweep of %(month)s failed: %(error)s") % {"month": month, "error": error or "?"}, code="failed"
            )
    return runs
