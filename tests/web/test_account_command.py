"""``manage.py account``: the first accounts, and what is left when nobody else can."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from staff.models import Account, AuditEntry, RoleGrant
from tests.web.company import Company


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("account", "--language", "en", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_it_prints_a_link_that_works(company: Company) -> None:
    company.hire("K3001", "新人", "xinren xr", hired="2026-11-02")
    link = run("invite", "K3001", "--site", "https://promotion.example/").strip()
    assert link.startswith("https://promotion.example/invitation/")
    assert Client().get(link.removeprefix("https://promotion.example")).status_code == 200
    assert Account.objects.get(username="K3001").employee == company.people["K3001"]


def test_it_makes_an_outsiders_account(company: Company) -> None:
    run("invite", "outside", "--display-name", "Outside auditor")
    assert str(Account.objects.get(username="outside")) == "Outside auditor"


def test_it_grants_and_ends_a_role_and_keeps_the_reason(company: Company) -> None:
    assert "now holds the role HR" in run(
        "grant", "K2031", "hr", "--department", "信息客服部", "--reason", "to begin with"
    )
    assert RoleGrant.objects.get(account__username="K2031").by_operator_command
    assert "no longer holds the role HR" in run("end", "K2031", "hr", "--reason", "it was a trial")
    reasons = AuditEntry.objects.filter(channel="command", object_type="role_grant").order_by("id")
    assert list(reasons.values_list("reason", flat=True)) == ["to begin with", "it was a trial"]


def test_it_closes_and_opens_an_account(company: Company) -> None:
    run("close", "K2031", "--reason", "left")
    assert not Account.objects.get(username="K2031").is_active
    run("open", "K2031", "--reason", "came back")
    assert Account.objects.get(username="K2031").is_active


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["grant", "nobody", "hr", "--reason", "x"], "There is no account `nobody`"),
        (["end", "K2031", "hr", "--reason", "x"], "does not hold the role HR"),
        (["grant", "K2031", "employee", "--reason", "x"], "never granted"),
        (["grant", "K2031", "head", "--department", "月球", "--reason", "x"], "There is no department"),
        (["close", "gm", "--reason", "x"], "This is the last general manager"),
        (["invite", "n" * 61], "user name: at most 60 characters"),
        (["invite", "outside", "--display-name", "n" * 101], "display name: at most 100 characters"),
        (["grant", "K2031", "hr", "--reason", "x" * 301], "reason: at most 300 characters"),
    ],
)
def test_a_refusal_is_a_sentence_and_a_status(company: Company, arguments: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run(*arguments)
