"""The files of a home's PostgreSQL, and their making: ``initdb``, the two roles, the database."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from psycopg2 import sql

from config import home
from config.embedded.places import EmbeddedError, as_servant, place_of, servant

DATABASE = "promotion"
OWNER, APP = "promotion_owner", "promotion_app"


@dataclass(frozen=True)
class Cluster:
    base: Path
    """The home."""
    place: Path
    """The folder of the server's files, of the account that runs it."""

    @classmethod
    def of(cls, base: Path) -> Cluster:
        return cls(base, place_of(base, "postgres"))

    @property
    def data(self) -> Path:
        return self.place / "data"

    @property
    def log(self) -> Path:
        return self.place / "postgres.log"

    @property
    def finished(self) -> Path:
        """Stands once roles and database are made; without it the making was cut short and is done again."""
        return self.base / "postgres.finished"

    def password(self, role: str) -> str:
        return home.secret(f"password_{role}", self.base)

    def url(self, role: str, port: int) -> str:
        return f"postgres://{role}:{self.password(role)}@127.0.0.1:{port}/{DATABASE}"


def environment() -> dict[str, str]:
    """What a server is given of ours: enough to run, none of our secrets, no setting of somebody's own PostgreSQL."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def initialise(cluster: Cluster, folder: Path) -> None:
    """``initdb`` beside the final place, moved there when whole. C.UTF-8 as LC_CTYPE lets pg_trgm see Chinese
    letters.
    """
    who = servant()
    draft, password_file = cluster.place / "data.draft", cluster.place / "password"
    for leftover in (draft, cluster.data):
        shutil.rmtree(leftover, ignore_errors=True)
    for mark in (password_file, cluster.finished):
        mark.unlink(missing_ok=True)
    with open(os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as handle:
        handle.write(cluster.password("postgres"))
    if who:
        os.chown(password_file, who.uid, who.gid)
    command = [
        str(folder / "initdb"), "-D", str(draft), "-U", "postgres", "--pwfile", str(password_file),
        "--auth", "scram-sha-256", "-E", "UTF8", "--locale=C", "--lc-ctype=C.UTF-8",
        "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd="/", env=environment(), capture_output=True, text=True, check=False, **as_servant(who)
    )
    password_file.unlink()
    if done.returncode:
        raise EmbeddedError(f"initdb failed in {cluster.place}:\n{done.stderr}")
    draft.rename(cluster.data)


def make_roles(cluster: Cluster, port: int) -> None:
    """The owner (makes databases), the application's role (owns nothing) and the database. Repeating it changes
    nothing.
    """
    admin = psycopg2.connect(
        host="127.0.0.1", port=port, user="postgres", password=cluster.password("postgres"), dbname="postgres"
    )
    try:
        admin.autocommit = True
        with admin.cursor() as cursor:
            for role, rights in ((OWNER, "LOGIN CREATEDB"), (APP, "LOGIN")):
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                verb = "ALTER" if cursor.fetchone() else "CREATE"
                command = sql.SQL(f"{verb} ROLE {{}} {rights} PASSWORD {{}}")
                cursor.execute(command.format(sql.Identifier(role), sql.Literal(cluster.password(role))))
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if not cursor.fetchone():
                cursor.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
                )
    finally:
        admin.close()
    cluster.finished.touch()
