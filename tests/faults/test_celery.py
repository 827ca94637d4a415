"""Real workers and a real beat with the real broker: bells are lost and doubled, processes die, the standings hold."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from celery import current_app
from django.conf import settings
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from config.embedded import processes
from promotion.bell import WORK
from promotion.models import Run, RunState, Standing
from promotion.sweep.selectors import sweep_lines
from tests.faults.conftest import Town
from tests.faults.harness import NO_STANDINGS, PATIENCE, SETUP, alone, holding, kill, start, waiting

WORKER = ("-m", "celery", "--app", "config", "worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle")
BEAT = ("-m", "celery", "--app", "config", "beat", "--loglevel", "INFO", "--pidfile=", "--max-interval", "1")
GATE_SHUT = "SELECT pg_advisory_lock_shared(7301)"
REQUEST = f"""{SETUP}
from promotion.sweep.actions import sweep_request
from staff.kernel.periods import Month
from tests.company import job
sweep_request.SHARD_SIZE = 2
sweep_request.request_sweep(access=job(), month=Month.parse("2026-10"))
"""


class Crew:
    """Workers and beats of one test, by name."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.environment = {**environment, "PYTHONWARNINGS": "ignore:::celery.platforms"}
        self.folder = folder
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.broker = redis.Redis.from_url(settings.REDIS_URL)
        self.broker.flushdb()
        self.lost = 0

    def hire(self, *names: str) -> None:
        """Starts workers of one process each and waits until they are ready."""
        for name in names:
            line = (*WORKER, "--concurrency", "1", "--hostname", f"{name}@faults")
            self.running[name] = start(self.environment, *line, log=self.log(name))
        for name in names:
            assert processes.until(lambda: " ready." in self.text(name), PATIENCE), self.text(name)  # noqa: B023

    def ring_by_beat(self, name: str) -> None:
        self.running[name] = start(self.environment, *BEAT, log=self.log(name))

    def kill(self, name: str) -> None:
        """What a dead worker held stays unacknowledged with the broker, until its time is over."""
        kill(self.running.pop(name))
        self.lost = int(self.broker.hlen("unacked"))

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def text(self, name: str) -> str:
        return self.log(name).read_text(errors="replace")

    def finishes(self, run: Run) -> None:
        """Waits until the run is done and no bell is left."""
        assert processes.until(lambda: Run.objects.get(pk=run.pk).state == RunState.DONE, PATIENCE), self.texts()
        self.rests()

    def rests(self) -> None:
        """Waits until every bell has been answered, but for those of the dead."""
        assert processes.until(lambda: self.bells() <= self.lost, PATIENCE), self.texts()

    def bells(self) -> int:
        return int(self.broker.llen("celery")) + int(self.broker.hlen("unacked"))

    def texts(self) -> str:
        return "\n".join(self.text(name) for name in self.running)


@pytest.fixture
def crew(town: Town, process_environment: dict[str, str], tmp_path: Path) -> Iterator[Crew]:
    crew = Crew(process_environment, tmp_path)
    yield crew
    for name in list(crew.running):
        crew.kill(name)
    alone(process_environment["DATABASE_URL"])
    crew.broker.flushdb()


def test_two_workers_share_a_sweep_and_one_of_them_is_killed_in_the_middle_of_its_shard(
    town: Town, crew: Crew, url: str
) -> None:
    crew.hire("first", "second")
    with holding(url, NO_STANDINGS):
        run = town.request(channel="job")
        waiting(url, exactly=2)
        assert list(run.shards.values_list("state", flat=True)) == ["running", "running", "queued", "queued"]
        crew.kill("first")
        waiting(url, exactly=1)  # the server has ended the dead one's statement; the other's waits on
    crew.finishes(run)
    town.holds(run)
    assert sorted(run.shards.values_list("attempts", flat=True)) == [1, 1, 1, 2]

    for _ in range(3):  # bells that the broker delivers once more, or that somebody rings for nothing
        current_app.send_task(WORK)
    crew.rests()
    town.holds(run)
    assert sorted(run.shards.values_list("attempts", flat=True)) == [1, 1, 1, 2]


def test_a_request_while_the_broker_is_down_is_kept_and_two_nightly_jobs_at_once_find_one_run(
    town: Town, crew: Crew, url: str
) -> None:
    nowhere = {**crew.environment, "REDIS_URL": f"redis://127.0.0.1:{processes.free_port()}/0"}
    log = crew.log("request")
    asked = start(nowhere, "-c", REQUEST, log=log)
    assert asked.wait(PATIENCE) == 0, log.read_text()
    assert "the broker does not answer" in log.read_text()
    run = Run.objects.get()
    assert (run.state, crew.bells()) == ("queued", 0)

    crew.hire("first", "second")
    with holding(url, GATE_SHUT):
        for _ in range(2):
            current_app.send_task("promotion.tasks.nightly")
        waiting(url, exactly=2)  # both at once, before either has read what is known
    crew.rests()
    months = Run.objects.values_list("month", flat=True)
    assert sorted(months) == sorted(set(months))  # October's, kept as it was, and that of the month that has just ended

    current_app.send_task("promotion.tasks.ring")
    crew.finishes(run)
    town.holds(run)


def test_beat_and_worker_are_killed_in_the_middle_and_others_finish(town: Town, crew: Crew, url: str) -> None:
    second = IntervalSchedule.objects.create(every=1, period=IntervalSchedule.SECONDS)
    PeriodicTask.objects.all().update(enabled=False)
    PeriodicTask.objects.create(
        name="bell of the test", task="promotion.tasks.ring", interval=second, args=json.dumps([])
    )
    crew.hire("first")
    with holding(url, NO_STANDINGS):
        run = town.request()  # rings for nobody: beat does
        crew.ring_by_beat("beat")
        waiting(url)
        crew.kill("beat")
        crew.kill("first")
        alone(url)
    assert not Standing.objects.exists()
    crew.broker.flushdb()  # the bells of the dead are lost too

    crew.hire("second")
    crew.ring_by_beat("other beat")
    assert processes.until(lambda: Run.objects.get(pk=run.pk).state == RunState.DONE, PATIENCE), crew.texts()
    town.holds(run)
    assert list(sweep_lines(run.month)) == town.undisturbed
