"""One-time links: who makes them, for whom, and that each works once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from staff.actions.account_invite import VALID_FOR, invite
from staff.actions.invitation_accept import accept, invitation_of
from staff.actions.role_grant import grant_role
from staff.kernel.access import Access, Forbidden, Refused
from staff.kernel.secret import digest_of
from staff.models import Account, AuditEntry, Invitation
from staff.selectors.access import access_of
from tests.web.company import TODAY, Company
from tests.web.conftest import Visitor

NOW = datetime.now(UTC)
PASSWORD = "open-window-morning-5"


def of(company: Company, username: str) -> Access:
    return access_of(company.accounts[username], TODAY)


def test_hr_invites_somebody_of_its_scope_and_the_link_sets_the_password(company: Company, visitor: Visitor) -> None:
    new = company.hire("K3001", "新人", "xinren xr", hired="2026-11-02")
    issued = invite(access=of(company, "hr"), now=NOW, employee=new)
    client = visitor()
    page = client.get(f"/invitation/{issued.token}/")
    assert "K3001" in page.content.decode()
    assert page.headers["Cache-Control"].startswith("max-age=0")
    sent = client.post(f"/invitation/{issued.token}/", {"password": PASSWORD, "again": PASSWORD})
    assert sent.headers["Location"] == "/accounts/login/"
    assert "The password is set." in client.get("/accounts/login/").content.decode()
    assert Account.objects.get(username="K3001").check_password(PASSWORD)


def test_the_database_keeps_only_the_digest(company: Company) -> None:
    issued = invite(access=of(company, "hr"), now=NOW, employee=company.people["K2031"])
    kept = Invitation.objects.get(account__username="K2031")
    assert kept.digest == digest_of(issued.token)
    assert issued.token not in str(AuditEntry.objects.filter(action="account_invited").values())


def test_a_used_link_is_spent(company: Company, visitor: Visitor) -> None:
    issued = invite(access=of(company, "hr"), now=NOW, employee=company.people["K2031"])
    accept(token=issued.token, password=PASSWORD, now=NOW, today=TODAY)
    with pytest.raises(Refused):
        accept(token=issued.token, password="somebody-elses-7", now=NOW, today=TODAY)
    assert visitor().get(f"/invitation/{issued.token}/").status_code == 410
    assert Account.objects.get(username="K2031").check_password(PASSWORD)


def test_a_link_expires_to_the_second(company: Company) -> None:
    issued = invite(access=of(company, "hr"), now=NOW, employee=company.people["K2031"])
    with pytest.raises(Refused):
        accept(token=issued.token, password=PASSWORD, now=NOW + VALID_FOR, today=TODAY)
    accept(token=issued.token, password=PASSWORD, now=NOW + VALID_FOR - timedelta(seconds=1), today=TODAY)


def test_a_newer_link_replaces_the_older(company: Company) -> None:
    first = invite(access=of(company, "hr"), now=NOW, employee=company.people["K2031"])
    second = invite(access=of(company, "hr"), now=NOW + timedelta(minutes=1), employee=company.people["K2031"])
    with pytest.raises(Refused):
        accept(token=first.token, password=PASSWORD, now=NOW + timedelta(minutes=2), today=TODAY)
    accept(token=second.token, password=PASSWORD, now=NOW + timedelta(minutes=2), today=TODAY)


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({"password": PASSWORD, "again": PASSWORD + "x"}, "The two passwords differ."),
        ({"password": "short", "again": "short"}, "at least 12 characters"),
        ({"password": "", "again": ""}, "This field is required"),
    ],
)
def test_a_password_that_does_not_do_leaves_the_link_as_it_was(
    company: Company, visitor: Visitor, sent: dict[str, str], error: str
) -> None:
    issued = invite(access=of(company, "hr"), now=NOW, employee=company.people["K2031"])
    response = visitor().post(f"/invitation/{issued.token}/", sent)
    assert error in response.content.decode()
    assert Invitation.objects.get(digest=digest_of(issued.token)).used_at is None


@pytest.mark.parametrize(
    ("who", "whom"),
    [
        ("hr-two", "K2031"),
        ("K1001", "K2031"),
        ("K1000", "K2031"),
        ("gm", "K2031"),
        ("auditor", "K2031"),
        ("payroll", "K2031"),
        ("K2031", "K2031"),
    ],
)
def test_others_make_no_links(company: Company, who: str, whom: str) -> None:
    with pytest.raises(Forbidden):
        invite(access=of(company, who), now=NOW, employee=company.people[whom])
    assert not Invitation.objects.exists()


def test_no_link_opens_an_account_above_ones_own(company: Company) -> None:
    person = company.people["K1002"]
    account = company.accounts["K1002"]
    company.grant(account, "gm")
    with pytest.raises(Forbidden):
        invite(access=of(company, "hr"), now=NOW, employee=person)
    assert invite(access=of(company, "operator"), now=NOW, employee=person).account == account


@pytest.mark.parametrize(("role", "works"), [("gm", False), ("hr", False), ("judge", True)])
def test_a_link_ends_where_its_account_rises_above_whoever_made_it(company: Company, role: str, works: bool) -> None:
    person = company.people["K1002"]
    issued = invite(access=of(company, "hr"), now=NOW, employee=person)
    grant_role(access=of(company, "gm"), account=company.accounts["K1002"], role=role, starts_on=TODAY)
    later = datetime.now(UTC) + timedelta(minutes=1)
    assert (invitation_of(issued.token, later) is not None) is works


@pytest.mark.parametrize("server", [True, False])
def test_the_operators_link_outlives_the_grant_that_it_was_made_for(company: Company, server: bool) -> None:
    maker = company.access if server else of(company, "operator")
    issued = invite(access=maker, now=NOW, employee=company.people["K1002"])
    grant_role(access=of(company, "hr"), account=company.accounts["K1002"], role="payroll", starts_on=TODAY)
    assert invitation_of(issued.token, datetime.now(UTC) + timedelta(minutes=1)) is not None


def test_only_the_operator_makes_accounts_for_outsiders(company: Company) -> None:
    with pytest.raises(Forbidden):
        invite(access=of(company, "hr"), now=NOW, username="outside")
    issued = invite(access=of(company, "operator"), now=NOW, username="outside", display_name="Outside auditor")
    assert str(issued.account) == "Outside auditor"
    assert not issued.account.has_usable_password()


def test_a_user_name_is_somebodys_alone(company: Company) -> None:
    with translation.override("en"), pytest.raises(Refused, match="taken"):
        invite(access=of(company, "operator"), now=NOW, username="K2031")
    with pytest.raises(Refused):
        invite(access=of(company, "operator"), now=NOW)


def test_a_closed_account_gets_no_link(company: Company) -> None:
    Account.objects.filter(username="K2031").update(is_active=False)
    with pytest.raises(Refused):
        invite(access=of(company, "hr"), now=NOW, employee=company.people["K2031"])
