"""Every page that the tables of doors know, opened once by somebody who may, in English, and looked at in a hand and in the
dark, then on a desk and in the light. Pages in Chinese are looked at by the journeys.

No page of theirs may make a screen reader stumble, scroll sideways, complain in the browser's console (where a
breach of the content policy stands too), or, in English, hold Chinese that is neither a name nor the text of a policy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Browser, Error, Page

from assessment.models import Event, EventKind, Metric
from policy.models import Adoption, AdoptionRequest, PolicyDraft
from staff.models import Account, Department, Employee
from tests.admin import answers as of_the_admin
from tests.admin.conftest import make_office
from tests.admin.test_doors import ROLES, Doors, make_doors
from tests.company import TODAY as DAY_OF_THE_OFFICE
from tests.flows.conftest import DESK, PHONE, Site, bring_axe
from tests.permissions import portal_answers as of_the_portal
from tests.permissions import test_portal
from tests.permissions.doors import Line, lines
from tests.web.company import Company

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
IN_A_HAND: tuple[Any, Any] = (PHONE, "dark")
ON_A_DESK: tuple[Any, Any] = (DESK, "light")
#: What does not open: not there, and refused.
SHUT = ("/nowhere/", "/people/", "/admin/")
#: Of these axe may complain: two scrolling parts of the admin's shell bear one name.
OF_THE_SHELL = {"landmark-unique"}
#: One look at a page from inside: its width, what axe says, and its Chinese that is not marked as such.
LOOK = """async () => ({
    width: document.documentElement.scrollWidth,
    faults: (await axe.run(document, {resultTypes: ['violations']})).violations
        .map(v => [v.id, `${v.impact} ${v.id}: ${v.nodes[0].html.slice(0, 160)}`]),
    chinese: [...document.querySelectorAll('body *:not(script, style)')]
        .filter(one => one.closest('[lang]').lang.startsWith('en'))
        .flatMap(one => [
            ...[...one.childNodes].filter(node => node.nodeType === Node.TEXT_NODE).map(node => node.data),
            ...['aria-label', 'title', 'placeholder', 'alt'].map(name => one.getAttribute(name) || ''),
        ]).filter(text => /\\p{Script=Han}/u.test(text)),
})"""


class Walk:
    """Pages as several people see them; ``wrong`` says what is amiss and where. ``names`` stay Chinese in every language."""

    def __init__(self, site: Site, names: re.Pattern[str]) -> None:
        self.site, self.names = site, names
        self.pages: dict[str, Page] = {}
        self.wrong: list[str] = []

    def page(self, account: Account | None) -> Page:
        name = account.username if account else ""
        if name not in self.pages:
            # No request is intercepted: the browser would fetch each page's files anew.
            self.pages[name] = self.site.let_in(account, language="en") if account else self.site.open(language="en")
        return self.pages[name]

    def open(self, account: Account | None, path: str) -> None:
        page = self.page(account)
        as_in(page, *IN_A_HAND)
        try:
            answer = page.goto(path)
        except Error as error:  # a file is not a page
            if "Download is starting" not in error.message:
                raise
            return
        assert answer is not None
        # A part that a page fetches; and the interface's description, drawn by another's script (tests/api/test_docs).
        if page.evaluate("document.documentElement.lang") and path != "/api/docs/":
            bring_axe(page)
            where = f"{path} ({account.username if account else 'nobody'}, {answer.status})"
            self.look(page, f"{where}, in a hand")
            as_in(page, *ON_A_DESK)
            self.look(page, f"{where}, on a desk")
            self.wrong += [f"{where}: {told}" for told in self.site.complaints if str(answer.status) not in told]
        self.site.complaints.clear()

    def look(self, page: Page, where: str) -> None:
        seen = page.evaluate(LOOK)
        if seen["width"] > page.viewport_size["width"]:  # type: ignore[index]
            self.wrong.append(f"{where}: {seen['width']} px wide")
        self.wrong += [f"{where}: {fault}" for rule, fault in seen["faults"] if rule not in OF_THE_SHELL]
        left = {text.strip() for text in seen["chinese"] if re.search(r"[一-鿿]{2,}", self.names.sub("", text))}
        self.wrong += [f"{where}: in Chinese: {text[:80]}" for text in left]


def as_in(page: Page, viewport: Any, theme: Any) -> None:
    page.set_viewport_size(viewport)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")


def names() -> re.Pattern[str]:
    """What stays Chinese in every language: names, what was typed, and the catalogue's own words in the catalogue."""
    columns = {
        Employee: ("name", "position"), Department: ("name",), Event: ("subject", "note"), Adoption: ("consultation",),
        AdoptionRequest: ("consultation",), PolicyDraft: ("consultation", "reason"), Metric: ("zh",),
        EventKind: ("zh", "subject_zh", "quantity_zh"),
    }  # fmt: skip
    known = {str(text) for model, of in columns.items() for row in model.objects.values_list(*of) for text in row} - {
        ""
    }
    return re.compile("|".join(sorted(map(re.escape, known), key=len, reverse=True)))


def opened(table: str, accounts: tuple[str, ...]) -> Iterator[tuple[str, Line]]:
    """Each GET of the table with the first of the accounts to whom it opens."""
    for line in lines(table):
        able = [who for who, answer in zip(accounts, line.answers, strict=True) if answer in {"200", "410"}]
        if line.method == "GET" and able:
            yield able[0], line


def test_no_page_of_the_portal_is_amiss(site: Site, company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *args, **options: test_portal.DAY)
    company.account("judge", role="judge")
    test_portal.plant_all(company)
    known, walk = test_portal.words_of(company), Walk(site, names())
    for who, line in opened(of_the_portal.READ, test_portal.ACCOUNTS):
        walk.open(company.accounts.get(who), line.path(known))
    for path in SHUT:
        walk.open(company.accounts["K2031"], path)
    assert not walk.wrong, "\n".join(walk.wrong)


@pytest.fixture
def doors(chromium: Browser, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Doors:
    monkeypatch.setattr(timezone, "localdate", lambda *args, **options: DAY_OF_THE_OFFICE)
    cache.clear()
    return make_doors(make_office())


@pytest.fixture
def office(doors: Doors, chromium: Browser, live_server: Any) -> Iterator[Site]:
    found = Site(chromium, live_server.url)
    yield found
    found.close()


def test_no_page_of_the_admin_is_amiss(office: Site, doors: Doors) -> None:
    walk = Walk(office, names())
    for who, line in opened(of_the_admin.READ, ROLES):
        walk.open(doors.office.accounts[who], doors.path(line))
    assert not walk.wrong, "\n".join(walk.wrong)
