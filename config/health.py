"""``/healthz``: the process answers. ``/readyz``: what it needs answers too, and the tables are as the code expects."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from kombu import Connection
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def healthz(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    """200 when all parts are ready, else 503; ``parts`` names each with ``ok`` or ``failed``."""
    parts = {name: "ok" if check() else "failed" for name, check in CHECKS.items()}
    ready = "failed" not in parts.values()
    return JsonResponse({"status": "ok" if ready else "failed", "parts": parts}, status=200 if ready else 503)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        log.exception("the database does not answer")
        return False
    return True


def broker_answers() -> bool:
    try:
        with Connection(settings.CELERY_BROKER_URL, connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)
    except (OperationalError, OSError):
        log.exception("the broker does not answer")
        return False
    return True


def migrations_are_applied() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        log.exception("the migrations cannot be read")
        return False


CHECKS: dict[str, Callable[[], bool]] = {
    "database": database_answers,
    "broker": broker_answers,
    "migrations": migrations_are_applied,
}
