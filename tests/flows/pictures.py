"""The pictures of the README, each of a page as somebody of the company sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.conftest import Site

pytestmark = pytest.mark.django_db(transaction=True)
FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
#: name, who, path, phone, theme, language, the whole page or what a window shows
PICTURES = [
    ("sign-in", "", "/accounts/login/", False, "light", "zh-hans", False),
    ("my-tier", "K2031", "/me/", False, "light", "zh-hans", True),
    ("my-tier-english", "K2031", "/me/", False, "light", "en", True),
    ("my-tier-phone-dark", "K2031", "/me/", True, "dark", "zh-hans", False),
    ("demotion-clause-met", "K2041", "/me/", False, "dark", "zh-hans", False),
    ("people", "K1000", "/people/", False, "light", "zh-hans", False),
    ("admin", "hr", "/admin/", False, "light", "zh-hans", False),
    ("admin-people", "hr", "/admin/staff/employee/", False, "light", "zh-hans", False),
]


@pytest.mark.parametrize(
    ("name", "who", "path", "phone", "theme", "language", "whole"), PICTURES, ids=[p[0] for p in PICTURES]
)
def test_picture(
    site: Site, name: str, who: str, path: str, phone: bool, theme: str, language: str, whole: bool
) -> None:
    look = {"phone": phone, "theme": theme, "language": language}
    page = site.enter(who, **look) if who else site.open(**look)
    answer = page.goto(path)
    assert answer is not None
    assert answer.ok
    page.wait_for_load_state("networkidle")
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=FOLDER / f"{name}.png", full_page=whole)
