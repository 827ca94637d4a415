"""A month is open, closing, sealed: who moves it on, when, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from celery.signals import before_task_publish

from assessment.actions.gaps_accept import accept_gaps
from assessment.actions.gaps_take_back import take_back_gaps
from assessment.actions.month_close import close_month
from assessment.actions.month_reopen_intake import reopen_intake
from assessment.actions.month_seal import seal_month
from assessment.actions.months_close_due import close_due_months
from assessment.models import AcceptedGap, AssessmentMonth, MonthState
from assessment.selectors.digest import digest_of
from assessment.selectors.needs import gaps
from assessment.selectors.windows import window
from policy.models import Adoption
from promotion.bell import ASSESS, WORK
from promotion.models import Run, RunState, Standing
from promotion.sweep.actions.month_seal import seal_and_sweep
from promotion.sweep.actions.sweep_request import request_sweep
from promotion.sweep.actions.sweep_run import run_sweep
from staff.kernel.access import Access, Forbidden, Refused
from staff.kernel.periods import Month
from staff.models import AuditEntry, OutboxMessage
from tests.months.conftest import DAY, NOVEMBER, NOW, OWING, As, report
from tests.web.company import MONTH, Company

pytestmark = pytest.mark.django_db
DECEMBER = NOVEMBER.next
JOB = Access.system(DAY, "nightly")


def closing(acting: As) -> None:
    close_month(access=acting("hr"), month=NOVEMBER, now=NOW)


def state(month: Month = NOVEMBER) -> str:
    return window(month).state


def cells(company: Company) -> list[tuple[int, int]]:
    return [gap.cell for gap in gaps(company.access, NOVEMBER)]


@pytest.mark.parametrize("who", ["hr-two", "gm", "payroll", "auditor", "operator", "K1001", "K2031"])
def test_hr_of_the_company_alone_moves_a_month_and_the_refusal_says_who(acting: As, who: str) -> None:
    for act in (
        lambda access: close_month(access=access, month=NOVEMBER, now=NOW),
        lambda access: reopen_intake(access=access, month=NOVEMBER, until=DAY, reason="late"),
        lambda access: seal_month(access=access, month=NOVEMBER, now=NOW),
    ):
        with pytest.raises(Forbidden, match=r"HR for the company does this: hr\." if who == "hr-two" else "HR"):
            act(acting(who))
    assert state() == MonthState.OPEN


def test_hr_ends_the_intake_and_only_once(acting: As) -> None:
    closing(acting)
    row = AssessmentMonth.objects.get(month=NOVEMBER)
    assert (row.state, row.closing_since) == (MonthState.CLOSING, NOW)
    with pytest.raises(Refused, match="closed since 2026-12-12"):
        closing(acting)


def test_a_month_that_lasts_and_one_that_is_sealed_do_not_close(acting: As) -> None:
    for month, why in ((DECEMBER, "not ended"), (MONTH, "was sealed on 2026-11-11")):
        with pytest.raises(Refused, match=why):
            close_month(access=acting("hr"), month=month, now=NOW)


def test_the_nightly_job_closes_a_month_when_its_window_is_over_and_never_seals(company: Company) -> None:
    report(company, *OWING)
    window_lasts = Access.system(date(2026, 12, 10), "nightly")
    assert close_due_months(access=window_lasts, now=NOW) == []
    assert close_due_months(access=JOB, now=NOW) == [NOVEMBER]
    assert close_due_months(access=JOB, now=NOW) == []
    with pytest.raises(Forbidden, match="never by a job"):
        seal_month(access=JOB, month=NOVEMBER, now=NOW)
    assert state() == MonthState.CLOSING


def test_the_nightly_job_waits_as_long_as_hr_gave(company: Company, acting: As) -> None:
    reopen_intake(access=acting("hr"), month=NOVEMBER, until=DAY, reason="the system was down")
    assert close_due_months(access=JOB, now=NOW) == []
    tomorrow = Access.system(DAY + timedelta(days=1), "nightly")
    assert close_due_months(access=tomorrow, now=NOW) == [NOVEMBER]


def test_a_month_of_which_no_policy_asks_anything_is_not_closed_by_the_job(company: Company) -> None:
    Adoption.objects.all().delete()
    assert close_due_months(access=JOB, now=NOW) == []
    assert state() == MonthState.OPEN


def test_hr_puts_a_closing_month_back_to_open_until_a_day(acting: As) -> None:
    closing(acting)
    reopen_intake(access=acting("hr"), month=NOVEMBER, until=date(2026, 12, 15), reason="二组 was ill")
    found = window(NOVEMBER)
    assert (found.state, found.last) == (MonthState.OPEN, date(2026, 12, 15))
    assert found.open_on(date(2026, 12, 15))
    assert not found.open_on(date(2026, 12, 16))
    entry = AuditEntry.objects.get(action="month_intake_until")
    assert (entry.reason, entry.before["state"], entry.after["until"]) == ("二组 was ill", "closing", "2026-12-15")


@pytest.mark.parametrize(
    ("month", "until", "reason", "code"),
    [
        (NOVEMBER, DAY - timedelta(days=1), "late", "until"),
        (NOVEMBER, DAY + timedelta(days=61), "late", "until"),
        (NOVEMBER, DAY, " ", "reason"),
        (DECEMBER, DAY, "late", "not_ended"),
        (MONTH, DAY, "late", "sealed"),
    ],
)
def test_the_intake_goes_on_until_a_near_day_and_with_a_reason(
    acting: As, month: Month, until: date, reason: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        reopen_intake(access=acting("hr"), month=month, until=until, reason=reason)
    assert refused.value.code == code


def test_every_gap_is_filled_or_accepted_before_the_seal(company: Company, acting: As) -> None:
    report(company, *OWING[1:])
    closing(acting)
    with pytest.raises(Refused, match="2 values of 2026-11 are missing"):
        seal_month(access=acting("hr"), month=NOVEMBER, now=NOW)
    assert accept_gaps(access=acting("hr"), month=NOVEMBER, cells=cells(company), reason="her notebook is lost") == 2
    row = seal_month(access=acting("hr"), month=NOVEMBER, now=NOW)
    assert (row.state, row.accepted_gaps, row.sealed_by) == (MonthState.SEALED, 2, company.accounts["hr"])
    assert row.digest == digest_of(NOVEMBER).sha256
    with pytest.raises(Refused, match=r"was sealed on 2026-12-12 by hr"):
        seal_month(access=acting("hr"), month=NOVEMBER, now=NOW)


def test_an_open_month_is_closed_before_it_is_sealed(company: Company, acting: As) -> None:
    report(company, *OWING)
    with pytest.raises(Refused, match="Close the intake of 2026-11 first"):
        seal_month(access=acting("hr"), month=NOVEMBER, now=NOW)


def test_facts_that_changed_since_they_were_looked_at_are_not_sealed_unseen(company: Company, acting: As) -> None:
    report(company, *OWING)
    closing(acting)
    seen = digest_of(NOVEMBER).sha256
    company.values("K2031", "excellent_cases", {"2026-11": 9})
    with pytest.raises(Refused, match="Facts have changed"):
        seal_month(access=acting("hr"), month=NOVEMBER, now=NOW, seen=seen)


def test_months_are_sealed_in_order_and_the_first_may_be_any(company: Company, acting: As) -> None:
    later = replace(acting("hr"), day=date(2027, 1, 12))
    AssessmentMonth.objects.create(month=DECEMBER, state=MonthState.CLOSING)
    with pytest.raises(Refused, match="Seal 2026-11 first"):
        seal_month(access=later, month=DECEMBER, now=NOW)
    AssessmentMonth.objects.create(month=MONTH - 1, state=MonthState.CLOSING)
    with pytest.raises(Refused, match="2026-10 is sealed already"):
        seal_month(access=later, month=MONTH - 1, now=NOW)


def test_sealing_asks_for_the_sweep_of_record(company: Company, acting: As) -> None:
    report(company, *OWING)
    company.event("K2032", "2026-11-04", "keyword_online", subject="客户9", quantity=1)
    closing(acting)
    seal_and_sweep(access=acting("hr"), month=NOVEMBER, now=NOW)
    run = Run.objects.get(month=NOVEMBER)
    assert (run.of_record, run.state, run.started_by) == (True, RunState.QUEUED, company.accounts["hr"])
    told = OutboxMessage.objects.filter(kind="eligible", payload__month="2026-11")
    assert not told.exists()
    run_sweep(access=replace(company.access, day=DAY), month=NOVEMBER)
    assert Run.objects.filter(month=NOVEMBER).count() == 1
    assert set(told.values_list("payload__target", flat=True)) == {"diamond"}


def test_sealing_rings_for_the_months_results_and_its_sweep_once_it_has_committed(
    company: Company, acting: As, django_capture_on_commit_callbacks: Any
) -> None:
    rung: list[tuple[str, object]] = []

    def heard(sender: str, body: Any, **_: object) -> None:
        rung.append((sender, list(body[0])))

    report(company, *OWING)
    closing(acting)
    before_task_publish.connect(heard)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            seal_and_sweep(access=acting("hr"), month=NOVEMBER, now=NOW)
            assert rung == []
    finally:
        before_task_publish.disconnect(heard)
    assert (ASSESS, ["2026-11"]) in rung
    assert (WORK, []) in rung


def test_a_provisional_sweep_that_knows_every_fact_becomes_the_one_of_record(company: Company, acting: As) -> None:
    report(company, *OWING)
    (run,) = run_sweep(access=Access.system(DAY, "test", channel="command"), month=NOVEMBER)
    closing(acting)
    seal_and_sweep(access=acting("hr"), month=NOVEMBER, now=NOW)
    run.refresh_from_db()
    assert run.of_record
    assert Run.objects.filter(month=NOVEMBER).count() == 1


def test_every_standing_of_a_sealed_month_is_of_record_whichever_run_wrote_it(company: Company, acting: As) -> None:
    report(company, *OWING)
    server = replace(company.access, day=DAY)
    (provisional,) = run_sweep(access=server, month=NOVEMBER)
    company.event("K2032", "2026-11-04", "keyword_online", subject="客户9", quantity=1)
    closing(acting)
    seal_and_sweep(access=acting("hr"), month=NOVEMBER, now=NOW)
    (record,) = run_sweep(access=server, month=NOVEMBER)
    assert record != provisional
    standing = Standing.objects.current().filter(month=NOVEMBER)
    assert set(standing.values_list("run_id", flat=True)) == {record.pk, provisional.pk}
    assert set(standing.values_list("run__of_record", flat=True)) == {True}
    assert set(Standing.objects.of(record)) == set(Standing.objects.of(provisional)) == set(standing)
    assert not Standing.objects.of(Run(month=NOVEMBER.next, version=record.version, values_digest=record.values_digest))
    assert not Standing.objects.of(Run(month=NOVEMBER, version=record.version, values_digest="of other values"))


def test_what_is_of_record_stays_whatever_becomes_known_of_a_person_later(company: Company, acting: As) -> None:
    report(company, *OWING)
    server = replace(company.access, day=DAY)
    closing(acting)
    seal_and_sweep(access=acting("hr"), month=NOVEMBER, now=NOW)
    (record,) = run_sweep(access=server, month=NOVEMBER)
    before = list(Standing.objects.current().filter(month=NOVEMBER).order_by("employee").values())
    person = company.people["K2032"]
    type(person).objects.filter(pk=person.pk).update(regularised_on=None, left_on=DAY.replace(day=1, month=10))
    assert run_sweep(access=server, month=NOVEMBER) == [record]
    assert list(Standing.objects.current().filter(month=NOVEMBER).order_by("employee").values()) == before


def test_a_sweep_at_work_that_lacks_the_latest_facts_holds_the_seal_up(company: Company, acting: As) -> None:
    report(company, *OWING)
    closing(acting)
    request_sweep(access=acting("hr"), month=NOVEMBER)
    company.values("K2031", "excellent_cases", {"2026-11": 9})
    with pytest.raises(Refused, match="still at work"):
        seal_and_sweep(access=acting("hr"), month=NOVEMBER, now=NOW)
    assert state() == MonthState.CLOSING


@pytest.mark.parametrize(
    ("who", "reason", "code"),
    [("hr", " ", "reason"), ("hr", "x" * 301, "reason"), ("hr-two", "lost", "cells"), ("K1001", "lost", "forbidden")],
)
def test_gaps_are_accepted_with_a_reason_and_in_scope(
    company: Company, acting: As, who: str, reason: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        accept_gaps(access=acting(who), month=NOVEMBER, cells=cells(company), reason=reason)
    assert refused.value.code == code
    assert not AcceptedGap.objects.exists()


def test_a_value_that_is_there_is_no_gap(company: Company, acting: As) -> None:
    chosen = cells(company)
    report(company, "K2031")
    with pytest.raises(Refused, match="2 of these values are there by now"):
        accept_gaps(access=acting("hr"), month=NOVEMBER, cells=chosen, reason="lost")
    with pytest.raises(Refused, match="at least one"):
        accept_gaps(access=acting("hr"), month=NOVEMBER, cells=[], reason="lost")


def test_nobody_accepts_a_gap_of_their_own(company: Company, acting: As) -> None:
    account = company.accounts["K2031"]
    company.grant(account, "hr")
    with pytest.raises(Forbidden, match="own record"):
        accept_gaps(access=acting("K2031"), month=NOVEMBER, cells=cells(company), reason="lost")


def test_nobody_settles_a_gap_of_whoever_leads_them(company: Company, acting: As) -> None:
    company.hire("K9001", "岑书", "censhu cs", boss="K2031", department="财务部")
    company.account("K9001", "K9001", role="hr")
    with pytest.raises(Forbidden, match="above you"):
        accept_gaps(access=acting("K9001"), month=NOVEMBER, cells=cells(company), reason="lost")
    accept_gaps(access=acting("hr"), month=NOVEMBER, cells=cells(company), reason="lost")
    with pytest.raises(Forbidden, match="above you"):
        take_back_gaps(access=acting("K9001"), month=NOVEMBER, cells=cells(company)[:1])


def test_whoever_leads_a_team_and_is_hr_elsewhere_settles_no_gap_of_the_team(company: Company, acting: As) -> None:
    company.grant(company.accounts["K1001"], "hr", "财务部")
    with pytest.raises(Refused, match="not owed in your scope"):
        accept_gaps(access=acting("K1001"), month=NOVEMBER, cells=cells(company), reason="lost")
    accept_gaps(access=acting("hr"), month=NOVEMBER, cells=cells(company), reason="lost")
    assert take_back_gaps(access=acting("K1001"), month=NOVEMBER, cells=cells(company)) == 0


def test_what_was_accepted_is_asked_for_again_while_the_month_is_not_sealed(company: Company, acting: As) -> None:
    hr, chosen = acting("hr"), cells(company)
    assert accept_gaps(access=hr, month=NOVEMBER, cells=chosen[:3], reason="lost") == 3
    assert accept_gaps(access=hr, month=NOVEMBER, cells=chosen[:4], reason="never kept") == 1
    assert sorted(AcceptedGap.objects.values_list("reason", flat=True)) == ["lost"] * 3 + ["never kept"]
    assert take_back_gaps(access=acting("hr-two"), month=NOVEMBER, cells=chosen) == 0
    assert take_back_gaps(access=hr, month=NOVEMBER, cells=chosen[:2]) == 2
    assert take_back_gaps(access=hr, month=NOVEMBER, cells=chosen[:2]) == 0
    assert AuditEntry.objects.get(action="gaps_taken_back").before == {
        "excellent_cases": ["K2031"],
        "keywords_online": ["K2031"],
    }
    accept_gaps(access=hr, month=NOVEMBER, cells=cells(company), reason="lost")
    closing(acting)
    seal_month(access=hr, month=NOVEMBER, now=NOW)
    for act in (
        lambda: take_back_gaps(access=hr, month=NOVEMBER, cells=chosen[:1]),
        lambda: accept_gaps(access=hr, month=NOVEMBER, cells=chosen[:1], reason="lost"),
    ):
        with pytest.raises(Refused, match="was sealed"):
            act()
