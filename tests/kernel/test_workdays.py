"""Terms run by China's working days: holidays and make-up days count as they were announced."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staff.actions.calendar_amend import amend_calendar
from staff.actions.calendar_fill import add_announced, fill_calendar
from staff.kernel.access import Access, Forbidden, Refused
from staff.kernel.workdays import Workdays, register_terms, term_end
from staff.models import Workday

DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
HR = Access(None, None, date(2026, 11, 10), frozenset({"hr"}), {"hr": None})


def test_a_term_begins_the_day_after_and_skips_the_weekend() -> None:
    assert Workdays().nth_after(date(2026, 11, 12), 5) == date(2026, 11, 19)
    assert Workdays().days_of_term(date(2026, 11, 20), 5) == [date(2026, 11, 23 + n) for n in range(5)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "length", "ends"),
    [
        ("2026-02-13", 1, "2026-02-14"),  # a make-up Saturday before the spring festival
        ("2026-02-14", 1, "2026-02-24"),  # over the festival
        ("2026-09-30", 5, "2026-10-13"),  # over the national day, with the make-up Saturday of 10 October
        ("2026-12-30", 3, "2027-01-04"),  # into a year that is not announced: Monday to Friday
    ],
)
def test_holidays_are_skipped_and_make_up_days_counted(start: str, length: int, ends: str) -> None:
    assert term_end(date.fromisoformat(start), length) == date.fromisoformat(ends)


@pytest.mark.django_db
def test_a_year_that_is_not_announced_is_provisional() -> None:
    known = Workdays.known()
    assert not known.provisional(date(2026, 1, 5), date(2026, 12, 20))
    assert known.provisional(date(2026, 12, 20), date(2027, 1, 8))


@given(DAYS, st.integers(1, 60))
def test_a_term_has_as_many_working_days_as_it_says(start: date, length: int) -> None:
    known = Workdays({date(2026, 10, day): False for day in range(1, 8)} | {date(2026, 10, 10): True})
    end = known.nth_after(start, length)
    assert known.works(end)
    assert known.between(start, end) == length == -known.between(end, start)


@pytest.mark.django_db
def test_filling_again_adds_nothing_and_leaves_days_of_hr() -> None:
    assert add_announced() == 0
    amend_calendar(access=HR, day=date(2026, 12, 31), works=False, name="公司放假")
    Workday.objects.filter(day=date(2026, 10, 1)).delete()
    assert fill_calendar(access=Access.system(HR.day, "nightly")) == 1
    assert Workday.objects.get(day=date(2026, 12, 31)).source == "hr"


@pytest.mark.django_db
def test_running_terms_are_told_of_a_new_holiday() -> None:
    seen: list[bool] = []
    register_terms("test", lambda known: seen.append(known.works(date(2026, 11, 16))) or 0)
    amend_calendar(access=HR, day=date(2026, 11, 16), works=False, name="公司周年")
    register_terms("test", lambda known: 0)
    assert seen == [False]


@pytest.mark.django_db
def test_a_day_that_is_over_stays_and_only_hr_of_the_company_amends() -> None:
    with pytest.raises(Refused):
        amend_calendar(access=HR, day=date(2026, 11, 9), works=False, name="补记")
    part = Access(1, None, HR.day, frozenset({"hr"}), {"hr": frozenset({1})})
    for access in (part, Access(1, 1, HR.day, frozenset({"employee", "supervisor"}))):
        with pytest.raises(Forbidden):
            amend_calendar(access=access, day=date(2026, 11, 16), works=False, name="放假")
