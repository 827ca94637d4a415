"""The worked example of the documentation, as it stands there, against the real server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from assessment.models import EmployeeMonth, Metric
from staff.models import Absence, AnsweredRequest
from tests.api.conftest import token_for
from tests.web.company import Company, make_company

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"

Feed = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def office(transactional_db: None) -> Company:
    cache.clear()
    return make_company()


@pytest.fixture
def feed(office: Company, live_server: Any, tmp_path: Path) -> Feed:
    token = token_for(office.accounts["hr"], "absences:write", "values:write")

    def run(text: str = "", name: str = "2026-11-05", site: str = "") -> subprocess.CompletedProcess[str]:
        export = EXAMPLES / "attendance.csv"
        if text:
            export = tmp_path / "export.csv"
            export.write_text(text, encoding="utf-8")
        return subprocess.run(
            [sys.executable, EXAMPLES / "attendance_feed.py", export, "--site", site or live_server.url, "--run", name],
            capture_output=True, text=True, timeout=60, check=False,
            env={**os.environ, "PROMOTION_TOKEN": token},
        )  # fmt: skip

    return run


def _calls(no: str) -> Any:
    slot = Metric.objects.get(key="calls_answered").slot
    return EmployeeMonth.objects.values_list(f"s{slot}", flat=True).get(employee__employee_no=no, month="2026-11")


@pytest.mark.django_db(transaction=True)
def test_the_feed_may_be_sent_again_and_grows_from_night_to_night(feed: Feed) -> None:
    first = feed()
    assert first.returncode == 0, first.stderr
    assert first.stdout.splitlines() == ["absences: 2 sent, 2 changed", "values: 2 sent, 2 changed"]
    sick = Absence.objects.get(employee__employee_no="K2031")
    assert (str(sick.first_day), str(sick.last_day), sick.kind) == ("2026-11-02", "2026-11-03", "sick")
    assert _calls("K2032") == 73

    assert feed().stdout == first.stdout  # answered from what is kept
    assert AnsweredRequest.objects.count() == 2
    unchanged = feed(name="2026-11-06")
    assert unchanged.stdout.splitlines() == ["absences: 2 sent, 0 changed", "values: 2 sent, 0 changed"]

    more = (EXAMPLES / "attendance.csv").read_text() + "K2032,2026-11-05,leave,\nK2032,2026-11-06,present,12\n"
    grown = feed(more, name="2026-11-07")
    assert grown.stdout.splitlines() == ["absences: 2 sent, 1 changed", "values: 2 sent, 1 changed"]
    assert _calls("K2032") == 85


@pytest.mark.django_db(transaction=True)
def test_what_is_refused_is_printed_beside_its_row(feed: Feed) -> None:
    found = feed("employee_no,date,status,calls\nK9999,2026-11-02,sick,\nK2031,2026-11-02,holiday,\n")
    assert found.returncode == 1
    assert "K9999" in found.stderr
    assert "holiday" in found.stderr
    assert not Absence.objects.filter(employee__employee_no="K2031").exists()


class Flaky(BaseHTTPRequestHandler):
    """Fails twice, then answers; keeps the keys that it was sent."""

    keys: list[str]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.keys.append(self.headers["Idempotency-Key"])
        limited = len(self.keys) == 1
        self.send_response(429 if limited else 503 if len(self.keys) == 2 else 200)
        if len(self.keys) < 3:
            self.send_header("Retry-After", "0.1")
        self.end_headers()
        self.wfile.write(b"" if len(self.keys) == 2 else json.dumps({"rows": 2, "changed": 2}).encode())

    def log_message(self, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def flaky() -> Iterator[tuple[str, list[str]]]:
    Flaky.keys = []
    server = HTTPServer(("127.0.0.1", 0), Flaky)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", Flaky.keys
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.django_db(transaction=True)
def test_it_tries_again_with_the_same_key(feed: Feed, flaky: tuple[str, list[str]]) -> None:
    site, keys = flaky
    found = feed(site=site)
    assert found.returncode == 0, found.stderr
    absences, again, once_more, values = keys
    assert absences == again == once_more != values
