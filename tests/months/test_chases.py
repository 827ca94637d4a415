"""HR reminds supervisors of what is missing: kept, told once, at most once an hour."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assessment.actions.chases_send import send_chases
from assessment.actions.gaps_accept import accept_gaps
from assessment.models import Chase
from assessment.selectors.needs import gaps
from staff.kernel.access import Access, Refused
from staff.models import Account, OutboxMessage
from tests.months.conftest import DAY, NOVEMBER, NOW, OWING, As, report
from tests.web.company import MONTH, Company

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_a_supervisor_is_told_how_many_values_are_missing_and_nothing_else(company: Company, acting: As) -> None:
    report(company, *OWING[2:])
    found = send_chases(access=acting("hr"), month=NOVEMBER, now=NOW, supervisor_id=company.people["K1001"].pk)
    assert (found.told, found.lately, found.unreachable) == (1, 0, ())
    message = OutboxMessage.objects.get(kind="month_gaps")
    assert (message.recipient.username, message.payload) == ("K1001", {"month": "2026-11", "gaps": 4})
    chase = Chase.objects.get()
    assert (chase.gaps, chase.chased_by, chase.at) == (4, company.accounts["hr"], NOW)


def test_a_team_is_reminded_once_an_hour_and_told_when_next(company: Company, acting: As) -> None:
    hr, team = acting("hr"), company.people["K1001"].pk
    send_chases(access=hr, month=NOVEMBER, now=NOW, supervisor_id=team)
    with pytest.raises(Refused, match="The next reminder can go out at 13:00"):
        send_chases(access=hr, month=NOVEMBER, now=NOW + HOUR - timedelta(seconds=1), supervisor_id=team)
    send_chases(access=hr, month=NOVEMBER, now=NOW + HOUR, supervisor_id=team)
    assert Chase.objects.count() == OutboxMessage.objects.filter(kind="month_gaps").count() == 2


def test_all_teams_at_once_leaves_out_whom_was_reminded_and_names_whom_nothing_reaches(
    company: Company, acting: As
) -> None:
    company.hire("K2099", "新人", "xinren xr", boss="K1002", department="信息客服二组")
    company.tier("K2099", ("regular", "2025-01-01"))
    Account.objects.filter(username="K1002").update(is_active=False)
    found = send_chases(access=acting("hr"), month=NOVEMBER, now=NOW)
    assert (found.told, found.unreachable) == (1, ("贺宁",))
    with pytest.raises(Refused, match="贺宁: no account"):
        send_chases(access=acting("hr"), month=NOVEMBER, now=NOW, supervisor_id=company.people["K1002"].pk)
    Account.objects.filter(username="K1002").update(is_active=True)
    found = send_chases(access=acting("hr"), month=NOVEMBER, now=NOW)
    assert (found.told, found.lately) == (1, 1)


@pytest.mark.parametrize(
    ("who", "month", "code"),
    [
        ("hr-two", NOVEMBER, "complete"),
        ("K1001", NOVEMBER, "forbidden"),
        ("gm", NOVEMBER, "forbidden"),
        ("hr", MONTH, "sealed"),
        ("hr", NOVEMBER + 1, "not_ended"),
    ],
)
def test_nobody_is_reminded_out_of_scope_without_the_role_or_of_a_month_that_is_not_open(
    company: Company, acting: As, who: str, month: object, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        send_chases(access=acting(who), month=month, now=NOW)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert not Chase.objects.exists()


def test_a_team_whose_gaps_are_accepted_is_not_reminded(company: Company, acting: As) -> None:
    every = [gap.cell for gap in gaps(Access.system(DAY, "test"), NOVEMBER)]
    accept_gaps(access=acting("hr"), month=NOVEMBER, cells=every, reason="lost")
    with pytest.raises(Refused, match="Nothing is missing"):
        send_chases(access=acting("hr"), month=NOVEMBER, now=NOW)


def test_what_another_role_reads_is_not_hrs_to_remind_of(company: Company, acting: As) -> None:
    company.grant(company.accounts["K2031"], "hr", "财务部")
    company.grant(company.accounts["K2031"], "auditor")
    with pytest.raises(Refused, match="Nothing is missing"):
        send_chases(access=acting("K2031"), month=NOVEMBER, now=NOW)
    assert not Chase.objects.exists()
