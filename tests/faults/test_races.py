"""Several at once: requests, facts that arrive while a sweep is at work, periods that overlap."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, OperationalError, connections
from psycopg2.extras import DateRange

from assessment.actions.values_save import save_values
from assessment.models import EmployeeMonth, Metric
from promotion.models import Run
from promotion.sweep.actions.shard_work import work_one
from promotion.sweep.actions.sweep_request import request_sweep
from promotion.sweep.actions.sweep_run import run_sweep
from promotion.sweep.replay import replay
from promotion.sweep.selectors import standing_of
from staff.kernel.access import Refused
from staff.models import DepartmentPeriod
from tests.company import Company, operator
from tests.faults.conftest import OCTOBER, Town
from tests.faults.harness import holding, together, waiting


def test_requests_at_once_give_one_run(town: Town) -> None:
    found = together(6, lambda at: request_sweep(access=operator(), month=OCTOBER)[0].pk)
    run = Run.objects.get()
    assert found == [run.pk] * 6
    assert run.shards.count() == 4


def test_workers_at_once_do_each_shard_once(town: Town) -> None:
    run = town.request()
    found = together(6, lambda at: [work_one() for _ in range(4)])
    assert not [error for error in found if isinstance(error, Exception)]
    while work_one():
        pass
    assert list(run.shards.values_list("attempts", flat=True)) == [1] * 4
    town.holds(run)


def test_facts_that_come_while_a_sweep_is_at_work_are_judged_by_the_next_and_the_first_replays(town: Town) -> None:
    run = town.request()
    work_one()
    judged, waits = town.people[1], town.people[5]
    for person in (judged, waits):
        town.company.values(person, "keywords_online", {"2026-08": 5, "2026-09": 0, "2026-10": 0})
        for day in (2, 3, 4):
            town.company.event(person, "complaint", date(2026, 10, day), status="upheld")
    first, second = run_sweep(access=operator(), month=OCTOBER)
    assert (first.pk, second.touched_after) == (run.pk, run.watermark)
    assert (second.people, second.written) == (2, 1)  # whoever came after the facts had them judged already
    assert (replay(first), replay(second)) == ([], [])
    for person, by in ((judged, second), (waits, first)):
        standing = standing_of(person.pk, OCTOBER)
        assert standing is not None
        assert (standing.run_id, standing.observed[-2]) == (by.pk, 3)


def test_a_sweep_waits_for_facts_that_are_being_written(town: Town, url: str) -> None:
    person = town.people[0]
    found: list[list[Run]] = []

    def sweep() -> None:
        try:
            found.append(run_sweep(access=operator(), month=OCTOBER))
        finally:
            connections.close_all()

    late = threading.Thread(target=sweep)
    insert = (
        "INSERT INTO assessment_event (event_no, employee_id, day, kind, status, subject, note) "
        f"VALUES ('late', {person.pk}, '2026-10-30', 'violation', 'upheld', '', '')"
    )
    with holding(url, insert):
        late.start()
        waiting(url)
    late.join(60)
    standing = standing_of(person.pk, OCTOBER)
    assert standing is not None
    assert standing.observed[2] == 1  # violations
    assert [len(runs) for runs in found] == [1]


def test_of_overlapping_periods_written_at_once_one_is_kept(transactional_db: None) -> None:
    company = Company(policy="")
    person = company.person(tier="")
    DepartmentPeriod.objects.all().delete()

    def place(at: int) -> str:
        DepartmentPeriod.objects.create(
            employee=person, department=company.department, period=DateRange(date(2026, 1, 1 + at), date(2026, 6, 1))
        )
        return "kept"

    found = together(8, place)
    assert [one for one in found if one == "kept"] == ["kept"]
    # By the constraint, or as a victim of the deadlock in which each waits for the others.
    refused = [one for one in found if isinstance(one, IntegrityError | OperationalError)]
    assert len(refused) == 7, found
    assert DepartmentPeriod.objects.count() == 1


@pytest.mark.parametrize(("reason", "kept"), [("counted again", 5), ("", 3)])
def test_of_two_first_writers_of_a_month_the_later_changes_what_the_first_reported(
    transactional_db: None, url: str, reason: str, kept: int
) -> None:
    person = Company(policy="").person(tier="")
    metric = Metric.objects.get(key="excellent_cases")
    insert = (
        f"INSERT INTO assessment_employeemonth (employee_id, month, counts, s{metric.slot}) "
        f"VALUES ({person.pk}, {OCTOBER.number}, true, 3)"
    )
    found: list[object] = []

    def save() -> None:
        try:
            found.append(
                save_values(
                    access=operator(), employee=person, month=OCTOBER, values={metric: Decimal(5)}, reason=reason
                )
            )
        except Exception as error:
            found.append(error)
        finally:
            connections.close_all()

    late = threading.Thread(target=save)
    with holding(url, insert):
        late.start()
        waiting(url)
    late.join(60)
    assert [one if one == 1 else type(one) for one in found] == [1 if reason else Refused]
    assert getattr(EmployeeMonth.objects.get(), f"s{metric.slot}") == kept
