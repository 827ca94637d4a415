from __future__ import annotations

import importlib.resources
import json
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import reverse
from jsonschema import validators

from config import home
from config.embedded import processes
from deploy import make_secrets
from tests.house.conftest import clear, new_home
from tests.house.machine import COMPOSE, SERVICES, Machine

pytestmark = pytest.mark.slow
OURS = ("web", "worker", "beat", "migrate")
SIGN_IN = reverse("account_login")


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    """The machine with its database made, its broker up, its tables migrated and its static files collected."""
    base = new_home()
    machine = Machine(base)
    try:
        machine.make_roles()
        machine.start("redis")
        assert machine.start("migrate").wait(120) == 0, machine.log("migrate")
        collect = re.search(r"STATIC_ROOT=\S+ python (manage.py collectstatic \S+)", dockerfile())
        assert collect
        command = [sys.executable, *collect[1].split()]
        subprocess.run(command, cwd=home.CHECKOUT, env=machine.environment("web"), capture_output=True, check=True)
        yield machine
    finally:
        machine.end()
        clear(base)


def dockerfile() -> str:
    return (home.CHECKOUT / "Dockerfile").read_text(encoding="utf-8")


def test_the_compose_file_keeps_to_the_published_schema() -> None:
    package = importlib.resources.files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    schema = json.loads(package.read_text(encoding="utf-8"))
    faults = list(validators.validator_for(schema)(schema).iter_errors(COMPOSE))
    assert [fault.message for fault in faults] == []
    broken = {**COMPOSE, "services": {**SERVICES, "web": {**SERVICES["web"], "comand": ["x"]}}}
    assert list(validators.validator_for(schema)(schema).iter_errors(broken))


@pytest.mark.parametrize("name", OURS)
def test_our_services_run_without_rights(name: str) -> None:
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["read_only"] is True
    assert "no-new-privileges:true" in service["security_opt"]
    assert re.search(r"^USER promotion$", dockerfile(), re.MULTILINE)


def test_every_lasting_service_has_a_health_check_and_starts_again() -> None:
    for name, service in SERVICES.items():
        if name != "migrate":
            assert service["healthcheck"]["test"], name
            assert service["restart"] == "unless-stopped", name


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["inside"]["internal"] is True


def test_secrets_come_from_files_and_the_owners_reaches_migrate_alone() -> None:
    assert {name: Path(secret["file"]).name for name, secret in COMPOSE["secrets"].items()} == {
        name: name for name in make_secrets.NAMES
    }
    assert {name for name, service in SERVICES.items() if "owner_password" in service.get("secrets", [])} == {
        "migrate",
        "db",
    }


def test_secrets_are_made_once_in_a_closed_folder(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    assert make_secrets.make(folder) == list(make_secrets.NAMES)
    before = {file.name: file.read_text() for file in folder.iterdir()}
    assert len(set(before.values())) == len(make_secrets.NAMES)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert make_secrets.make(folder) == []
    assert {file.name: file.read_text() for file in folder.iterdir()} == before


def test_the_tables_belong_to_the_owner_and_the_application_may_use_them(machine: Machine) -> None:
    with machine.superuser("promotion") as cursor:
        cursor.execute("SELECT DISTINCT tableowner::text FROM pg_tables WHERE schemaname = 'public'")
        assert cursor.fetchall() == [("promotion_owner",)]
        cursor.execute("SELECT has_table_privilege('promotion_app', 'staff_employee', 'UPDATE')")
        assert cursor.fetchone() == (True,)


def test_the_ledger_takes_lines_from_the_application_and_gives_none_up(machine: Machine) -> None:
    with machine.superuser("promotion") as cursor:
        rights = {}
        for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"):
            cursor.execute("SELECT has_table_privilege('promotion_app', 'promotion_ledgerline', %s)", [right])
            rights[right] = cursor.fetchone()[0]
    assert rights == {"SELECT": True, "INSERT": True, "UPDATE": False, "DELETE": False, "TRUNCATE": False}


def test_web_serves_behind_the_proxy_and_only_there(machine: Machine) -> None:
    web = machine.start("web")
    assert processes.until(lambda: processes.listens(machine.web_port) or web.poll() is not None, 30), machine.log(
        "web"
    )
    assert processes.until(lambda: machine.probe("web"), 30, 0.5), machine.log("web")
    page = machine.get(SIGN_IN)
    assert page.status == 200
    assert page.getheader("Strict-Transport-Security")
    assert "Secure" in str(page.getheader("Set-Cookie"))
    assert machine.get(SIGN_IN, scheme="http").status == 301
    assert machine.get(SIGN_IN, host="elsewhere.example").status == 400
    web.send_signal(signal.SIGTERM)
    assert web.wait(30) == 0, machine.log("web")


def test_worker_answers_its_health_check_and_ends_when_asked(machine: Machine) -> None:
    worker = machine.start("worker")
    assert processes.until(lambda: " ready." in machine.log("worker"), 40), machine.log("worker")
    assert machine.probe("worker")
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0, machine.log("worker")


def test_beat_is_well_while_it_rings(machine: Machine) -> None:
    beat = machine.start("beat")
    assert processes.until(lambda: "beat: Starting" in machine.log("beat"), 20), machine.log("beat")
    with machine.superuser("promotion") as cursor:
        cursor.execute("UPDATE django_celery_beat_periodictask SET last_run_at = now() - interval '2 minutes'")
        assert machine.probe("beat") is True
        cursor.execute("UPDATE django_celery_beat_periodictask SET last_run_at = now() - interval '1 hour'")
        assert machine.probe("beat") is False
    beat.send_signal(signal.SIGTERM)
    assert beat.wait(30) == 0, machine.log("beat")
