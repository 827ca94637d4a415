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
from tests.benchmarks.company import Made, make_company
from tests.benchmarks.house import furnish, month_before
from tests.benchmarks.measure import Table, percentile, say, spent

REQUESTS = 40
MOST_QUERIES = 12
SAVING = "supervisor saves a cell"


@dataclass(frozen=True, slots=True)
class Page:
    """Who opens what. ``{month}``, ``{no}`` and ``{pk}`` stand for the month, and a person of the supervisor's team."""

    who: str
    path: str
    is_list: bool = True

    @property
    def name(self) -> str:
        return f"{self.who} {self.path}"


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
)


@dataclass
class Seen:
    """Of one page at one size; ``work``: milliseconds of the processor for one request, the database's session included."""

    queries: int = 0
    bytes: int = 0
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


def measure(size: int, today: date) -> dict[str, Seen]:
    """Every page of the company of that size, made anew, by ``who path``; the saving of a cell too."""
    last = month_before(today)
    say(f"Making {size:,} people for the pages …")
    made = make_company(size, last)
    accounts = furnish(made, today)
    for month in (last - 1, last):
        run_sweep(access=Access.system(today, "benchmark", channel="command"), month=month)
    names = names_of(made)
    found = {page.name: _read(_client(accounts[page.who]), page.path.format(**names)) for page in PAGES}
    found[SAVING] = _save(_client(accounts["supervisor"]), names)
    return found


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
    worked = spent(lambda: [_answer(ask, at, what, seen) for at in range(1, REQUESTS + 1)])
    seen.work = worked.busy / REQUESTS * 1000
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
    for what, seen in large.items():
        before = small[what]
        same = before.queries == seen.queries
        queries = str(seen.queries) if same else f"{before.queries} and {seen.queries}"
        saves = "saves" in what
        bounds = (seen.p50 <= 50) if saves else (seen.p50 <= 150 and seen.p99 <= 500)
        table.add(
            f"`{what}`",
            f"{queries} queries; {seen.bytes / 1024:.0f} KB gzipped; p50 {before.p50:.0f} and {seen.p50:.0f} ms, "
            f"p99 {before.p99:.0f} and {seen.p99:.0f} ms",
            "p50 ≤ 50 ms" if saves else f"≤ {MOST_QUERIES}, as many at both; p50 ≤ 150 ms, p99 ≤ 500 ms",
            bounds and (saves or (same and seen.queries <= MOST_QUERIES)),
        )
