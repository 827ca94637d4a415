"""Cases from standings of record: demotion clauses, warnings of the bottom tier, and the check after a promotion."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assessment.actions.case_handle import handle_case
from assessment.models import Case, Level
from policy.actions.policy_publish import publish
from policy.compiler import Outcome
from promotion.models import LedgerLine, Proceeding, Run, Standing, TierPeriod
from promotion.sweep.actions.cases_of_standings import raise_cases_of_standings
from promotion.sweep.actions.sweep_run import run_sweep
from staff.kernel.access import Access, Refused
from staff.kernel.periods import Month
from staff.models import Account, Employee, OutboxMessage
from tests.assessment.cases.conftest import OCTOBER, seal, told
from tests.company import TODAY, Company, job, operator

pytestmark = pytest.mark.django_db
NOVEMBER = OCTOBER + 1
TENTH = Path(__file__).parents[2] / "policy_cases" / "tenth"


def complained(company: Company, person: Employee, *days: str) -> None:
    for day in days:
        company.event(person, "complaint", date.fromisoformat(day), status="upheld")


def swept(month: Month = OCTOBER, *, of_record: bool = True) -> Run:
    if of_record:
        seal(month)
    return run_sweep(access=operator(), month=month)[-1]


def again(run: Run, note: str = "") -> tuple[int, int]:
    found = raise_cases_of_standings(access=job(), run=run, note=note)
    return found.new, found.withdrawn


@pytest.fixture
def company() -> Company:
    return Company()


def test_a_met_clause_raises_one_case_with_its_facts_and_changes_nothing(company: Company) -> None:
    person = company.person("diamond", no="K1")
    Account.objects.create(username="K1", employee=person)
    complained(company, person, "2026-03-02", "2026-06-03", "2026-10-09")
    company.every_month(person, "keywords_online", 0, "2026-08", "2026-10")
    ledger, tiers = LedgerLine.objects.count(), list(TierPeriod.objects.values_list())
    run = swept()
    assert told() == [("demotion", "open", "K1"), ("demotion", "open", "K1")]
    assert again(run) == (0, 0)
    dry, complaints = Case.objects.order_by("clause")
    assert (dry.clause, complaints.clause, dry.owner) == ("八.1", "八.2", "hr")
    assert complaints.evidence["outcome"] == "demotion_proposed"
    assert (complaints.evidence["tier"], complaints.evidence["target"]) == ("diamond", "star")
    (rule,) = complaints.evidence["rules"]
    assert (rule["observed"], rule["op"], rule["threshold"]) == (3, ">", 2)
    assert [fact["day"] for fact in rule["facts"]] == ["2026-03-02", "2026-06-03", "2026-10-09"]
    assert [fact["month"] for fact in dry.evidence["rules"][0]["facts"]] == ["2026-08", "2026-09", "2026-10"]
    assert dry.evidence["rules"][0]["says"]["zh"]
    assert (LedgerLine.objects.count(), list(TierPeriod.objects.values_list())) == (ledger, tiers)
    assert OutboxMessage.objects.filter(recipient__username="K1", kind="case_raised").count() == 2


def test_a_provisional_run_raises_nothing(company: Company) -> None:
    complained(company, company.person("diamond"), "2026-10-01", "2026-10-02", "2026-10-03")
    run = swept(of_record=False)
    assert told() == []
    with pytest.raises(Refused, match="2026-10"):
        again(run)


def test_on_the_bottom_tier_it_is_a_warning_that_the_supervisor_talks_over(company: Company) -> None:
    complained(company, company.person("regular", no="K1"), "2026-10-01", "2026-10-02", "2026-10-03")
    swept()
    case = Case.objects.get()
    assert (case.kind, case.owner, case.evidence["outcome"]) == ("demotion", "supervisor", "warning")
    assert "target" not in case.evidence


def test_an_open_case_is_not_raised_again_and_a_handled_one_by_new_facts_alone(company: Company) -> None:
    person = company.person("diamond", no="K1")
    complained(company, person, "2026-08-01", "2026-09-02", "2026-10-03")
    swept(OCTOBER - 1)
    assert told() == []
    swept(OCTOBER)
    swept(NOVEMBER)
    assert told() == [("demotion", "open", "K1")]
    hr = Account.objects.create(username="hr")
    Proceeding.objects.update(state="closed", outcome="no_action", decision="no_action")
    handle_case(
        access=Access(hr.pk, None, TODAY, frozenset({"hr"}), {"hr": None}), case=Case.objects.get(), note="谈话,不处理"
    )
    swept(NOVEMBER + 1)
    assert told() == [("demotion", "done", "K1")]  # the same three complaints, answered
    complained(company, person, "2027-01-05")
    swept(NOVEMBER + 2)
    assert told() == [("demotion", "done", "K1"), ("demotion", "open", "K1")]


def test_what_a_corrected_standing_does_not_say_is_withdrawn(company: Company) -> None:
    one, two = company.person("diamond", no="K1"), company.person("diamond", no="K2")
    for person in (one, two):
        complained(company, person, "2026-10-01", "2026-10-02", "2026-10-03")
    run = swept()
    Standing.objects.filter(employee=one).update(outcome=Outcome.NOT_YET)
    assert again(run, note="投诉经复核不成立") == (0, 1)
    gone = Case.objects.get(employee=one)
    assert (gone.state, gone.withdrawn_note) == ("withdrawn", "投诉经复核不成立")
    assert Case.objects.get(employee=two).state == "open"
    assert again(run) == (0, 0)


def test_a_level_check_is_due_every_six_whole_months_after_the_last_promotion() -> None:
    company = Company(policy="after-sales")
    for no, day in (("K1", "2026-05-01"), ("K2", "2026-04-15"), ("K3", "2026-04-01"), ("K4", "2025-05-01")):
        person = company.person("junior", no=no, ladder="after-sales", hired_on=date(2024, 1, 1))
        company.transition(person, "intermediate", date.fromisoformat(day), kind="promotion", ladder="after-sales")
    down = company.person("junior", no="K5", ladder="after-sales")
    company.transition(down, "intermediate", date(2025, 11, 1), kind="promotion", ladder="after-sales")
    company.transition(down, "junior", date(2026, 2, 1), kind="demotion", ladder="after-sales")
    company.person(
        "intermediate", no="K6", ladder="after-sales", hired_on=date(2026, 5, 1)
    )  # entered so, never promoted
    run = swept()
    assert told() == [("level_check", "open", no) for no in ("K1", "K2", "K4")]
    first = Case.objects.get(employee__employee_no="K1")
    assert (first.clause, first.owner, first.level, first.adverse) == ("七.1", "supervisor", Level.MONTH, False)
    assert first.evidence == {"tier": "intermediate", "promoted_on": "2026-05-01", "months": 6, "every": 6}
    assert again(run) == (0, 0)
    company.transition(first.employee, "senior", date(2026, 10, 1), kind="promotion", ladder="after-sales")
    assert again(run) == (0, 1)


def test_a_clause_over_results_of_months_keeps_those_months_as_its_facts() -> None:
    publish(access=operator(), text=(TENTH / "policy.yaml").read_text(encoding="utf-8"))
    company = Company(policy="hotline")
    person = company.person("skilled", no="K1", ladder="hotline")
    for metric in ("empathy", "closed_tickets", "night_shift"):
        company.every_month(person, metric, 0, "2026-09", "2026-10")
    seal(OCTOBER - 1)
    swept()
    (case,) = Case.objects.filter(kind="demotion")
    (rule,) = case.evidence["rules"]
    assert (case.clause, rule["rule"], rule["observed"]) == ("三.6", "one_star", 2)
    assert [(fact["month"], fact["value"]) for fact in rule["facts"]] == [("2026-09", 1), ("2026-10", 1)]
