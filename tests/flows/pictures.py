"""The pictures of the README and the docs: the demonstration's company, each page as the one it is for sees it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone, translation
from playwright.sync_api import Browser, Locator, Page, expect

from assessment.actions.gaps_accept import accept_gaps
from assessment.actions.month_close import close_month
from assessment.selectors.needs import gaps
from payroll.actions.demo_seed import seed_demo
from staff.kernel.access import Access
from staff.kernel.periods import Month
from staff.models import Account
from staff.selectors.access import access_of
from tests.flows.conftest import Site
from tests.web.company import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
DAY, NOW = date(2026, 11, 24), datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
LAST = Month.parse("2026-10")
SUPERVISOR, HEAD, HR, PAYROLL, GM, JUDGE = "K0101", "G0007", "G0003", "G0005", "G0001", "G0002"


@dataclass(frozen=True)
class Picture:
    """Of a page as ``who`` sees it, after ``steps`` on it. ``height`` is the window's where the usual one cuts it badly;
    ``fresh`` is somebody who signed in just now, with the password.
    """

    name: str
    who: str
    path: str
    phone: bool = False
    theme: str = "light"
    language: str = "zh-hans"
    height: int = 0
    fresh: bool = False
    steps: Callable[[Page], object] = field(default=lambda page: None)


def cell(page: Page, at: int, metric: str) -> Locator:
    """Of the people who count, the one at that place."""
    return page.locator(f"tr[data-no]:not([data-exempt]) td[data-metric={metric}] input").nth(at)


def typed_and_pasted(page: Page) -> None:
    """One cell typed, a block pasted with a word in it that is no number."""
    cell(page, 1, "excellent_cases").focus()
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(page.locator("td.typed")).to_have_count(0)
    cell(page, 4, "excellent_cases").focus()
    page.evaluate("""() => {
        const data = new DataTransfer();
        data.setData('text/plain', '1\\t3\\n两篇\\t2\\n2\\t4');
        const paste = {clipboardData: data, bubbles: true, cancelable: true};
        document.activeElement.dispatchEvent(new ClipboardEvent('paste', paste));
    }""")
    expect(page.locator("td.pasted")).not_to_have_count(0)


def the_first(link: str) -> Callable[[Page], object]:
    def follow(page: Page) -> None:
        page.locator(link).first.click()
        page.wait_for_load_state()

    return follow


def named(name: str) -> Callable[[Page], object]:
    """Where the first link of that name leads."""

    def follow(page: Page) -> None:
        page.get_by_role("link", name=name).first.click()
        page.wait_for_load_state()

    return follow


def one_person(page: Page) -> None:
    page.locator("tr.at input").first.focus()


def the_sheet(page: Page) -> None:
    """Of the first who has none handed in yet."""
    page.get_by_role("link", name="评分", exact=True).first.click()
    page.wait_for_load_state()
    page.locator("ol.callup a").first.click()
    page.wait_for_load_state()


def an_operation(page: Page) -> None:
    page.locator(".opblock").first.wait_for()


def a_token(page: Page) -> None:
    page.goto("/settings/tokens/new/")
    page.fill("#id_name", "考勤系统，每晚")
    page.select_option("#id_scope_absences", "write")
    page.click("button.main-act")
    page.goto("/settings/tokens/")


PICTURES = [
    Picture("sign-in", "", "/accounts/login/"),
    Picture("my-tier", "K2031", "/me/", height=1000),
    Picture("my-tier-english", "K2031", "/me/", language="en"),
    Picture("my-tier-phone-dark", "K2031", "/me/", phone=True, theme="dark"),
    Picture("demotion-clause-met", HEAD, "/people/K1188/", theme="dark"),
    Picture("my-months", "K2031", "/my/months/"),
    Picture("my-results", "S2001", "/my/results/", height=1100),
    Picture("my-results-phone-dark", "O2011", "/my/results/", phone=True, theme="dark"),
    Picture("my-cases", "O2011", "/cases/", phone=True),
    Picture("policy", "K2031", "/policies/info-service/1/", height=1200),
    Picture("doubt", "K2031", "/my/months/", phone=True, steps=the_first("a[href^='/doubts/']")),
    Picture("intake", SUPERVISOR, f"/intake/{LAST}/", steps=typed_and_pasted, height=1000),
    Picture("intake-phone-dark", SUPERVISOR, f"/intake/{LAST}/", phone=True, theme="dark", steps=one_person),
    Picture("team", SUPERVISOR, "/people/", theme="dark"),
    Picture("team-results", "O0102", "/team/results/", theme="dark"),
    Picture("settings", "K2031", "/settings/", language="en"),
    Picture("second-factor", "K2031", "/settings/second-factor/set-up/", language="en", theme="dark", fresh=True),
    Picture("devices", SUPERVISOR, "/settings/devices/", phone=True, fresh=True),
    Picture("tokens", HR, "/settings/tokens/", steps=a_token, fresh=True, height=560),
    Picture("admin", HR, "/admin/", height=1000),
    Picture("admin-people", HR, "/admin/staff/employee/"),
    Picture("board", HR, "/admin/board/", height=840),
    Picture("board-phone-dark", HR, "/admin/board/", phone=True, theme="dark", language="en"),
    Picture("month", HR, f"/admin/months/{LAST}/"),
    Picture("results", HR, f"/admin/results/?policy=reward-and-penalty&period={LAST}", height=1100),
    Picture(
        "results-quarter", HR, "/admin/results/?policy=reward-and-penalty&period=2026-Q3", language="en", theme="dark"
    ),
    Picture("cases", HR, "/admin/cases/"),
    Picture("bands", PAYROLL, "/admin/bands/?ladder=info-service", height=1100),
    Picture(
        "bands-preview",
        PAYROLL,
        "/admin/bands/?ladder=info-service",
        height=1100,
        steps=the_first("a[href*='/bands/changes/']"),
    ),
    Picture("trail", "auditor", "/admin/staff/auditentry/", theme="dark"),
    Picture(
        "trail-of-a-value",
        "auditor",
        "/admin/staff/rowchange/?thing=value",
        height=560,
        steps=the_first("#result_list tbody a"),
    ),
    Picture("applications", "S2001", "/applications/", phone=True),
    Picture("application", "S2001", "/applications/", steps=the_first("ul.app-list a"), height=1200),
    Picture("draft", "Q2001", "/applications/", steps=the_first("ul.app-list a"), phone=True, theme="dark"),
    Picture("review", HEAD, "/inbox/", steps=named("余声"), height=1200),
    Picture("inbox", HEAD, "/inbox/"),
    Picture("pipeline", HR, "/admin/applications/", height=1000),
    Picture("decisions-phone", GM, "/decisions/", phone=True),
    Picture("decisions-english", GM, "/decisions/", language="en", theme="dark"),
    Picture("tie", GM, "/inbox/", steps=the_first("a[href$='/tie/']"), height=1100),
    Picture("rounds", HR, "/admin/rounds/"),
    Picture("round-arrange", HR, "/admin/rounds/", steps=named("安排"), height=1000),
    Picture("judge-sheet-phone", JUDGE, "/judging/", phone=True, steps=the_sheet),
    Picture("judge-sheet-phone-dark", JUDGE, "/judging/", phone=True, theme="dark", steps=the_sheet),
    Picture("notices", "K2031", "/notices/"),
    Picture("notice", "K2031", "/notices/", steps=the_first("main a[href^='/notices/GS-']"), phone=True),
    Picture("case-phone", "K2084", "/inbox/", steps=the_first("main a[href^='/cases/']"), phone=True),
    Picture("case-decision", HEAD, "/inbox/", steps=named("薄言"), height=1200),
    Picture("case-check", HR, "/inbox/", steps=the_first("main a[href^='/cases/']"), height=1200, theme="dark"),
    Picture("appeal-phone", GM, "/inbox/", steps=named("栗明"), phone=True),
    Picture("correction", HR, "/inbox/", steps=named("柯蓝"), height=1000),
    Picture("calendar", HR, "/calendar/"),
    Picture("api-docs", HR, "/api/docs/", language="en", steps=an_operation),
]
SEAL = Picture("seal", HR, f"/admin/months/{LAST}/seal/", height=740)


def may_be_sealed() -> None:
    """What is missing of the last month is accepted, and its intake has ended."""
    hr = access_of(Account.objects.get(username=HR), DAY, channel="command")
    accept_gaps(
        access=hr, month=LAST, reason="当月没有记录",
        cells=[gap.cell for gap in gaps(hr, LAST) if not gap.accepted],
    )  # fmt: skip
    close_month(access=hr, month=LAST, now=NOW)


@pytest.fixture
def demo(
    chromium: Browser, transactional_db: None, monkeypatch: pytest.MonkeyPatch, live_server: Any
) -> Iterator[Site]:
    clock, begun = timezone.now, timezone.now()
    monkeypatch.setattr(timezone, "localdate", lambda *args, **options: DAY)
    monkeypatch.setattr(timezone, "now", lambda: NOW + (clock() - begun))
    cache.clear()
    with translation.override("zh-hans"):
        access = Access.system(DAY, "operator", channel="command")
        seed_demo(access=access, now=NOW, tell=lambda line: None, keep=lambda logins: None)
    site = Site(chromium, live_server.url)
    yield site
    site.close()


def enter(site: Site, picture: Picture, look: dict[str, Any]) -> Page:
    if not picture.who:
        return site.open(**look)
    account = Account.objects.get(username=picture.who)
    if not picture.fresh:
        return site.let_in(account, **look)
    account.set_password(PASSWORD)
    account.save()
    return site.enter(picture.who, **look)


def take(site: Site, picture: Picture) -> None:
    look: dict[str, Any] = {"phone": picture.phone, "theme": picture.theme, "language": picture.language}
    page = enter(site, picture, look)
    if picture.height:
        page.set_viewport_size({"width": page.viewport_size["width"], "height": picture.height})  # type: ignore[index]
    answer = page.goto(picture.path)
    assert answer is not None
    assert answer.ok, (picture.name, answer.status)
    picture.steps(page)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{picture.name}.png", animations="disabled")
    page.context.close()


def test_pictures(demo: Site) -> None:
    """One company for all of them; what changes it comes last."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    only = os.environ.get("PICTURES", "").split()
    for picture in PICTURES:
        if not only or picture.name in only:
            take(demo, picture)
    if not only or SEAL.name in only:
        may_be_sealed()
        take(demo, SEAL)
