"""The lines of pay of a month, and what each tier is worth."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.db import connection

from payroll.evaluation import PayQuery, paid_by_tier, paid_now
from payroll.selectors.back_pay import back_pay
from policy.language.checked import Checked
from policy.models import PolicyVersion
from policy.selectors import checked, governing
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.periods import Month
from staff.models import Employee

#: The component that belongs to a tier.
LEVEL_PAY = "level_pay"
#: Rows a time from a server-side cursor.
_CHUNK = 2000
#: What a tier is worth follows from version and values alone, whatever the day.
_ANY_DAY = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class PayLine:
    """One component of one person's pay in a month, in yuan.

    ``amount`` None is an exception: it rests on what ``missing`` names, and no line is paid until that is there.
    """

    employee_no: str
    component: str
    amount: Decimal | None
    missing: tuple[str, ...]


def pay_lines(access: Access, month: Month) -> Iterator[PayLine]:
    """Lines and exceptions of the month for those whose pay may be read, by employee number, then component.

    The policy, pay row, tier and department of the month's last day govern the month; after a demotion the tier by which is
    paid changes on a day of its own. What a restoration owes of earlier months stands as differences of its month.
    Read through server-side cursors: memory does not grow with people. Raises ``Forbidden``.
    """
    access.require(Thing.PAY, Verb.READ)
    scope = access.scope(Thing.PAY)
    only = (
        None
        if scope.company
        else list(Employee.objects.visible_to(access, thing=Thing.PAY).values_list("pk", flat=True))
    )
    found = [_lines(paid_now(governed, month), only) for governed in governing(month.last_day, part="pay")]
    found.append(_differences(month, only))
    return heapq.merge(*found, key=lambda line: (line.employee_no, line.component))


def _lines(query: PayQuery, only: list[int] | None) -> Iterator[PayLine]:
    """In the order of code points, which is also Python's, so that the lines of several policies merge."""
    within = "" if only is None else "WHERE e.id = ANY(%(scope_ids)s)"
    sql = (
        f"SELECT e.employee_no, r.component, r.amount, r.missing FROM ({query.sql}) r "
        f'JOIN staff_employee e ON e.id = r.id {within} ORDER BY e.employee_no COLLATE "C", r.component COLLATE "C"'
    )
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, {**query.params, "scope_ids": only})
        while rows := cursor.fetchmany(_CHUNK):
            for number, component, amount, missing in rows:
                yield PayLine(number, component, amount, tuple(missing))


def _differences(month: Month, only: list[int] | None) -> Iterator[PayLine]:
    found = back_pay(month, only=only)
    if not found:
        return
    numbers = dict(Employee.objects.filter(pk__in=found).values_list("pk", "employee_no"))
    lines = [PayLine(numbers[pk], *line) for pk, each in found.items() for line in each]
    yield from sorted(lines, key=lambda line: (line.employee_no, line.component))


def level_pay_table(version: PolicyVersion, values: Mapping[str, str]) -> list[tuple[str, Decimal | None]]:
    """(tier's key, yuan a month) from the foot of the ladder up; None where a tier has no line.

    Empty where the policy has no ladder or no level pay. What is paid on a day follows from the version and the values
    in force on it: tables are effective-dated by adoption.
    """
    return list(_tier_amounts(checked(version, values)))


@lru_cache(maxsize=256)
def _tier_amounts(policy: Checked) -> tuple[tuple[str, Decimal | None], ...]:
    """Kept: it rests on the document and its values alone, and every page of pay asks for it."""
    if policy.ladder is None or all(component.key != LEVEL_PAY for component in policy.pay):
        return ()
    tiers = [str(tier.key) for tier in policy.ladder.tiers]
    query = paid_by_tier(policy, tiers, Month.of(policy.in_force or _ANY_DAY))
    with connection.cursor() as cursor:
        cursor.execute(query.sql, query.params)
        amounts = {id_: amount for id_, component, amount, _missing in cursor.fetchall() if component == LEVEL_PAY}
    return tuple((tier, amounts.get(at)) for at, tier in enumerate(tiers, start=1))
