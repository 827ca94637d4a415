"""The list of people, and who may open whom."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.web.company import Company
from tests.web.conftest import Visitor

TEAM = {"K2031", "K2032", "K2033", "K2034", "K2041", "K2042", "K2051", "K2053", "K2055"}


def listed(visitor: Visitor, who: str, words: str = "") -> set[str]:
    context = visitor(who).get("/people/", {"q": words}).context
    return {line.person.employee_no for line in context["lines"]}


def test_a_supervisor_lists_the_team_and_nobody_else(visitor: Visitor) -> None:
    assert listed(visitor, "K1001") == TEAM | {"K1001", "K2054"}


def test_a_head_lists_the_department_and_all_below(visitor: Visitor) -> None:
    assert listed(visitor, "K1000") == TEAM | {"K1000", "K1001", "K1002", "K2054"}


def test_hr_of_a_part_lists_that_part(visitor: Visitor) -> None:
    assert listed(visitor, "hr-two") == {"K1002"}


@pytest.mark.parametrize("who", ["hr", "gm", "auditor"])
def test_the_company_is_listed_whole(visitor: Visitor, company: Company, who: str) -> None:
    assert listed(visitor, who) == set(company.people)


@pytest.mark.parametrize(
    ("words", "found"), [("林晓", {"K2031"}), ("k2032", {"K2032"}), ("liangchi", {"K2034"}), ("hx", {"K2041"})]
)
def test_a_search_takes_name_number_pinyin_and_initials(visitor: Visitor, words: str, found: set[str]) -> None:
    assert listed(visitor, "hr", words) == found


def test_nobody_outside_the_scope_is_found_by_name(visitor: Visitor) -> None:
    response = visitor("hr-two").get("/people/", {"q": "林晓"})
    assert "Nobody is called" in response.content.decode()


@pytest.mark.parametrize("number", ["K/9001", "K 9001?#%"])
def test_whatever_stands_in_a_number_the_person_is_listed_and_opened(
    visitor: Visitor, company: Company, number: str
) -> None:
    company.hire(number, "新人", "xinren xr")
    page = visitor("hr").get("/people/", {"q": "xinren"})
    link = f"/people/{quote(number)}/"
    assert f'href="{link}"' in page.content.decode()
    assert visitor("hr").get(link).status_code == 200


def test_a_search_as_one_types_swaps_the_list_alone(visitor: Visitor) -> None:
    body = visitor("hr").get("/people/", {"q": "林"}, headers={"HX-Request": "true"}).content.decode()
    assert "林晓" in body
    assert "<html" not in body


def test_the_list_takes_as_many_queries_for_one_as_for_all(visitor: Visitor) -> None:
    client = visitor("hr")
    client.get("/people/")
    counts = []
    for words in ("林晓", ""):
        with CaptureQueriesContext(connection) as queries:
            client.get("/people/", {"q": words})
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


@pytest.mark.parametrize(
    ("who", "whom", "status"),
    [
        ("K2031", "K2032", 404),
        ("K1001", "K2031", 200),
        ("K1001", "K1000", 404),
        ("K1002", "K2031", 404),
        ("K1000", "K2031", 200),
        ("hr", "K2031", 200),
        ("hr-two", "K2031", 404),
        ("gm", "K2031", 200),
        ("auditor", "K2031", 200),
        ("payroll", "K2031", 403),
        ("operator", "K2031", 404),
        ("hr", "K9999", 404),
    ],
)
def test_a_person_is_open_to_whoever_looks_after_them(visitor: Visitor, who: str, whom: str, status: int) -> None:
    assert visitor(who).get(f"/people/{whom}/").status_code == status


def test_a_refusal_names_who_can(visitor: Visitor) -> None:
    body = visitor("payroll").get("/people/K2031/").content.decode()
    assert "supervisor, head of department, HR" in body


def test_those_outside_look_exactly_like_those_who_do_not_exist(visitor: Visitor) -> None:
    client = visitor("hr-two")
    seen = [client.get(f"/people/{no}/").content.decode() for no in ("K2031", "K9999")]
    assert seen[0].replace("K2031", "K9999").split("<main")[1] == seen[1].split("<main")[1]


def test_ones_own_number_leads_to_ones_own_page(visitor: Visitor) -> None:
    assert visitor("K2031").get("/people/K2031/").headers["Location"] == "/me/"


def test_somebody_elses_page_speaks_of_them_and_not_to_them(visitor: Visitor) -> None:
    body = visitor("K1001", "zh-hans").get("/people/K2031/").content.decode()
    assert "你在这里" not in body
    assert "林晓" in body


def test_an_employee_alone_has_no_list(visitor: Visitor) -> None:
    assert visitor("K2031").get("/people/").status_code == 403


def test_a_former_supervisor_no_longer_sees_the_person(visitor: Visitor) -> None:
    assert visitor("K1002").get("/people/K2031/").status_code == 404


def test_the_list_says_how_far_each_has_come(visitor: Visitor) -> None:
    context = visitor("K1001").get("/people/").context
    said = {line.person.employee_no: line.outcome.key for line in context["lines"] if line.outcome}
    assert str(context["month"]) == "2026-10"
    assert said["K2032"] == "eligible"
    assert said["K2041"] == "demotion_proposed"
    assert "K2051" not in said
