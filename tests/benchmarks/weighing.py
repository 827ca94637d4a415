"""What a browser fetches that opens a page for the first time, each answer as gzip would send it."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping

from playwright.sync_api import Browser, Response, sync_playwright

from tests import chromium
from tests.benchmarks.server import PORT, site


def weigh(pages: Iterable[tuple[str, str]], sessions: Mapping[str, str]) -> list[int] | None:
    """Bytes of each page, by (role, path); None where no Chromium is found. ``sessions``: role → its session's key."""
    found = chromium.program()
    if found is None:
        return None
    with site(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        return [_cold(browser, sessions[who], path) for who, path in pages]


def _cold(browser: Browser, session: str, path: str) -> int:
    """A browser that has never been here; redirects have no body."""
    address = f"http://127.0.0.1:{PORT}"
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    answers: list[Response] = []

    def keep(answer: Response) -> None:
        answers.append(answer)

    page = context.new_page()
    page.on("response", keep)
    page.goto(address + path, wait_until="networkidle")
    fetched = [answer.body() for answer in answers if answer.status == 200]
    context.close()
    return sum(len(gzip.compress(body, 6)) for body in fetched)
