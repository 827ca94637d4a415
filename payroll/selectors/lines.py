"""Lines of pay of some people for a month, by every policy that pays them: what a pay run of that month would hold."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db import connection

from payroll.evaluation import paid_now
from policy.selectors import governing
from staff.kernel.periods import Month

Lines = dict[int, dict[str, Decimal | None]]


def lines_of(month: Month, employees: Iterable[int]) -> Lines:
    """Employee id → component → amount, None where something that it rests on is missing. One query a policy."""
    people, found = list(employees), dict[int, dict[str, Decimal | None]]()
    for governed in governing(month.last_day, part="pay"):
        query = paid_now(governed, month)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id, component, amount FROM ({query.sql}) q WHERE id = ANY(%(only_people)s)",
                {**query.params, "only_people": people},
            )
            for employee, component, amount in cursor.fetchall():
                found.setdefault(employee, {})[component] = amount
    return found
