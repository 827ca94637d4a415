"""Two who open one link at the same moment. On connections of their own, so apart from the company's rolled-back tests."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from staff.actions.account_invite import invite
from staff.actions.invitation_accept import accept
from staff.kernel.access import Access, Refused
from staff.models import Account, Employee

NOW = datetime.now(UTC)
TODAY = date(2026, 11, 12)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_a_link_at_once_one_wins() -> None:
    person = Employee.objects.create(employee_no="K1", name="某", hired_on=TODAY)
    issued = invite(access=Access.system(TODAY, "test"), now=NOW, employee=person)

    def use(password: str) -> bool:
        try:
            accept(token=issued.token, password=password, now=NOW, today=TODAY)
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        won = list(pool.map(use, ["first-of-the-two-1", "second-of-the-two-2"]))
    assert sorted(won) == [False, True]
    password = "first-of-the-two-1" if won[0] else "second-of-the-two-2"
    assert Account.objects.get(employee=person).check_password(password)
