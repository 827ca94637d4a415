"""Timing and the table: ratios of one run, seconds beside them.

What is compared is the time that the processor worked for it, in the database's session and in this process: on a machine
with other work that is steady, where the clock on the wall is not. Without a server on this machine, the wall's has to do.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from django.db import connection


@dataclass
class Table:
    """Rows of the result, each with its goal and whether it is reached."""

    rows: list[tuple[str, str, str, bool | None]] = field(default_factory=list)

    def add(self, what: str, seen: str, goal: str = "", met: bool | None = None) -> None:
        self.rows.append((what, seen, goal, met))
        say(f"{what}: {seen}")

    def markdown(self) -> str:
        marks = {True: "yes", False: "**no**", None: ""}
        lines = ["| what | seen | goal | reached |", "| --- | --- | --- | --- |"]
        return "\n".join(
            [*lines, *(f"| {what} | {seen} | {goal} | {marks[met]} |" for what, seen, goal, met in self.rows)]
        )


def say(text: str) -> None:
    """Progress, apart from the table."""
    print(text, file=sys.stderr, flush=True)


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds on the wall, and those that the processor worked."""

    wall: float
    busy: float

    def __str__(self) -> str:
        return f"{self.busy:.1f} s of work, {self.wall:.1f} s on the wall"


def spent(run: Callable[[], object]) -> Spent:
    """The session of the database must be the same before and after."""
    server = _ServerClock()
    wall, busy = time.perf_counter(), _own_work() + server.read()
    run()
    wall, busy = time.perf_counter() - wall, _own_work() + server.read() - busy
    return Spent(wall, busy if server.readable else wall)


def _own_work() -> float:
    """This process and its children that have ended."""
    return sum(os.times()[:4])


class _ServerClock:
    """Work of the server's process behind Django's session, where it runs on this machine."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
        self.readable = self.stat.exists() and "postgres" in self.stat.read_text(encoding="utf-8")

    def read(self) -> float:
        if not self.readable:
            return 0.0
        user, system = self.stat.read_text(encoding="utf-8").rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def alternately(rounds: int, runs: dict[str, Callable[[], Spent]]) -> dict[str, Spent]:
    """Medians. Every round takes the other order, so that none always finds the caches warm."""
    found: dict[str, list[Spent]] = {name: [] for name in runs}
    for number in range(rounds):
        for name in list(runs) if number % 2 == 0 else list(runs)[::-1]:
            found[name].append(runs[name]())
            say(f"  {name}: {found[name][-1]}")
    return {name: Spent(median(s.wall for s in each), median(s.busy for s in each)) for name, each in found.items()}


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def machine() -> str:
    """One line: processor, cores, database."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next(
            (line.partition(":")[2].strip() for line in file if line.startswith("model name")), platform.machine()
        )
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        cores = sum(line.startswith("processor") for line in file)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), current_setting('shared_buffers'), current_setting('fsync')"
        )
        version, buffers, fsync = cursor.fetchone()
    return (
        f"{model}, {cores} cores; PostgreSQL {version}, shared_buffers {buffers}, fsync {fsync}; "
        f"Python {platform.python_version()}"
    )
