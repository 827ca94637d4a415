"""Cases of invented documents: what the five policies of the library do not use."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection

from assessment.actions.results_assess import assess_month
from assessment.models import Result
from assessment.selectors.results import assessed_now
from policy.actions.policy_adopt import adopt
from policy.actions.policy_publish import publish
from policy.models import PolicyVersion
from policy.selectors import Governed
from staff.kernel.periods import Month
from staff.models import Department
from tests.company import Company, operator

pytestmark = pytest.mark.django_db
OCTOBER = Month.parse("2026-10")
HEAD = """policy: info-service
title: {zh: 试, en: Probe}
in_force: 2020-01-01
approved_by: gm
ladder:
  tiers: [{key: regular, zh: 普通, en: Regular}, {key: star, zh: 星级, en: Star}]
  promotions: [{from: regular, to: star, require: [{clause: 一, attest: head, text: 条款}]}]
scorecard:
  items: {cases: {of: 10, clause: 一, text: 条款, score: excellent_cases}}
  grade: [high if total >= 5, low otherwise]
cases:
"""


def raised(company: Company, when: str, **more: str) -> dict[int, list[str]]:
    """Cases by employee id as of October, September's results being whatever the table holds."""
    rest = "".join(f", {key}: {value}" for key, value in more.items())
    key = "when" if not when.startswith("top ") else "top"
    text = f'{HEAD}  - {{case: praise, clause: 二, text: 条款, {key}: "{when.removeprefix("top ")}"{rest}}}\n'
    version, _ = PolicyVersion.objects.get_or_create(
        key="info-service", document=text, digest=str(hash(text)),
        defaults={"number": 90 + PolicyVersion.objects.count(), "title_zh": "试", "title_en": "Probe", "parts": []},
    )  # fmt: skip
    governed = Governed(version, {}, (company.department.pk,), ())
    query = assessed_now(governed, OCTOBER)
    with connection.cursor() as cursor:
        cursor.execute(query.sql, query.params)
        names = [column.name for column in cursor.description]
        rows: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {row["id"]: row["cases"] for row in rows}


@pytest.fixture
def company() -> Company:
    return Company(policy="")


@pytest.mark.parametrize(
    ("when", "found"),
    [
        ("tier = star", True), ("tier = regular", False), ("total >= 7", True), ("grade = low", False),
        ("mean(total, 3 months) >= 7", True), ("sum(total, 3 months) > 7", False), ("lowest(total, 2 months) = 7", True),
        ("highest(total, 2 months) = 7", True), ("months(grade = high, 12 months) = 1", True),
        ("each(grade = high, 6 months)", True), ("streak(grade = high) >= 1 month", True),
        ("streak(grade = high) >= 2 months", False), ("not streak(grade = high) >= 2 months", True),
        ("streak(grade = high, since tier_since) >= 1 month", True),
    ],
)  # fmt: skip
def test_a_case_may_speak_of_the_tier_and_of_every_aggregate(company: Company, when: str, found: bool) -> None:
    person = company.person("star")
    company.values(person, "excellent_cases", {"2026-10": 7})
    assert raised(company, when) == {person.pk: ["praise"] if found else []}


@pytest.mark.parametrize(
    "when", ["total >= 0", "not total >= 1", "sum(total, 3 months) >= 0", "not streak(total >= 1) >= 1 month"]
)
def test_what_rests_on_a_missing_total_raises_nothing(company: Company, when: str) -> None:
    person = company.person("star")
    assert raised(company, when) == {person.pk: []}


def test_everyone_who_shares_the_highest_value_is_named_once_all_are_known(company: Company) -> None:
    first, second, third = (company.person("star", hired_on=date(2025, 1, 1)) for _ in range(3))
    for person, points in ((first, 7), (second, 7), (third, 3)):
        company.values(person, "excellent_cases", {"2026-10": points})
    top = "top months(total = 7, 12 months)"
    assert raised(company, top) == {first.pk: ["praise"], second.pk: ["praise"], third.pk: []}
    company.values(third, "excellent_cases", {"2026-10": None})
    assert set(map(tuple, raised(company, top).values())) == {()}


def test_who_has_most_of_a_month_leads_under_each_adoption_of_its_own(company: Company) -> None:
    text = HEAD.replace("info-service", "probe") + "  - {case: praise, clause: 二, text: 条款, top: total}\n"
    version = publish(access=operator(), text=text)
    other = Department.objects.create(name="二部", parent=company.root)
    for department in (company.department, other):
        adopt(access=operator(), key="probe", department=department, starts_on=date(2026, 1, 1), version=version)
    people = [company.person(tier="", department=one) for one in (company.department, company.department, other)]
    gone = company.person(tier="", left_on=date(2026, 10, 20))
    for person, cases in zip([*people, gone], (5, 4, 3, 9), strict=True):
        company.values(person, "excellent_cases", {"2026-10": cases})
    assess_month(access=operator(), month=OCTOBER)
    named = Result.objects.filter(cases__contains=["praise"]).order_by("employee")
    assert list(named.values_list("employee", flat=True)) == [people[0].pk, people[2].pk]
