"""Every page beside the admin × role, own, in scope and out of it: what opens (200), what leads on (302), what is refused
(403), what does not exist there (404), what is not asked for that way (405).

``in``: the sign-in page. ``SENT`` is what a POST with nothing in it comes to: whoever may is told what is missing (400, 409,
422) or is done at once (302), whoever may not is refused before that. It is the fourth of December, when November is entered.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone, translation

from assessment.models import Doubt, Metric
from promotion.models import Application, Proceeding
from staff.kernel.access import Access
from staff.models import ApiToken
from tests.assessment.cases.planted import raised_for
from tests.assessment.feedback.planted import of_the_talk, planted_feedback
from tests.notices.planted import planted_notice
from tests.panels.planted import of_an_open_round, planted_round
from tests.permissions.canaries import Secret, kind_of_absence, plant, plant_sign_in
from tests.permissions.doors import OTHER_METHODS, ask, faults, lines, routes, seen
from tests.permissions.portal_answers import READ, SENT
from tests.permissions.process_canaries import plant_processes
from tests.web.company import MONTH, Company

#: An account for each role; the first is nobody. ``K2031`` reports to ``K1001``, who reports to ``K1000``, the head of the
#: department. ``hr-two`` is HR of another team, where ``K1002`` is. ``K2052`` is of another department.
ACCOUNTS = (
    "nobody", "K2031", "K1001", "K1000", "hr", "hr-two", "payroll", "gm", "judge", "auditor", "operator",
)  # fmt: skip
LINES = lines(READ) + lines(SENT)
#: Asked by the machines that run the house, who are nobody in particular; proved with the house.
MACHINES = {"healthz", "readyz", "metrics"}
DAY = date(2026, 12, 4)


@pytest.fixture(autouse=True)
def _the_day(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(timezone, "localdate", lambda *args, **options: DAY)
    cache.clear()
    with translation.override("zh-hans"):
        yield


@pytest.fixture(scope="module")
def house_of_all(house: Company, django_db_blocker: Any) -> tuple[Company, list[Secret], dict[str, Any]]:
    """Everybody's account, everything secret, and what a word of the tables stands for in an address."""
    with django_db_blocker.unblock():
        house.account("judge", role="judge")
        secrets, known = plant_all(house), words_of(house)
        return house, [*secrets, *plant_processes(house)], known


@pytest.fixture
def doors(house_of_all: tuple[Company, list[Secret], dict[str, Any]], db: None) -> Any:
    return house_of_all


def plant_all(company: Company) -> list[Secret]:
    """About somebody in the middle of every line, about somebody of another team, and about a reader."""
    access = Access.system(DAY, "test")
    pay, facts = ("payroll", "gm", "auditor"), ("hr", "auditor")
    readers = {
        "K2031": ([*pay, "K2031"], [*facts, "K2031"], ["K2031", "K1001", "K1000", "hr", "gm", "auditor"]),
        "K2032": (pay, facts, ["K1001", "K1000", "hr", "gm", "auditor"]),
        "K1002": (pay, [*facts, "hr-two"], ["K1000", "hr", "hr-two", "gm", "auditor"]),
    }
    found = [kind_of_absence(("K2031", "hr", "hr-two", "auditor")), *plant_sign_in(company.accounts["K1002"])]
    found.append(of_an_open_round(["judge"]))
    found.append(of_the_talk(company.people["K2031"], "K2031", "K1001", "K1000", "hr", "gm", "auditor"))
    for at, (no, whose) in enumerate(readers.items(), 1):
        found += plant(access, company.people[no], at, month=MONTH.next).secrets(*whose)
    return found


def words_of(company: Company) -> dict[str, Any]:
    other = Doubt.objects.create(
        employee=company.people["K2052"], month=MONTH.next, text="three were online", shown="2",
        metric=Metric.objects.get(key="keywords_online"),
    )  # fmt: skip
    team = company.departments["信息客服一组"]
    cases = [raised_for(company.people[no]) for no in ("K2031", "K2052")]
    own, of_hr = (
        ApiToken.objects.create(
            account=company.accounts[who], name="feed", hint="jsk_", digest=who, scopes=["people:read"],
            expires_at=timezone.now() + timedelta(days=1),
        )
        for who in ("K2031", "hr")
    )  # fmt: skip
    return {
        "sealed": str(MONTH), "open": str(MONTH.next), "later": str(MONTH + 3), "doubt_other": other.pk,
        "doubt_own": Doubt.objects.get(employee=company.people["K2031"]).pk, "token_own": own.pk,
        "round": planted_round(company.people["K2031"], team, company.accounts["judge"], "open").pk,
        "round_closed": planted_round(company.people["K2032"], team, company.accounts["judge"], "closed").pk,
        "notice": planted_notice(company.people["K2033"], team, company.accounts["payroll"]).number,
        "app_own": Application.objects.get(employee=company.people["K2031"]).number,
        "fed_own": planted_feedback(company.people["K2031"], MONTH, company.accounts["K1001"]).pk,
        "token_hr": of_hr.pk, "case_own": cases[0].pk, "case_other": cases[1].pk,
        "course": Proceeding.objects.get(case__employee=company.people["K2041"]).pk,
    }  # fmt: skip


def client_of(company: Company, username: str) -> Client:
    client = Client()
    if username != "nobody":
        client.force_login(company.accounts[username])
    return client


@pytest.mark.parametrize("username", ACCOUNTS)
def test_each_door_opens_for_whom_the_table_says_and_no_answer_tells_what_is_secret(doors: Any, username: str) -> None:
    company, secrets, known = doors
    expected = {line: line.answers[ACCOUNTS.index(username)] for line in LINES}
    wrong = faults(client_of(company, username), username, expected, lambda line: line.path(known), secrets)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("username", ACCOUNTS)
def test_no_other_method_goes_round_a_refusal(doors: Any, username: str) -> None:
    """Each page by one of the methods, another for each account."""
    company, _secrets, known = doors
    client, start, wrong = client_of(company, username), ACCOUNTS.index(username), []
    for at, line in enumerate(lines(READ), start):
        expected = line.answers[start]
        if expected in {"in", "403", "404"}:
            method = OTHER_METHODS[at % len(OTHER_METHODS)]
            if (found := seen(ask(client, method, line.path(known)))) not in {expected, "405"}:
                wrong.append(f"{method} {line}: {found} instead of {expected}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("table", [READ, SENT], ids=["read", "sent"])
def test_no_route_is_missing_from_the_tables(table: str) -> None:
    """The admin and the interface for programs have tables of their own."""
    every = {name for path, name in routes(get_resolver()) if not path.startswith(("admin/", "api/v1/")) and name}
    assert every - {line.route for line in lines(table)} - MACHINES == set()
