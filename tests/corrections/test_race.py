"""Two who decide on one correction at the same moment: one is first, and the fact is written once."""

from __future__ import annotations

import pytest
from django.db import connection

from assessment.actions.correction_turn_down import withdraw_correction
from assessment.models import Correction
from promotion.corrections.actions.correction_approve import preview_correction
from staff.kernel.access import Refused
from tests.corrections.test_corrections import OCTOBER, Sealed, held
from tests.faults.harness import together


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
