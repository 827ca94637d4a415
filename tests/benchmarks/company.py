"""A company of any size for measuring, made by the database itself: people × months in the real tables, the same each time.

Values are drawn by hashing the row's own numbers, so they depend neither on order nor on the machine. The shapes are those
of the demonstration: half on the bottom tier, a keyword in most months, one report in a hundred missing, few complaints.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from assessment.models import Metric
from policy.actions.policy_adopt import adopt
from staff.kernel.access import Access
from staff.kernel.periods import Month
from staff.models import Department

#: People of one department; the adoption is for the root above all of them.
DEPARTMENT_SIZE = 2_000
#: Cumulative shares of the tiers, from the bottom up, and when each began at the earliest, in months back.
_TIERS = (("regular", 0.50, 0), ("star", 0.82, 12), ("diamond", 0.95, 24), ("crown", 1.0, 36))
#: More memory for the sorts of the making; what is measured comes later, in its own transactions.
MAKING = "SET LOCAL synchronous_commit = off; SET LOCAL work_mem = '128MB'; SET LOCAL maintenance_work_mem = '256MB'"


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: ids (low, high] of the people, the root department, the last month with facts."""

    low: int
    high: int
    root: Department
    last: Month


def make_company(size: int, last: Month, *, months: int = 12) -> Made:
    """``size`` people, each with ``months`` months of values and their events up to ``last``, under info-service.

    Each table is one INSERT … SELECT, through the triggers that every load passes.
    """
    access = Access.system(last.next.first_day, "benchmark", channel="command")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(MAKING)
        root, first_department, departments = _departments(size)
        cursor.execute("SELECT coalesce(max(id), 0) FROM staff_employee")
        low = cursor.fetchone()[0]
        facts = {
            "low": low, "high": low + size, "last": last.number, "months": months, "last_day": last.last_day,
            "first_department": first_department, "departments": departments,
        }  # fmt: skip
        for statement in (_EMPLOYEES, SEQUENCE, _PLACES, _LEDGER, _monthly(), _KEYWORDS, FINDINGS, _EXAMS):
            cursor.execute(statement, facts)
        adopt(access=access, key="info-service", department=root, starts_on=date(2017, 1, 1))
    with connection.cursor() as cursor:
        for table in ("staff_employee", "staff_departmentperiod", "promotion_tierperiod", "assessment_employeemonth",
                      "assessment_event", "staff_touch"):  # fmt: skip
            cursor.execute(f"VACUUM (ANALYZE) {table}")
    return Made(low, low + size, root, last)


def _departments(size: int) -> tuple[Department, int, int]:
    """The root, the first id below it and how many follow on without a gap."""
    root = Department.objects.create(name=f"benchmark of {size}")
    count = math.ceil(size / DEPARTMENT_SIZE)
    teams = Department.objects.bulk_create(Department(name=f"team {n}", parent=root) for n in range(1, count + 1))
    return root, teams[0].pk, count


def chance(numbers: str, salt: int) -> str:
    """SQL of a number in [0, 1) that hangs on ``numbers`` and ``salt`` alone."""
    return f"((hashint8extended(({numbers})::bigint, {salt}) & 16777215) / 16777216.0)"


def _first_day(month: str) -> str:
    return f"make_date(({month}) / 12, ({month}) %% 12 + 1, 1)"


def _tier(id_: str) -> str:
    cases = " ".join(f"WHEN {chance(id_, 1)} < {share} THEN '{tier}'" for tier, share, _ in _TIERS)
    return f"CASE {cases} END"


#: Months back of hiring: later tiers take longer.
_TENURE = "1 + ({spread} * 60)::int + CASE {tier} {cases} END".format(
    spread=chance("i", 2), tier=_tier("i"), cases=" ".join(f"WHEN '{tier}' THEN {least}" for tier, _, least in _TIERS)
)
HIRED = f"{_first_day(f'%(last)s - ({_TENURE})')} + (i %% 28)::int"

_EMPLOYEES = f"""
INSERT INTO staff_employee (id, employee_no, name, pinyin, position, hired_on, regularised_on, email, im_account)
SELECT i, 'B' || lpad(i::text, 8, '0'), 'B' || i, 'b' || i, '', hired, CASE WHEN i %% 50 <> 0 THEN hired + 90 END, '', ''
FROM generate_series(%(low)s + 1, %(high)s) AS i, LATERAL (SELECT {HIRED} AS hired OFFSET 0) h
"""
SEQUENCE = "SELECT setval(pg_get_serial_sequence('staff_employee', 'id'), %(high)s)"

_PLACES = f"""
INSERT INTO staff_departmentperiod (employee_id, department_id, period)
SELECT id, %(first_department)s + (id - %(low)s - 1) / {DEPARTMENT_SIZE}, daterange(hired_on, NULL)
FROM staff_employee WHERE id > %(low)s AND id <= %(high)s ORDER BY id
"""
_LEDGER = f"""
INSERT INTO promotion_ledgerline (seq, employee_id, kind, ladder, from_tier, to_tier, effective_on, channel, reason_digest,
    prev_hash, hash)
SELECT 0, id, 'entry', 'info-service', '', {_tier("id")}, hired_on, 'command', '', '', ''
FROM staff_employee WHERE id > %(low)s AND id <= %(high)s ORDER BY id
"""

ROWS = """
FROM staff_employee e
CROSS JOIN generate_series(%(last)s - %(months)s + 1, %(last)s) AS m
WHERE e.id > %(low)s AND e.id <= %(high)s AND staff_month_number(e.hired_on) <= m
"""


def _monthly() -> str:
    """One row a person and month, in the order in which the sweep reads; one report in a hundred is missing."""
    slots = dict(Metric.objects.filter(key__in=("excellent_cases", "keywords_online")).values_list("key", "slot"))
    row = "e.id * 4096 + m %% 4096"
    able = f"CASE WHEN {_tier('e.id')} IN ('diamond', 'crown') THEN 0.95 ELSE 0.55 END"
    cases = f"CASE WHEN {chance(row, 3)} >= 0.01 THEN floor(2.2 * {chance(row, 4)} ^ 2 + {able}) END"
    online = f"CASE WHEN {chance(row, 5)} >= 0.01 THEN floor(9 * {chance(row, 6)}) END"
    return (
        f"INSERT INTO assessment_employeemonth (employee_id, month, counts, s{slots['excellent_cases']}, "
        f"s{slots['keywords_online']}) SELECT e.id, m, {chance(row, 7)} >= 0.008, {cases}, {online} {ROWS} "
        "ORDER BY e.id, m"
    )


def _event(number: str, day: str, kind: str, status: str, subject: str, quantity: str, chance: str) -> str:
    """One event of a kind in a person's month where the chance says so."""
    return f"""
INSERT INTO assessment_event (event_no, employee_id, day, kind, status, subject, quantity)
SELECT {number}, e.id, {_first_day("m")} + ({day})::int, {kind}, {status}, {subject}, {quantity}
{ROWS} AND {chance} AND {_first_day("m")} + ({day})::int >= e.hired_on
ORDER BY e.id, m
"""


_KEY = "e.id * 4096 + m %% 4096"
_KEYWORDS = _event(
    "'bk' || e.id || '-' || m", f"27 * {chance(_KEY, 11)}", "'keyword_online'", "''",
    f"'customer ' || e.id || '-' || floor(40 * {chance(_KEY, 12)})", f"1 + floor(3.6 * {chance(_KEY, 13)})",
    f"{chance(_KEY, 14)} < 0.9",
)  # fmt: skip
FINDINGS = _event(
    "'bf' || e.id || '-' || m", f"27 * {chance(_KEY, 21)}",
    f"CASE WHEN {chance(_KEY, 22)} < 0.9 THEN 'complaint' WHEN {chance(_KEY, 22)} < 0.98 THEN 'violation' "
    "ELSE 'major_misconduct' END",
    f"CASE WHEN {chance(_KEY, 23)} < 0.7 THEN 'upheld' ELSE 'dismissed' END", "''", "NULL",
    f"{chance(_KEY, 24)} < 0.05",
)  # fmt: skip
_EXAMS = _event(
    "'be' || e.id || '-' || m", f"27 * {chance(_KEY, 31)}", "'exam'",
    f"CASE WHEN {chance(_KEY, 32)} < 0.8 THEN 'passed' ELSE 'failed' END",
    f"CASE {_tier('e.id')} WHEN 'regular' THEN 'star' WHEN 'star' THEN 'diamond' ELSE 'crown' END",
    f"60 + floor(40 * {chance(_KEY, 33)})", f"{chance(_KEY, 34)} < 0.02",
)  # fmt: skip
