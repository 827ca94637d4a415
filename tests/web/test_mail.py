"""Messages by mail: what cannot be sent waits and holds up nothing else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.core import mail

from staff.actions.messages_send import RETRY_AFTER, send_due
from staff.actions.person_change import change
from staff.kernel.access import Refused
from staff.models import Account, Employee, OutboxMessage
from tests.web.company import Company

NOW = datetime(2030, 1, 1, tzinfo=UTC)


def message_for(company: Company, no: str, email: str) -> OutboxMessage:
    Employee.objects.filter(employee_no=no).update(email=email)
    Account.objects.filter(pk=company.accounts[no].pk).update(mail="each")
    return OutboxMessage.objects.create(key=f"test-{no}", recipient=company.accounts[no], kind="test")


@pytest.mark.parametrize("address", ["张@公司..cn", "a@b.cn\nBcc: all@b.cn"])
def test_one_bad_address_stops_no_other_mail(company: Company, address: str) -> None:
    OutboxMessage.objects.all().delete()
    bad, good = message_for(company, "K1001", address), message_for(company, "K1000", "k1000@example.com")
    send_due(now=NOW)
    assert [sent.to for sent in mail.outbox] == [["k1000@example.com"]]
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.sent_at, bad.attempts, bad.next_attempt_at) == (None, 1, NOW + RETRY_AFTER[0])
    assert good.sent_at == NOW


def test_a_server_that_does_not_answer_is_not_waited_for_without_end() -> None:
    assert 0 < settings.EMAIL_TIMEOUT <= 60


def test_a_person_is_given_no_address_that_cannot_be_mailed(company: Company) -> None:
    with pytest.raises(Refused) as refused:
        change(access=company.access, employee=company.people["K2031"], changes={"email": "张@公司..cn"})
    assert refused.value.code == "email"
    change(access=company.access, employee=company.people["K2031"], changes={"email": "linxiao@公司.cn"})
