"""Several people on their way through one matter, each in a browser of their own, while the days go by."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django import DjangoDbBlocker

from promotion.applications.actions.take_effect import take_effects
from promotion.applications.models import Application
from promotion.cases.actions.take_effect import take_demotions
from promotion.notices.actions.notice_end import end_due_notices
from promotion.panels.actions.judge_declare import declare
from promotion.panels.actions.sheet_submit import submit_sheet
from promotion.panels.models import Candidate
from staff.kernel.access import Access
from staff.selectors.access import access_of
from tests import emptied
from tests.flows.conftest import Site
from tests.web.company import TODAY, Company, make_company

#: Latin words that stand on a page in Chinese: names of files and kinds of file, user names of those without an employee.
LATIN = re.compile(
    r"PDF|Word|Excel|MB|KB|English|esc|judge-\w|hr\d?|gm|payroll|auditor|test|[\w-]+\.(?:txt|pdf)|[0-9a-f]{4,}"
)
#: What a page says that is not marked as code, as a digest or as English, whether it can be seen now or not.
SAID = """() => {
    const skipped = 'script, style, code, pre, svg, textarea, .mono, .icon, .material-symbols-outlined, [lang^=en]';
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode())
        if (!walker.currentNode.parentElement.closest(skipped)) found.push(walker.currentNode.data.trim());
    return [found.filter(Boolean), document.documentElement.scrollWidth - document.documentElement.clientWidth];
}"""


@dataclass
class Walk:
    """``day`` is today for everybody; each has one page, which stays theirs."""

    site: Site
    company: Company
    day: date = TODAY
    pages: dict[str, Page] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def at(self, who: str, path: str, *, phone: bool = False) -> Page:
        """That page as they see it; a phone is 390 px wide. What is amiss on it is kept in ``wrong``."""
        if who not in self.pages:
            self.pages[who] = self.site.let_in(self.company.accounts[who], phone=phone)
        page = self.pages[who]
        if path:
            answer = page.goto(path)
            assert answer is not None
            assert answer.ok, (who, path, answer.status)
        self.look(who)
        return page

    def look(self, who: str) -> None:
        """No English in a page that is in Chinese, and nothing wider than the window."""
        page = self.pages[who]
        page.wait_for_load_state()
        texts, over = page.evaluate(SAID)
        where = f"{page.url.removeprefix(self.site.address)} ({who})"
        self.wrong += [f"{where}: {text[:90]}" for text in texts if re.search(r"[A-Za-z]{3,}", LATIN.sub("", text))]
        if over > 0:
            self.wrong.append(f"{where}: {over} px too wide")

    def press(self, who: str, name: str) -> Page:
        """The button of that name, and what comes of it."""
        page = self.pages[who]
        page.get_by_role("button", name=name, exact=True).click()
        self.look(who)
        return page

    def follow(self, who: str, name: str) -> Page:
        """The first link of that name."""
        page = self.pages[who]
        page.get_by_role("link", name=name).first.click()
        self.look(who)
        return page

    def on(self, day: date) -> None:
        """The day that it is from now on; the nights before it have passed."""
        self.day = day
        access = Access.system(day, "nightly")
        end_due_notices(access=access)
        take_effects(access=access)
        take_demotions(access=access)

    def post(self, name: str) -> str:
        """HR posts the group of approved ones in which the person is; the number of the notice."""
        page = self.at("hr", "/admin/notices/")
        page.locator("form").filter(has_text=name).get_by_role("button", name="发布公示").click()
        self.look("hr")
        said = page.get_by_text(re.compile(r"GS-\d+-\d+ 已发布")).inner_text()
        found = re.search(r"GS-\d+-\d+", said)
        assert found
        return found[0]


def grounds_of(more: Callable[[Company], None]) -> Callable[..., Iterator[tuple[Company, str]]]:
    """A fixture of a module: one company before one server for all of its journeys, each of which is about other people."""

    @pytest.fixture(scope="module")
    def grounds(
        chromium: Browser, django_db_setup: None, django_db_blocker: DjangoDbBlocker, live_server: Any
    ) -> Iterator[tuple[Company, str]]:
        with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
            patch.setattr(timezone, "localdate", lambda *args, **options: TODAY)
            cache.clear()
            made = make_company(more)
            empty = emptied.put_back
            patch.setattr(emptied, "put_back", lambda: None)  # the end of a test is not the end of them
            yield made, live_server.url
            empty()

    return grounds


@pytest.fixture
def walk(grounds: tuple[Company, str], chromium: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Walk]:
    """Of the module's own ``grounds``, from its first day on; nothing may have been amiss on the way."""
    company, address = grounds
    found = Walk(Site(chromium, address), company)
    monkeypatch.setattr(timezone, "localdate", lambda *args, **options: found.day)
    yield found
    found.site.close()
    assert found.wrong == []
    assert found.site.complaints == []


def answer_clauses(page: Page, reasons: Iterable[str] = ("共事中看得到",)) -> int:
    """Every clause that is asked is met, each with a reason; how many there were."""
    asked = page.locator("fieldset.app-ask")
    said = list(reasons)
    for at in range(asked.count()):
        one = asked.nth(at)
        one.get_by_role("radio", name="满足", exact=True).check()
        one.get_by_role("textbox").fill(said[at % len(said)])
    return asked.count()


def local(moment: datetime) -> str:
    """As a browser's field of day and time takes it."""
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def hold_round(walk: Walk, *, judges: Iterable[str], points: Any, vacancies: int = 0) -> int:
    """HR arranges a round for the one group that waits, the judges declare and score, HR closes it; its id. The first judge
    does so on a phone; the others, as the same pages would write it.

    ``points``: (judge, place of the candidate from 1) → points of the sheet's lines, in order.
    """
    panel, now = list(judges), timezone.now()
    walk.at("hr", "/admin/rounds/")
    page = walk.follow("hr", "安排")
    page.get_by_label("开始").fill(local(now - timedelta(hours=1)))
    page.get_by_label("截止").fill(local(now + timedelta(hours=2)))
    page.get_by_label("地点").fill("三楼会议室")
    page.get_by_label("评委").fill("\n".join(panel))
    if vacancies:
        page.get_by_label("名额").fill(str(vacancies))
    walk.press("hr", "安排这一场")
    pk = int(page.url.rstrip("/").rsplit("/", 1)[1])
    walk.at(panel[0], "/judging/", phone=True)
    walk.follow(panel[0], "声明利害关系")
    walk.press(panel[0], "声明")
    others = [access_of(walk.company.accounts[judge], walk.day) for judge in panel[1:]]
    for judge in others:
        declare(access=judge, round_id=pk, conflict=False, now=timezone.now())
    page.reload()
    walk.press("hr", "开放评分")
    score(walk, panel[0], pk, points)
    for candidate in Candidate.objects.filter(round=pk).select_related("round"):
        for name, judge in zip(panel[1:], others, strict=True):
            given = points(name, candidate.ordinal)
            submit_sheet(
                access=judge, round_id=pk, ordinal=candidate.ordinal, comment="条理清楚", typed=timezone.now(),
                now=timezone.now(), points={line["key"]: part for line, part in zip(candidate.round.sheet, given, strict=True)},
            )  # fmt: skip
    page.reload()
    walk.follow("hr", "结束本场")
    page.get_by_label("纪要").fill("问：怎样处理投诉。没有不同意见。")
    walk.press("hr", "结束")
    return pk


def score(walk: Walk, judge: str, pk: int, points: Any) -> None:
    page = walk.at(judge, "/judging/", phone=True)
    page = walk.follow(judge, "评分")
    count = page.locator("ol.callup li").count()
    page.locator("ol.callup a").first.click()
    for at in range(1, count + 1):
        page.wait_for_url(f"**/judging/{pk}/{at}/")
        walk.look(judge)
        for box, given in zip(page.locator("input.score").all(), points(judge, at), strict=True):
            box.fill(given)
        page.get_by_label("评语").fill("条理清楚")
        page.get_by_role("button", name="提交评分").click()
    expect(page.get_by_text(re.compile("已提交"))).not_to_have_count(0)


def state_of(employee_no: str) -> tuple[str, str]:
    """State and step of the person's newest application, as the tables have them."""
    row = Application.objects.filter(employee__employee_no=employee_no).latest("pk")
    return row.state, row.step
