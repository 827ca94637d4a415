"""Signing in: what is told, to whom, and how often one may try."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.test.utils import override_settings

from staff.models import Account
from tests.web.company import PASSWORD, Company
from tests.web.conftest import Visitor

LOGIN = "/accounts/login/"


def sign_in(client: Client, login: str, password: str, **more: str) -> tuple[int, str]:
    response = client.post(LOGIN, {"login": login, "password": password, **more})
    found = re.search(r'role="alert"[^>]*>.*?<p>(.*?)</p>', response.content.decode(), re.S)
    return response.status_code, found[1] if found else response.headers.get("Location", "")


def test_the_employee_no_and_the_password_open_ones_own_page(visitor: Visitor) -> None:
    client = visitor()
    assert sign_in(client, "K2031", PASSWORD) == (302, "/")
    assert client.get("/").headers["Location"] == "/me/"
    assert client.get("/me/").status_code == 200


def test_whoever_is_not_signed_in_is_brought_back_to_where_they_were_going(visitor: Visitor) -> None:
    client = visitor()
    response = client.get("/me/?month=2026-09")
    assert response.headers["Location"] == "/accounts/login/?next=/me/%3Fmonth%3D2026-09"
    assert sign_in(client, "K2031", PASSWORD, next="/me/?month=2026-09")[1] == "/me/?month=2026-09"


def test_nobody_is_sent_to_another_site(visitor: Visitor) -> None:
    assert sign_in(visitor(), "K2031", PASSWORD, next="https://elsewhere.example/")[1] == "/"


def test_a_wrong_name_and_a_wrong_password_are_told_alike(visitor: Visitor) -> None:
    wrong = sign_in(visitor(), "K2031", "not the password")
    assert wrong == sign_in(visitor(), "K9999", "not the password")
    assert wrong == (200, "The user name or the password is wrong.")


def test_the_words_are_chinese_by_default(visitor: Visitor) -> None:
    client = Client()
    client.get(LOGIN, headers={"Accept-Language": "en"})
    assert sign_in(client, "K2031", "wrong")[1] == "工号或密码不对。"


def test_after_five_failures_the_password_is_not_looked_at_any_more(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = visitor()
    looked: list[str] = []
    check = Account.check_password
    monkeypatch.setattr(Account, "check_password", lambda self, raw: (looked.append(raw), check(self, raw))[1])
    for _attempt in range(5):
        sign_in(client, "K2031", "wrong")
    assert len(looked) == 5
    assert sign_in(client, "K2031", PASSWORD)[1].startswith("Too many attempts.")
    assert len(looked) == 5


def test_a_closed_account_opens_nothing_and_is_out_at_once(visitor: Visitor, company: Company) -> None:
    client = visitor("K2031")
    assert client.get("/me/").status_code == 200
    Account.objects.filter(username="K2031").update(is_active=False)
    assert client.get("/me/").status_code == 302
    assert sign_in(visitor(), "K2031", "wrong")[1] == "The user name or the password is wrong."
    assert sign_in(visitor(), "K2031", PASSWORD)[1] == "/accounts/inactive/"
    assert "This account is closed" in visitor().get("/accounts/inactive/").content.decode()


@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.Argon2PasswordHasher"])
def test_passwords_are_hashed_with_argon2() -> None:
    account = Account(username="somebody")
    account.set_password("another-river-77")
    assert account.password.startswith("argon2")
    assert account.check_password("another-river-77")


@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "email/",
        "password/reset/",
        "password/set/",
        "login/code/confirm/",
        "reauthenticate/",
        "confirm-email/",
    ],
)
def test_doors_that_this_product_has_no_use_for_are_shut(visitor: Visitor, path: str) -> None:
    assert visitor("K2031").get(f"/accounts/{path}").status_code == 404


def test_signing_out_takes_a_form_and_ends_the_session(visitor: Visitor) -> None:
    client = visitor("K2031")
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/me/").status_code == 200
    assert client.post("/accounts/logout/").headers["Location"] == LOGIN
    assert client.get("/me/").status_code == 302


def test_a_changed_password_signs_other_devices_out(visitor: Visitor) -> None:
    here, there = visitor("K2031"), visitor("K2031")
    new = "wide-harbour-evening-9"
    sent = here.post("/settings/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert sent.headers["Location"] == "/settings/"
    assert here.get("/me/").status_code == 200
    assert there.get("/me/").status_code == 302


@pytest.mark.parametrize("new", ["short-1", "password1234"])
def test_a_weak_password_is_refused_with_the_reason(visitor: Visitor, new: str) -> None:
    sent = visitor("K2031").post("/settings/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert sent.status_code == 200
    assert 'class="error"' in sent.content.decode()
    assert Account.objects.get(username="K2031").check_password(PASSWORD)
