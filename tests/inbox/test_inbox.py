"""Everybody's inbox: what waits first, then what they have been told, in words, and nobody else's."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from staff.actions.overdue_remind import remind_overdue
from staff.kernel import overdue as overdue_room
from staff.kernel import todos as todos_room
from staff.kernel.access import Access
from staff.kernel.outbox import Message, tell
from staff.kernel.overdue import Overdue, register_overdue
from staff.kernel.todos import Todo, register_todos
from staff.kernel.told import kinds
from staff.models import OutboxMessage
from tests.web.company import Company
from tests.web.conftest import Visitor, company, house, on, visitor

__all__ = ["company", "house", "visitor"]
pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 12)
_the_day = on(DAY, "en")


@pytest.fixture(autouse=True)
def _rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rooms of the tests alone."""
    monkeypatch.setattr(todos_room, "_providers", {})
    monkeypatch.setattr(overdue_room, "_providers", {})


def send(company: Company, username: str, *kinds_and_payloads: tuple[str, dict[str, object]]) -> None:
    account = company.accounts[username]
    tell(
        Message(f"test:{username}:{at}", account.pk, kind, dict(payload))
        for at, (kind, payload) in enumerate(kinds_and_payloads)
    )


def test_what_waits_stands_first_overdue_before_what_is_due_later(company: Company, visitor: Visitor) -> None:
    waits = [
        Todo("a", "Later thing", "/me/", DAY + timedelta(days=9)),
        Todo("b", "Late thing", "/me/", date(2026, 11, 6)),
        Todo("c", "Some day", "/me/"),
    ]
    register_todos("test", lambda access: waits)
    page = visitor("K2031").get("/inbox/").content.decode()
    assert page.index("Late thing") < page.index("Later thing") < page.index("Some day")
    assert "4 working days late" in page  # Monday to Thursday


def test_a_message_reads_in_the_readers_language_and_is_read_when_it_is_opened(
    company: Company, visitor: Visitor
) -> None:
    send(company, "K2031", ("eligible", {"month": "2026-10", "policy": "info-service", "target": "diamond"}))
    message = OutboxMessage.objects.get(recipient=company.accounts["K2031"])
    assert "As of 2026-10 you meet every measured condition" in visitor("K2031").get("/inbox/").content.decode()
    assert "截至 2026-10" in visitor("K2031", "zh-hans").get("/inbox/").content.decode()
    answer = visitor("K2031").get(reverse("message", args=[message.pk]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("me"))
    message.refresh_from_db()
    assert message.read_at is not None


def test_another_s_message_does_not_exist_and_stays_unread(company: Company, visitor: Visitor) -> None:
    send(company, "K2031", ("case_raised", {"case": 1}))
    message = OutboxMessage.objects.get(recipient=company.accounts["K2031"])
    assert visitor("K1001").get(reverse("message", args=[message.pk])).status_code == 404
    assert visitor("K1001").post(reverse("inbox-read")).status_code == 302
    message.refresh_from_db()
    assert message.read_at is None


def test_all_are_read_in_one_act(company: Company, visitor: Visitor) -> None:
    send(company, "K2031", ("case_raised", {"case": 1}), ("doubt_answered", {"doubt": 1}))
    client = visitor("K2031")
    assert "2 not read" in client.get("/inbox/").content.decode()
    client.post(reverse("inbox-read"))
    assert "not read" not in client.get("/inbox/").content.decode()


def test_every_kind_that_is_sent_can_be_read() -> None:
    """A message is written as ``Message(key, account, "kind", …)``; what is told by a variable is told by its own test."""
    root = Path(__file__).resolve().parents[2]
    source = "\n".join(
        path.read_text()
        for app in ("staff", "policy", "assessment", "promotion", "payroll")
        for path in (root / app).rglob("*.py")
    )
    sent = set(re.findall(r'Message\(\s*f?"[^"]*",\s*[^"]*?,\s*"([a-z_]+)"', source))
    assert {"eligible", "doubt_answered", "month_gaps"} <= sent
    assert sent <= kinds()


def test_the_inbox_asks_as_many_queries_for_many_messages_as_for_few(company: Company, visitor: Visitor) -> None:
    client, found = visitor("K2031"), []
    for many in (1, 40):
        OutboxMessage.objects.all().delete()
        send(company, "K2031", *[("case_raised", {"case": at}) for at in range(many)])
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/inbox/")
        found.append(len(queries))
    assert found[0] == found[1] <= 12


@pytest.mark.parametrize("method", [Client.post, Client.delete])
def test_the_inbox_is_read_by_get_alone(company: Company, visitor: Visitor, method: Callable[..., object]) -> None:
    assert method(visitor("K2031"), "/inbox/").status_code == 405  # type: ignore[attr-defined]


def test_the_calendar_shows_holidays_make_up_days_and_what_is_due(company: Company, visitor: Visitor) -> None:
    register_todos("test", lambda access: [Todo("a", "Answer the statement", "/me/", date(2026, 10, 12))])
    page = visitor("K2031").get("/calendar/?month=2026-10").content.decode()
    assert "Answer the statement" in page
    days = re.findall(r'class="(off|)[^"]*"><time datetime="2026-10-(\d\d)"', page)
    off = {int(day) for kind, day in days if kind == "off"}
    assert off == {1, 2, 3, 4, 5, 6, 7, 11, 17, 18, 24, 25, 31}  # the tenth, a Saturday, is worked
    assert visitor("K2031").get("/calendar/?month=soon").status_code == 404


def test_a_year_that_is_not_announced_says_so(company: Company, visitor: Visitor) -> None:
    assert "not announced yet" in visitor("K2031").get("/calendar/?month=2027-02").content.decode()
    assert "not announced yet" not in visitor("K2031").get("/calendar/?month=2026-02").content.decode()


@pytest.mark.parametrize(
    ("day", "who"),
    [
        (date(2026, 11, 9), set()),  # the last day itself is still the owner's
        (date(2026, 11, 10), {"K1001"}),
        (date(2026, 11, 11), {"K1001"}),
        (date(2026, 11, 12), {"K1001", "K1000"}),
        (date(2026, 11, 16), {"K1001", "K1000"}),
        (date(2026, 11, 17), {"K1001", "K1000", "hr"}),
    ],
)
def test_an_overdue_step_reminds_its_owner_then_the_superior_then_hr(
    company: Company, day: date, who: set[str]
) -> None:
    department = company.departments["信息客服一组"].pk
    owner = company.accounts["K1001"].pk
    register_overdue(
        "test",
        lambda day: [Overdue("t:1", (owner,), None, department, date(2026, 11, 9), "case_raised", {"case": 1})],
    )
    access = Access.system(day, "nightly")
    first = remind_overdue(access=access)
    reached = OutboxMessage.objects.filter(kind="overdue").values_list("recipient__username", flat=True)
    assert set(reached) == who
    assert first == len(who)
    assert remind_overdue(access=access) == 0


def test_a_reminder_reads_as_what_it_reminds_of(company: Company, visitor: Visitor) -> None:
    send(company, "K2031", ("overdue", {"of": "case_raised", "case": 5, "due_on": "2026-11-09"}))
    page = visitor("K2031").get("/inbox/").content.decode()
    assert "overdue" in page
    assert "There is a case of yours." in page


def test_a_room_that_fails_hides_nothing_of_the_others_and_the_page_says_so(company: Company, visitor: Visitor) -> None:
    def broken(access: Access) -> list[Todo]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        return []

    register_todos("broken", broken)
    register_todos("test", lambda access: [Todo("a", "Something to do", "/me/")])
    client = visitor("K2031")
    page = client.get("/inbox/").content.decode()
    assert "Something to do" in page
    assert "could not be read just now" in page
    assert client.get("/inbox/count/").json()["number"] == 1
    todos_room._providers.pop("test")
    assert "Nothing waits for you" not in client.get("/inbox/").content.decode()
