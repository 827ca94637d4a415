"""The second factor: set up, asked for, spent once, lost, demanded of some roles and closing every door until it is there."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from staff.actions.second_factor_check import check_second_factor
from staff.actions.second_factor_remove import remove_second_factor
from staff.actions.second_factor_reset import reset_second_factor
from staff.actions.second_factor_set_up import set_up_second_factor
from staff.kernel import secret as secrets
from staff.kernel.access import Access, Forbidden, Refused
from staff.kernel.one_time_codes import STEP, code_at, new_secret, step_of
from staff.models import Account, AuditEntry
from staff.selectors.access import access_of
from staff.selectors.second_factor import SECOND_FACTOR_ROLES, second_factor_of
from tests.web.company import PASSWORD, TODAY, Company

LOGIN, ASKED, SET_UP = "/accounts/login/", "/accounts/second-factor/", "/settings/second-factor/set-up/"
LED = f"{SET_UP}?next="


def of(username: str) -> Access:
    return access_of(Account.objects.get(username=username), TODAY)


def now_code(secret: str, off: int = 0) -> str:
    return code_at(secret, int(datetime.now(UTC).timestamp()) // STEP + off)


def has(username: str) -> tuple[str, list[str]]:
    """The key and the recovery codes of a second factor just set up, half a minute ago so that this code is fresh."""
    secret, earlier = new_secret(), datetime.now(UTC) - timedelta(seconds=2 * STEP)
    code = code_at(secret, int(earlier.timestamp()) // STEP)
    return secret, set_up_second_factor(access=of(username), secret=secret, code=code, now=earlier, kept="")


def sign_in(username: str, client: Client | None = None, **more: str) -> tuple[Client, Any]:
    client = client or Client()
    client.cookies["django_language"] = "en"
    return client, client.post(LOGIN, {"login": username, "password": PASSWORD, **more})


def enter(username: str, secret: str) -> Client:
    client, asked = sign_in(username)
    assert asked.headers["Location"] == ASKED
    assert client.post(ASKED, {"code": now_code(secret)}).status_code == 302
    return client


def key_on(body: str) -> str:
    shown = re.search(r'id="secret">(.*?)</p>', body, re.S)
    assert shown
    return re.sub(r"<[^>]+>|\s", "", shown[1])


def test_it_is_set_up_with_a_picture_a_key_as_text_and_a_first_code(company: Company) -> None:
    client, _entered = sign_in("K2031")
    body = client.get(SET_UP).content.decode()
    assert "data:image/svg+xml;base64," in body
    secret = key_on(body)
    assert key_on(client.get(SET_UP).content.decode()) == secret
    wrong = client.post(SET_UP, {"code": "000000"})
    assert (wrong.status_code, "does not fit" in wrong.content.decode()) == (422, True)
    assert second_factor_of(company.accounts["K2031"]) is None
    done = client.post(SET_UP, {"code": now_code(secret)})
    codes = re.findall(r"<li>(\d{4} \d{4})</li>", done.content.decode())
    assert len(set(codes)) == 10
    assert "no-store" in done.headers["Cache-Control"]
    assert AuditEntry.objects.latest("id").action == "second_factor_set_up"
    later = client.get("/settings/second-factor/").content.decode()
    assert not any(code in later for code in codes)
    assert client.get("/me/").status_code == 200


def test_keys_lie_encrypted_in_the_database(company: Company) -> None:
    client, _entered = sign_in("K2031")
    pending = key_on(client.get(SET_UP).content.decode())
    secret, codes = has("K2032")
    rows = str(list(Authenticator.objects.values()))
    assert secret not in rows
    assert not any(code in rows for code in codes)
    stored = [session.get_decoded() for session in Session.objects.all()]
    assert any("second_factor_pending" in data for data in stored)
    assert pending not in str(stored)


def test_a_key_sealed_under_an_earlier_secret_key_is_read_with_the_fallback(settings: Settings) -> None:
    sealed = secrets.seal("JBSWY3DP")
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another-secret-key"
    with pytest.raises(secrets.Unreadable):
        secrets.unseal(sealed)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert secrets.unseal(sealed) == "JBSWY3DP"


def test_the_password_alone_opens_nothing_where_one_is_set_up(company: Company) -> None:
    secret, _codes = has("K2031")
    client, asked = sign_in("K2031", next="/me/?month=2026-09")
    assert asked.headers["Location"] == ASKED
    assert client.get("/me/").status_code == 302
    assert "The six digits" in client.get(ASKED).content.decode()
    assert "wrong or has been used" in client.post(ASKED, {"code": "123456"}).content.decode()
    assert client.post(ASKED, {}).status_code == 200
    assert client.get("/me/").status_code == 302
    entered = client.post(ASKED, {"code": f" {now_code(secret)[:3]} {now_code(secret)[3:]} "})
    assert entered.headers["Location"] == "/me/?month=2026-09"
    assert client.get("/me/").status_code == 200


def test_nobody_comes_to_the_second_step_without_the_first(company: Company) -> None:
    assert Client().get(ASKED).headers["Location"] == LOGIN
    assert Client().post(ASKED, {"code": "123456"}).headers["Location"] == LOGIN


@pytest.mark.parametrize(("off", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_phones_clock_may_be_half_a_minute_off(off: int, fits: bool) -> None:
    secret = new_secret()
    assert (step_of(secret, now_code(secret, off), datetime.now(UTC)) is not None) is fits


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "１２３４５６", "1" * 20])
def test_what_is_no_code_fits_nothing(typed: str) -> None:
    assert step_of("A" * 32, typed, datetime.now(UTC)) is None


def test_a_code_counts_once_and_none_before_it(company: Company) -> None:
    secret, _codes = has("K2031")
    account = company.accounts["K2031"]
    now = datetime.now(UTC)
    present = int(now.timestamp()) // STEP
    given = {"account": account, "now": now, "today": TODAY}
    assert check_second_factor(code=code_at(secret, present), **given)
    for step in (present, present - 1):
        with pytest.raises(Refused):
            check_second_factor(code=code_at(secret, step), **given)
    assert check_second_factor(code=code_at(secret, present + 1), **given)


def test_the_code_of_the_set_up_does_not_open_the_next_sign_in(company: Company) -> None:
    client, _entered = sign_in("K2031")
    secret = key_on(client.get(SET_UP).content.decode())
    code = now_code(secret)
    client.post(SET_UP, {"code": code})
    other, _asked = sign_in("K2031")
    assert other.post(ASKED, {"code": code}).status_code == 200
    assert other.get("/me/").status_code == 302


def test_a_recovery_code_opens_once_and_is_told_to_the_trail(company: Company) -> None:
    _secret, codes = has("K2031")
    for at, opens in ((0, True), (0, False), (1, True)):
        client, _asked = sign_in("K2031")
        client.post(ASKED, {"code": f"{codes[at][:4]} {codes[at][4:]}"})
        assert (client.get("/me/").status_code == 200) is opens
    assert AuditEntry.objects.filter(action="recovery_code_used", actor=company.accounts["K2031"]).count() == 2
    factor = second_factor_of(company.accounts["K2031"])
    assert factor
    assert factor.codes_left == 8


def test_new_recovery_codes_take_the_place_of_the_earlier_ones(company: Company) -> None:
    secret, codes = has("K2031")
    client = enter("K2031", secret)
    made = client.post("/settings/second-factor/codes/")
    new = [code.replace(" ", "") for code in re.findall(r"<li>(\d{4} \d{4})</li>", made.content.decode())]
    assert len(new) == 10
    assert not set(new) & set(codes)
    given = {"account": company.accounts["K2031"], "now": datetime.now(UTC), "today": TODAY}
    with pytest.raises(Refused):
        check_second_factor(code=codes[0], **given)
    assert check_second_factor(code=new[0], **given)


def test_after_five_wrong_codes_the_right_one_is_not_looked_at(company: Company) -> None:
    secret, _codes = has("K2031")
    client, _asked = sign_in("K2031")
    for _attempt in range(5):
        client.post(ASKED, {"code": "000000"})
    refused = client.post(ASKED, {"code": now_code(secret)})
    assert "Too many attempts" in refused.content.decode()
    assert client.get("/me/").status_code == 302


def test_it_can_be_removed_by_whoever_needs_none(company: Company) -> None:
    secret, _codes = has("K2031")
    client = enter("K2031", secret)
    assert client.get("/settings/second-factor/remove/").status_code == 200
    assert client.post("/settings/second-factor/remove/").headers["Location"] == "/settings/second-factor/"
    assert second_factor_of(company.accounts["K2031"]) is None
    assert sign_in("K2031")[1].headers["Location"] == "/"


def test_an_old_sign_in_is_asked_for_the_password_before_anything_changes(company: Company) -> None:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(company.accounts["K2031"])
    secret = key_on(client.get(SET_UP).content.decode())
    assert client.post(SET_UP, {"code": now_code(secret)}).status_code == 422
    wrong = client.post(SET_UP, {"code": now_code(secret), "password": "not this one"})
    assert "The password is wrong" in wrong.content.decode()
    assert second_factor_of(company.accounts["K2031"]) is None
    assert client.post(SET_UP, {"code": now_code(secret), "password": PASSWORD}).status_code == 200
    assert second_factor_of(company.accounts["K2031"])


def test_a_session_that_has_not_shown_it_cannot_replace_it(company: Company) -> None:
    client = Client()
    client.force_login(company.accounts["K2031"])
    has("K2031")
    for path in ("", "set-up/", "codes/", "remove/"):
        client.force_login(company.accounts["K2031"])
        assert client.post(f"/settings/second-factor/{path}", {}).status_code in (302, 405)
        assert client.get("/me/").status_code == (200 if path == "" else 302)
    assert second_factor_of(company.accounts["K2031"])


@pytest.mark.parametrize("who", ["hr", "hr-two", "payroll", "gm", "auditor", "operator"])
def test_a_role_that_takes_one_opens_nothing_before(company: Company, settings: Settings, who: str) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client, _entered = sign_in(who)
    for path in ("/", "/settings/", "/settings/tokens/new/", "/people/", "/admin/", "/settings/second-factor/remove/"):
        assert client.get(path).headers["Location"].startswith(LED), path
    told = client.get("/api/schema/")
    assert (told.status_code, told.headers["Content-Type"]) == (403, "application/problem+json")
    page = client.get(SET_UP).content.decode()
    assert "takes a second factor" in page
    assert 'class="nav"' not in page or "<nav" not in page or 'href="/settings/"' not in page
    secret = key_on(page)
    done = client.post(SET_UP, {"code": now_code(secret), "next": "/settings/tokens/"}).content.decode()
    assert 'href="/settings/tokens/"' in done
    assert client.get("/settings/").status_code == 200
    assert client.get("/admin/").status_code == 200


def test_the_roles_that_take_one_are_those_of_the_rule(company: Company, settings: Settings) -> None:
    assert {"hr", "payroll", "gm", "auditor", "operator"} == SECOND_FACTOR_ROLES
    settings.SECOND_FACTOR_REQUIRED = True
    for who in ("K2031", "K1001", "K1000"):
        assert sign_in(who)[0].get("/settings/").status_code == 200


def test_a_role_granted_this_minute_takes_it_from_the_next_request_on(company: Company, settings: Settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client, _entered = sign_in("K2031")
    assert client.get("/me/").status_code == 200
    company.grant(company.accounts["K2031"], "payroll")
    assert client.get("/me/").headers["Location"].startswith(LED)
    assert client.post("/settings/language/", {"language": "en", "next": "/"}).status_code == 302
    assert client.post("/accounts/logout/").status_code == 302


def test_a_role_that_takes_one_cannot_go_without(company: Company, settings: Settings) -> None:
    has("gm")
    settings.SECOND_FACTOR_REQUIRED = True
    with pytest.raises(Refused):
        remove_second_factor(access=of("gm"), kept="")
    assert second_factor_of(company.accounts["gm"])


@pytest.mark.parametrize(
    ("who", "whose", "may"),
    [
        ("operator", "gm", True),
        ("operator", "K2031", True),
        ("operator", "operator", False),
        ("hr", "K2031", True),
        ("hr", "K1001", True),
        ("hr", "hr", False),
        ("hr", "gm", False),
        ("hr-two", "K2031", False),
        ("hr-two", "K1002", True),
        ("gm", "K2031", False),
        ("auditor", "K2031", False),
        ("K1001", "K2031", False),
        ("K2031", "K2031", False),
    ],
)
def test_a_lost_one_is_reset_by_another(company: Company, who: str, whose: str, may: bool) -> None:
    has(whose)
    account = Account.objects.get(username=whose)
    if not may:
        with pytest.raises(Forbidden):
            reset_second_factor(access=of(who), account=account, reason="phone lost")
        assert second_factor_of(account)
        return
    reset_second_factor(access=of(who), account=account, reason="phone lost")
    assert second_factor_of(account) is None
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.reason, entry.object_key) == ("second_factor_reset", "phone lost", whose)


def test_hr_resets_nobody_who_holds_a_role_of_two_people(company: Company) -> None:
    company.grant(company.accounts["K2031"], "payroll")
    has("K2031")
    with pytest.raises(Forbidden):
        reset_second_factor(access=of("hr"), account=Account.objects.get(username="K2031"), reason="phone lost")


def test_a_reset_signs_the_account_out_and_wants_a_reason(company: Company) -> None:
    secret, _codes = has("K2031")
    client = enter("K2031", secret)
    account = Account.objects.get(username="K2031")
    with pytest.raises(Refused):
        reset_second_factor(access=of("operator"), account=account, reason="  ")
    assert client.get("/me/").status_code == 200
    reset_second_factor(access=of("operator"), account=account, reason="phone lost")
    assert client.get("/me/").status_code == 302


def test_the_operator_resets_it_in_the_administration(company: Company) -> None:
    has("K2031")
    pk = company.accounts["K2031"].pk
    client = Client()
    client.force_login(company.accounts["operator"])
    assert "Reset the second factor" not in client.get(reverse("admin:index")).content.decode()
    path = reverse("admin:account-second-factor", args=[pk])
    assert client.post(path, {"reason": ""}).status_code == 422
    assert client.post(path, {"reason": "phone lost"}).status_code == 302
    assert second_factor_of(company.accounts["K2031"]) is None
    client.force_login(company.accounts["auditor"])
    assert client.post(path, {"reason": "x"}).status_code == 403
    client.force_login(company.accounts["hr-two"])
    assert client.post(path, {"reason": "x"}).status_code == 404


def test_the_command_on_the_server_breaks_the_glass(company: Company) -> None:
    has("operator")
    with pytest.raises(CommandError):
        call_command("account", "second-factor-reset", "operator")
    call_command("account", "second-factor-reset", "operator", "--reason", "phone lost", stdout=StringIO())
    assert second_factor_of(company.accounts["operator"]) is None
    entry = AuditEntry.objects.latest("id")
    assert (entry.channel, entry.action, entry.reason) == ("command", "second_factor_reset", "phone lost")
    with pytest.raises(CommandError):
        call_command("account", "second-factor-reset", "operator", "--reason", "again", stdout=StringIO())
    assert AuditEntry.objects.latest("id") == entry


def test_the_demonstration_says_that_none_is_asked_for_only_where_that_is_so(
    company: Company, settings: Settings
) -> None:
    settings.DEMO, told = True, "no second factor"
    client, _entered = sign_in("K2031")
    assert told in client.get("/settings/").content.decode()
    settings.SECOND_FACTOR_REQUIRED = True
    assert told not in client.get("/settings/").content.decode()
