"""Tokens for programs: made, shown once, revoked, and what each opens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from staff.actions.account_close import close_account
from staff.actions.token_create import LONGEST, MOST, Made, create_token
from staff.actions.token_revoke import revoke_token
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.models import Account, ApiToken, AuditEntry, Employee
from staff.selectors.access import access_of
from staff.selectors.tokens import access_with, account_of_token
from tests.web.company import TODAY, Company

NOW = datetime.now(UTC).replace(microsecond=0)


def of(company: Company, username: str) -> Access:
    return access_of(Account.objects.get(username=username), TODAY)


def make(company: Company, username: str = "hr", **given: Any) -> Made:
    asked = {"name": "考勤系统", "scopes": ["values:write", "people:read"], "days": 90, "now": NOW, **given}
    return create_token(access=of(company, username), **asked)


def test_the_token_is_given_once_and_kept_as_a_digest(company: Company) -> None:
    made = make(company)
    assert made.clear.startswith("jsk_")
    assert len(made.clear) >= 4 + 32
    kept = ApiToken.objects.values().get(pk=made.token.pk)
    assert made.clear not in str(kept)
    assert kept["scopes"] == ["people:read", "values:write"]
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.actor) == ("token_created", company.accounts["hr"])
    assert made.clear not in str(entry.after)


def test_a_token_is_its_account_within_its_scopes(company: Company) -> None:
    made = make(company)
    token, account = account_of_token(made.clear, NOW) or (None, None)
    assert token == made.token
    assert account == company.accounts["hr"]
    access = access_with(made.token, TODAY)
    assert access.channel == "api"
    assert Employee.objects.visible_to(access).count() == len(company.people)
    assert not Employee.objects.visible_to(access, Verb.UPDATE)
    access.require(Thing.VALUE, Verb.UPDATE)
    with pytest.raises(Forbidden):
        access.require(Thing.ABSENCE, Verb.READ)


@pytest.mark.parametrize("clear", ["", "jsk_", "jsk_" + "x" * 43, "\x00"])
def test_a_token_that_nobody_made_opens_nothing(company: Company, clear: str) -> None:
    assert account_of_token(clear, NOW) is None


def test_a_token_ends_to_the_second(company: Company) -> None:
    made = make(company, days=1)
    end = made.token.expires_at
    assert end == NOW + timedelta(days=1)
    assert account_of_token(made.clear, end - timedelta(seconds=1))
    assert account_of_token(made.clear, end) is None


def test_a_closed_accounts_tokens_open_nothing(company: Company) -> None:
    made = make(company)
    close_account(access=of(company, "operator"), account=made.token.account, reason="left")
    assert account_of_token(made.clear, NOW) is None


def test_a_role_that_ended_ends_for_the_token_too(company: Company) -> None:
    made = make(company)
    company.accounts["hr"].grants.update(period="[2026-01-01,2026-11-12)")
    assert not access_with(made.token, TODAY).may(Thing.VALUE, Verb.UPDATE)


def test_the_last_use_is_noted_at_most_once_a_minute(company: Company) -> None:
    made = make(company)
    seen = []
    for seconds in (0, 59, 60, 100):
        account_of_token(made.clear, NOW + timedelta(seconds=seconds))
        seen.append(ApiToken.objects.get(pk=made.token.pk).last_used_at)
    minute = NOW + timedelta(seconds=60)
    assert seen == [NOW, NOW, minute, minute]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "长" * 81}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["pay:read"]}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"days": 0}, "days"),
        ({"days": LONGEST + 1}, "days"),
    ],
)
def test_a_token_that_is_not_sound_is_refused_at_its_field(company: Company, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        make(company, **given)
    assert refused.value.code == field
    assert not ApiToken.objects.exists()


def test_a_token_makes_no_token_and_revokes_none(company: Company) -> None:
    made = make(company)
    program = access_with(made.token, TODAY)
    with pytest.raises(Forbidden):
        create_token(access=program, name="x", scopes=["people:read"], days=1, now=NOW)
    with pytest.raises(Forbidden):
        revoke_token(access=program, token=made.token, now=NOW)


def test_an_account_has_so_many_tokens_and_no_more(company: Company) -> None:
    made = [make(company) for _at in range(MOST)]
    with pytest.raises(Refused):
        make(company)
    revoke_token(access=of(company, "hr"), token=made[0].token, now=NOW)
    make(company)


@pytest.mark.parametrize(
    ("who", "whose", "may"),
    [
        ("K2031", "K2031", True),
        ("K1001", "K2031", False),
        ("K1000", "K2031", False),
        ("hr", "K2031", True),
        ("hr-two", "K2031", False),
        ("hr-two", "K1002", True),
        ("hr", "gm", False),
        ("payroll", "K2031", False),
        ("auditor", "K2031", False),
        ("operator", "gm", True),
        ("operator", "K2031", True),
    ],
)
def test_a_token_is_revoked_by_its_owner_hr_of_the_person_and_the_operator(
    company: Company, who: str, whose: str, may: bool
) -> None:
    made = make(company, whose, scopes=["standings:read"])
    if not may:
        with pytest.raises(Forbidden):
            revoke_token(access=of(company, who), token=made.token, now=NOW)
        assert account_of_token(made.clear, NOW)
        return
    revoke_token(access=of(company, who), token=made.token, now=NOW)
    assert account_of_token(made.clear, NOW) is None
    assert AuditEntry.objects.latest("id").action == "token_revoked"
    with pytest.raises(Refused):
        revoke_token(access=of(company, who), token=made.token, now=NOW)
