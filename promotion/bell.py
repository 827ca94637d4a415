"""The bell: tells workers that there is work. The database holds the work; a bell that is lost rings again by itself."""

from __future__ import annotations

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

#: The task that takes one shard.
WORK = "promotion.tasks.work"
#: More bells than this help nobody: a worker that finishes a shard rings for the next one.
MOST_BELLS = 64


def ring(times: int) -> None:
    """Rings after the transaction has committed. A broker that is down is no failure: the periodic bell catches up."""
    transaction.on_commit(lambda: _ring(times))


def _ring(times: int) -> None:
    try:
        for _ in range(min(times, MOST_BELLS)):
            current_app.send_task(WORK, retry=False)
    except OperationalError as error:
        logger.warning("the broker does not answer; the periodic bell will ring", extra={"error": str(error)})
