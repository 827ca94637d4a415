"""Robots tell a group what its departments have waiting: numbers alone, once a day, and again where it could not be sent."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from apprise.plugins.dingtalk import NotifyDingTalk

from staff.actions.robot_save import save_robot
from staff.actions.robots_speak import gather_news, speak_due
from staff.kernel import team_news
from staff.kernel.access import Access, Forbidden, Refused
from staff.kernel.team_news import News, register_team_news
from staff.models import Department, Robot, RobotMessage, RowChange

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 10)
#: After whatever the database takes for now.
NOW = datetime(2030, 1, 7, 1, 0, tzinfo=UTC)
OPERATOR = Access(None, None, DAY, frozenset({"operator"}))
JOB = Access.system(DAY, "nightly")
TOKEN = "a1b2c3d4e5f6"


@pytest.fixture(autouse=True)
def _rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(team_news, "_providers", {})


@pytest.fixture
def group(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """A server on this machine in the place of the service; what it was sent. It fails while the list holds ``fail``."""
    heard: list[dict[str, Any]] = []

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            failing = bool(heard) and heard[-1] == {"fail": True}
            heard.append(body)
            self.send_response(500 if failing else 200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(
        NotifyDingTalk, "notify_url", f"http://127.0.0.1:{server.server_port}/send?access_token={{token}}"
    )
    yield heard
    server.shutdown()


@pytest.fixture
def departments() -> tuple[Department, Department]:
    top = Department.objects.create(name="客服部")
    return Department.objects.create(name="一组", parent=top), Department.objects.create(name="二组", parent=top)


def robot(**more: Any) -> Robot:
    return save_robot(access=OPERATOR, **{"name": "客服群", "kind": "dingtalk", "token": TOKEN, **more})


def waits(*numbers: tuple[Department, int]) -> None:
    register_team_news(
        "test",
        lambda day: [News("review", one.pk, n, lambda n, name: f"{name} {n} 份申请待审核") for one, n in numbers],
    )


def test_a_group_hears_once_a_day_what_its_departments_have_waiting(
    departments: tuple[Department, Department], group: list[dict[str, Any]]
) -> None:
    first, second = departments
    waits((first, 3), (second, 0))
    robot()
    assert gather_news(access=JOB) == 1
    assert gather_news(access=JOB) == 0
    assert speak_due(now=NOW) == 1
    assert speak_due(now=NOW) == 0
    (heard,) = group
    said = json.dumps(heard, ensure_ascii=False)
    assert "一组 3 份申请待审核" in said
    assert "二组" not in said


def test_a_robot_of_a_department_hears_of_that_and_what_is_below(
    departments: tuple[Department, Department], group: list[dict[str, Any]]
) -> None:
    first, second = departments
    waits((first, 1), (second, 2))
    robot(department=second)
    gather_news(access=JOB)
    assert RobotMessage.objects.get().text == "二组 2 份申请待审核"


def test_a_quiet_day_or_a_day_off_says_nothing(departments: tuple[Department, Department]) -> None:
    robot()
    assert gather_news(access=JOB) == 0
    waits((departments[0], 1))
    assert gather_news(access=Access.system(date(2026, 10, 1), "nightly")) == 0
    assert gather_news(access=Access.system(date(2026, 10, 10), "nightly")) == 1  # a make-up Saturday


def test_what_could_not_be_sent_is_sent_later_with_the_same_number(
    departments: tuple[Department, Department], group: list[dict[str, Any]]
) -> None:
    waits((departments[0], 1))
    robot()
    gather_news(access=JOB)
    group.append({"fail": True})
    assert speak_due(now=NOW) == 0
    assert RobotMessage.objects.get().attempts == 1
    assert speak_due(now=NOW) == 0
    assert speak_due(now=NOW + timedelta(minutes=6)) == 1
    first, second = (json.dumps(one) for one in group[1:])
    assert f"#{RobotMessage.objects.get().pk}" in first
    assert first == second


def test_a_robot_that_is_off_says_nothing(departments: tuple[Department, Department]) -> None:
    waits((departments[0], 1))
    found = robot()
    gather_news(access=JOB)
    save_robot(access=OPERATOR, robot=found, name=found.name, kind=found.kind, token="", enabled=False)
    assert speak_due(now=NOW) == 0
    found.refresh_from_db()
    assert found.token == TOKEN


def test_the_token_is_in_no_trail_and_only_the_operator_sets_it() -> None:
    robot()
    change = RowChange.objects.get(table_name="staff_robot")
    assert TOKEN not in json.dumps([change.before, change.after])
    with pytest.raises(Forbidden):
        save_robot(
            access=Access(None, None, DAY, frozenset({"hr"}), {"hr": None}), name="x", kind="feishu", token=TOKEN
        )
    for wrong in ("", "short", "https://oapi.dingtalk.com/robot/send?access_token=1", "a b c d e f g h"):
        with pytest.raises(Refused):
            robot(name="another", token=wrong)
    with pytest.raises(Refused):
        robot()
