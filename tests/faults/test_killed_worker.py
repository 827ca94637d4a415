"""A process that works on a shard is killed in its middle, or right after it."""

from __future__ import annotations

import pytest

from config.embedded import processes
from promotion import tasks
from promotion.models import RunShard, RunState, Standing
from promotion.sweep.actions.shard_work import MAX_ATTEMPTS, work_one
from promotion.sweep.actions.sweep_run import run_sweep
from staff.kernel.access import Refused
from tests.company import operator
from tests.faults.conftest import OCTOBER, Town
from tests.faults.harness import NO_STANDINGS, PATIENCE, WORK_ONE, alone, holding, kill, start, waiting

Environment = dict[str, str]


def killed_in_the_middle(environment: Environment, *command: str) -> None:
    """Runs it until it wants to write its standings, and kills it there."""
    url = environment["DATABASE_URL"]
    with holding(url, NO_STANDINGS):
        child = start(environment, *command)
        waiting(url)
        kill(child)
        alone(url)  # its statement ends while the table is still held: the server saw that nobody listens


def test_the_next_worker_takes_the_shard_over_and_nothing_is_doubled(
    town: Town, process_environment: Environment
) -> None:
    run = town.request()
    killed_in_the_middle(process_environment, "sweep", "--as-of", "2026-10")
    assert list(run.shards.values_list("state", "attempts"))[:2] == [("running", 1), ("queued", 0)]
    assert not Standing.objects.exists()

    (finished,) = run_sweep(access=operator(), month=OCTOBER)
    assert finished.pk == run.pk
    assert list(run.shards.values_list("attempts", flat=True)) == [2, 1, 1, 1]
    town.holds(run)


def test_after_the_third_death_the_shard_is_set_aside_and_a_new_request_begins_afresh(
    town: Town, process_environment: Environment
) -> None:
    run = town.request()
    for _ in range(MAX_ATTEMPTS):
        killed_in_the_middle(process_environment, "-c", WORK_ONE)
    with pytest.raises(Refused, match="its worker died"):
        run_sweep(access=operator(), month=OCTOBER)
    run.refresh_from_db()
    assert (run.state, run.shards.get(ordinal=1).state) == ("failed", "failed")
    assert work_one() is False  # its other shards rest

    (fresh,) = run_sweep(access=operator(), month=OCTOBER)
    assert (fresh.pk == run.pk, fresh.watermark == run.watermark) == (False, True)
    town.holds(fresh)


def test_a_run_whose_worker_died_after_the_last_shard_is_closed_by_the_next_bell(
    town: Town, process_environment: Environment
) -> None:
    run = town.request()
    for _ in range(3):
        work_one()
    url = process_environment["DATABASE_URL"]
    with holding(url, NO_STANDINGS) as standings:
        child = start(process_environment, "-c", WORK_ONE)
        waiting(url)
        with holding(url, f"SELECT 1 FROM promotion_run WHERE id = {run.pk} FOR NO KEY UPDATE"):
            standings.commit()
            assert processes.until(_all_shards_done, PATIENCE)
            waiting(url)
            kill(child)
    run.refresh_from_db()
    assert (run.state, set(run.shards.values_list("state", flat=True))) == ("running", {"done"})

    tasks.ring()
    town.holds(run)


def _all_shards_done() -> bool:
    return not RunShard.objects.exclude(state=RunState.DONE).exists()
