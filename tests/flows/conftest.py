"""A real Chromium before a real server. Where no Chromium is found, the flows are skipped and say so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from staff.models import Account
from tests.web.company import PASSWORD, TODAY, Company, make_company

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
_AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def company(chromium: Browser, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Company:
    today: date = TODAY
    monkeypatch.setattr(timezone, "localdate", lambda *args, **options: today)
    cache.clear()
    return make_company()


class Site:
    """Opens pages as somebody: ``site.enter("K2031", width=390, theme="dark")``. ``complaints`` are the browser's own."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def open(self, *, phone: bool = False, theme: Any = "light", language: str = "zh-hans") -> Page:
        """A fresh browser, not signed in."""
        context = self.browser.new_context(
            viewport=PHONE if phone else DESK,
            color_scheme=theme,
            base_url=self.address,
            has_touch=phone,  # type: ignore[arg-type]
        )
        context.add_cookies([{"name": "django_language", "value": language, "url": self.address}])
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", self.heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def heard(self, message: ConsoleMessage) -> None:
        """An error of the browser's, but that there is no icon where a page without a head names none."""
        if message.type == "error" and not message.location["url"].endswith("/favicon.ico"):
            self.complaints.append(message.text)

    def enter(self, username: str, **look: Any) -> Page:
        page = self.open(**look)
        page.goto("/accounts/login/")
        page.fill("#id_login", username)
        page.fill("#id_password", PASSWORD)
        page.click("button.main-act")
        page.wait_for_load_state()
        return page

    def let_in(self, account: Account, *, language: str = "zh-hans", **look: Any) -> Page:
        """As somebody who signed in before, whatever the password is; no page is open yet."""
        page, client = self.open(language=language, **look), Client()
        client.cookies["django_language"] = language
        client.force_login(account)
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.address}])
        return page

    def close(self) -> None:
        for context in self.contexts:
            context.close()


@pytest.fixture
def site(company: Company, chromium: Browser, live_server: Any) -> Iterator[Site]:
    found = Site(chromium, live_server.url)
    yield found
    found.close()


def bring_axe(page: Page) -> None:
    """axe in the page, and in whatever else its browser opens: half a megabyte is sent once, not for every look."""
    if not page.evaluate("'axe' in window"):
        page.context.add_init_script(_AXE)
        page.evaluate(_AXE)


def asked_anew(page: Page) -> None:
    """The ten seconds after which a page asks what others entered are over, on the clock that the test put into it."""
    page.clock.fast_forward(10_000)


Enter = Callable[..., Page]
