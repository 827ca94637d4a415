"""Back-pay after a restoration: what each month would have been by the tier that was given back, less what it was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from payroll.evaluation import PayQuery, paid_among
from policy.selectors import governing
from promotion.cases.models import Outcome, Proceeding
from staff.kernel.periods import Month, months_between

#: Employee id → (name of the line, amount; None where something that it rests on is missing, what is missing).
Differences = dict[int, list[tuple[str, Decimal | None, tuple[str, ...]]]]
_Amounts = dict[tuple[int, str], tuple[Decimal | None, tuple[str, ...]]]


def back_pay(month: Month, *, only: list[int] | None = None) -> Differences:
    """Difference lines that the run of ``month`` holds: of every demotion that was undone in it.

    Owed are the months whose last day, by which a month is paid, lies between the day on which the lower pay began and the
    last one before the restoration. A line is named ``back_pay:<component>:<YYYY-MM>``. One query where nothing was undone.
    """
    owed: dict[tuple[Month, str], dict[int, str]] = defaultdict(dict)
    for employee, ladder, tier, begun, until in _restored(month, only):
        for each in months_between(Month.of(begun), Month.of(until)):
            if begun <= each.last_day <= until:
                owed[each, ladder][employee] = tier
    found: Differences = defaultdict(list)
    for (each, ladder), tiers in sorted(owed.items()):
        for governed in governing(each.last_day, part="pay"):
            if governed.version.key == ladder:
                paid = _amounts(paid_among(governed, each, tiers, None))
                right = _amounts(paid_among(governed, each, tiers, tiers))
                for employee, component in sorted(paid.keys() | right.keys()):
                    line = _difference(paid.get((employee, component)), right.get((employee, component)))
                    if line is not None:
                        found[employee].append((f"back_pay:{component}:{each}", *line))
    return found


def _restored(month: Month, only: list[int] | None) -> Iterable[tuple[int, str, str, date, date]]:
    """(employee, ladder, the tier given back, first and last day of the lower pay)."""
    rows: Any = Proceeding.objects.filter(
        outcome=Outcome.RESTORED, back_pay_until__isnull=False, pay_on__isnull=False,
        restoration__effective_on__range=(month.first_day, month.last_day),
    )  # fmt: skip
    if only is not None:
        rows = rows.filter(case__employee__in=only)
    found: Iterable[tuple[int, str, str, date, date]] = rows.order_by("pk").values_list(
        "line__employee", "line__ladder", "line__from_tier", "pay_on", "back_pay_until"
    )
    return found


def _amounts(query: PayQuery) -> _Amounts:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, component, amount, missing FROM ({query.sql}) q", query.params)
        return {(pk, component): (amount, tuple(missing)) for pk, component, amount, missing in cursor.fetchall()}


def _difference(
    paid: tuple[Decimal | None, tuple[str, ...]] | None, right: tuple[Decimal | None, tuple[str, ...]] | None
) -> tuple[Decimal | None, tuple[str, ...]] | None:
    """None where the two are the same. No line is an amount of 0."""
    nothing: tuple[Decimal | None, tuple[str, ...]] = (Decimal(0), ())
    (before, lacked), (after, lacks) = paid or nothing, right or nothing
    if before is None or after is None:
        return (None, tuple(dict.fromkeys((*lacked, *lacks)))) if before != after else None
    return (after - before, ()) if after != before else None
