"""The site under people's work while the company is swept again and again, against the same work on a quiet site."""

from __future__ import annotations

import http.client
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date

from django.db import connection

from config.home import CHECKOUT
from staff.kernel.periods import Month
from staff.models import Employee
from tests.benchmarks.applied import apply_all, numbers_of, seal
from tests.benchmarks.company import Made
from tests.benchmarks.house import TEAM, furnish, session_of
from tests.benchmarks.measure import Table, percentile, say
from tests.benchmarks.pages import PAGES, a_cell, names_of
from tests.benchmarks.server import PORT, site

RATE = 10  # requests a second, whatever the answers do
QUIET, BUSY = 30, 60  # seconds
#: One request in so many saves a cell.
SAVES = 6
#: People of the company, however large, who have applied.
APPLYING = 10_000
#: So many pages are named beside the figures.
SLOWEST = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """A page, or what is sent to it."""

    who: str
    path: str
    body: str = ""


@dataclass
class Answers:
    times: list[float] = field(default_factory=list)
    of_each: defaultdict[Asked, list[float]] = field(default_factory=lambda: defaultdict(list))
    statuses: Counter[int] = field(default_factory=Counter)

    def add(self, asked: Asked, status: int, spent: float) -> None:
        self.times.append(spent)
        self.of_each[replace(asked, body="")].append(spent)
        self.statuses[status] += 1
        if status != 200:
            say(f"  {asked.who} {asked.path} answered {status} after {spent:.0f} ms")

    @property
    def p95(self) -> float:
        return percentile(self.times, 0.95)

    def tell_slowest(self) -> None:
        """What the percentile is made of."""
        middles = {asked: percentile(times, 0.5) for asked, times in self.of_each.items()}
        for asked in sorted(middles, key=lambda one: middles[one], reverse=True)[:SLOWEST]:
            say(f"  {middles[asked]:.0f} ms in the middle: {asked.who} {asked.path}")


class Work:
    """Requests of all roles in a fixed random order, each with its account's session."""

    def __init__(self, made: Made, today: date) -> None:
        accounts = furnish(made, today)
        seal(accounts["hr"], made.last - 1, today)
        say(f"  {apply_all(made, accounts, made.last - 1, today, most=APPLYING):,} applications")
        self.sessions = {role: session_of(account) for role, account in accounts.items()}
        self.names = names_of(made) | numbers_of(made, accounts["employee"].employee_id or 0)
        self.chance = random.Random(20261124)
        team = Employee.objects.filter(pk__gt=made.low + 1, pk__lte=made.low + TEAM)
        #: What stands in each cell that is saved, by the person's number.
        self.cells = dict.fromkeys(team.order_by("pk").values_list("employee_no", flat=True), "")
        self.saves = 0

    def next(self) -> Asked:
        """A page of some role; every so often the next person's cell."""
        if self.chance.randrange(SAVES) == 0:
            self.saves += 1
            person = list(self.cells)[self.saves % len(self.cells)]
            body = a_cell(person, str(self.saves % 9), self.cells[person])
            return Asked("supervisor", f"/intake/{self.names['month']}/cells/", body)
        page = self.chance.choice(PAGES)
        return Asked(page.who, page.path.format(**self.names))

    def ask(self, asked: Asked, answers: Answers) -> None:
        token = "b" * 32
        headers = {
            "Cookie": f"sessionid={self.sessions[asked.who]}; csrftoken={token}", "X-CSRFToken": token,
            "Content-Type": "application/json", "Accept-Encoding": "gzip",
        }  # fmt: skip
        begun = time.perf_counter()
        status, content = 0, b""
        try:
            link = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
            link.request("POST" if asked.body else "GET", asked.path, asked.body or None, headers)
            answer = link.getresponse()
            status, content = answer.status, answer.read()
            link.close()
        except OSError:
            status = 0
        answers.add(asked, status, (time.perf_counter() - begun) * 1000)
        if asked.body and status == 200:
            for told in json.loads(content)["answers"]:
                self.cells[told["employee_no"]] = told["value"]

    def for_seconds(self, seconds: int) -> Answers:
        """At the rate, whether or not earlier ones have been answered."""
        answers = Answers()
        begun = time.perf_counter()
        with ThreadPoolExecutor(32) as pool:
            for at in range(seconds * RATE):
                time.sleep(max(0.0, begun + at / RATE - time.perf_counter()))
                pool.submit(self.ask, self.next(), answers)
        return answers


def measure(table: Table, made: Made, month: Month, today: date) -> None:
    """``made`` has been swept for the month."""
    work = Work(made, today)
    with site():
        work.for_seconds(5)  # what is loaded once is loaded
        say(f"{RATE} requests a second, quiet, {QUIET} s")
        quiet = work.for_seconds(QUIET)
        quiet.tell_slowest()
        say(f"{RATE} requests a second, sweeps looping, {BUSY} s")
        with _sweeps(month) as swept:
            busy = work.for_seconds(BUSY)
        busy.tell_slowest()
    errors = sum(n for status, n in (quiet.statuses + busy.statuses).items() if status != 200)
    people = made.high - made.low
    table.add(
        f"{RATE} requests/s of all roles while {people:,} people are swept again and again ({len(swept)} sweeps in {BUSY} s)",
        f"p95 {busy.p95:.0f} ms; {quiet.p95:.0f} ms on the quiet site: {busy.p95 / quiet.p95:.1f} ×", "≤ 3 ×",
        busy.p95 <= 3 * quiet.p95,
    )  # fmt: skip
    table.add(
        "answers other than 200 among them", f"{errors} of {len(quiet.times) + len(busy.times)}", "0", errors == 0
    )


@contextmanager
def _sweeps(month: Month) -> Iterator[list[float]]:
    """Full sweeps one after another in a process of their own, until the block ends; their seconds."""
    done: list[float] = []
    over = threading.Event()

    def loop() -> None:
        while not over.is_set():
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO staff_touch (source) VALUES ('benchmark')")  # everybody may be touched
            begun = time.perf_counter()
            subprocess.run(
                [sys.executable, str(CHECKOUT / "manage.py"), "sweep", "--as-of", str(month)],
                cwd=CHECKOUT, env=os.environ.copy(), stdout=subprocess.DEVNULL, check=True,
            )  # fmt: skip
            done.append(time.perf_counter() - begun)
        connection.close()

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        yield done
    finally:
        over.set()
        thread.join()
