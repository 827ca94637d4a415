"""Pay after a demotion changes on a day of its own, and what a restoration owes is paid as named differences. By the policy a
star is paid 1,000 a month, a diamond 1,200; K2041 is a diamond and is put down to star.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from assessment.models import Case
from payroll.selectors import pay_lines
from promotion.cases.actions.decide import Demotion
from promotion.cases.actions.restore import restore_tier
from staff.kernel.access import Access
from staff.kernel.periods import Month
from tests.cases.conftest import _the_day, company, course, house
from tests.cases.steps import REASON, Course

__all__ = ["_the_day", "company", "course", "house"]


def paid(course: Course, *months: str) -> list[dict[str, Decimal | None]]:
    """Each month's lines of K2041."""
    access = Access.system(date(2027, 4, 1), "payroll")
    return [
        {line.component: line.amount for line in pay_lines(access, Month.parse(month)) if line.employee_no == "K2041"}
        for month in months
    ]


def level(amount: int) -> dict[str, Decimal]:
    return {"level_pay": Decimal(amount)}


def decided(course: Course, *, tier_on: date, pay_on: date) -> None:
    """Decided on the twelfth of November; it may be appealed until the 26th."""
    course.served().state()
    course.decide(demotion=Demotion("contract", tier_on, pay_on))


def restored(course: Course, day: date) -> None:
    """A correction takes the facts away, and the general manager gives the tier back."""
    Case.objects.filter(pk=course.row.pk).update(
        state="withdrawn", withdrawn_note="corrected", withdrawn_at="2027-03-01T08:00:00+08:00"
    )
    course.day = day
    restore_tier(access=course.access("gm"), proceeding=course.now, words=REASON)


def test_the_tier_before_is_paid_until_the_pay_takes_effect(course: Course) -> None:
    decided(course, tier_on=date(2026, 12, 15), pay_on=date(2027, 2, 10))
    course.night(date(2026, 12, 15))
    assert paid(course, "2026-11", "2026-12", "2027-01", "2027-02", "2027-03") == [
        level(1200), level(1200), level(1200), level(1000), level(1000),
    ]  # fmt: skip


@pytest.mark.parametrize("appealed", [False, True])
def test_pay_may_take_effect_before_the_tier_and_never_while_it_is_appealed(course: Course, appealed: bool) -> None:
    decided(course, tier_on=date(2027, 2, 1), pay_on=date(2026, 12, 10))
    if appealed:
        course.appeal()
    assert paid(course, "2026-11", "2026-12", "2027-01") == [level(1200), *[level(1200 if appealed else 1000)] * 2]
    if not appealed:
        course.night(date(2027, 2, 1))
        assert paid(course, "2026-11", "2026-12", "2027-02") == [level(1200), level(1000), level(1000)]


def test_a_restoration_pays_back_each_month_that_was_paid_by_the_lower_tier(course: Course) -> None:
    decided(course, tier_on=date(2026, 12, 15), pay_on=date(2027, 1, 20))
    course.night(date(2026, 12, 15))
    restored(course, date(2027, 3, 10))
    owed = {f"back_pay:level_pay:{month}": Decimal(200) for month in ("2027-01", "2027-02")}
    # December was paid by the diamond still; March is by its last day again; what was paid stays as it was paid.
    assert paid(course, "2026-12", "2027-01", "2027-02", "2027-03", "2027-04") == [
        level(1200), level(1000), level(1000), level(1200) | owed, level(1200),
    ]  # fmt: skip


def test_nothing_is_owed_where_the_pay_had_not_changed_yet(course: Course) -> None:
    decided(course, tier_on=date(2026, 12, 15), pay_on=date(2027, 3, 20))
    course.night(date(2026, 12, 15))
    restored(course, date(2027, 3, 10))
    assert paid(course, "2026-12", "2027-02", "2027-03", "2027-04") == [level(1200)] * 4
