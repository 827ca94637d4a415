from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest

from config import home
from config.embedded import postgres, processes
from config.embedded.cluster import Cluster
from config.embedded.places import SHELTERS, EmbeddedError
from tests.house.conftest import clear, new_home

ENSURE = (
    "import sys, pathlib; from config.embedded import postgres; print(postgres.ensure(pathlib.Path(sys.argv[1])).port)"
)


def query(url: str, statement: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def master(base: Path) -> int:
    return int((Cluster.of(base).data / "postmaster.pid").read_text().split()[0])


def kill_master(base: Path) -> None:
    pid = master(base)
    os.kill(pid, signal.SIGKILL)
    assert processes.until(lambda: not processes.is_resident(pid, Cluster.of(base).data, {"postgres"}), 5)


def residents(base: Path) -> list[int]:
    return [process.pid for process in processes.residents(Cluster.of(base).data, {"postgres"})]


def test_the_owner_makes_tables_and_the_application_does_not(shared_base: Path) -> None:
    running = postgres.ensure(shared_base)
    query(running.owner_url, "CREATE TABLE made_by_owner (x int)")
    assert query(running.app_url, "SELECT current_user::text") == [("promotion_app",)]
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        query(running.app_url, "CREATE TABLE made_by_app (x int)")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        query(running.app_url, "SELECT * FROM made_by_owner")


def test_trigrams_see_chinese_letters(shared_base: Path) -> None:
    running = postgres.ensure(shared_base)
    query(running.owner_url, "CREATE EXTENSION IF NOT EXISTS pg_trgm")
    assert query(running.app_url, "SELECT cardinality(show_trgm('客服部'))") == [(4,)]


def test_a_wrong_password_is_refused(shared_base: Path) -> None:
    running = postgres.ensure(shared_base)
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(running.app_url.replace(home.secret("password_promotion_app", shared_base), "guess"))


def test_passwords_are_for_the_owner_of_the_home_alone(shared_base: Path) -> None:
    postgres.ensure(shared_base)
    modes = {file.name: file.stat().st_mode & 0o777 for file in shared_base.glob("password_*")}
    assert modes == dict.fromkeys(["password_postgres", "password_promotion_app", "password_promotion_owner"], 0o600)


def test_many_at_once_get_the_same_server(base: Path) -> None:
    command = [sys.executable, "-c", ENSURE, str(base)]
    many = [subprocess.Popen(command, cwd=home.CHECKOUT, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    ports = {process.communicate(timeout=60)[0] for process in many}
    assert [process.returncode for process in many] == [0, 0, 0, 0]
    assert ports == {f"{postgres.ensure(base).port}\n"}


def test_it_outlives_the_process_that_started_it_whatever_the_folder(shared_base: Path) -> None:
    postgres.stop(shared_base)
    environment = {**os.environ, "PYTHONPATH": str(home.CHECKOUT)}
    command = [sys.executable, "-c", ENSURE, str(shared_base)]
    port = subprocess.check_output(command, cwd="/", env=environment, text=True)
    before = master(shared_base)
    assert postgres.ensure(shared_base).port == int(port)
    assert master(shared_base) == before


def test_a_killed_server_comes_back_with_its_data(shared_base: Path) -> None:
    running = postgres.ensure(shared_base)
    query(running.owner_url, "CREATE TABLE kept (x int)")
    query(running.owner_url, "INSERT INTO kept SELECT generate_series(1, 1000)")
    kill_master(shared_base)
    assert query(postgres.ensure(shared_base).owner_url, "SELECT count(*) FROM kept") == [(1000,)]


def test_a_busy_child_of_a_killed_server_is_ended_first(shared_base: Path) -> None:
    running = postgres.ensure(shared_base)
    busy = psycopg2.connect(running.owner_url)
    child = busy.info.backend_pid
    os.kill(child, signal.SIGSTOP)  # it cannot notice that its server is gone
    kill_master(shared_base)
    again = postgres.ensure(shared_base)
    assert child not in residents(shared_base)
    assert query(again.app_url, "SELECT 1") == [(1,)]


def test_a_pid_file_with_somebody_elses_number_is_no_hindrance(shared_base: Path) -> None:
    postgres.ensure(shared_base)
    text = (Cluster.of(shared_base).data / "postmaster.pid").read_text()
    postgres.stop(shared_base)
    (Cluster.of(shared_base).data / "postmaster.pid").write_text(text.replace(text.split()[0], str(os.getpid()), 1))
    assert query(postgres.ensure(shared_base).app_url, "SELECT 1") == [(1,)]


def test_making_that_was_cut_short_is_done_again(shared_base: Path) -> None:
    postgres.ensure(shared_base)
    postgres.stop(shared_base)
    Cluster.of(shared_base).finished.unlink()
    (shared_base / "password_promotion_app").unlink()
    assert query(postgres.ensure(shared_base).app_url, "SELECT 1") == [(1,)]


def test_stopping_leaves_nothing_and_may_be_repeated(shared_base: Path) -> None:
    postgres.ensure(shared_base)
    assert postgres.stop(shared_base) is True
    assert residents(shared_base) == []
    assert postgres.stop(shared_base) is False


def test_a_second_home_runs_beside_the_first(shared_base: Path, base: Path) -> None:
    first, second = postgres.ensure(shared_base), postgres.ensure(base)
    assert first.port != second.port
    query(second.owner_url, "CREATE TABLE only_here (x int)")
    assert query(first.owner_url, "SELECT to_regclass('only_here')") == [(None,)]
    postgres.stop(base)
    assert query(first.app_url, "SELECT 1") == [(1,)]


def test_a_home_that_others_cannot_enter_works_too() -> None:
    base = new_home()
    base.parent.chmod(0o700)
    try:
        assert query(postgres.ensure(base).app_url, "SELECT 1") == [(1,)]
        sheltered = SHELTERS in Cluster.of(base).place.parents
        assert sheltered == (os.geteuid() == 0)
    finally:
        clear(base)


def test_data_of_another_version_is_refused_and_kept(base: Path) -> None:
    data = Cluster.of(base).data
    data.mkdir()
    (data / "PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedError, match="was made by PostgreSQL 16"):
        postgres.ensure(base)
    assert (data / "PG_VERSION").exists()


def test_a_server_that_cannot_start_says_why(shared_base: Path) -> None:
    postgres.ensure(shared_base)
    postgres.stop(shared_base)
    settings = Cluster.of(shared_base).data / "postgresql.conf"
    good = settings.read_text()
    settings.write_text(good + "\nno_such_setting = 1\n")
    try:
        with pytest.raises(EmbeddedError, match="no_such_setting"):
            postgres.ensure(shared_base)
    finally:
        settings.write_text(good)
    assert query(postgres.ensure(shared_base).app_url, "SELECT 1") == [(1,)]
