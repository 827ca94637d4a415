"""A server of its own: it is killed in the middle of a sweep; and its application's role tries to rewrite the ledger."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from config.embedded import postgres, processes
from config.embedded.cluster import Cluster
from tests.faults.harness import NO_STANDINGS, PATIENCE, SETUP, rows, start, waiting
from tests.house.conftest import clear, new_home

pytestmark = pytest.mark.slow
MAKE = f"""{SETUP}
from django.core.management import call_command
call_command("migrate", verbosity=0)
from promotion.sweep.actions import sweep_request
from staff.kernel.periods import Month
from tests.company import Company, operator
company = Company()
for tier in ("regular", "star", "diamond", "crown") * 2:
    person = company.person(tier)
    company.every_month(person, "excellent_cases", 1, "2026-05", "2026-10")
sweep_request.SHARD_SIZE = 2
sweep_request.request_sweep(access=operator(), month=Month.parse("2026-10"))
"""
SHARDS = "SELECT ordinal, attempts FROM promotion_runshard ORDER BY ordinal"


@pytest.fixture(scope="module")
def house() -> Iterator[Path]:
    """A home with a company of eight and a sweep that has been asked for, in four shards."""
    base = new_home()
    try:
        postgres.ensure(base)
        log = base.parent / "make.log"
        made = start({**environment(base), "DATABASE_AS_OWNER": "1"}, "-c", MAKE, log=log)
        assert made.wait(PATIENCE) == 0, log.read_text()
        yield base
    finally:
        clear(base)


def environment(house: Path) -> dict[str, str]:
    """Of a process of that home, which signs in as the application's role."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")},
        "PROMOTION_HOME": str(house),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "REDIS_URL": "memory://",
    }


def test_after_its_restart_the_sweep_ends_with_the_same_standings(house: Path) -> None:
    owner = postgres.ensure(house).owner_url
    assert rows(owner, SHARDS) == [(1, 0), (2, 0), (3, 0), (4, 0)]
    assert killed_while_a_shard_waits(house, owner) != 0

    owner = postgres.ensure(house).owner_url
    lines = swept(house, "after")
    assert rows(owner, SHARDS) == [(1, 2), (2, 1), (3, 1), (4, 1)]
    assert len(lines.splitlines()) == 8

    rows(owner, "TRUNCATE promotion_standing, promotion_runshard, promotion_run CASCADE")
    assert swept(house, "calm") == lines


def killed_while_a_shard_waits(house: Path, owner: str) -> int:
    """The exit status of the sweep whose database was killed."""
    lock = psycopg2.connect(owner)
    with lock.cursor() as cursor:
        cursor.execute(NO_STANDINGS)
    child = start(environment(house), "sweep", "--as-of", "2026-10", log=house.parent / "killed.log")
    waiting(owner)
    cluster = Cluster.of(house)
    master = int((cluster.data / "postmaster.pid").read_text().split()[0])
    os.kill(master, signal.SIGKILL)
    assert processes.until(lambda: not processes.is_resident(master, cluster.data, {"postgres"}), PATIENCE)
    status = child.wait(PATIENCE)
    lock.close()
    return status


def swept(house: Path, name: str) -> str:
    """The file of a sweep that went well."""
    file, log = house.parent / f"{name}.jsonl", house.parent / f"{name}.log"
    done = start(environment(house), "sweep", "--as-of", "2026-10", "--jsonl", str(file), log=log)
    assert done.wait(PATIENCE) == 0, log.read_text()
    return file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE promotion_ledgerline SET to_tier = 'crown'",
        "DELETE FROM promotion_ledgerline",
        "TRUNCATE promotion_ledgerline CASCADE",
        "UPDATE promotion_ledgerhead SET seq = 0",
        "UPDATE promotion_tierperiod SET tier = 'crown'",
        "INSERT INTO promotion_tierperiod (employee_id, ladder, tier, period, kind, line_id) "
        "SELECT employee_id, ladder, 'crown', '[2030-01-01,)', kind, line_id FROM promotion_tierperiod",
    ],
)
def test_the_applications_role_cannot_rewrite_the_ledger(house: Path, statement: str) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        rows(postgres.ensure(house).app_url, statement)


def test_the_applications_role_may_tell_the_planner_of_a_months_standings(house: Path) -> None:
    app = postgres.ensure(house).app_url
    assert rows(app, "SELECT has_table_privilege('promotion_standing', 'MAINTAIN')") == [(True,)]
    assert rows(app, "SELECT has_table_privilege('promotion_ledgerline', 'MAINTAIN')") == [(False,)]


def test_the_applications_role_adds_lines_to_the_ledger(house: Path) -> None:
    app = postgres.ensure(house).app_url
    rows(
        app,
        "INSERT INTO promotion_ledgerline (seq, employee_id, kind, ladder, from_tier, to_tier, effective_on, channel, "
        "reason_digest, prev_hash, hash) SELECT 0, min(id), 'promotion', 'info-service', 'regular', 'star', '2026-10-01', "
        "'test', '', '', '' FROM staff_employee",
    )
    (head,) = rows(app, "SELECT seq FROM promotion_ledgerhead")
    assert rows(app, "SELECT max(seq) FROM promotion_ledgerline") == [head]
