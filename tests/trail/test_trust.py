"""What must hold for every door: cookies, policies of content, no list of users for a guesser, rights that end at once."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from psycopg2.extras import DateRange

from staff.models import Account
from tests.web.company import PASSWORD, TODAY, Company

pytestmark = pytest.mark.django_db

Visitor = Callable[..., Client]

#: Contents that no record file has, under a name that says otherwise.
DISGUISED = [b"MZ\x90\x00\x03", b"\x7fELF\x02\x01", b"%PDF-1.7 ", b"<html><script>alert(1)</script>", b"\x89PNG\r\n"]

SECURE = """
import django, json
django.setup()
from django.conf import settings as s
names = [f"{c}_COOKIE_{k}" for c in ("SESSION", "CSRF", "LANGUAGE") for k in ("SECURE", "HTTPONLY", "SAMESITE")]
print(json.dumps({n: getattr(s, n) for n in [*names, "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS"]}))
"""


def test_cookies_are_secure_in_production() -> None:
    import json

    given = {
        **os.environ, "PRODUCTION": "1", "SECRET_KEY": "x" * 50, "ALLOWED_HOSTS": "promotion.example.com",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:9/none", "REDIS_URL": "memory://",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }  # fmt: skip
    told = subprocess.run([sys.executable, "-c", SECURE], env=given, capture_output=True, text=True, check=True).stdout
    found = json.loads(told)
    assert {found[name] for name in found if name.endswith(("SECURE", "HTTPONLY"))} == {True}
    assert {found[name] for name in found if name.endswith("SAMESITE")} == {"Lax"}
    assert found["SECURE_SSL_REDIRECT"] is True
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000


def pages(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    """The names of the portal's pages that take no argument."""
    for each in patterns:
        if isinstance(each, URLResolver):
            if str(each.pattern) not in ("admin/", "api/"):
                yield from pages(each.url_patterns, prefix + str(each.pattern))
        elif isinstance(each, URLPattern) and each.name and "<" not in prefix + str(each.pattern):
            yield each.name


def portal_pages() -> list[str]:
    return sorted(set(pages(get_resolver().url_patterns)))


def test_no_page_of_the_portal_runs_what_stands_inside_it(visitor: Visitor, company: Company) -> None:
    """Every page that takes no argument, found by itself: a new one is held to it at once."""
    client, seen = visitor("K1001"), 0
    for name in portal_pages():
        try:
            answer = client.get(reverse(name))
        except Exception as error:  # a page that cannot be named so has arguments
            if type(error).__name__ == "NoReverseMatch":
                continue
            raise
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        seen += 1
        policy, body = answer.headers["Content-Security-Policy"], answer.content.decode()
        assert "unsafe-" not in policy, name
        assert "script-src 'self'" in policy, name
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", body), name
        assert not re.search(r"\son[a-z]+=|\sstyle=|<style|javascript:", body), name
    assert seen >= 8


@pytest.mark.parametrize("name", ["values.xlsx", "values.csv"])
@pytest.mark.parametrize("content", DISGUISED)
def test_a_file_is_judged_by_its_content(visitor: Visitor, company: Company, name: str, content: bytes) -> None:
    upload = SimpleUploadedFile(name, content * 20, content_type="text/csv")
    answer = visitor("hr").post(reverse("admin:uploads"), {"file": upload})
    body = answer.content.decode()
    assert answer.status_code in (200, 302, 409, 422)
    if answer.status_code == 302:
        assert "Apply" not in visitor("hr").get(answer.headers["Location"]).content.decode()
    assert "alert(1)</script>" not in body


def said(answer: Any) -> str:
    """The page without what is drawn by chance, and without what was typed."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
    return re.sub(r'value="[^"]*"', "", text)


def sign_in(name: str, password: str = "wrong-river-stone-42") -> Any:
    cache.clear()
    return Client().post(reverse("account_login"), {"login": name, "password": password})


def test_a_wrong_name_and_a_wrong_password_are_told_alike(company: Company) -> None:
    Account.objects.filter(username="K2032").update(is_active=False)
    known, unknown, closed = sign_in("K2031"), sign_in("nobody-of-that-name"), sign_in("K2032")
    assert (known.status_code, said(known)) == (unknown.status_code, said(unknown))
    assert (closed.status_code, said(closed)) == (unknown.status_code, said(unknown))


def test_a_wrong_name_takes_as_long_as_a_wrong_password(company: Company, settings: Any) -> None:
    """With the hashing of the real site: it is what takes the time."""
    settings.PASSWORD_HASHERS = ["config.hashers.Argon2"]
    account = Account.objects.get(username="K2031")
    account.set_password(PASSWORD)
    account.save()

    def median(name: str) -> float:
        times = []
        for _each in range(5):
            began = time.perf_counter()
            sign_in(name)
            times.append(time.perf_counter() - began)
        return statistics.median(times)

    sign_in("K2031")
    known, unknown = median("K2031"), median("nobody-of-that-name")
    assert 0.5 < unknown / known < 2


def test_no_invitation_tells_whether_there_ever_was_one(company: Company) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from staff.kernel.secret import digest_of
    from staff.models import Invitation

    now = timezone.now()
    for token, used in (("spent", now), ("late", None)):
        Invitation.objects.create(
            account=company.accounts["K2031"], digest=digest_of(token), used_at=used, expires_at=now - timedelta(days=1)
        )
    answers = [Client().get(reverse("invitation", args=[token])) for token in ("spent", "late", "never")]
    assert len({(answer.status_code, said(answer)) for answer in answers}) == 1


@pytest.mark.parametrize("path", ["/accounts/password/reset/", "/accounts/signup/", "/accounts/email/"])
def test_there_is_no_door_that_asks_for_a_name(path: str, company: Company) -> None:
    assert Client().get(path).status_code == 404
    assert Client().post(path, {"email": "a@b.c"}).status_code == 404


@pytest.mark.parametrize("name", ["admin:staff_employee_changelist", "admin:staff_rowchange_changelist"])
def test_a_right_that_ended_bites_on_the_next_request(visitor: Visitor, company: Company, name: str) -> None:
    client = visitor("hr")
    assert client.get(reverse(name)).status_code == 200
    grant = company.accounts["hr"].grants.get()
    grant.period = DateRange(date(2026, 1, 1), TODAY)
    grant.save()
    assert client.get(reverse(name)).status_code == 403


def test_a_person_who_was_moved_is_out_of_sight_on_the_next_request(visitor: Visitor, company: Company) -> None:
    from staff.models import SupervisorPeriod

    client = visitor("K1001")
    assert client.get("/people/K2032/").status_code == 200
    SupervisorPeriod.objects.filter(employee=company.people["K2032"]).update(period=DateRange(date(2023, 2, 1), TODAY))
    assert client.get("/people/K2032/").status_code == 404


def test_a_closed_account_is_signed_out_on_the_next_request(visitor: Visitor, company: Company) -> None:
    client = visitor("K2031")
    assert client.get(reverse("me")).status_code == 200
    Account.objects.filter(username="K2031").update(is_active=False)
    assert client.get(reverse("me")).status_code == 302


def test_the_admin_evaluates_but_loads_nothing_from_elsewhere(visitor: Visitor, company: Company) -> None:
    policy = visitor("hr").get(reverse("admin:index")).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "http:" not in policy
    assert "*" not in policy
    assert settings.X_FRAME_OPTIONS == "DENY"
