"""Pages: queries, bytes and server time of each, at two sizes of the company. Every list asks as often at both."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.test import Client

from promotion.sweep.actions.sweep_run import run_sweep
from staff.kernel.access import Access
from staff.models import Account, Employee
from tests.benchmarks.applied import apply_all, numbers_of, seal
from tests.benchmarks.company import Made, make_company
from tests.benchmarks.house import furnish, month_before, session_of
from tests.benchmarks.measure import Table, percentile, say, spent
from tests.benchmarks.weighing import weigh

REQUESTS = 40
MOST_QUERIES = 12
SAVING = "supervisor saves a cell"


@dataclass(frozen=True, slots=True)
class Page:
    """Who opens what. ``{month}``, ``{no}`` and ``{pk}`` stand for the month, and a person of the supervisor's team;
    ``{number}`` for an application at the decision, ``{own}`` for the employee's."""

    who: str
    path: str
    is_list: bool = True

    @property
    def name(self) -> str:
        return f"{self.who} {self.path}"

    @property
    def most_bytes(self) -> int:
        """What a first visit may weigh; 0 for what no browser shows."""
        if self.path.startswith("/api/") or self.path.endswith("/changes/"):
            return 0
        return (450 if self.path.startswith("/admin/") else 300) * 1024


PAGES = (
    Page("employee", "/me/"),
    Page("employee", "/my/months/"),
    Page("employee", "/my/months/{month}/", is_list=False),
    Page("employee", "/settings/", is_list=False),
    Page("supervisor", "/intake/{month}/", is_list=False),
    Page("supervisor", "/intake/{month}/changes/", is_list=False),
    Page("supervisor", "/intake/{month}/events/", is_list=False),
    Page("supervisor", "/people/"),
    Page("supervisor", "/people/{no}/", is_list=False),
    Page("supervisor", "/doubts/"),
    Page("head", "/people/"),
    Page("hr", "/people/"),
    Page("hr", "/admin/"),
    Page("hr", "/admin/board/?month={month}"),
    Page("hr", "/admin/results/"),
    Page("hr", "/admin/months/"),
    Page("hr", "/admin/months/{month}/"),
    Page("hr", "/admin/months/{month}/gaps/"),
    Page("hr", "/admin/staff/employee/"),
    Page("hr", "/admin/staff/employee/{pk}/change/", is_list=False),
    Page("hr", "/admin/staff/department/"),
    Page("hr", "/admin/staff/absence/"),
    Page("hr", "/admin/assessment/event/"),
    Page("hr", "/admin/promotion/run/"),
    Page("hr", "/admin/promotion/ledgerline/"),
    Page("hr", "/admin/values/?month={month}"),
    Page("hr", "/admin/standings/{pk}/{month}/", is_list=False),
    Page("hr", "/admin/uploads/"),
    Page("hr", "/admin/doubts/"),
    Page("hr", "/admin/policy/policyversion/"),
    Page("payroll", "/admin/bands/"),
    Page("payroll", "/admin/payroll/payrecord/"),
    Page("gm", "/admin/"),
    Page("auditor", "/admin/staff/auditentry/"),
    Page("auditor", "/admin/board/?month={month}"),
    Page("operator", "/admin/staff/account/"),
    Page("operator", "/admin/staff/rolegrant/"),
    Page("hr", "/api/v1/people/"),
    Page("hr", "/api/v1/values/?month={month}"),
    Page("hr", "/api/v1/standings/?month={month}"),
    Page("hr", "/api/v1/explanations/{no}/?as_of={month}", is_list=False),
    Page("payroll", "/api/v1/pay/"),
    Page("employee", "/applications/"),
    Page("employee", "/applications/{own}/", is_list=False),
    Page("head", "/applications/"),
    Page("head", "/applications/{number}/", is_list=False),
    Page("hr", "/applications/"),
    Page("hr", "/applications/{number}/", is_list=False),
    Page("gm", "/applications/"),
    Page("gm", "/applications/{number}/", is_list=False),
    Page("gm", "/decisions/"),
    Page("employee", "/notices/"),
    Page("hr", "/admin/applications/"),
    Page("hr", "/admin/applications/?step=decision"),
    Page("hr", "/admin/notices/"),
    Page("hr", "/admin/rounds/"),
    Page("hr", "/admin/courses/"),
)


@dataclass
class Seen:
    """Of one page at one size. ``work``: milliseconds of the processor for one request, the database's session included;
    ``weight``: bytes of a first visit in a browser, everything that the page fetches.
    """

    queries: int = 0
    bytes: int = 0
    weight: int | None = None
    work: float = 0
    times: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.queries} queries, {self.bytes / 1024:.0f} KB, p50 {self.p50:.0f} ms, p99 {self.p99:.0f} ms, "
            f"{self.work:.0f} ms of work"
        )

    @property
    def p50(self) -> float:
        return percentile(self.times, 0.5)

    @property
    def p99(self) -> float:
        return percentile(self.times, 0.99)


def measure(size: int, today: date, *, weights: bool = False) -> dict[str, Seen]:
    """Every page of the company of that size, made anew, by ``who path``; the saving of a cell too."""
    last = month_before(today)
    say(f"Making {size:,} people for the pages …")
    made = make_company(size, last)
    accounts = furnish(made, today)
    seal(accounts["hr"], last - 1, today)
    say(f"  {apply_all(made, accounts, last - 1, today):,} applications")
    run_sweep(access=Access.system(today, "benchmark", channel="command"), month=last)
    names = names_of(made) | numbers_of(made, accounts["employee"].employee_id or 0)
    found = {page.name: _read(_client(accounts[page.who]), page.path.format(**names)) for page in PAGES}
    found[SAVING] = _save(_client(accounts["supervisor"]), names)
    if weights:
        _weigh(found, {role: session_of(account) for role, account in accounts.items()}, names)
    return found


def _weigh(found: dict[str, Seen], sessions: dict[str, str], names: dict[str, str]) -> None:
    """Of the pages that a browser shows."""
    say("Weighing the pages in Chromium …")
    shown = [page for page in PAGES if page.most_bytes]
    weights = weigh([(page.who, page.path.format(**names)) for page in shown], sessions) or []
    for page, weight in zip(shown, weights, strict=False):
        found[page.name].weight = weight


def names_of(made: Made) -> dict[str, str]:
    """What the paths leave open: the last month with facts, and a person of the supervisor's team."""
    person = Employee.objects.get(pk=made.low + 5)
    return {"month": str(made.last), "no": person.employee_no, "pk": str(person.pk)}


def a_cell(no: str, value: str, seen: str) -> str:
    """The body of a request that saves one cell of the grid in which ``seen`` stood."""
    return json.dumps({"cells": [{"employee_no": no, "metric": "keywords_online", "value": value, "seen": seen}]})


def _client(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def _read(client: Client, path: str) -> Seen:
    return _repeat(lambda at: client.get(path), path)


def _save(client: Client, names: dict[str, str]) -> Seen:
    """Another value each time, as somebody types. The first is answered with what stands there."""
    url, standing = f"/intake/{names['month']}/cells/", {"value": ""}

    def save(at: int) -> Any:
        answer = client.post(url, a_cell(names["no"], str(at % 9), standing["value"]), content_type="application/json")
        told = answer.json()["answers"][0]
        if at and told["state"] != "saved":
            raise SystemExit(f"a cell was answered with {told}")
        standing.update(told)
        return answer

    return _repeat(save, "a cell")


def _repeat(ask: Callable[[int], Any], what: str) -> Seen:
    """The first answer warms the caches and is not timed."""
    seen = Seen()
    _answer(ask, 0, what, seen)
    seen.times.clear()

    def again() -> None:
        for at in range(1, REQUESTS + 1):
            _answer(ask, at, what, seen)

    seen.work = spent(again).busy / REQUESTS * 1000
    return seen


def _answer(ask: Callable[[int], Any], at: int, what: str, seen: Seen) -> None:
    with _counted() as queries:
        begun = time.perf_counter()
        answer = ask(at)
        seen.times.append((time.perf_counter() - begun) * 1000)
    if answer.status_code != 200:
        raise SystemExit(f"{what} answered {answer.status_code}")
    seen.queries, seen.bytes = len(queries), len(gzip.compress(answer.content, 6))


@contextmanager
def _counted() -> Iterator[list[str]]:
    queries: list[str] = []

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        queries.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield queries


def report(table: Table, small: dict[str, Seen], large: dict[str, Seen]) -> None:
    for page in PAGES:
        _report_page(table, page, small[page.name], large[page.name])
    before, seen = small[SAVING], large[SAVING]
    table.add(SAVING, _told(before, seen), "p50 ≤ 50 ms", seen.p50 <= 50)


def _report_page(table: Table, page: Page, before: Seen, seen: Seen) -> None:
    same = before.queries == seen.queries
    light = seen.weight is None or seen.weight <= page.most_bytes
    goal = ["p50 ≤ 150 ms, p99 ≤ 500 ms"]
    if page.is_list:
        goal.insert(0, f"≤ {MOST_QUERIES} queries, as many at both")
    if seen.weight is not None:
        goal.append(f"≤ {page.most_bytes // 1024} KB")
    few = not page.is_list or (same and seen.queries <= MOST_QUERIES)
    table.add(
        f"`{page.name}`", _told(before, seen), "; ".join(goal),
        few and light and seen.p50 <= 150 and seen.p99 <= 500,
    )  # fmt: skip


def _told(before: Seen, seen: Seen) -> str:
    queries = str(seen.queries) if before.queries == seen.queries else f"{before.queries} and {seen.queries}"
    weight = "" if seen.weight is None else f"; {seen.weight / 1024:.0f} KB with all it fetches"
    return (
        f"{queries} queries; p50 {before.p50:.0f} and {seen.p50:.0f} ms, p99 {before.p99:.0f} and {seen.p99:.0f} ms; "
        f"{before.work:.0f} and {seen.work:.0f} ms of work; {seen.bytes / 1024:.0f} KB gzipped{weight}"
    )
