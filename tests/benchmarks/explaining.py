"""One person's explanation: the time that the database spends on it, planning included."""

from __future__ import annotations

import json

from django.db import connection

from policy.selectors import governing
from promotion.sweep.evaluation import judged_now
from promotion.sweep.population import population
from staff.kernel.periods import Month
from staff.models import Employee
from tests.benchmarks.measure import Table, percentile, say

SAMPLE = 400


def one_person(table: Table, month: Month) -> None:
    (governed,) = governing(month.last_day, part="ladder")
    people = list(Employee.objects.order_by("pk").values_list("pk", flat=True))
    chosen = people[:: max(1, len(people) // SAMPLE)][:SAMPLE]
    say(f"The statement over one person, {len(chosen)} times")
    times = []
    with connection.cursor() as cursor:
        for pk in [*chosen[:20], *chosen]:
            judgement = judged_now(governed, month, population(governed, month, only=pk))
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {judgement.sql}", judgement.params)
            found = cursor.fetchone()[0]
            (plan,) = found if isinstance(found, list) else json.loads(found)
            times.append(plan["Planning Time"] + plan["Execution Time"])
    times = times[20:]  # the first ones fill the session's own caches
    half, most = percentile(times, 0.5), percentile(times, 0.99)
    table.add("explanation of one person, p50 in the database", f"{half:.1f} ms", "≤ 3 ms", half <= 3)
    table.add("explanation of one person, p99 in the database", f"{most:.1f} ms")
