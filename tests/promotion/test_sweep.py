"""The sweep: standings are written once for the same facts, and only where something differs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from psycopg2.extras import DateRange

from assessment.models import AssessmentMonth, MonthState
from policy.compiler import Outcome
from promotion.models import LedgerKind, LedgerLine, Run, Standing
from promotion.sweep.actions.sweep_request import request_sweep
from promotion.sweep.actions.sweep_run import run_sweep
from promotion.sweep.replay import replay
from promotion.sweep.selectors import judged_live, months_to_keep, standing_of, sweep_lines, wire
from staff.kernel.access import Access, Forbidden, Refused
from staff.kernel.periods import Month
from staff.models import Account, DepartmentPeriod, OutboxMessage
from tests.company import LADDER, TODAY, Company, job, operator

pytestmark = pytest.mark.django_db
OCTOBER = Month.parse("2026-10")


@pytest.fixture
def company() -> Company:
    return Company()


def sweep(month: Month = OCTOBER) -> list[Run]:
    return run_sweep(access=operator(), month=month)


def found(employee: Any, month: Month = OCTOBER) -> dict[str, Any]:
    standing = standing_of(employee.pk, month)
    assert standing is not None
    from promotion.sweep.selectors import _governed_of

    return wire(employee.employee_no, month, _governed_of(standing.run_id), standing)


def verdicts(line: dict[str, Any]) -> dict[tuple[str, str | None], str]:
    return {(c["clause"], c["rule"]): c["verdict"] for c in line["conditions"] + line["triggers"]}


def ready_for_diamond(company: Company, **fields: Any) -> Any:
    person = company.person("star", tier_since=date(2025, 3, 1), **fields)
    company.every_month(person, "excellent_cases", 1, "2026-05", "2026-10")
    company.every_month(person, "keywords_online", 3, "2026-05", "2026-10")
    for n in range(5):
        company.event(person, "keyword_online", date(2026, 6 + n, 9), subject=f"客户{n}", quantity=3)
    company.event(person, "exam", date(2026, 6, 18), subject="diamond", status="passed", quantity=86)
    return person


def test_the_planner_knows_a_month_that_has_just_been_swept(company: Company) -> None:
    ready_for_diamond(company)
    sweep()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stats WHERE tablename = 'promotion_standing' AND attname = 'month'")
        assert cursor.fetchone() == (1,)


def test_a_star_who_meets_every_measured_clause_is_eligible_for_diamond(company: Company) -> None:
    person = ready_for_diamond(company)
    sweep()
    line = found(person)
    assert (line["outcome"], line["target"], line["version"]) == ("eligible", "diamond", 1)
    assert verdicts(line)["四.2.7", "cases"] == "met"
    assert [c["verdict"] for c in line["conditions"] if c["rule"] is None] == ["unknown"] * 5


def test_a_second_sweep_of_the_same_facts_writes_no_row_and_no_run(company: Company) -> None:
    ready_for_diamond(company)
    first = sweep()
    assert [run.pk for run in sweep()] == [run.pk for run in first]
    assert Standing.objects.count() == 1


def test_a_new_fact_supersedes_the_standing_it_touches_and_no_other(company: Company) -> None:
    touched, other = ready_for_diamond(company), ready_for_diamond(company)
    (first,) = sweep()
    company.event(touched, "complaint", date(2026, 10, 2), status="upheld")
    company.event(touched, "complaint", date(2026, 10, 3), status="upheld")
    (second,) = sweep()
    assert (second.touched_after, second.people, second.written) == (first.watermark, 1, 1)
    assert found(touched)["outcome"] == "not_yet"
    kept = Standing.objects.get(run=first, employee=touched)
    assert (kept.superseded_by_id, kept.outcome) == (second.pk, Outcome.ELIGIBLE)
    assert standing_of(other.pk, OCTOBER).run_id == first.pk  # type: ignore[union-attr]


def test_a_fact_of_a_later_month_leaves_an_earlier_sweep_alone(company: Company) -> None:
    person = ready_for_diamond(company)
    first = sweep()
    company.event(person, "complaint", date(2026, 11, 2), status="upheld")
    assert [run.pk for run in sweep()] == [run.pk for run in first]


def test_a_fact_that_changes_no_verdict_judges_again_and_writes_nothing(company: Company) -> None:
    person = ready_for_diamond(company)
    sweep()
    company.event(person, "praise", date(2026, 10, 2))
    (second,) = sweep()
    assert (second.people, second.written) == (1, 0)


def test_a_person_who_leaves_has_their_standing_withdrawn(company: Company) -> None:
    person = ready_for_diamond(company)
    sweep()
    person.left_on = date(2026, 10, 31)
    person.save()
    sweep()
    assert standing_of(person.pk, OCTOBER) is None
    assert list(sweep_lines(OCTOBER)) == []


def test_a_person_who_moves_out_of_the_policys_departments_has_no_line(company: Company) -> None:
    person = ready_for_diamond(company)
    sweep()
    DepartmentPeriod.objects.filter(employee=person).update(department=company.root)
    sweep()
    assert standing_of(person.pk, OCTOBER) is None


def test_new_values_of_a_reading_are_another_run_with_its_own_standings(company: Company) -> None:
    person = ready_for_diamond(company)
    company.event(person, "complaint", date(2026, 1, 2), status="upheld")
    company.event(person, "complaint", date(2026, 2, 3), status="upheld")
    sweep()
    assert found(person)["outcome"] == "not_yet"
    company.adopt(starts_on=date(2026, 10, 1), complaint_period="6 months")
    (run, withdrawn) = sweep()
    assert (run.values, withdrawn.written) == ({"complaint_period": "6 months"}, 0)
    assert found(person)["outcome"] == "eligible"
    assert Standing.objects.current().count() == 1


def test_a_demotion_starts_the_triggers_anew(company: Company) -> None:
    person = company.person("diamond")
    company.every_month(person, "keywords_online", 0, "2026-06", "2026-10")
    sweep()
    assert found(person)["outcome"] == "demotion_proposed"
    company.transition(person, "star", date(2026, 9, 1), kind=LedgerKind.DEMOTION)
    sweep()
    line = found(person)
    assert (line["tier"], line["outcome"]) == ("star", "not_yet")
    assert next(t for t in line["triggers"] if t["clause"] == "八.1")["observed"] == 2


def test_a_demotion_that_was_followed_by_a_promotion_still_starts_the_triggers_anew(company: Company) -> None:
    person = company.person("diamond")
    for day in (date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)):
        company.event(person, "complaint", day, status="upheld")
    sweep(Month.parse("2026-04"))
    assert found(person, Month.parse("2026-04"))["outcome"] == "demotion_proposed"
    company.transition(person, "star", date(2026, 5, 1), kind=LedgerKind.DEMOTION)
    company.transition(person, "diamond", date(2026, 9, 1), kind=LedgerKind.PROMOTION)
    sweep()
    line = found(person)
    assert next(t for t in line["triggers"] if t["clause"] == "八.2")["observed"] == 0


def test_a_corrected_demotion_is_a_demotion(company: Company) -> None:
    person = company.person("diamond")
    company.every_month(person, "keywords_online", 0, "2026-06", "2026-10")
    company.transition(person, "star", date(2026, 8, 1), kind=LedgerKind.DEMOTION)
    demoted = person.ledger.get(kind=LedgerKind.DEMOTION)
    LedgerLine.objects.bulk_create([
        LedgerLine(seq=0, employee=person, kind=LedgerKind.CORRECTION, ladder=LADDER, to_tier="star",
                   effective_on=date(2026, 9, 1), replaces=demoted, channel="test"),
    ])  # fmt: skip
    sweep()
    assert next(t for t in found(person)["triggers"] if t["clause"] == "八.1")["observed"] == 2


def test_a_month_that_has_not_ended_is_swept_from_the_shell_alone(company: Company) -> None:
    ready_for_diamond(company)
    with pytest.raises(Refused):
        request_sweep(access=job(), month=Month.of(TODAY))
    sweep(Month.of(TODAY))
    assert months_to_keep(TODAY) == [OCTOBER]


def test_people_are_told_that_they_are_eligible_once_the_month_is_sealed(company: Company) -> None:
    person = ready_for_diamond(company)
    account = Account.objects.create(username="k1", employee=person)
    sweep()
    assert not OutboxMessage.objects.exists()
    AssessmentMonth.objects.create(
        month=OCTOBER, state=MonthState.SEALED, sealed_at=datetime(2026, 11, 8, tzinfo=UTC), digest="d"
    )
    sweep()
    sweep()
    (message,) = OutboxMessage.objects.all()
    assert (message.recipient_id, message.kind) == (account.pk, "eligible")


def test_only_roles_that_may_start_a_run_do(company: Company) -> None:
    nobody = Access(account_id=None, employee_id=None, day=date(2026, 11, 1), roles=frozenset({"supervisor"}))
    with pytest.raises(Forbidden):
        request_sweep(access=nobody, month=OCTOBER)


def test_explaining_one_person_gives_the_very_line_of_the_sweep(company: Company) -> None:
    person = ready_for_diamond(company)
    sweep()
    judged = judged_live(person, OCTOBER)
    assert judged is not None
    assert judged.wire(person.employee_no, OCTOBER) == found(person)


@pytest.mark.django_db(transaction=True)
def test_a_run_replays_to_the_same_evidence_after_its_facts_have_changed() -> None:
    company = Company()
    person = ready_for_diamond(company)
    other = company.person("crown")
    (first,) = sweep()
    company.values(person, "excellent_cases", {"2026-08": 0, "2026-09": 0, "2026-10": 0})
    company.event(person, "complaint", date(2026, 10, 2), status="upheld")
    company.absence(other, date(2026, 9, 1), date(2026, 9, 30))
    person.regularised_on = None
    person.save()
    (second,) = sweep()
    assert found(person)["outcome"] == "not_yet"
    assert (replay(first), replay(second)) == ([], [])


@pytest.mark.django_db(transaction=True)
def test_a_replay_tells_evidence_that_somebody_changed() -> None:
    company = Company()
    person = ready_for_diamond(company)
    (run,) = sweep()
    Standing.objects.filter(run=run).update(outcome=Outcome.NOT_YET)
    (difference,) = replay(run)
    assert (difference.employee_id, difference.stored[1], difference.replayed[1]) == (  # type: ignore[index]
        person.pk,
        Outcome.NOT_YET,
        Outcome.ELIGIBLE,
    )


def test_departments_below_are_governed_too_and_others_are_not(company: Company) -> None:
    from staff.models import Department

    team = Department.objects.create(name="一组", parent=company.department)
    inside = company.person("star", department=team)
    outside = company.person("star", department=company.root)
    sweep()
    assert standing_of(inside.pk, OCTOBER) is not None
    assert standing_of(outside.pk, OCTOBER) is None


def test_the_tier_of_the_evaluation_day_is_judged_not_todays(company: Company) -> None:
    person = company.person("regular", hired_on=date(2025, 1, 1))
    company.transition(person, "star", date(2026, 9, 1), kind=LedgerKind.PROMOTION)
    sweep(Month.parse("2026-08"))
    sweep()
    assert found(person, Month.parse("2026-08"))["tier"] == "regular"
    assert found(person)["tier"] == "star"
    assert DateRange(date(2025, 1, 1), date(2026, 9, 1)) in [p.period for p in person.tier_periods.all()]
