"""Two who decide on one correction at the same moment: one is first, and the fact is written once."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from assessment.actions.correction_turn_down import withdraw_correction
from assessment.models import Correction
from promotion.corrections.actions.correction_approve import preview_correction
from staff.kernel.access import Refused
from staff.models import Absence
from tests.corrections.test_corrections import OCTOBER, Sealed, held
from tests.corrections.test_days_away import ask, star
from tests.faults.conftest import url
from tests.faults.harness import holding, together, waiting
from tests.months.test_race import in_a_thread

__all__ = ["url"]


@pytest.fixture
def sealed(transactional_db: None) -> Sealed:
    return Sealed()


def test_of_an_approval_and_a_withdrawal_at_once_one_is_first_and_the_fact_follows_it(sealed: Sealed) -> None:
    person = sealed.company.person("star")
    sealed.company.values(person, "excellent_cases", {"2026-10": 0})
    sealed.seal(OCTOBER)
    correction = sealed.ask(person, "excellent_cases", "1")
    seen = preview_correction(access=sealed.checker, correction=correction).digest
    acts = [
        lambda one: sealed.approve_seen(one, seen),
        lambda one: withdraw_correction(access=sealed.maker, correction=one),
    ]
    found = together(2, lambda at: acts[at](Correction.objects.get(pk=correction.pk)))
    assert len([one for one in found if isinstance(one, Refused)]) == 1
    correction.refresh_from_db()
    assert held(person, "excellent_cases") == (1 if correction.state == "approved" else 0)
    assert (correction.applied_at is not None) == (correction.state == "approved")


def test_of_two_approvals_at_once_one_is_carried_out(sealed: Sealed) -> None:
    person = sealed.company.person("star")
    sealed.company.values(person, "excellent_cases", {"2026-10": 0})
    sealed.seal(OCTOBER)
    correction = sealed.ask(person, "excellent_cases", "1")
    seen = preview_correction(access=sealed.checker, correction=correction).digest
    found = together(3, lambda at: sealed.approve_seen(Correction.objects.get(pk=correction.pk), seen))
    assert len([one for one in found if isinstance(one, Refused)]) == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM assessment_employeemonth_history WHERE employee_id = %s", [person.pk])
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize("right", [(date(2026, 10, 27), date(2026, 11, 2)), None], ids=["moved", "taken back"])
def test_days_of_an_open_month_that_are_saved_meanwhile_are_not_written_over(
    sealed: Sealed, url: str, right: tuple[date, date] | None
) -> None:
    person = star(sealed.company)
    stands = Absence.objects.create(
        employee=person, first_day=date(2026, 10, 26), last_day=date(2026, 11, 2), kind="leave"
    )
    sealed.seal(OCTOBER)
    correction = ask(sealed, person, right, stands)
    seen = preview_correction(access=sealed.checker, correction=correction).digest
    with holding(url, f"UPDATE staff_absence SET last_day = '2026-11-03' WHERE id = {stands.pk}"):
        thread, found = in_a_thread(lambda: sealed.approve_seen(correction, seen))
        waiting(url)
    thread.join(60)
    assert isinstance(found[0], Refused), found
    assert found[0].code == "before"
    stands.refresh_from_db()
    assert (stands.first_day, stands.last_day) == (date(2026, 10, 26), date(2026, 11, 3))
    correction.refresh_from_db()
    assert correction.state == "requested"
