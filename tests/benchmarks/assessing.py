"""A month's results under four policies in one run, against SQL written by hand, and once more without new facts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from statistics import median

from django.db import connection, transaction

from assessment.actions.periods_assess import assess_period
from assessment.actions.results_assess import assess_month
from assessment.models import Assessed, Metric, Result
from assessment.selectors.period_results import period_assessed_now
from assessment.selectors.results import ResultQuery, assessed_now
from policy.compiler.period import Subject
from policy.compiler.results import RESULT_COLUMNS
from policy.compiler.sql import PLANNER
from policy.selectors import governing
from staff.kernel.access import Access
from staff.kernel.periods import Month, Term
from tests.benchmarks.measure import Spent, Table, alternately, machine, say, spent
from tests.benchmarks.scored import VALUES, Scored, make_scored

BY_HAND = Path(__file__).with_name("results_by_hand.sql")
LAST = Month.parse("2026-10")
QUARTER = Term.holding(LAST + -1, 3)
SUBJECTS: tuple[Subject, ...] = ("person", "team")
_ROW = ("employee_id", "policy", "version_id", "values_digest", "full_marks", *RESULT_COLUMNS)


def run(size: int, rounds: int) -> tuple[Table, str]:
    """The table and the line about the machine."""
    table = Table()
    say(f"Making {size:,} people under {len(VALUES)} policies …")
    made: list[Scored] = []
    say(f"  {spent(lambda: made.append(make_scored(size, LAST)))}")
    say(f"  the months before: {spent(lambda: assess(LAST.previous))}")
    against_hand_written(table, made[0], rounds)
    reruns(table, LAST)
    quarter(table)
    planning(table)
    return table, machine()


def assess(month: Month) -> int:
    return assess_month(access=Access.system(month.next.first_day, "benchmark", channel="command"), month=month)


def against_hand_written(table: Table, made: Scored, rounds: int) -> None:
    """The whole of the month's assessment. The rows of both must be equal to the last value."""
    hand, month = ByHand(made), made.last

    def assessed() -> Spent:
        _forget(month)
        return spent(lambda: assess(month))

    say(f"The month's results against SQL by hand, {rounds} rounds in alternating order")
    runs: dict[str, Callable[[], Spent]] = {"assessment": assessed, "by hand": hand.time}
    ours, theirs = alternately(rounds, runs).values()
    if differing := hand.differing():
        raise SystemExit(f"{differing} rows differ between the results and the SQL written by hand")
    people = Result.objects.filter(month=month, level="month").count()
    table.add(
        f"a month's results under {len(VALUES)} policies, {people:,} rows written",
        f"{ours}; {people / ours.busy:,.0f} people/s of work",
    )
    ratio = ours.busy / theirs.busy
    table.add("assessment ÷ SQL written by hand", f"{ratio:.2f} × ({theirs})", "≤ 1.25 ×", ratio <= 1.25)
    table.add("rows that differ from the hand-written SQL's", "0", "0", True)
    for key, (one, other) in hand.apart(rounds).items():
        table.add(f"the statement of {key} ÷ by hand", f"{one.busy / max(other.busy, 0.01):.2f} × ({other})")


def _forget(month: Month) -> None:
    """As before the first assessment of the month."""
    Result.objects.filter(month=month).delete()
    Assessed.objects.filter(month=month).delete()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) assessment_result")


class ByHand:
    """The statements written by hand, into a table with the columns, indexes and constraints of the results."""

    def __init__(self, made: Scored) -> None:
        self.month = month = made.last
        slots = {f"s_{metric.key}": f"s{metric.slot}" for metric in Metric.objects.all()}
        text = BY_HAND.read_text(encoding="utf-8").partition("-- == ")[2]
        parts = (part.partition("\n") for part in text.split("-- == "))
        self.governed = {each.version.key: each for each in governing(month.last_day, part="scorecard")}
        self.sql = {key: _filled(sql, slots) for key, _, sql in parts}
        self.params = {
            key: {
                "version": self.governed[key].version.pk, "values": self.governed[key].values_digest, "month": month.number,
                "day": month.last_day, "first_day": month.first_day, "year_ago": (month + -11).first_day,
                "departments": list(self.governed[key].department_ids),
            }
            for key in self.sql
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE bench_results (LIKE assessment_result INCLUDING ALL)")
            cursor.execute(
                "ALTER TABLE bench_results "
                "ADD FOREIGN KEY (employee_id) REFERENCES staff_employee DEFERRABLE INITIALLY DEFERRED, "
                "ADD FOREIGN KEY (department_id) REFERENCES staff_department DEFERRABLE INITIALLY DEFERRED, "
                "ADD FOREIGN KEY (version_id) REFERENCES policy_policyversion DEFERRABLE INITIALLY DEFERRED"
            )

    def time(self) -> Spent:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE bench_results")
        return spent(self._write)

    @transaction.atomic
    def _write(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(PLANNER)
            for key, sql in self.sql.items():
                cursor.execute(sql, self.params[key])

    def differing(self) -> int:
        """Rows on one side alone; both sides hold their last round's."""
        columns = ", ".join(_ROW)
        with connection.cursor() as cursor:
            one = f"SELECT {columns} FROM bench_results"
            other = f"SELECT {columns} FROM assessment_result WHERE month = {self.month.number} AND level = 'month'"
            cursor.execute(
                f"SELECT (SELECT count(*) FROM ({one} EXCEPT ALL {other}) a) + "
                f"(SELECT count(*) FROM ({other} EXCEPT ALL {one}) b)"
            )
            return int(cursor.fetchone()[0])

    def apart(self, rounds: int) -> dict[str, tuple[Spent, Spent]]:
        """Each policy's statement alone and by hand, nothing written."""
        found = {}
        for key, sql in self.sql.items():
            selected = f"WITH {sql.partition('WITH ')[2]}"
            query = assessed_now(self.governed[key], self.month)
            runs: dict[str, Callable[[], Spent]] = {
                f"{key}": lambda q=query: _counted(q.sql, dict(q.params)),  # type: ignore[misc]
                f"{key} by hand": lambda s=selected, p=self.params[key]: _counted(s, p),  # type: ignore[misc]
            }
            one, other = alternately(rounds, runs).values()
            found[key] = (one, other)
        return found


def _filled(sql: str, slots: dict[str, str]) -> str:
    for name, slot in slots.items():
        sql = sql.replace(f"{{{name}}}", slot)
    return sql


@transaction.atomic
def _counted(sql: str, params: dict[str, object]) -> Spent:
    """Every row is made, none is sent."""
    with connection.cursor() as cursor:
        cursor.execute(PLANNER)
        return spent(lambda: cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF) {sql}", params))


def reruns(table: Table, month: Month) -> None:
    """Without new facts, and judged once more over the same facts."""
    written: list[int] = []
    again = spent(lambda: written.append(assess(month)))
    table.add("unchanged rerun: results written", f"{written[0]} ({again.wall * 1000:.0f} ms)", "0", written[0] == 0)
    Assessed.objects.filter(month=month).update(watermark=None)
    anew = spent(lambda: written.append(assess(month)))
    table.add("assessed anew over the same facts: results written", f"{written[1]} ({anew})", "0", written[1] == 0)


def quarter(table: Table) -> None:
    """The quarter before, of people and teams, whose months stand."""
    access, written = Access.system(LAST.next.first_day, "benchmark", channel="command"), []
    first = spent(lambda: written.append(assess_period(access=access, term=QUARTER)))
    again = spent(lambda: written.append(assess_period(access=access, term=QUARTER)))
    table.add(
        f"its quarter of people and teams, {written[0]:,} rows written",
        f"{first}; {written[0] / first.busy:,.0f} rows/s of work",
    )
    table.add(
        "unchanged rerun of the quarter: results written",
        f"{written[1]} ({again.wall * 1000:.0f} ms)",
        "0",
        written[1] == 0,
    )


def planning(table: Table) -> None:
    """What the planner takes for the statements of all policies together, quarters and years of people and teams too."""
    governed = governing(LAST.last_day, part="scorecard")
    months = [assessed_now(each, LAST) for each in governed]
    periods = [
        period_assessed_now(each, Term.holding(LAST, length), subject)
        for each in governed
        for length in (3, 12)
        for subject in SUBJECTS
    ]
    month, every = sum(map(_planned, months)), sum(map(_planned, [*months, *periods]))
    table.add(
        f"planning of all {len(months) + len(periods)} statements together, quarters and years among them",
        f"{every:.0f} ms (of a month alone {month:.0f} ms)", "≤ 200 ms", every <= 200,
    )  # fmt: skip


@transaction.atomic
def _planned(query: ResultQuery) -> float:
    times = []
    with connection.cursor() as cursor:
        cursor.execute(PLANNER)
        for _ in range(5):
            cursor.execute(f"EXPLAIN (SUMMARY, FORMAT JSON) {query.sql}", dict(query.params))
            (plan,) = cursor.fetchone()
            found = plan if isinstance(plan, list) else json.loads(plan)
            times.append(float(found[0]["Planning Time"]))
    return median(times)
