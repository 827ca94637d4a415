"""Signed-in devices: which there are, in words, and that ending one bites at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from staff.actions.account_close import close_account, reopen_account
from staff.actions.account_invite import invite
from staff.actions.device_end import end_device, end_devices
from staff.actions.invitation_accept import accept
from staff.kernel.access import Access, Forbidden
from staff.models import Account, AuditEntry
from staff.selectors.access import access_of
from staff.selectors.devices import devices_of
from staff.web.devices import in_words
from tests.web.company import PASSWORD, TODAY, Company

EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0"
WECHAT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile MicroMessenger/8.0"
FOX = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:131.0) Gecko/20100101 Firefox/131.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 (KHTML, like Gecko) Version/18.0 Safari/604"


def of(username: str) -> Access:
    return access_of(Account.objects.get(username=username), TODAY)


def sign_in(username: str, user_agent: str = EDGE, language: str = "en") -> Client:
    client = Client(headers={"user-agent": user_agent})
    client.cookies["django_language"] = language
    assert client.post("/accounts/login/", {"login": username, "password": PASSWORD}).status_code == 302
    return client


def device_of(client: Client) -> UserSession:
    found: UserSession = UserSession.objects.get(session_key=client.session.session_key)
    return found


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (EDGE, "Edge on Windows"),
        (WECHAT, "微信 on Android"),
        (FOX, "Firefox on macOS"),
        (IPHONE, "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; HarmonyOS) Chrome/114.0", "Chrome on HarmonyOS"),
        ("curl/8.5.0", "Unknown program"),
        ("", "Unknown program"),
    ],
)
def test_a_device_is_told_by_browser_and_system(company: Company, user_agent: str, words: str) -> None:
    with translation.override("en"):
        assert in_words(user_agent) == words


def test_the_list_marks_this_device_and_offers_to_end_the_others(company: Company) -> None:
    here, there = sign_in("K2031"), sign_in("K2031", IPHONE)
    sign_in("K2032", FOX)
    body = here.get("/settings/devices/").content.decode()
    assert "Edge on Windows" in body
    assert "Safari on iPhone" in body
    assert "Firefox" not in body
    assert body.count("this device") == 1
    assert reverse("device-end", args=[device_of(there).pk]) in body
    assert reverse("device-end", args=[device_of(here).pk]) not in body


def test_ending_one_bites_at_once(company: Company) -> None:
    here, there = sign_in("K2031"), sign_in("K2031", IPHONE)
    device = device_of(there)
    assert here.post(reverse("device-end", args=[device.pk])).headers["Location"] == "/settings/devices/"
    assert there.get("/me/").status_code == 302
    assert here.get("/me/").status_code == 200
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.actor) == ("device_ended", company.accounts["K2031"])
    assert here.post(reverse("device-end", args=[device.pk])).status_code == 404


def test_ending_this_one_signs_out(company: Company) -> None:
    here = sign_in("K2031")
    assert here.post(reverse("device-end", args=[device_of(here).pk])).headers["Location"] == "/accounts/login/"
    assert here.get("/me/").status_code == 302


def test_all_others_are_ended_and_this_one_stays(company: Company) -> None:
    here, others = sign_in("K2031"), [sign_in("K2031", IPHONE) for _at in range(3)]
    stranger = sign_in("K2032")
    here.post("/settings/devices/end-others/")
    assert [client.get("/me/").status_code for client in (here, *others, stranger)] == [200, 302, 302, 302, 200]
    assert list(devices_of(company.accounts["K2031"], timezone.now())) == [device_of(here)]


def test_anothers_device_does_not_exist(company: Company) -> None:
    here, stranger = sign_in("K2031"), sign_in("K2032")
    assert here.post(reverse("device-end", args=[device_of(stranger).pk])).status_code == 404
    assert stranger.get("/me/").status_code == 200


@pytest.mark.parametrize(
    ("who", "may"),
    [("operator", True), ("hr", True), ("hr-two", False), ("K1001", False), ("auditor", False), ("gm", False)],
)
def test_the_operator_and_hr_of_the_person_end_them_too(company: Company, who: str, may: bool) -> None:
    there = sign_in("K2031")
    account, device = Account.objects.get(username="K2031"), device_of(there)
    if may:
        end_device(access=of(who), device=device)
    else:
        for act in (
            lambda: end_device(access=of(who), device=device),
            lambda: end_devices(access=of(who), account=account),
        ):
            with pytest.raises(Forbidden):
                act()
    assert there.get("/me/").status_code == (302 if may else 200)


def test_the_administration_lists_and_ends_them(company: Company) -> None:
    there = sign_in("K2031", IPHONE)
    account, device = company.accounts["K2031"], device_of(there)
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(company.accounts["auditor"])
    page, path = reverse("admin:staff_account_change", args=[account.pk]), "admin:account-device-end"
    body = client.get(page).content.decode()
    assert "Safari on iPhone" in body
    assert reverse(path, args=[account.pk, device.pk]) not in body
    assert client.post(reverse(path, args=[account.pk, device.pk])).status_code == 403
    client.force_login(company.accounts["hr"])
    assert reverse(path, args=[account.pk, device.pk]) in client.get(page).content.decode()
    assert client.post(reverse(path, args=[account.pk, device.pk])).headers["Location"] == page
    assert there.get("/me/").status_code == 302
    there = sign_in("K2031")
    assert client.post(reverse("admin:account-devices-end", args=[account.pk])).headers["Location"] == page
    assert there.get("/me/").status_code == 302


def test_a_changed_password_ends_the_others(company: Company) -> None:
    here, there = sign_in("K2031"), sign_in("K2031", IPHONE)
    new = "wide-harbour-evening-9"
    here.post("/settings/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert there.get("/me/").status_code == 302
    assert here.get("/me/").status_code == 200
    assert list(devices_of(company.accounts["K2031"], timezone.now())) == [device_of(here)]
    assert AuditEntry.objects.latest("id").action == "password_changed"


def test_a_new_one_time_link_ends_them_all_once_it_is_used(company: Company) -> None:
    there = sign_in("K2031")
    issued = invite(access=of("hr"), now=timezone.now(), employee=company.people["K2031"])
    assert there.get("/me/").status_code == 200
    accept(token=issued.token, password="wide-harbour-evening-9", now=timezone.now(), today=TODAY)
    assert there.get("/me/").status_code == 302
    assert not devices_of(company.accounts["K2031"], timezone.now())


def test_a_closed_accounts_sessions_do_not_come_back_with_it(company: Company) -> None:
    there = sign_in("K2031")
    account = Account.objects.get(username="K2031")
    close_account(access=of("operator"), account=account, reason="left")
    assert there.get("/me/").status_code == 302
    reopen_account(access=of("operator"), account=account, reason="came back")
    assert there.get("/me/").status_code == 302


def test_when_it_was_last_seen_is_known_to_the_minute(company: Company) -> None:
    here = sign_in("K2031")
    before = timezone.now() - timedelta(minutes=5)
    UserSession.objects.filter(pk=device_of(here).pk).update(last_seen_at=before, ip="10.0.0.9")
    here.get("/me/")
    assert device_of(here).last_seen_at == before
    caches["process"].clear()  # a minute later
    here.get("/me/")
    device = device_of(here)
    assert timezone.now() - device.last_seen_at < timedelta(minutes=1)
    assert device.ip == "127.0.0.1"
    seen = device.last_seen_at
    caches["process"].clear()  # another process
    here.get("/me/")
    assert device_of(here).last_seen_at == seen
