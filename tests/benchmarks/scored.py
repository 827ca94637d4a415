"""A company under four scorecards, made by the database: departments take turns, four months of values, a year of events."""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.db import connection, transaction

from assessment.models import Metric
from policy.actions.policy_adopt import adopt
from staff.kernel.access import Access
from staff.kernel.periods import Month
from staff.models import Department
from tests.benchmarks.company import DEPARTMENT_SIZE, FINDINGS, HIRED, MAKING, ROWS, SEQUENCE, chance

#: Months with values: the last and those that its streaks look back on.
MONTHS = 4
_YES = "({draw} < 0.93)::int"
#: Policy → metric → SQL of a value from a number ``{draw}`` in [0, 1).
VALUES = {
    "grade-and-wage": {
        "sales_result": "round(40 * {draw} ^ 0.3, 2)", "tasks": "floor(20 * {draw} ^ 0.3)",
        "ability": "floor(21 * {draw} ^ 0.4)", "attitude": "floor(21 * {draw} ^ 0.3)",
    },
    "reward-and-penalty": {
        "satisfaction_rate": "round(65 + 35 * {draw}, 2)", "avg_response_minutes": "round(20 * {draw}, 1)",
        "resolution_rate": "round(65 + 35 * {draw}, 2)", "peer_review": "1 + floor(4 * {draw})",
        "leader_rating": "1 + floor(4 * {draw})",
    },
    "monthly-stars": {
        "collection_rate": "round(80 + 40 * {draw}, 1)", "leader_tasks": _YES, "service_attitude": _YES, "discipline": _YES,
        "proactive": _YES,
    },
    "itemised-scorecard": {
        "satisfaction": "round(85 + 15 * {draw}, 2)", "speed": "round(3 * {draw} ^ 2, 2)", "accuracy": "floor(3 * {draw} ^ 2)",
        "norms": "floor(3 * {draw} ^ 3)", "tasks": "floor(4 * {draw} ^ 3)", "knowledge": "60 + floor(41 * {draw})",
        **dict.fromkeys(("overtime", "attendance", "initiative", "peers", "collaboration", "sharing"), _YES),
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scored:
    """What was made: how many people, the last month with facts, the departments under each policy."""

    size: int
    last: Month
    departments: dict[str, list[int]]


def make_scored(size: int, last: Month) -> Scored:
    """``size`` people in departments that take turns in the four policies, in force for the last four months."""
    access = Access.system(last.next.first_day, "benchmark", channel="command")
    count = max(len(VALUES), math.ceil(size / DEPARTMENT_SIZE))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(MAKING)
        roots = {key: Department.objects.create(name=f"benchmark of {key}") for key in VALUES}
        turns = [list(VALUES)[n % len(VALUES)] for n in range(count)]
        teams = Department.objects.bulk_create(
            Department(name=f"team {n}", parent=roots[key]) for n, key in enumerate(turns, start=1)
        )
        cursor.execute("SELECT coalesce(max(id), 0) FROM staff_employee")
        low = cursor.fetchone()[0]
        facts = {
            "low": low, "high": low + size, "last": last.number, "months": 12, "last_day": last.last_day,
            "first_department": teams[0].pk, "departments": count, "each": math.ceil(size / count),
        }  # fmt: skip
        for statement in (_EMPLOYEES, SEQUENCE, _PLACES, *map(_monthly, range(len(VALUES))), FINDINGS, _ABSENCES):
            cursor.execute(statement, facts)
        for key, root in roots.items():
            adopt(access=access, key=key, department=root, starts_on=(last + (1 - MONTHS)).first_day)
    with connection.cursor() as cursor:
        for table in ("staff_employee", "staff_departmentperiod", "assessment_employeemonth", "assessment_event",
                      "staff_absence", "staff_touch"):  # fmt: skip
            cursor.execute(f"VACUUM (ANALYZE) {table}")
    ids = {key: [team.pk for team, turn in zip(teams, turns, strict=True) if turn == key] for key in VALUES}
    return Scored(size, last, ids)


#: One in forty at the front desk; one in a hundred leaves in the last month, one in fifty is not regularised.
_EMPLOYEES = f"""
INSERT INTO staff_employee (id, employee_no, name, pinyin, position, hired_on, regularised_on, left_on, email, im_account)
SELECT i, 'B' || lpad(i::text, 8, '0'), 'B' || i, 'b' || i, CASE WHEN i %% 40 = 0 THEN '前台' ELSE '客服' END, hired,
    CASE WHEN i %% 50 <> 0 THEN hired + 90 END, CASE WHEN i %% 100 = 7 THEN greatest(hired, %(last_day)s::date - 9) END, '', ''
FROM generate_series(%(low)s + 1, %(high)s) AS i, LATERAL (SELECT {HIRED} AS hired OFFSET 0) h
"""
_PLACES = """
INSERT INTO staff_departmentperiod (employee_id, department_id, period)
SELECT id, %(first_department)s + (id - %(low)s - 1) / %(each)s, daterange(hired_on, NULL)
FROM staff_employee WHERE id > %(low)s AND id <= %(high)s ORDER BY id
"""
#: Three in a hundred were away for seventy days of the year, which grade-and-wage does not assess.
_ABSENCES = f"""
INSERT INTO staff_absence (employee_id, first_day, last_day, kind)
SELECT id, day, day + 69, 'leave'
FROM (SELECT id, hired_on, %(last_day)s::date - 100 - (100 * {chance("id", 41)})::int AS day FROM staff_employee
      WHERE id > %(low)s AND id <= %(high)s AND {chance("id", 42)} < 0.03) a
WHERE day >= hired_on ORDER BY id
"""


def _monthly(at: int) -> str:
    """One row a person of the policy and month; a value in three hundred is missing, a month in a hundred and twenty exempt."""
    wanted = list(VALUES.values())[at]
    slots = dict(Metric.objects.filter(key__in=wanted).values_list("key", "slot"))
    row = "e.id * 4096 + m %% 4096"
    values = [
        f"CASE WHEN {chance(row, 100 + 2 * n)} >= 0.003 THEN {form.format(draw=chance(row, 101 + 2 * n))} END"
        for n, form in enumerate(wanted.values())
    ]
    columns = ", ".join(f"s{slots[key]}" for key in wanted)
    return (
        f"INSERT INTO assessment_employeemonth (employee_id, month, counts, {columns}) "
        f"SELECT e.id, m, {chance(row, 7)} >= 0.008, {', '.join(values)} {ROWS} AND m > %(last)s - {MONTHS} "
        f"AND (e.id - %(low)s - 1) / %(each)s %% {len(VALUES)} = {at} ORDER BY e.id, m"
    )
