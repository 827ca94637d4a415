"""Two that raise the same cases, or handle the same one, at the same moment."""

from __future__ import annotations

from datetime import date

import pytest

from assessment.actions.case_handle import handle_case
from assessment.models import Case
from promotion.models import Proceeding
from promotion.sweep.actions.cases_of_standings import raise_cases_of_standings
from promotion.sweep.actions.sweep_run import run_sweep
from staff.kernel.access import Access, Refused
from staff.models import Account, AuditEntry, OutboxMessage
from tests.assessment.cases.conftest import OCTOBER, raised, recorded, seal
from tests.company import TODAY, Company, job, operator
from tests.faults.harness import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_results_and_standings_read_by_several_at_once_raise_each_case_once() -> None:
    company = Company(policy="reward-and-penalty")
    for _ in range(5):
        person = company.person("")
        Account.objects.create(username=person.employee_no, employee=person)
        recorded(company, "training", "warning_or_dismissal", person=person)
    found = together(4, lambda at: raised(company).new)
    assert sorted(found) == [0, 0, 0, 10]
    assert Case.objects.count() == OutboxMessage.objects.filter(kind="case_raised").count() == 10
    company.adopt()
    for _ in range(5):
        person = company.person("diamond")
        for day in (1, 2, 3):
            company.event(person, "complaint", date(2026, 10, day), status="upheld")
    seal()
    run = run_sweep(access=operator(), month=OCTOBER)[-1]
    Proceeding.objects.all().delete()
    Case.objects.filter(kind="demotion").delete()
    together(4, lambda at: raise_cases_of_standings(access=job(), run=run).new)
    assert Case.objects.filter(kind="demotion", state="open").count() == 5


def test_of_two_who_handle_a_case_the_second_is_told_who_was_first() -> None:
    company = Company(policy="reward-and-penalty")
    recorded(company, "training", person=company.person(""))
    raised(company)
    hands = [
        Access(Account.objects.create(username=name).pk, None, TODAY, frozenset({"hr"}), {"hr": None})
        for name in ("hr-one", "hr-two")
    ]
    found = together(2, lambda at: handle_case(access=hands[at], case=Case.objects.get(), note=f"by {at}"))
    (second,) = [one for one in found if isinstance(one, Refused)]
    first = Case.objects.get()
    assert first.handled_by.username in second.message
    assert AuditEntry.objects.filter(action="case_handled").count() == 1
