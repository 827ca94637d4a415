"""What every page keeps to: the content policy, the two languages, the themes, and words for what went wrong."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from staff.models import Account
from tests.web.conftest import Visitor

PAGES = ["/accounts/login/", "/me/", "/settings/", "/settings/password/", "/accounts/logout/", "/nowhere/"]


@pytest.mark.parametrize("path", [*PAGES, "/people/", "/people/K2031/"])
def test_a_page_runs_no_script_and_wears_no_style_of_its_own(visitor: Visitor, path: str) -> None:
    response = visitor("" if "login" in path else "K1001").get(path)
    policy = response.headers["Content-Security-Policy"]
    body = response.content.decode()
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=", body)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", body)


@pytest.mark.parametrize(
    "path", ["/me/", "/settings/", "/settings/password/", "/accounts/logout/", "/nowhere/", "/people/"]
)
@pytest.mark.parametrize("who", ["K2031", "K2041", "K2051", "K1001"])
def test_english_pages_are_english_but_for_names_and_the_source(visitor: Visitor, path: str, who: str) -> None:
    body = visitor(who).get(path).content.decode()
    body = re.sub(r"<(\w+)[^>]*lang=\"zh-Hans\"[^>]*>.*?</\1>", "", body, flags=re.S)
    body = re.sub(r"<span class=\"cid\">.*?</span>|<b class=\"cid\">.*?</b>", "", body, flags=re.S)
    body = re.sub(r"<title>.*?</title>|四|六|八|一|二|信息客服\w*", "", body)
    left = set(re.findall(r"[一-鿿]{2,}", body))
    names = {"林晓", "韩序", "许诺", "周岚", "程砚", "贺宁", "瑞丰电缆", "华阳泵业", "恒泰阀门", "明德包装", "中文"}
    people = {"陈默", "苏禾", "梁驰", "季扬", "方宁", "白羽", "严冬", "孟夏"}
    assert left <= names | people


def test_chinese_pages_hold_no_untranslated_words(visitor: Visitor) -> None:
    for path in ("/me/", "/settings/", "/settings/password/", "/people/"):
        body = visitor("K1001", "zh-hans").get(path).content.decode().partition("<body>")[2]
        text = re.sub(r"<svg hidden>.*?</svg>|<[^>]+>", " ", body, flags=re.S)
        words = set(re.findall(r"[A-Za-z]{3,}", text)) - {"English"}
        assert not words, (path, words)


def test_the_language_is_kept_on_the_account_and_follows_it(visitor: Visitor) -> None:
    client = visitor("K2031", "zh-hans")
    sent = client.post("/settings/language/", {"language": "en", "next": "/me/?month=2026-09"})
    assert sent.headers["Location"] == "/me/?month=2026-09"
    assert "you were" in client.get("/me/?month=2026-09").content.decode()
    assert Account.objects.get(username="K2031").language == "en"
    elsewhere = Client()
    from tests.web.company import PASSWORD

    elsewhere.post("/accounts/login/", {"login": "K2031", "password": PASSWORD})
    assert 'lang="en"' in elsewhere.get("/settings/").content.decode()[:200]


@pytest.mark.parametrize("bad", ["fr", "", "zh", "../../etc"])
def test_an_unknown_language_changes_nothing(visitor: Visitor, bad: str) -> None:
    client = visitor("K2031", "en")
    client.post("/settings/language/", {"language": bad})
    assert client.cookies["django_language"].value == "en"
    assert Account.objects.get(username="K2031").language == ""


def test_the_theme_is_kept_on_the_device_and_can_follow_it(visitor: Visitor) -> None:
    client = visitor("K2031")
    assert "data-theme" not in client.get("/settings/").content.decode()[:300]
    client.post("/settings/theme/", {"theme": "dark", "next": "/settings/"})
    assert '<html lang="en" data-theme="dark">' in client.get("/settings/").content.decode()
    client.post("/settings/theme/", {"theme": "device"})
    assert "data-theme" not in client.get("/settings/").content.decode()[:300]


@pytest.mark.parametrize("path", ["/settings/language/", "/settings/theme/"])
def test_a_choice_leads_back_to_a_page_of_this_site_alone(visitor: Visitor, path: str) -> None:
    client = visitor("K2031")
    assert client.get(path).status_code == 405
    for target in ("https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"):
        assert client.post(path, {"next": target}).headers["Location"] == "/"


@pytest.mark.parametrize(
    ("who", "where"), [("K2031", "/me/"), ("hr", "/admin/"), ("operator", "/admin/"), ("gm", "/admin/")]
)
def test_the_first_page_is_where_ones_work_is(visitor: Visitor, who: str, where: str) -> None:
    assert visitor(who).get("/").headers["Location"] == where


def test_an_account_without_an_employee_has_no_tier_of_its_own(visitor: Visitor) -> None:
    assert visitor("hr").get("/me/").headers["Location"] == "/"


def test_a_page_that_is_not_there_says_so_in_the_shell(visitor: Visitor) -> None:
    response = visitor("K2031").get("/nowhere/")
    assert response.status_code == 404
    assert "This page cannot be found" in response.content.decode()
    assert "Main navigation" in response.content.decode()


@pytest.mark.parametrize(
    ("who", "path"),
    [("K1001", "/people/?q=%00"), ("K1001", "/people/%00/"), ("K2031", "/my/months/2026-10/doubt/?value=%00"),
     ("payroll", "/admin/bands/?q=a%00"), ("", "/accounts/login/?next=%00")],
)  # fmt: skip
def test_an_address_that_no_row_can_have_is_told_to_be_wrong(visitor: Visitor, who: str, path: str) -> None:
    response = visitor(who).get(path)
    assert response.status_code == 400
    assert "The address holds something that cannot be read" in response.content.decode()


def test_a_form_with_a_text_that_no_row_can_hold_is_refused(visitor: Visitor) -> None:
    assert visitor("hr").post("/admin/months/2026-09/gaps/", {"cell": "1:1", "reason": "a\0"}).status_code == 400


def test_a_failure_says_so_and_gives_its_number(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    client = visitor("K2031")
    client.raise_request_exception = False
    monkeypatch.setattr("promotion.web.standing.standing_page", lambda *args, **options: 1 / 0)
    response = client.get("/me/", headers={"X-Request-ID": "7f2a1c90"})
    assert response.status_code == 500
    assert "This page could not be opened" in response.content.decode()
    assert "7f2a1c90" in response.content.decode()


def test_a_form_without_its_token_is_refused_in_words(visitor: Visitor) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies["django_language"] = "en"
    response = client.post("/accounts/login/", {"login": "K2031", "password": "x"})
    assert response.status_code == 403
    assert "The form lay open too long" in response.content.decode()


def test_the_demonstration_says_that_it_asks_no_second_factor(visitor: Visitor, settings: object) -> None:
    assert "no second factor" in visitor().get("/accounts/login/").content.decode()
    settings.DEMO = False  # type: ignore[attr-defined]
    assert "no second factor" not in visitor().get("/accounts/login/").content.decode()
