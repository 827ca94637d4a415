"""The bell: tells workers that there is work. The database holds the work; a bell that is lost rings again by itself."""

from __future__ import annotations

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from staff.kernel.periods import Month

logger = logging.getLogger(__name__)

#: The task that takes one shard.
WORK = "promotion.tasks.work"
#: More bells than this help nobody: a worker that finishes a shard rings for the next one.
MOST_BELLS = 64
#: The task that assesses a month.
ASSESS = "assessment.tasks.assess"


def ring(times: int) -> None:
    """Rings after the transaction has committed. A broker that is down is no failure: the periodic bell catches up."""
    transaction.on_commit(lambda: _ring(WORK, times=times))


def ring_for_results(month: Month) -> None:
    """The same for the results of a month. Whatever is not heard, the nightly job does."""
    transaction.on_commit(lambda: _ring(ASSESS, str(month)))


def _ring(task: str, *args: str, times: int = 1) -> None:
    try:
        for _ in range(min(times, MOST_BELLS)):
            current_app.send_task(task, args, retry=False)
    except OperationalError as error:
        logger.warning("the broker does not answer; the periodic bell will ring", extra={"error": str(error)})
