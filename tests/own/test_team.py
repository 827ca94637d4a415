"""My team: who comes first, how far each is from the next tier, and that it costs as little for many as for one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from psycopg2.extras import DateRange

from assessment.models import AssessmentMonth
from promotion.models import LedgerLine
from promotion.sweep.actions.sweep_run import run_sweep
from promotion.web import people as page_of_people
from staff.models import DepartmentPeriod, Employee, SupervisorPeriod
from tests.web.company import LADDER, MONTH, Company
from tests.web.conftest import Visitor
from tests.web.test_standing import words


def lines(visitor: Visitor, who: str, **asked: Any) -> list[Any]:
    return list(visitor(who).get("/people/", asked).context["lines"])


def numbers(visitor: Visitor, who: str, **asked: Any) -> list[str]:
    return [line.person.employee_no for line in lines(visitor, who, **asked)]


def test_whoever_needs_an_act_comes_first_then_whom_the_fewest_clauses_part_from_the_next_tier(
    visitor: Visitor,
) -> None:
    found = numbers(visitor, "K1001")
    assert found[:6] == ["K2041", "K2042", "K2032", "K2033", "K2031", "K2055"]
    assert found[-1] == "K2054"  # who has left


def test_the_distance_is_said_in_words(visitor: Visitor) -> None:
    text = words(visitor("K1001", "zh-hans"), "/people/")
    assert "还差1条：客户3/5；待数据：优秀发布案例" in "".join(text.split())
    assert "4/6" in text
    assert "八.1" in text
    text = words(visitor("K1001", "zh-hans"), "/people/?outcome=not_yet&q=mengxia")
    assert "客户 0/10" in text
    assert "考试" in text


def test_a_supervisors_and_a_heads_list_is_their_team_and_hrs_is_people(visitor: Visitor) -> None:
    for who, title in (
        ("K1001", "我的团队"),
        ("K1000", "我的团队"),
        ("hr", "人员"),
        ("gm", "人员"),
        ("auditor", "人员"),
    ):
        body = visitor(who, "zh-hans").get("/people/").content.decode()
        assert f"<h1>{title}</h1>" in body


@pytest.mark.parametrize(
    ("outcome", "found"),
    [("eligible", {"K2032"}), ("warning", {"K2042"}), ("top", {"K2034"}), ("waiting_for_data", {"K2033"})],
)
def test_an_outcome_narrows_the_list(visitor: Visitor, outcome: str, found: set[str]) -> None:
    assert set(numbers(visitor, "K1001", outcome=outcome)) == found


def test_an_unknown_outcome_narrows_nothing(visitor: Visitor) -> None:
    assert numbers(visitor, "K1001", outcome="x'") == numbers(visitor, "K1001")


def test_the_counts_are_those_of_the_scope(visitor: Visitor) -> None:
    def counted(who: str) -> dict[str, int]:
        return {view.key: n for view, n in visitor(who).get("/people/").context["outcomes"]}

    assert counted("K1001") == counted("hr")
    assert counted("hr-two") == {}


def test_without_any_standing_everybody_is_listed(
    company: Company, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_of_people, "last_month", lambda today: None)
    assert len(numbers(visitor, "hr")) == len(company.people)


def test_pay_and_reasons_of_absence_are_not_in_the_list(visitor: Visitor) -> None:
    text = words(visitor("K1001"), "/people/")
    assert "1,000.00" not in text
    assert "maternity" not in text.lower()


@pytest.fixture
def crowd(company: Company) -> Company:
    """Sixty more people of the team, judged as of November."""
    start = date(2023, 2, 1)
    people = Employee.objects.bulk_create(
        Employee(employee_no=f"C{n:03d}", name=f"众{n}", pinyin=f"zhong{n:03d}", hired_on=start) for n in range(60)
    )
    for person in people:
        DepartmentPeriod.objects.create(
            employee=person, department=company.departments["信息客服一组"], period=DateRange(start, None)
        )
        SupervisorPeriod.objects.create(
            employee=person, supervisor=company.people["K1001"], period=DateRange(start, None)
        )
        LedgerLine.objects.create(
            seq=0, employee=person, kind="entry", ladder=LADDER, from_tier="", to_tier="star",
            effective_on=start + timedelta(days=31), channel="test", prev_hash="", hash="",
        )  # fmt: skip
    return company


def test_a_page_takes_as_many_queries_for_one_as_for_fifty(
    crowd: Company, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_sweep(access=crowd.access, month=MONTH - 1)
    monkeypatch.setattr(page_of_people, "last_month", lambda today: MONTH - 1)
    client, counts = visitor("K1001"), []
    client.get("/people/")
    for asked in ({"q": "林晓"}, {}, {"page": 2}, {"outcome": "not_yet"}):
        with CaptureQueriesContext(connection) as queries:
            response = client.get("/people/", asked)
        counts.append(len(queries))
    assert response.context["page"].paginator.count >= 50
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 12, [q["sql"][:100] for q in queries]


def test_a_month_under_way_is_not_the_last_one(company: Company, visitor: Visitor) -> None:
    AssessmentMonth.objects.get_or_create(month=MONTH + 1)
    run_sweep(access=company.access, month=MONTH + 1)
    assert visitor("K1001").get("/people/").context["month"] == MONTH
