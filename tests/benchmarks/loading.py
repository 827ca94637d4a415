"""Loading monthly values through ``load_records``, against a raw COPY of the file and against the same done by hand."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction

from assessment.models import EmployeeMonth, Metric
from staff.kernel.periods import Month
from tests.benchmarks.measure import Spent, Table, alternately, say, spent

#: Values of each person in the file: two metrics over the last five months.
MONTHS, METRICS = 5, ("excellent_cases", "keywords_online")
#: No more values than this, however many people.
MOST = 1_000_000

BY_HAND = Path(__file__).with_name("load_by_hand.sql")


def values(table: Table, month: Month, size: int, rounds: int) -> None:
    """The months are taken away first, so that each way writes the same new rows through the same triggers."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "values.csv"
        count = _dump(path, month, min(size, MOST // (MONTHS * len(METRICS))))
        say(f"Loading {count:,} values, {rounds} rounds in alternating order")
        expected = _digest(month)
        hand = _by_hand_sql()

        def fresh(load: Callable[[], object]) -> Callable[[], Spent]:
            def run() -> Spent:
                _take_away(month)
                cost = spent(load)
                if _digest(month) != expected:
                    raise SystemExit("the values that were loaded are not those of the file")
                return cost

            return run

        runs: dict[str, Callable[[], Spent]] = {
            "load_records": fresh(lambda: call_command("load_records", str(path), stdout=io.StringIO())),
            "by hand": fresh(lambda: _load_by_hand(path, hand)),
            "raw COPY": lambda: _raw_copy(path),
        }
        loader, by_hand, raw = alternately(rounds, runs).values()
    table.add(f"loading {count:,} values, checks included", f"{loader}; {count / loader.busy:,.0f} values/s of work")
    share = by_hand.busy / loader.busy
    table.add(
        "its speed against hand-written COPY + checks + upsert", f"{share:.0%} ({by_hand})", "≥ 80 %", share >= 0.8
    )
    table.add("its speed against a raw COPY, nothing checked", f"{raw.busy / loader.busy:.0%} ({raw})")


def _slots() -> dict[str, str]:
    return {metric.key: f"s{metric.slot}" for metric in Metric.objects.filter(key__in=METRICS)}


def _dump(path: Path, month: Month, people: int) -> int:
    """Writes the file and gives the number of its rows; months of other people go for good."""
    rows = EmployeeMonth.objects.filter(month__gt=(month + -MONTHS).number)
    kept = list(rows.order_by("employee_id").values_list("employee_id", flat=True).distinct()[:people])
    rows.filter(employee_id__gt=kept[-1]).delete()
    slots, count = _slots(), 0
    found = rows.order_by("employee_id", "month").values_list("employee__employee_no", "month", *slots.values())
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["employee_no", "month", "metric", "value"])
        for number, each, *numbers in found.iterator(chunk_size=10_000):
            lines = [
                (number, each, key, f"{value.normalize():f}")
                for key, value in zip(slots, numbers, strict=True)
                if value is not None
            ]
            writer.writerows(lines)
            count += len(lines)
    return count


def _take_away(month: Month) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM assessment_employeemonth WHERE month > %s", [(month + -MONTHS).number])
        cursor.execute("TRUNCATE assessment_employeemonth_history")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) assessment_employeemonth")


def _digest(month: Month) -> str:
    """Of every value of the months."""
    columns = ", ".join(_slots().values())
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT md5(string_agg(md5(row(employee_id, month, {columns})::text), '' ORDER BY employee_id, month)) "
            f"FROM assessment_employeemonth WHERE month > %s AND num_nonnulls({columns}) > 0",
            [(month + -MONTHS).number],
        )
        return str(cursor.fetchone()[0])


def _by_hand_sql() -> str:
    slots = _slots()
    text = BY_HAND.read_text(encoding="utf-8")
    return text.replace("{cases}", slots["excellent_cases"]).replace("{online}", slots["keywords_online"])


def _load_by_hand(path: Path, sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor, path.open("rb") as file:
        cursor.execute(
            "CREATE TEMP TABLE by_hand (line bigint GENERATED ALWAYS AS IDENTITY, employee_no text, month text, "
            "metric text, value text) ON COMMIT DROP"
        )
        cursor.copy_expert("COPY by_hand (employee_no, month, metric, value) FROM STDIN (FORMAT csv, HEADER)", file)
        cursor.execute(sql)
        faults = cursor.fetchone()[0]
        if faults:
            raise SystemExit(f"the file has {faults} faults by hand")


def _raw_copy(path: Path) -> Spent:
    with connection.cursor() as cursor, path.open("rb") as file:
        cursor.execute("DROP TABLE IF EXISTS bench_raw")
        cursor.execute("CREATE TABLE bench_raw (employee_no text, month text, metric text, value numeric)")
        cost = spent(lambda: cursor.copy_expert("COPY bench_raw FROM STDIN (FORMAT csv, HEADER)", file))
        cursor.execute("DROP TABLE bench_raw")
    return cost
