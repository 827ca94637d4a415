"""The daily mail: once a working morning, to whoever wants it, how much waits and of what kind, and never what it says."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from promotion.models import Application
from staff.actions.digests_send import gather_digests, send_digests
from staff.actions.mail_choose import choose_mail
from staff.actions.messages_send import RETRY_AFTER, send_due
from staff.kernel import todos as todos_room
from staff.kernel.access import Access, Forbidden, Refused
from staff.kernel.outbox import Message, tell
from staff.kernel.todos import Todo, register_todos
from staff.models import Account, Employee, MailDigest, OutboxMessage
from tests.web.company import Company
from tests.web.conftest import Visitor, company, house, on, visitor

__all__ = ["company", "house", "visitor"]
pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 12)
JOB = Access.system(DAY, "morning mail")
#: After whatever the database takes for now.
NOW = datetime(2030, 1, 7, 1, 0, tzinfo=UTC)
_the_day = on(DAY, "en")


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch, company: Company) -> None:
    """Nothing waits but what a test says; two people have an address."""
    monkeypatch.setattr(todos_room, "_providers", {})
    OutboxMessage.objects.all().delete()
    for no in ("K2031", "K1001"):
        Employee.objects.filter(employee_no=no).update(email=f"{no}@example.com")


def told(company: Company, no: str, *kinds: str, **payload: Any) -> None:
    tell(Message(f"t:{no}:{at}", company.accounts[no].pk, kind, payload) for at, kind in enumerate(kinds))


def test_a_working_morning_sends_one_mail_to_each_for_whom_something_waits(company: Company) -> None:
    told(company, "K2031", "application_declined", "case_served", "case_served", application=1, case=1)
    register_todos(
        "test",
        lambda access: (
            [Todo("application:7:review", "Review the application of 林晓", "/", DAY - timedelta(days=1))]
            if access.account_id == company.accounts["K2031"].pk
            else []
        ),
    )
    assert (gather_digests(access=JOB), gather_digests(access=JOB)) == (1, 0)
    assert send_digests(now=NOW) == 1
    assert send_digests(now=NOW) == 0
    (sent,) = mail.outbox
    assert sent.to == ["K2031@example.com"]
    assert sent.subject == "晋升：1 件事待你处理，3 条消息未读"
    digest = MailDigest.objects.get(wanted=True)
    assert sent.extra_headers["Message-ID"] == f"<digest-{digest.pk}@{settings.MAIL_DOMAIN}>"
    html, kind = sent.alternatives[0]
    assert kind == "text/html"
    for text in (sent.subject, sent.body, html):
        assert not re.search("林晓|个案|降级|未通过|demot|declin|case", text), text
    assert "其中 1 件已逾期" in sent.body
    assert "其他事项: 2" in sent.body
    assert f"{settings.SITE_URL}/inbox/" in sent.body
    assert not Application.objects.filter(pk=7).exists()


def test_the_day_before_and_a_day_off_are_no_business_of_this_morning(company: Company) -> None:
    told(company, "K2031", "eligible", month="2026-10")
    assert gather_digests(access=Access.system(date(2026, 10, 1), "morning mail")) == 0
    assert gather_digests(access=Access.system(date(2026, 10, 10), "morning mail")) == 1  # a make-up Saturday
    assert gather_digests(access=JOB) == 1
    assert MailDigest.objects.get(wanted=True).day == DAY  # of more than a month ago nothing is kept


def test_a_mail_that_does_not_go_waits_and_goes_later_under_the_same_number(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(company, "K2031", "eligible", month="2026-10")
    gather_digests(access=JOB)
    with monkeypatch.context() as broken:
        broken.setattr(EmailBackend, "send_messages", lambda *args: 1 / 0)
        assert send_digests(now=NOW) == 0
    digest = MailDigest.objects.get(wanted=True)
    assert (digest.sent_at, digest.attempts, digest.next_attempt_at) == (None, 1, NOW + RETRY_AFTER[0])
    assert send_digests(now=NOW) == 0
    assert send_digests(now=NOW + RETRY_AFTER[0]) == 1
    assert mail.outbox[0].extra_headers["Message-ID"].startswith(f"<digest-{digest.pk}@")


@pytest.mark.parametrize(("choice", "at_once", "in_the_morning"), [("each", 2, 0), ("digest", 0, 1), ("none", 0, 0)])
def test_everybody_is_told_as_they_chose_and_the_inbox_has_everything(
    company: Company, visitor: Visitor, choice: str, at_once: int, in_the_morning: int
) -> None:
    client = visitor("K2031")
    assert client.post("/settings/mail/", {"mail": choice}).status_code == 302
    told(company, "K2031", "eligible", "application_effective", month="2026-10", application=1)
    send_due(now=NOW)
    assert len(mail.outbox) == at_once
    assert gather_digests(access=JOB) == send_digests(now=NOW) == in_the_morning
    assert not OutboxMessage.objects.filter(sent_at__isnull=True).exists()
    assert client.get("/inbox/count/").json() == {"number": 2, "said": "2 messages not read"}


def test_english_is_written_to_whoever_reads_it(company: Company) -> None:
    Account.objects.filter(pk=company.accounts["K2031"].pk).update(language="en")
    told(company, "K2031", "eligible", "month_gaps", month="2026-10")
    gather_digests(access=JOB)
    send_digests(now=NOW)
    assert mail.outbox[0].subject == "Promotion: 2 messages not read"
    assert "promotions: applications, rounds, notices: 1" in mail.outbox[0].body
    assert "other things: 1" in mail.outbox[0].body


def test_the_choice_is_the_person_s_own_and_one_of_three(company: Company) -> None:
    with pytest.raises(Refused):
        choose_mail(access=Access(company.accounts["K2031"].pk, None, DAY), choice="hourly")
    with pytest.raises(Forbidden):
        choose_mail(access=Access(company.accounts["K2031"].pk, None, DAY, only=frozenset()), choice="none")
    with pytest.raises(Forbidden):
        gather_digests(access=Access(None, None, DAY, frozenset({"hr"}), {"hr": None}))


def test_what_is_kept_of_a_morning_names_nobody(company: Company) -> None:
    register_todos("test", lambda access: [Todo("case:5:served", "Answer 林晓", "/"), Todo("case:6:served", "x", "/")])
    gather_digests(access=JOB)
    counts = [json.dumps(row.counts) for row in MailDigest.objects.filter(wanted=True)]
    assert counts == ['{"late": 0, "todos": [["case", 2]], "unread": []}'] * 2


def test_the_navigation_asks_for_its_number_once_the_page_is_there(company: Company, visitor: Visitor) -> None:
    register_todos("test", lambda access: [Todo("a", "One", "/"), Todo("b", "Two", "/")])
    told(company, "K2031", "eligible", month="2026-10")
    client = visitor("K2031", "zh-hans")
    page = client.get("/me/").content.decode()
    assert '<i class="due" data-asks="/inbox/count/" hidden>' in page
    answer = client.get("/inbox/count/")
    assert answer.json() == {"number": 3, "said": "2 件事待你处理，1 条消息未读"}
    assert "no-store" in answer["Cache-Control"]
