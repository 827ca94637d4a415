"""``/metrics`` for Prometheus: how requests went, what waits, and whether what the site needs answers. Labels are names of
views and states: a few, and nobody's data.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator

import django
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from config.health import broker_answers, database_answers
from promotion.models import Run, RunShard, RunState
from staff.models import OutboxMessage

REQUESTS = Counter("promotion_requests", "Requests answered", ["view", "status"])
LATENCY = Histogram(
    "promotion_request_seconds",
    "Seconds until the answer",
    ["view"],
    buckets=(0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5),
)
_LOOPBACK = frozenset({"127.0.0.1", "::1"})


def count(request: HttpRequest, status: int, seconds: float) -> None:
    """One request more. Whatever matches no address counts as one view, so that a scanner makes no labels."""
    view = (request.resolver_match.view_name if request.resolver_match else "") or "unresolved"
    REQUESTS.labels(view, status).inc()
    LATENCY.labels(view).observe(seconds)


def metrics(request: HttpRequest) -> HttpResponse:
    """For the machine itself, and for whoever has the token. For anybody else there is no such page: raises ``Http404``."""
    if not may_scrape(request):
        raise Http404
    registry = CollectorRegistry()
    registry.register(State())
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
    return HttpResponse(generate_latest(registry) + generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


def may_scrape(request: HttpRequest) -> bool:
    """A proxy of the same machine calls from its loopback too, but says for whom."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if settings.METRICS_TOKEN and scheme.lower() == "bearer":
        return constant_time_compare(token, settings.METRICS_TOKEN)
    return request.META.get("REMOTE_ADDR") in _LOOPBACK and "X-Forwarded-For" not in request.headers


class State(Collector):
    """What stands in the database when it is asked."""

    def collect(self) -> Iterator[Metric]:
        database = database_answers()
        yield GaugeMetricFamily("promotion_database_up", "Whether the database answers", value=database)
        yield GaugeMetricFamily("promotion_broker_up", "Whether the broker answers", value=broker_answers())
        yield _build()
        if database:
            try:
                yield from _work()
            except DatabaseError:
                connection.close()


def _build() -> Metric:
    about = GaugeMetricFamily("promotion_build_info", "What runs", labels=["version", "python", "django"])
    about.add_metric([settings.VERSION, platform.python_version(), django.get_version()], 1)
    return about


def _work() -> Iterator[Metric]:
    runs = GaugeMetricFamily("promotion_runs", "Runs of the sweep by state", labels=["state"])
    for state in RunState.values:
        runs.add_metric([state], Run.objects.filter(state=state).count())
    yield runs
    waits = RunShard.objects.filter(state__in=(RunState.QUEUED, RunState.RUNNING)).order_by("run__created_at")
    oldest = waits.values_list("run__created_at", flat=True).first()
    age = (timezone.now() - oldest).total_seconds() if oldest else 0
    yield GaugeMetricFamily("promotion_oldest_open_shard_seconds", "Age of the run of the oldest open shard", value=age)
    waiting = OutboxMessage.objects.filter(sent_at__isnull=True).count()
    yield GaugeMetricFamily("promotion_outbox_waiting", "Messages that are not sent", value=waiting)
