"""The sweep against SQL written by hand, against a loop with queries inside, and against itself after few changes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from django.db import connection, transaction
from django.db.models import F

from assessment.models import Metric
from config.home import CHECKOUT
from policy.compiler.sql import PLANNER
from policy.selectors import governing
from promotion.models import Run, RunState, Standing
from promotion.sweep.actions.shard_work import WHOLE_RANGE
from promotion.sweep.actions.sweep_run import run_sweep
from promotion.sweep.evaluation import STANDING_COLUMNS
from staff.kernel.access import Access
from staff.kernel.periods import Month
from staff.models import Employee
from tests.benchmarks import loop
from tests.benchmarks.measure import Spent, Table, alternately, say, spent

BY_HAND = Path(__file__).with_name("by_hand.sql")
#: As many people show the speed of a loop well enough.
SAMPLE = 300


def sweep(month: Month) -> list[Run]:
    return run_sweep(access=Access.system(month.next.first_day, "benchmark", channel="command"), month=month)


def against_hand_written(table: Table, month: Month, rounds: int) -> Spent:
    """What a full sweep costs. The rows of both must be equal to the last value."""
    hand = ByHand(month)

    def swept() -> Spent:
        _forget()
        return spent(lambda: sweep(month))

    say(f"The sweep against SQL by hand, {rounds} rounds in alternating order")
    runs: dict[str, Callable[[], Spent]] = {
        "sweep": swept,
        "by hand, one statement": lambda: hand.time([(0, hand.highest)]),
        "by hand, in the sweep's ranges": lambda: hand.time(hand.ranges),
    }
    found = alternately(rounds, runs)
    differing = hand.differing()
    if differing:
        raise SystemExit(f"{differing} rows differ between the sweep and the SQL written by hand")
    full, one, ranges = found.values()
    people = Standing.objects.count()
    table.add(f"full sweep, {people:,} standings written", f"{full}; {people / full.busy:,.0f} people/s of work")
    for what, other in (("one statement", one), ("in the sweep's ranges", ranges)):
        ratio = full.busy / other.busy
        table.add(f"sweep ÷ SQL written by hand, {what}", f"{ratio:.2f} × ({other})", "≤ 1.15 ×", ratio <= 1.15)
    table.add("rows that differ from the hand-written SQL's", "0", "0", True)
    return full


class ByHand:
    """The statement written by hand, into a table with the columns, indexes and constraints of the standings."""

    def __init__(self, month: Month) -> None:
        (self.run,) = sweep(month)
        self.ranges = list(self.run.shards.order_by("ordinal").values_list("low", "high"))
        self.highest = self.ranges[-1][1]
        slots = {metric.key: f"s{metric.slot}" for metric in Metric.objects.all()}
        text = "\n".join(line for line in BY_HAND.read_text(encoding="utf-8").splitlines() if not line.startswith("--"))
        self.sql = text.replace("{cases}", slots["excellent_cases"]).replace("{online}", slots["keywords_online"])
        (governed,) = governing(month.last_day, part="ladder")
        self.params = {
            "run": self.run.pk, "month": month.number, "day": month.last_day, "first_day": month.first_day,
            "year_ago": (month + -11).first_day, "half_year_ago": (month + -5).first_day,
            "departments": list(governed.department_ids),
        }  # fmt: skip
        Run.objects.filter(pk=self.run.pk).update(state=RunState.FAILED)
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE bench_by_hand (LIKE promotion_standing INCLUDING ALL)")
            cursor.execute(
                "ALTER TABLE bench_by_hand ADD FOREIGN KEY (run_id) REFERENCES promotion_run DEFERRABLE INITIALLY DEFERRED, "
                "ADD FOREIGN KEY (employee_id) REFERENCES staff_employee DEFERRABLE INITIALLY DEFERRED"
            )

    def time(self, ranges: list[tuple[int, int]]) -> Spent:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE bench_by_hand")
        return spent(lambda: [self._write(low, high) for low, high in ranges])

    def _write(self, low: int, high: int) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{PLANNER}; {WHOLE_RANGE}")
            cursor.execute(self.sql, {**self.params, "low": low, "high": high})

    def differing(self) -> int:
        """Rows on one side alone; both sides hold their last round's."""
        columns = ", ".join(("employee_id", "month", *STANDING_COLUMNS))
        with connection.cursor() as cursor:
            one, other = f"SELECT {columns} FROM bench_by_hand", f"SELECT {columns} FROM promotion_standing"
            cursor.execute(
                f"SELECT (SELECT count(*) FROM ({one} EXCEPT ALL {other}) a) + "
                f"(SELECT count(*) FROM ({other} EXCEPT ALL {one}) b)"
            )
            return int(cursor.fetchone()[0])


def _forget() -> None:
    """As before the first sweep of the month; the failed run, to which the rows by hand belong, hinders none."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE promotion_standing, promotion_runshard")
    Run.objects.exclude(state=RunState.FAILED).delete()


def against_a_loop(table: Table, month: Month, full: Spent, size: int) -> None:
    """The same outcomes by Django's objects, with their queries inside the loop."""
    step = max(1, size // SAMPLE)
    judged = Standing.objects.filter(month=month).values("employee_id")
    people = list(Employee.objects.alias(rest=F("id") % step).filter(rest=0, id__in=judged)[:SAMPLE])
    say(f"A loop with queries inside, {len(people)} people")
    run = Run.objects.filter(state=RunState.FAILED).get()
    outcomes: dict[int, int] = {}
    looped = spent(lambda: outcomes.update({person.pk: loop.judge(person, month, run) for person in people}))
    swept = dict(Standing.objects.filter(month=month, employee__in=people).values_list("employee_id", "outcome"))
    Standing.objects.filter(run=run).delete()
    if outcomes != swept:
        raise SystemExit("the loop finds other outcomes than the sweep")
    times = looped.busy / len(people) / (full.busy / size)
    speed = len(people) / looped.busy
    table.add(
        "sweep against a loop with queries inside", f"{times:,.0f} × faster (the loop: {speed:,.0f} people/s of work)",
        "≥ 250 ×", times >= 250,
    )  # fmt: skip


def reruns(table: Table, month: Month, full: Spent) -> None:
    """Without new facts, and after the facts of one person in a hundred have changed."""
    before = Standing.objects.count()
    again = spent(lambda: sweep(month))
    written = Standing.objects.count() - before
    table.add("unchanged rerun: rows written", f"{written} ({again.wall * 1000:.0f} ms)", "0", written == 0)
    slot = f"s{Metric.objects.get(key='excellent_cases').slot}"
    spans: list[Spent] = []
    people = 0
    for offset in range(3):
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE assessment_employeemonth SET {slot} = coalesce({slot}, 0) + 1 "
                "WHERE month = %s AND employee_id %% 100 = %s", [month.number, offset],
            )  # fmt: skip
        runs: list[Run] = []
        spans.append(spent(lambda: runs.extend(sweep(month))))  # noqa: B023  called at once
        people = runs[0].people
    middle = sorted(spans, key=lambda span: span.busy)[1]
    share = middle.busy / full.busy
    table.add(
        "rerun after facts of 1 % changed", f"{share:.1%} of a full sweep ({middle.busy:.2f} s of work, {people:,} people)",
        "≤ 5 %", share <= 0.05,
    )  # fmt: skip


def memory(table: Table, month: Month) -> None:
    """The most memory that ``manage.py sweep`` ever held, for a full sweep."""
    _forget()
    say("The command's memory")
    child = subprocess.Popen(
        [sys.executable, str(CHECKOUT / "manage.py"), "sweep", "--as-of", str(month)],
        cwd=CHECKOUT, env=os.environ.copy(), stdout=subprocess.DEVNULL,
    )  # fmt: skip
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"manage.py sweep ended with {child.returncode}")
    megabytes = usage.ru_maxrss / 1024
    table.add("memory of the sweeping process", f"{megabytes:.0f} MB", "≤ 300 MB", megabytes <= 300)
