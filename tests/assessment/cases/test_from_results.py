"""Cases from results of record: each kind by its policy, once for the same facts, gone with them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override
from ruamel.yaml import YAML

from assessment.actions.case_handle import handle_case
from assessment.actions.cases_raise import Raised, raise_cases, raise_missing_cases
from assessment.actions.results_assess import assess_month
from assessment.models import KINDS, Assessed, Case, CaseKind, Level, Result
from policy import library
from promotion.models import TierPeriod
from staff.kernel.access import Access, Forbidden, Refused
from staff.kernel.periods import Month
from staff.models import Account, AuditEntry, OutboxMessage, RowChange
from tests.assessment.cases.conftest import OCTOBER, raised, recorded, seal, told
from tests.assessment.results.test_assess import marks
from tests.company import TODAY, Company, job, operator

pytestmark = pytest.mark.django_db
#: (policy, level, of a team, kind, clause) of all that the nine policies raise from results.
DEFINED = sorted(
    {
        (key, case.get("every", "month"), case.get("for") == "team", case["case"], case["clause"])
        for key in library.policy_keys()
        for case in YAML(typ="safe").load(library.text(key)).get("cases", ())
    }
)
LAST = {Level.MONTH: OCTOBER, Level.QUARTER: Month.parse("2026-09"), Level.YEAR: Month.parse("2025-12")}


@pytest.mark.parametrize(("policy", "level", "team", "kind", "clause"), DEFINED)
def test_each_kind_is_raised_by_its_policy_with_clause_rule_and_owner(
    policy: str, level: str, team: bool, kind: str, clause: str
) -> None:
    company = Company(policy=policy)
    person = None if team else company.person("")
    recorded(company, kind, person=person, level=level, month=LAST[Level(level)], total=Decimal("87.50"))
    assert raised(company, level, LAST[Level(level)]) == Raised(1, 0)
    case = Case.objects.get()
    assert (case.kind, case.policy, case.clause, case.level) == (kind, policy, clause, level)
    assert (case.employee, case.department) == (person, company.department)
    assert (case.owner, case.adverse) == (KINDS[kind].owner, KINDS[kind].adverse)
    assert case.evidence["total"] == 87.5
    assert case.evidence["rule"]["zh"]
    assert case.evidence["rule"]["en"]


def test_the_nine_policies_raise_every_kind_and_no_other() -> None:
    from_results = {kind for *_rest, kind, _clause in DEFINED}
    assert from_results | {CaseKind.DEMOTION, CaseKind.LEVEL_CHECK} == set(CaseKind.values) == set(KINDS)


def test_a_streak_raises_its_case_with_the_months_it_rests_on_when_its_month_is_sealed() -> None:
    company = Company(policy="grade-and-wage")
    marks(company, company.person("", no="K9"), 70, "2026-10")
    person = company.person("", no="K1")
    marks(company, person, 40, "2026-08", "2026-10")
    assess_month(access=operator(), month=OCTOBER)
    assert [result.cases for result in Result.objects.filter(employee=person, month=OCTOBER)] == [
        ["resignation_clause"]
    ]
    assert told() == []  # provisional
    for month in ("2026-08", "2026-09", "2026-10"):
        seal(Month.parse(month))
    assess_month(access=operator(), month=OCTOBER)
    assess_month(access=operator(), month=OCTOBER)
    assert told() == [("resignation_clause", "open", "K1")]
    evidence = Case.objects.get().evidence
    assert [(one["month"], one["grade"], one["total"]) for one in evidence["periods"]] == [
        ("2026-08", "E", 40), ("2026-09", "E", 40), ("2026-10", "E", 40),
    ]  # fmt: skip
    assert evidence["rule"]["zh"] == "连续 3 个月等级为E"


def test_the_same_facts_raise_a_case_once_and_a_correction_that_takes_them_away_withdraws_it() -> None:
    company = Company(policy="reward-and-penalty")
    one, two = company.person("", no="K1"), company.person("", no="K2")
    result = recorded(company, "training", "warning_or_dismissal", person=one, grade="fail", total=1)
    recorded(company, "bonus", "praise", person=two, grade="excellent", total=4)
    assert raised(company) == Raised(4, 0)
    assert raised(company) == Raised(0, 0)
    Result.objects.filter(pk=result.pk).update(cases=["training"], total=Decimal("1.20"))
    assert raised(company, note="9 月迟报已更正") == Raised(0, 1)
    gone = Case.objects.get(kind="warning_or_dismissal")
    assert (gone.state, gone.withdrawn_note) == ("withdrawn", "9 月迟报已更正")
    assert Case.objects.get(kind="training").evidence["total"] == 1.2
    Result.objects.filter(pk=result.pk).update(cases=["training", "warning_or_dismissal"])
    assert raised(company) == Raised(1, 0)  # back again: a new case beside the one that was withdrawn
    assert Case.objects.filter(kind="warning_or_dismissal").count() == 2
    Result.objects.filter(pk=result.pk).delete()
    assert raised(company) == Raised(0, 2)
    assert set(Case.objects.filter(employee=one).values_list("state", flat=True)) == {"withdrawn"}
    last = Case.objects.filter(employee=one).latest("pk")  # nobody said why: each reads it in their own language
    for language, words in (("en", "were corrected and do not raise it any more"), ("zh-hans", "已更正")):
        with override(language):
            assert words in last.why_withdrawn
    entries = AuditEntry.objects.filter(action__startswith="cases_").order_by("pk")
    assert [(entry.action, entry.after["cases"]) for entry in entries] == [
        ("cases_raised", 4), ("cases_withdrawn", 1), ("cases_raised", 1), ("cases_withdrawn", 2),
    ]  # fmt: skip
    assert RowChange.objects.filter(table_name="assessment_case", employee=one.pk).count() > 3


def test_only_results_of_record_raise_cases() -> None:
    company = Company(policy="reward-and-penalty")
    recorded(company, "training", person=company.person(""))
    Assessed.objects.update(of_record=False)
    with pytest.raises(Refused, match="2026-10"):
        raised(company)
    assert raise_missing_cases(access=job()) == Raised(0, 0)
    Assessed.objects.update(of_record=True)
    assert raise_missing_cases(access=job()) == Raised(1, 0)
    assert raise_missing_cases(access=job()) == Raised(0, 0)


def test_an_employee_cannot_have_cases_raised() -> None:
    company = Company(policy="reward-and-penalty")
    recorded(company, "training", person=company.person(""))
    access = Access(1, None, TODAY, frozenset({"employee", "supervisor", "head"}), {"head": None})
    with pytest.raises(Forbidden):
        raise_cases(access=access, policy="reward-and-penalty", level="month", month=OCTOBER)


def test_a_case_changes_no_tier_and_no_place_and_is_told_to_the_person_hr_and_whoever_acts() -> None:
    company = Company(policy="reward-and-penalty")
    boss = company.person("", no="K0")
    person = company.person("", no="K1", supervisor=boss)
    company.department.head = company.person("", no="K8")
    company.department.save()
    for account in ("K0", "K1", "K8"):
        Account.objects.create(username=account, employee=_person(account))
    hr = Account.objects.create(username="hr")
    hr.grants.create(role="hr", period=(date(2026, 1, 1), None), by_operator_command=True, reason="test")
    recorded(company, "training", "dismissal", person=person, level=Level.YEAR, month=LAST[Level.YEAR])
    recorded(company, "improvement_plan", level=Level.QUARTER, month=LAST[Level.QUARTER])
    before = list(TierPeriod.objects.values_list())
    for level in (Level.YEAR, Level.QUARTER):
        raised(company, level, LAST[level])
        raised(company, level, LAST[level])
    assert list(TierPeriod.objects.values_list()) == before
    kinds = sorted(OutboxMessage.objects.values_list("recipient__username", "kind"))
    assert kinds == sorted(
        [("K1", "case_raised"), ("K1", "case_raised"), ("K0", "cases_to_act"), ("K8", "cases_to_act"),
         ("hr", "cases_to_act"), ("hr", "cases_to_act")]
    )  # fmt: skip
    assert not any("total" in str(payload) for payload in OutboxMessage.objects.values_list("payload", flat=True))


def test_many_results_take_as_many_queries_as_few(django_assert_num_queries: Any) -> None:
    company = Company(policy="reward-and-penalty")
    for at in range(40):
        recorded(company, "training", person=company.person("", no=f"K{at:04d}"), grade="fail")
    raised(company)
    Case.objects.all().delete()
    with django_assert_num_queries(20, exact=False):
        raised(company)
    assert Case.objects.count() == 40


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "gift"}, {"state": "lost"}, {"clause": ""}, {"state": "withdrawn"}, {"state": "done"}, {"owner": "nobody"},
    ],
)  # fmt: skip
def test_the_database_refuses_a_case_that_does_not_hold_together(wrong: dict[str, str]) -> None:
    company = Company(policy="reward-and-penalty")
    recorded(company, "training", person=company.person(""))
    raised(company)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.update(**wrong)


def test_hr_marks_a_case_as_handled_once_and_with_a_note() -> None:
    company = Company(policy="reward-and-penalty")
    recorded(company, "training", person=company.person(""))
    raised(company)
    case, account = Case.objects.get(), Account.objects.create(username="hr")
    hr = Access(account.pk, None, TODAY, frozenset({"hr"}), {"hr": None})
    with pytest.raises(Refused):
        handle_case(access=hr, case=case, note=" ")
    handle_case(access=hr, case=case, note="已安排 11 月 20 日培训")
    assert (case.state, case.handled_by, case.note) == ("done", account, "已安排 11 月 20 日培训")
    with pytest.raises(Refused, match="hr"):
        handle_case(access=hr, case=case, note="again")
    assert raised(company) == Raised(0, 0)


def _person(no: str) -> Any:
    from staff.models import Employee

    return Employee.objects.get(employee_no=no)
