"""Real processes, stopped where a lock holds them, and killed there. No time is guessed: a lock says where a process is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
from django.db import connection, connections

from config import home
from config.embedded import processes

#: Seconds that any step may take on a busy machine.
PATIENCE = 60.0
SETUP = "import django; django.setup()\n"
WORK_ONE = SETUP + "from promotion.sweep.actions.shard_work import work_one; work_one()"


def start(environment: dict[str, str], *command: str, log: Path | None = None) -> subprocess.Popen[bytes]:
    """A process of the product in a group of its own. A command that begins with ``-`` is Python's, else manage.py's."""
    line = [sys.executable, *([] if command[0].startswith("-") else [str(home.CHECKOUT / "manage.py")]), *command]
    output = open(log, "wb") if log else subprocess.DEVNULL  # noqa: SIM115  the child has it
    return subprocess.Popen(
        line, cwd=home.CHECKOUT, env=environment, stdout=output, stderr=output, start_new_session=True
    )


def kill(child: subprocess.Popen[bytes]) -> None:
    """SIGKILL to the process and its children, as the machine's own killer would."""
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()


@contextmanager
def holding(url: str, statement: str) -> Iterator[Any]:
    """A session that has run the statement (taken a lock) and commits at the end."""
    session = psycopg2.connect(url)
    try:
        with session.cursor() as cursor:
            cursor.execute(statement)
        yield session
        session.commit()
    finally:
        session.close()


#: Nobody writes a standing while this is held: a shard stops in its middle.
NO_STANDINGS = "LOCK TABLE promotion_standing IN SHARE ROW EXCLUSIVE MODE"


def waiting(url: str, exactly: int = 1) -> None:
    """Until so many sessions of this database wait for a lock."""
    _until_count(url, "EXISTS (SELECT 1 FROM pg_locks l WHERE l.pid = a.pid AND NOT l.granted)", exactly)


def alone(url: str) -> None:
    """Until the sessions of killed processes are gone: nobody waits for a lock or computes."""
    _until_count(url, "state <> 'idle' AND pid <> pg_backend_pid() AND wait_event_type IS DISTINCT FROM 'Client'", 0)


def rows(url: str, statement: str) -> list[tuple[Any, ...]]:
    """What a statement gives in a session of its own, committed."""
    session = psycopg2.connect(url)
    try:
        with session, session.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        session.close()


def _until_count(url: str, condition: str, number: int) -> None:
    statement = f"SELECT count(*) FROM pg_stat_activity a WHERE datname = current_database() AND {condition}"
    assert processes.until(lambda: rows(url, statement) == [(number,)], PATIENCE), f"never reached: {condition}"


def together(number: int, run: Callable[[int], object]) -> list[object]:
    """Runs it in so many threads that start at once, each with a connection of its own: results, or what was raised."""
    barrier, found = threading.Barrier(number), [None] * number

    def one(at: int) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(PATIENCE)
            found[at] = run(at)  # type: ignore[call-overload]
        except Exception as error:
            found[at] = error  # type: ignore[call-overload]
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(at,)) for at in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return list(found)
