"""One machine in the place of docker-compose.yml's containers: their very commands, against servers of the test's own."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg2
import yaml

from config import home
from config.embedded import postgres, processes, programs
from config.embedded.cluster import Cluster
from deploy import make_secrets

COMPOSE = yaml.safe_load((home.CHECKOUT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
HOST = "promotion.example"


class Machine:
    def __init__(self, base: Path) -> None:
        self.base, self.folder = base, base.parent
        self.secrets = self.folder / "secrets"
        make_secrets.make(self.secrets)
        self.db_port = postgres.ensure(base).port
        self.redis_port, self.web_port = processes.free_port(), processes.free_port()
        (self.folder / "bin").mkdir()
        (self.folder / "bin" / "redis-server").symlink_to(programs.broker_program())
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def fill(self, value: str) -> str:
        """This machine's addresses and folders in the place of the containers'."""
        for inside, here in (
            ("${SITE_HOST:?name the host of the site in .env}", HOST),
            ("${SITE_HOST}", HOST),
            ("/run/secrets", str(self.secrets)),
            ("@db:5432/", f"@127.0.0.1:{self.db_port}/"),
            ("//redis:6379/", f"//127.0.0.1:{self.redis_port}/"),
            ("0.0.0.0:8000", f"127.0.0.1:{self.web_port}"),
            ("{ echo", f"{{ echo port {self.redis_port}; echo"),
            ("$$", "$"),
        ):
            value = value.replace(inside, here)
        return value

    def environment(self, service: str) -> dict[str, str]:
        given = {name: self.fill(str(value)) for name, value in SERVICES[service].get("environment", {}).items()}
        compiled = {name: value for name, value in os.environ.items() if name == "PYTHONPYCACHEPREFIX"}
        return given | {
            **compiled,
            "PATH": f"{self.folder}/bin:{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PROMOTION_HOME": str(self.base),
            "STATIC_ROOT": str(self.folder / "static"),
            "PORT": str(self.web_port),
            "LANG": "C.UTF-8",
        }

    def start(self, service: str) -> subprocess.Popen[bytes]:
        command = [self.fill(part) for part in SERVICES[service]["command"]]
        folder = self.folder if service == "redis" else home.CHECKOUT
        with open(self.folder / f"{service}.log", "wb") as log:
            child = subprocess.Popen(command, cwd=folder, env=self.environment(service), stdout=log, stderr=log)
        self.running[service] = child
        return child

    def log(self, service: str) -> str:
        return (self.folder / f"{service}.log").read_text(errors="replace")

    def probe(self, service: str) -> bool:
        """Whether the container's own health check passes."""
        kind, *command = SERVICES[service]["healthcheck"]["test"]
        if kind == "CMD-SHELL":
            command = ["sh", "-c", self.fill(command[0])]
        environment = self.environment(service) | {"HOSTNAME": socket.gethostname()}
        done = subprocess.run(command, cwd=home.CHECKOUT, env=environment, capture_output=True, check=False)
        return done.returncode == 0

    def make_roles(self) -> None:
        """Take away the embedded server's roles, then run what the container ``db`` runs on its first start."""
        with self.superuser() as cursor:
            cursor.execute("DROP DATABASE promotion")
            cursor.execute("DROP ROLE promotion_owner, promotion_app")
        psql = programs.postgres_folder(None, self.base)
        environment = {
            "PATH": f"{psql}:{os.environ['PATH']}",
            "SECRETS": str(self.secrets),
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.db_port),
            "PGPASSWORD": Cluster.of(self.base).password("postgres"),
        }
        subprocess.run(["sh", str(home.CHECKOUT / "deploy" / "postgres-init.sh")], env=environment, check=True)

    def superuser(self, database: str = "postgres") -> psycopg2.extensions.cursor:
        connection = psycopg2.connect(
            host="127.0.0.1",
            port=self.db_port,
            user="postgres",
            password=Cluster.of(self.base).password("postgres"),
            dbname=database,
        )
        connection.autocommit = True
        return connection.cursor()

    def get(self, path: str, host: str = HOST, scheme: str = "https") -> http.client.HTTPResponse:
        """An answer of the web service as the proxy asks for it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.web_port, timeout=10)
        connection.request("GET", path, headers={"Host": host, "X-Forwarded-Proto": scheme})
        return connection.getresponse()

    def end(self) -> None:
        for child in self.running.values():
            if child.poll() is None:
                child.kill()
                child.wait()
