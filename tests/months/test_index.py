"""The first page of the admin is the month's work: each role sees its own, and nothing else."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from psycopg2.extras import DateRange

from assessment.actions.month_close import close_month
from assessment.models import AssessmentMonth, Doubt, Metric
from payroll.models import PayRecord
from policy.models import AdoptionRequest
from promotion.sweep.actions.sweep_run import run_sweep
from staff.kernel.access import Access
from staff.models import RecordUpload, RoleGrant
from tests.months.conftest import DAY, NOVEMBER, NOW, OWING, As, report
from tests.web.company import LADDER, MONTH, Company
from tests.web.conftest import Visitor

pytestmark = pytest.mark.django_db


def read(visitor: Visitor, who: str) -> tuple[Any, str]:
    answer = visitor(who).get(reverse("admin:index"))
    assert answer.status_code == 200
    body = answer.content.decode()
    return answer.context, re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body[body.index("<main") :]))


def due(visitor: Visitor, who: str) -> list[str]:
    """Without the cases that October has raised: they wait all along."""
    return [text for one in read(visitor, who)[0]["due"] if "to be handled" not in (text := str(one.text))]


def test_hr_sees_the_month_what_is_missing_and_whose_it_is(company: Company, visitor: Visitor) -> None:
    report(company, *OWING[3:])
    context, words = read(visitor, "hr")
    assert (context["month"], context["left"]) == (NOVEMBER, 6)
    assert "6 values are missing" in words
    assert "周岚" in words
    assert due(visitor, "hr") == ["Intake of 2026-11 until 2026-12-10"]


def test_what_is_due_of_a_month_goes_with_its_state(company: Company, visitor: Visitor, acting: As) -> None:
    close_month(access=acting("hr"), month=NOVEMBER, now=NOW)
    assert due(visitor, "hr") == ["2026-11 is closing: fill or accept what is missing, then seal"]
    report(company, *OWING)
    assert due(visitor, "hr") == ["2026-11 is complete and waits to be sealed"]
    assert due(visitor, "hr-two") == []
    AssessmentMonth.objects.filter(month=NOVEMBER).update(state="sealed", sealed_at=NOW, digest="0" * 64)
    assert due(visitor, "hr") == []
    assert "nothing in it changes any more" in read(visitor, "hr")[1]


def test_an_earlier_month_that_waits_for_its_seal_stands_first(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args, **options: date(2027, 1, 5))
    assert due(visitor, "hr") == ["2026-11 waits to be sealed", "Intake of 2026-12 until 2027-01-10"]


def test_each_role_is_told_what_waits_for_it_alone(company: Company, visitor: Visitor) -> None:
    hr = company.accounts["hr"]
    AdoptionRequest.objects.create(
        policy=LADDER, department=company.departments["财务部"], starts_on=date(2027, 1, 1), requested_by=hr
    )
    RoleGrant.objects.create(
        account=company.accounts["K1000"], role="payroll", period=DateRange(DAY, None), granted_by=hr, reason="test"
    )
    Doubt.objects.create(
        employee=company.people["K2031"], month=MONTH, metric=Metric.objects.get(key="excellent_cases"), text="one more",
        state="with_hr",
    )  # fmt: skip
    RecordUpload.objects.create(account=hr, file_name="values.csv", state="previewed", content=b"x", digest="0" * 64)
    assert due(visitor, "hr") == [
        "Intake of 2026-11 until 2026-12-10",
        "1 doubt waits for HR's answer",
        "1 adoption you asked for waits for the general manager",
        "1 upload is previewed and not decided",
    ]
    assert due(visitor, "gm") == [
        "1 request to adopt a policy waits for your decision",
        "1 role grant waits for a second person",
    ]
    assert due(visitor, "hr-two") == due(visitor, "auditor") == due(visitor, "operator") == []


def test_what_a_sweep_found_anew_is_counted_beside_all_it_found(company: Company, visitor: Visitor) -> None:
    def found() -> dict[str, tuple[int, int]]:
        findings = read(visitor, "hr")[0]["findings"]
        return {one.outcome.key: (one.people, one.fresh) for one in findings}

    october = found()
    assert october["warning"][0] == 1
    report(company, *OWING)
    run_sweep(access=Access.system(DAY, "test", channel="command"), month=NOVEMBER)
    november = found()
    assert november["warning"] == (1, 0)
    assert "Sweep of 2026-11" in read(visitor, "hr")[1]
    assert all(fresh <= people for people, fresh in november.values())


def test_payroll_and_the_operator_read_no_findings_and_no_teams(company: Company, visitor: Visitor) -> None:
    for who in ("payroll", "operator"):
        context, words = read(visitor, who)
        assert "findings" not in context
        assert "周岚" not in words
    assert "month" not in read(visitor, "operator")[0]
    assert "2026-11" in read(visitor, "payroll")[1]


def test_payroll_is_told_how_many_people_have_no_pay_record(company: Company, visitor: Visitor) -> None:
    assert due(visitor, "payroll") == ["13 people have no pay record"]
    PayRecord.objects.create(employee=company.people["K2031"], starts_on=date(2026, 1, 1), base=1)
    PayRecord.objects.create(employee=company.people["K2032"], starts_on=date(2027, 1, 1), base=1)
    assert due(visitor, "payroll") == ["12 people have no pay record"]


def test_the_auditor_and_the_general_manager_read_and_remind_nobody(company: Company, visitor: Visitor) -> None:
    for who in ("auditor", "gm"):
        context, words = read(visitor, who)
        assert context["left"] == 16
        assert "Remind" not in words
        assert "To the month" in words
