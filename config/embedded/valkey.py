"""The embedded broker of a home. It keeps nothing over a restart: what is to be done stands in the database."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
from pathlib import Path
from typing import IO, cast

from config import home
from config.embedded import processes
from config.embedded.places import EmbeddedError, locked
from config.embedded.programs import broker_program

PROGRAM = {"valkey-server", "redis-server"}

_children: list[subprocess.Popen[bytes]] = []


def ensure(base: Path | None = None) -> str:
    """The ``redis://`` URL of this home's broker, started if need be. Raises EmbeddedError with the reason when it
    cannot be.
    """
    base = base or home.path()
    if found := running(base):
        return found
    with locked(base, "broker"):
        return running(base) or _start(base)


def running(base: Path | None = None) -> str | None:
    """The URL while the broker is up, else None."""
    base = base or home.path()
    try:
        port = int((_folder(base) / "port").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    return _url(base, port) if processes.listens(port) and processes.residents(_folder(base), PROGRAM) else None


def stop(base: Path | None = None) -> bool:
    """End this home's broker. True when there was one."""
    base = base or home.path()
    if not _folder(base).is_dir():
        return False
    with locked(base, "broker"):
        found = processes.residents(_folder(base), PROGRAM)
        processes.end(found, [(signal.SIGTERM, 5.0)])
        (_folder(base) / "port").unlink(missing_ok=True)
    for child in _children:
        child.poll()
    return bool(found)


def _start(base: Path) -> str:
    folder, program = home.private(_folder(base)), broker_program()
    processes.end(processes.residents(folder, PROGRAM), [(signal.SIGTERM, 5.0)])  # one that no longer answers
    log = folder / "broker.log"
    log.unlink(missing_ok=True)
    for _attempt in range(3):  # another program may take the free port first
        port = processes.free_port()
        child = _launch(program, folder, log, _settings(base, folder, port))
        processes.until(lambda: child.poll() is not None or processes.listens(port), 20.0)  # noqa: B023 (used at once)
        if child.poll() is None:
            (folder / "port").write_text(str(port), encoding="ascii")
            return _url(base, port)
    raise EmbeddedError(f"The broker did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}")


def _launch(program: Path, folder: Path, log: Path, settings: str) -> subprocess.Popen[bytes]:
    """The settings go in on standard input: a password has no place in the list of processes."""
    with open(log, "ab") as output:
        child = subprocess.Popen(
            [str(program), "-"],
            cwd=folder,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    _children.append(child)
    with contextlib.suppress(BrokenPipeError), cast("IO[bytes]", child.stdin) as entry:
        entry.write(settings.encode())
    return child


def _settings(base: Path, folder: Path, port: int) -> str:
    lines = {
        "port": port,
        "bind": "127.0.0.1",
        "dir": json.dumps(str(folder)),
        "requirepass": home.secret("password_broker", base),
        "save": '""',
        "appendonly": "no",
        "databases": 64,
    }
    return "".join(f"{name} {value}\n" for name, value in lines.items())


def _folder(base: Path) -> Path:
    return base.resolve() / "broker"


def _url(base: Path, port: int) -> str:
    return f"redis://:{home.secret('password_broker', base)}@127.0.0.1:{port}/0"
