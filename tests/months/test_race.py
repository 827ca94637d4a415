"""Sealing beside saves that come at the same moment: each is in the digest, or is refused."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connections

from assessment.actions.month_seal import seal_month
from assessment.actions.values_save import save_values
from assessment.models import AssessmentMonth, EmployeeMonth, Metric
from assessment.selectors.digest import digest_of
from staff.kernel.access import Access, Refused
from staff.models import Account
from tests.company import TODAY, Company, operator
from tests.faults.conftest import OCTOBER, url
from tests.faults.harness import holding, together, waiting

__all__ = ["url"]

NOW = datetime(2026, 11, 10, 4, 0, tzinfo=UTC)
SEAL = 0


class Hall:
    """Ten people whose October is reported and closing, and somebody from HR."""

    def __init__(self) -> None:
        self.company = Company()
        self.people = [self.company.person("star") for _ in range(10)]
        for person in self.people:
            self.company.values(person, "excellent_cases", {"2026-10": 1})
            self.company.values(person, "keywords_online", {"2026-10": 1})
        AssessmentMonth.objects.create(month=OCTOBER, state="closing")
        account = Account.objects.create(username="hr")
        self.hr = Access(account.pk, None, TODAY, frozenset({"hr"}), {"hr": None})
        self.metric = Metric.objects.get(key="excellent_cases")

    def seal(self) -> AssessmentMonth:
        return seal_month(access=self.hr, month=OCTOBER, now=NOW)

    def save(self, at: int) -> int:
        return save_values(
            access=operator(), employee=self.people[at], month=OCTOBER, values={self.metric: Decimal(5)}, reason="late"
        )

    def sealed_as_stored(self) -> bool:
        return AssessmentMonth.objects.get(month=OCTOBER).digest == digest_of(OCTOBER).sha256

    def value(self, at: int) -> object:
        return getattr(EmployeeMonth.objects.get(employee=self.people[at], month=OCTOBER), f"s{self.metric.slot}")


@pytest.fixture
def hall(transactional_db: None) -> Hall:
    return Hall()


def in_a_thread(run: object) -> tuple[threading.Thread, list[object]]:
    found: list[object] = []

    def body() -> None:
        try:
            found.append(run())  # type: ignore[operator]
        except Exception as error:
            found.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=body)
    thread.start()
    return thread, found


def test_of_saves_and_a_seal_at_once_each_save_is_in_the_digest_or_refused(hall: Hall) -> None:
    found = together(6, lambda at: hall.seal() if at == SEAL else hall.save(at))
    assert isinstance(found[SEAL], AssessmentMonth)
    for at, one in enumerate(found[1:], start=1):
        assert one == 1 or (isinstance(one, Refused) and one.code == "sealed_month_is_closed")
        assert hall.value(at) == (5 if one == 1 else 1)
    assert hall.sealed_as_stored()


def test_a_save_that_has_begun_is_waited_for_and_is_in_the_digest(hall: Hall, url: str) -> None:
    update = (
        f"UPDATE assessment_employeemonth SET s{hall.metric.slot} = 7 "
        f"WHERE employee_id = {hall.people[0].pk} AND month = {OCTOBER.number}"
    )
    with holding(url, update):
        thread, found = in_a_thread(hall.seal)
        waiting(url)
    thread.join(60)
    assert isinstance(found[0], AssessmentMonth)
    assert hall.value(0) == 7
    assert hall.sealed_as_stored()


def test_a_save_that_comes_while_the_seal_is_set_waits_and_is_refused(hall: Hall, url: str) -> None:
    """The seal as another session sets it: gate closed, row written, not yet committed."""
    seal = (
        "SELECT pg_advisory_xact_lock(7301); UPDATE assessment_assessmentmonth SET state = 'sealed', "
        f"sealed_at = now(), digest = '{digest_of(OCTOBER).sha256}' WHERE month = {OCTOBER.number}"
    )
    with holding(url, seal):
        thread, found = in_a_thread(lambda: hall.save(0))
        waiting(url)
    thread.join(60)
    assert isinstance(found[0], Refused)
    assert found[0].code == "sealed_month_is_closed"
    assert hall.sealed_as_stored()


def test_of_two_who_seal_at_once_the_second_is_told_who_was_first(hall: Hall) -> None:
    found = together(2, lambda at: hall.seal())
    (refused,) = [one for one in found if isinstance(one, Refused)]
    assert refused.code == "sealed"
    assert [one for one in found if isinstance(one, AssessmentMonth)]
