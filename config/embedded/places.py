"""Where an embedded server keeps its files, and as whom it runs.

PostgreSQL refuses to run as root, so root runs it as ``nobody``, who must be able to reach its files. Where the home
lies under a folder closed to others (root's own, say), they lie in ``/var/lib/promotion/<hash of the home>``
instead, linked from the home.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config import home

SHELTERS = Path("/var/lib/promotion")


class EmbeddedError(RuntimeError):
    """An embedded server cannot be made or started; the text says what to do about it."""


@dataclass(frozen=True)
class Servant:
    """The account that runs a server in root's stead."""

    uid: int
    gid: int

    def popen(self) -> dict[str, Any]:
        """The keywords of ``subprocess`` that run a program as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def servant() -> Servant | None:
    """``nobody`` when this process is root's, else None: the server runs as ourselves."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return Servant(entry.pw_uid, entry.pw_gid)


def as_servant(who: Servant | None) -> dict[str, Any]:
    return who.popen() if who else {}


def can_reach(who: Servant | None, folder: Path) -> bool:
    """Whether that account may enter the folder."""
    if who is None:
        return True
    command = ["/bin/sh", "-c", 'cd "$0"', str(folder)]
    return subprocess.run(command, cwd="/", capture_output=True, check=False, **who.popen()).returncode == 0


def place_of(base: Path, name: str) -> Path:
    """The folder ``name`` of the home ``base``, made at first use, owned by whoever runs the server. Links are
    resolved.
    """
    link = home.private(base) / name
    if link.is_dir():
        return link.resolve()
    who = servant()
    folder = link
    if not can_reach(who, base):
        SHELTERS.mkdir(mode=0o711, parents=True, exist_ok=True)
        folder = SHELTERS / hashlib.sha256(bytes(base.resolve())).hexdigest()[:16] / name
        folder.parent.mkdir(mode=0o711, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    if who:
        os.chown(folder, who.uid, who.gid)
    if folder != link:
        link.unlink(missing_ok=True)
        link.symlink_to(folder)
    return folder.resolve()


def copied(folders: list[Path], target: Path) -> Path:
    """Copies of the folders side by side in ``target``, readable to all. Whole or not there at all."""
    if not target.exists():
        draft = target.with_name(f"{target.name}.draft")
        shutil.rmtree(draft, ignore_errors=True)
        for folder in folders:
            shutil.copytree(folder, draft / folder.name)
        for item in [draft, *draft.rglob("*")]:
            mode = item.stat().st_mode
            item.chmod(mode | 0o444 | (0o111 if item.is_dir() or mode & 0o100 else 0))
        draft.rename(target)
    return target


@contextlib.contextmanager
def locked(base: Path, name: str) -> Iterator[None]:
    """Hold the home's lock ``name``; it falls with the process that held it."""
    with open(home.private(base) / f"{name}.lock", "ab") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
