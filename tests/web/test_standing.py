"""What the page of a standing says, for every state a person can be in."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessment.models import Result
from policy.models import PolicyVersion
from staff.models import Employee
from tests.web.company import MONTH, Company
from tests.web.conftest import Visitor


def words(client: Client, path: str = "/me/", status: int = 200) -> str:
    """The text of a page, its tags and idle space taken out."""
    response = client.get(path)
    assert response.status_code == status
    body = response.content.decode().partition("<main")[2]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("K2031", "To Diamond: 1 clause to go, 1 waiting for data"),
        ("K2032", "Eligible for Diamond"),
        ("K2033", "To Diamond: 1 clause waiting for data"),
        ("K2034", "At the top of the ladder"),
        ("K2041", "A demotion clause has been met"),
        ("K2042", "A warning clause has been met"),
        ("K2051", "The first standing is still to come"),
        ("K2052", "No policy with a ladder is in force here"),
        ("K2053", "No tier has been entered yet"),
        ("K2054", "The last day of work was 2026-08-31"),
    ],
)
def test_the_page_says_first_how_things_stand(visitor: Visitor, who: str, said: str) -> None:
    assert said in words(visitor(who))


def test_in_chinese_it_says_the_same(visitor: Visitor) -> None:
    text = words(visitor("K2031", "zh-hans"))
    assert "到钻级客服，还差 1 条，另 1 条待数据" in text
    assert "林晓，你现在是" in text


def test_a_counted_clause_shows_what_counts_and_why_the_rest_does_not(visitor: Visitor) -> None:
    text = words(visitor("K2031", "zh-hans"))
    assert "半年内个人管理客户核心产品词上线百度前三页≧5个客户。" in text
    assert "计入： 瑞丰电缆 2026-09-03 、 华阳泵业 2026-09-14 、 恒泰阀门 2026-10-09" in text.replace(
        "计入：", "计入： "
    ).replace("  ", " ")
    assert "瑞丰电缆 2026-08-22 ，同一客户只计一次" in text
    assert "明德包装 2026-10-20 ，百度页数 5" in text
    assert "已有 3 个，还差 2 个" in text


def test_a_missing_month_is_a_gap_and_names_who_led_then(visitor: Visitor) -> None:
    client = visitor("K2031", "zh-hans")
    page = client.get("/me/").content.decode()
    assert '<li class="miss"><small>8 月</small>缺</li>' in page
    assert '<li class="zero"><small>6 月</small>0</li>' in page
    text = words(client)
    assert "应由当时的主管贺宁补报" in text
    assert "没有填报： 2026-08" in text.replace("填报：", "填报： ").replace("  ", " ")


def test_the_readings_stand_beside_their_clauses(visitor: Visitor) -> None:
    page = visitor("K2031", "zh-hans").get("/me/").content.decode()
    assert page.count('class="reading"') >= 4
    assert "原文未规定期间，按近 12 个月计" in page


def test_what_people_judge_is_apart_and_holds_nobody_back(visitor: Visitor) -> None:
    text = words(visitor("K2032"))
    assert "5 clauses judged by people" in text
    assert "6 clauses met" in text
    assert "Head of the department: 程砚" in text


def test_an_adverse_finding_says_that_it_is_no_decision_and_shows_its_facts(visitor: Visitor) -> None:
    client = visitor("K2041")
    text = words(client)
    assert "This is not a decision." in text
    assert "连续三个月无核心关键词上线;" in text
    assert client.get("/me/").content.decode().count('<li class="bad">') == 3


def test_pay_is_that_of_the_policy_and_says_what_the_next_tier_brings(visitor: Visitor) -> None:
    text = words(visitor("K2031"))
    assert "1,000.00" in text
    assert "1,200.00 +200" in text


def test_the_history_comes_from_the_ledger(visitor: Visitor) -> None:
    text = words(visitor("K2034", "zh-hans"))
    assert text.index("皇冠级客服 台账") < text.index("钻级客服 台账") < text.index("星级客服 台账")


def test_a_past_month_is_shown_as_it_was_judged(visitor: Visitor) -> None:
    text = words(visitor("K2031"), "/me/?month=2026-09")
    assert "as of 2026-09 you were" in text
    assert "provisional" in text
    assert "sealed" in words(visitor("K2031"))


@pytest.mark.parametrize("month", ["2026-01", "2027-01", "2026-13", "two", "2026-1", "２０２６-10"])
def test_a_month_without_a_standing_is_not_there(visitor: Visitor, month: str) -> None:
    assert visitor("K2031").get("/me/", {"month": month}).status_code == 404


def test_what_became_known_after_the_sweep_is_not_shown_as_if_it_had_counted(
    company: Company, visitor: Visitor
) -> None:
    before = words(visitor("K2031"))
    company.values("K2031", "excellent_cases", {"2026-08": 9})
    assert words(visitor("K2031")) == before


def test_months_that_an_absence_covers_do_not_count_and_give_no_reason(visitor: Visitor) -> None:
    page = visitor("K1001").get("/people/K2055/").content.decode()
    assert page.count('<li class="off">') >= 4
    assert "exempt this month" in page
    assert "maternity" not in page.lower()
    assert "exempt this month" not in visitor("K1001").get("/people/K2031/").content.decode()


def test_whoever_came_onto_the_ladder_after_the_sweep_is_told_that_it_is_still_to_run(
    company: Company, visitor: Visitor
) -> None:
    company.tier("K2053", ("regular", "2024-07-15"))
    text = words(visitor("K2053"))
    assert "The monthly standing as of 2026-10 has not run yet." in text
    assert "You are here" in text


def test_a_leaver_is_shown_the_last_standing_and_no_next_one(company: Company, visitor: Visitor) -> None:
    Employee.objects.filter(employee_no="K2032").update(left_on=date(2026, 11, 5))
    text = words(visitor("K1001"), "/people/K2032/")
    assert "left after 2026-11-05" in text
    assert "nobody is judged after leaving" in text


def test_the_last_month_of_a_scorecard_is_told_beside_the_tier(company: Company, visitor: Visitor) -> None:
    text = words(visitor("K2031"))
    assert "Results of months" not in text
    version = PolicyVersion.objects.first()
    for back, total in ((0, "87.50"), (1, "60.00")):
        Result.objects.create(
            employee=company.people["K2031"], month=MONTH - back, policy="monthly-stars", version=version, counts=True,
            department=company.departments["信息客服部"], total=Decimal(total), full_marks=Decimal(100),
        )  # fmt: skip
    for reader, path in (("K2031", "/me/"), ("K1001", "/people/K2031/")):
        assert f"{MONTH} 87.5 / 100" in words(visitor(reader), path)


def test_a_page_takes_few_queries(visitor: Visitor) -> None:
    client = visitor("K2031")
    client.get("/me/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/me/")
    assert len(queries) <= 12, "\n".join(q["sql"][:90] + " … " + q["sql"].partition(" FROM ")[2][:60] for q in queries)
