"""The embedded PostgreSQL of a home: made at first use, started when it is not up, ended by ``stop``."""

from __future__ import annotations

import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from config import home
from config.embedded import processes
from config.embedded.cluster import APP, OWNER, Cluster, environment, initialise, make_roles
from config.embedded.places import EmbeddedError, as_servant, locked, servant
from config.embedded.programs import postgres_folder, postgres_version

PROGRAM = {"postgres"}
PATIENCE = 120.0
"""Seconds a start may take: recovery after a crash is the slow case."""
LONGEST_SOCKET = 90
"""Bytes of a socket's folder; the system's limit for the whole path is 104 to 108."""

_children: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True)
class Running:
    """A server that answers. ``app_url`` signs in as the role that owns nothing, ``owner_url`` as the tables' owner."""

    port: int
    app_url: str
    owner_url: str


@dataclass(frozen=True)
class _Master:
    """What the server's own pid file says of it."""

    pid: int
    port: int
    ready: bool


def ensure(base: Path | None = None) -> Running:
    """The server of this home (default: ``PROMOTION_HOME``). Raises EmbeddedError with the reason when it cannot be."""
    cluster = Cluster.of(base or home.path())
    port = _answering(cluster)
    if port is None or not cluster.finished.exists():
        with locked(cluster.base, "postgres"):
            port = _answering(cluster) or _start(cluster)
            if not cluster.finished.exists():
                make_roles(cluster, port)
    return Running(port, cluster.url(APP, port), cluster.url(OWNER, port))


def stop(base: Path | None = None) -> bool:
    """End the server of this home and whatever a killed one left. True when there was something to end."""
    base = base or home.path()
    if not (base / "postgres").is_dir():
        return False
    cluster = Cluster.of(base)
    with locked(base, "postgres"):
        found = processes.residents(cluster.data, PROGRAM)
        master = _master(cluster)
        first = [process for process in found if master and process.pid == master.pid]
        processes.end(first, [(signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0)])
        _end_orphans(cluster)
    for child in _children:
        child.poll()
    return bool(found)


def _master(cluster: Cluster) -> _Master | None:
    """None when there is no server, or only the file of one that is gone."""
    try:
        lines = (cluster.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        found = _Master(int(lines[0]), int(lines[3]), len(lines) > 7 and lines[7].strip() == "ready")
    except (OSError, ValueError, IndexError):
        return None
    return found if processes.is_resident(found.pid, cluster.data, PROGRAM) else None


def _answering(cluster: Cluster) -> int | None:
    """The port, when our server is up and takes connections."""
    master = _master(cluster)
    return master.port if master and master.ready and processes.listens(master.port) else None


def _start(cluster: Cluster) -> int:
    folder = postgres_folder(servant(), cluster.place)
    if not (cluster.data / "PG_VERSION").exists():
        initialise(cluster, folder)
    _refuse_other_version(cluster, folder)
    if port := _earlier_start(cluster):
        return port
    _end_orphans(cluster)
    for _attempt in range(3):  # another program may take the free port first
        if port := _launch(cluster, folder, processes.free_port()):
            return port
        processes.end(processes.residents(cluster.data, PROGRAM), [(signal.SIGQUIT, 5.0)])
    raise EmbeddedError(f"PostgreSQL did not start. The end of {cluster.log}:\n{_tail(cluster.log)}")


def _launch(cluster: Cluster, folder: Path, port: int) -> int | None:
    """Start it on this port and wait until it takes connections; None when it ended instead."""
    with _log(cluster) as log:
        child = subprocess.Popen(
            [str(folder / "postgres"), "-D", str(cluster.data), *_options(cluster, port)],
            cwd="/",
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **as_servant(servant()),
        )
    _children.append(child)
    question = [str(folder / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port), "-t", "1"]

    def ready() -> bool:
        return subprocess.run(question, env=environment(), check=False).returncode == 0

    processes.until(lambda: child.poll() is not None or (ready() and _answering(cluster) is not None), PATIENCE)
    return port if child.poll() is None and _answering(cluster) == port else None


def _options(cluster: Cluster, port: int) -> list[str]:
    sockets = str(cluster.place) if len(bytes(cluster.place)) <= LONGEST_SOCKET else ""
    settings = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": sockets,
        "shared_buffers": "256MB",
        "max_wal_size": "2GB",
        "max_connections": 100,
        "jit": "off",
        # Many short requests beside a sweep: the cores are busy already, and helpers of one query only take from the others.
        "max_parallel_workers_per_gather": 0,
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    if "PROMOTION_HOME_OF_TESTS" in os.environ:  # a test database need not outlive a power cut
        settings |= {"fsync": "off", "full_page_writes": "off"}
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _earlier_start(cluster: Cluster) -> int | None:
    """A server on its way up (whoever began it was killed) or down: wait for either end."""
    if _master(cluster) is None:
        return None
    processes.until(lambda: _answering(cluster) is not None or _master(cluster) is None, PATIENCE)
    return _answering(cluster)


def _end_orphans(cluster: Cluster) -> None:
    """End what a killed server left behind, then take away its pid file.

    In that order: while one process of the old server lives, no new one may touch the data. The file must go because
    the system may have given the number to another process, which PostgreSQL would take for itself.
    """
    left = processes.residents(cluster.data, PROGRAM)
    processes.until(lambda: not any(processes.alive(process) for process in left), 2.0)
    processes.end([process for process in left if processes.alive(process)], [])
    (cluster.data / "postmaster.pid").unlink(missing_ok=True)


def _refuse_other_version(cluster: Cluster, folder: Path) -> None:
    made_by = int((cluster.data / "PG_VERSION").read_text(encoding="ascii"))
    program = postgres_version(folder, None)
    if made_by != program:
        raise EmbeddedError(
            f"{cluster.data} was made by PostgreSQL {made_by} and the one found here is {program}. Dump it with the "
            "old one and restore it into another PROMOTION_HOME, or move the folder away to begin anew."
        )


def _log(cluster: Cluster) -> IO[bytes]:
    if cluster.log.exists() and cluster.log.stat().st_size > 10_000_000:
        cluster.log.replace(cluster.log.with_suffix(".log.1"))
    return open(cluster.log, "ab")


def _tail(file: Path, lines: int = 15) -> str:
    return "\n".join(file.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
