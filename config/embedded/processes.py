"""Finding and ending processes that are ours, without trusting a process number that the system may have given to
another.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import psutil

MARK = "PROMOTION_HOUSE"
"""The environment variable that web, worker, beat and all their children carry, naming the home they serve."""

_GONE = (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess)


def residents(folder: Path, programs: set[str]) -> list[psutil.Process]:
    """The servers that live in this folder: those of that program's name whose working folder it is."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(*_GONE, OSError):
            if process.name() in programs and Path(process.cwd()) == folder and alive(process):
                found.append(process)
    return found


def is_resident(pid: int, folder: Path, programs: set[str]) -> bool:
    """Whether the process of that number is such a server of this folder."""
    with contextlib.suppress(*_GONE, OSError):
        process = psutil.Process(pid)
        return process.name() in programs and Path(process.cwd()) == folder and alive(process)
    return False


def marked(base: Path) -> list[psutil.Process]:
    """The processes that serve this home, without this one and those that started it."""
    own = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(*_GONE, OSError):
            if process.pid not in own and process.environ().get(MARK) == str(base.resolve()) and alive(process):
                found.append(process)
    return found


def alive(process: psutil.Process) -> bool:
    with contextlib.suppress(*_GONE):
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    return False


def end(processes: Iterable[psutil.Process], signals: list[tuple[int, float]]) -> None:
    """Send each signal in turn, with the seconds to wait after it, until all of them are gone; SIGKILL is the last."""
    left = list(processes)
    for number, seconds in [*signals, (signal.SIGKILL, 5.0)]:
        for process in left:
            with contextlib.suppress(*_GONE):
                process.send_signal(number)
        until(partial(_none_alive, left), seconds)
        left = [process for process in left if alive(process)]
        if not left:
            return


def _none_alive(found: list[psutil.Process]) -> bool:
    return not any(alive(process) for process in found)


def until(condition: Callable[[], bool], seconds: float, pause: float = 0.05) -> bool:
    """Wait for the condition; False when the time is over first."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
