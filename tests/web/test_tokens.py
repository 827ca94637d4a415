"""Tokens for programs: made, shown once, revoked, and what each opens."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from staff.actions.account_close import close_account, reopen_account
from staff.actions.token_create import LONGEST, MOST, Made, create_token
from staff.actions.token_revoke import revoke_token
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.models import Account, ApiToken, AuditEntry, Employee
from staff.selectors.access import access_of
from staff.selectors.tokens import access_with, account_of_token
from tests.web.company import PASSWORD, TODAY, Company

NOW = datetime.now(UTC).replace(microsecond=0)
NEW = "/settings/tokens/new/"


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


def test_a_closed_accounts_tokens_open_nothing_and_do_not_come_back_with_it(company: Company) -> None:
    made = make(company)
    account = made.token.account
    close_account(access=of(company, "operator"), account=account, reason="left")
    assert account_of_token(made.clear, NOW) is None
    reopen_account(access=of(company, "operator"), account=account, reason="came back")
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


def sign_in(username: str) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.post("/accounts/login/", {"login": username, "password": PASSWORD})
    return client


def test_a_token_is_made_and_shown_once_in_the_settings(company: Company) -> None:
    client = sign_in("hr")
    page = client.get(NEW).content.decode()
    assert 'name="people"' in page
    assert 'name="pay"' not in page
    made = client.post(NEW, {"name": "考勤系统", "days": "90", "values": "write", "people": "read"})
    clear = re.search(r"jsk_[\w-]{43}", made.content.decode())
    assert clear
    assert "no-store" in made.headers["Cache-Control"]
    token, account = account_of_token(clear[0], datetime.now(UTC)) or (None, None)
    assert account == company.accounts["hr"]
    assert token
    assert token.scopes == ["people:read", "values:write"]
    listed = client.get("/settings/tokens/").content.decode()
    assert clear[0] not in listed
    assert f"{token.hint}…" in listed
    assert "read people&#x27;s records, read and write monthly values" in listed


def test_a_form_that_is_not_sound_says_why_and_keeps_what_was_chosen(company: Company) -> None:
    client = sign_in("hr")
    none = client.post(NEW, {"name": "x", "days": "90"})
    assert (none.status_code, "at least one thing" in none.content.decode()) == (422, True)
    beyond = client.post(NEW, {"name": "x", "days": "90", "people": "write", "pay": "read"})
    assert (beyond.status_code, "never reaches more than you" in beyond.content.decode()) == (422, True)
    assert '<option value="write" selected>' in beyond.content.decode()
    assert client.post(NEW, {"name": "x", "days": "400", "people": "read"}).status_code == 422
    assert not ApiToken.objects.exists()


def test_a_token_is_revoked_in_the_settings_and_anothers_does_not_exist(company: Company) -> None:
    own, others = make(company), make(company, "gm", scopes=["standings:read"])
    client = sign_in("hr")
    assert client.post(f"/settings/tokens/{others.token.pk}/revoke/").status_code == 404
    assert client.post(f"/settings/tokens/{own.token.pk}/revoke/").headers["Location"] == "/settings/tokens/"
    assert account_of_token(own.clear, NOW) is None
    assert account_of_token(others.clear, NOW)
    assert client.post(f"/settings/tokens/{own.token.pk}/revoke/").status_code == 409
    assert "revoked" in client.get("/settings/tokens/").content.decode()


def test_an_old_sign_in_makes_a_token_with_the_password_alone(company: Company) -> None:
    client = Client()
    client.force_login(company.accounts["hr"])
    asked = {"name": "x", "days": "30", "people": "read"}
    assert client.post(NEW, asked).status_code == 422
    assert client.post(NEW, {**asked, "password": "wrong"}).status_code == 422
    assert not ApiToken.objects.exists()
    assert client.post(NEW, {**asked, "password": PASSWORD}).status_code == 200
    assert ApiToken.objects.count() == 1


def test_the_administration_lists_and_revokes_them(company: Company) -> None:
    made = make(company, "K2031", scopes=["standings:read"])
    account = company.accounts["K2031"]
    page = reverse("admin:staff_account_change", args=[account.pk])
    path = reverse("admin:account-token-revoke", args=[account.pk, made.token.pk])
    client = Client()
    client.force_login(company.accounts["auditor"])
    body = client.get(page).content.decode()
    assert made.token.hint in body
    assert path not in body
    assert client.post(path).status_code == 403
    client.force_login(company.accounts["hr"])
    wrong = reverse("admin:account-token-revoke", args=[company.accounts["K2032"].pk, made.token.pk])
    assert client.post(wrong).status_code == 404
    assert path in client.get(page).content.decode()
    assert client.post(path).headers["Location"] == page
    assert account_of_token(made.clear, NOW) is None


@pytest.mark.parametrize("path", ["/settings/", "/settings/tokens/", "/settings/devices/", "/settings/second-factor/"])
def test_the_settings_ask_the_same_few_questions_however_much_there_is(company: Company, path: str) -> None:
    client = sign_in("hr")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    few = asked()
    for _at in range(15):
        make(company)
        sign_in("hr")
    assert asked() == few <= 12
