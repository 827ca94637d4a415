"""The month's page: whose it is, what it shows, what it says where nothing can be entered; handing in; the poll."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessment.actions.hand_in_take_back import take_hand_in_back
from assessment.actions.month_hand_in import hand_in_month
from assessment.models import AssessmentMonth, HandIn
from assessment.selectors.intake import Calendar
from staff.kernel.access import Forbidden, Refused
from staff.kernel.periods import Month
from staff.models import Absence, AuditEntry
from tests.intake.conftest import DAY, NOVEMBER, acting, cell, held, post_cells, save
from tests.web.company import Company
from tests.web.conftest import Visitor

URLS = ("/intake/", "/intake/2026-11/", "/intake/2026-11/events/")


def page(visitor: Visitor, username: str = "K1001", path: str = "/intake/") -> str:
    response = visitor(username).get(path)
    assert response.status_code == 200, response.content[:300]
    return str(response.content.decode())


def test_the_month_whose_window_is_open_comes_first_else_the_latest_that_waits(company: Company) -> None:
    assert Calendar(DAY).month == NOVEMBER
    assert Calendar(date(2026, 12, 11)).month == NOVEMBER
    assert Calendar(date(2026, 11, 5)).month == Month.parse("2026-10")
    AssessmentMonth.objects.create(month=NOVEMBER, intake_until=date(2027, 1, 5))
    assert Calendar(date(2027, 1, 4)).month == NOVEMBER
    assert Calendar(date(2027, 1, 6)).month == Month.parse("2026-12")


def test_the_page_shows_the_team_what_is_owed_and_last_month(company: Company, visitor: Visitor) -> None:
    html = page(visitor)
    assert 'aria-label="林晓 excellent cases"' in html
    assert "许诺" in html
    assert "严冬" not in html, "left in August"
    assert "周岚 K1001</th>" not in html, "nobody enters themselves"
    assert ">3</small>" in html, "October stands at the left"
    assert "0 / 16" in html, "eight people on the ladder, two metrics"
    assert html.count("data-owed") == 16
    assert 'id="c' in html


def test_an_exempt_month_says_so_without_the_reason(company: Company, visitor: Visitor) -> None:
    Absence.objects.create(
        employee=company.people["K2055"], first_day=date(2026, 11, 1), last_day=date(2026, 11, 30), kind="maternity"
    )
    html = page(visitor)
    assert "Not assessed this month: nothing to enter" in html
    assert "aternity" not in html


def test_what_came_with_a_file_is_told_from_what_somebody_entered(company: Company, visitor: Visitor) -> None:
    company.values("K2031", "excellent_cases", {"2026-11": 2})
    save(acting("K1001"), cell("K2032", "2"))
    assert page(visitor).count('class="prefilled"') == 1


@pytest.mark.parametrize("url", URLS)
def test_only_who_enters_months_finds_the_page(company: Company, visitor: Visitor, url: str) -> None:
    assert visitor().get(url).status_code == 302
    for username in ("K2031", "payroll", "auditor"):
        response = visitor(username).get(url)
        assert response.status_code in (302, 403), username  # the second factor comes first where a role takes one
    assert visitor("K2031").get(url).status_code == 403


def test_another_team_does_not_exist_and_a_head_chooses_among_those_below(company: Company, visitor: Visitor) -> None:
    for url in URLS:
        assert visitor("K1001").get(f"{url}?team=K1000").status_code == 404
        assert visitor("K1001").get(f"{url}?team=K9999").status_code == 404
    html = page(visitor, "K1000")
    assert 'value="K1001"' in html
    assert "林晓" not in html, "the own team first"
    assert "林晓" in page(visitor, "K1000", "/intake/?team=K1001")


@pytest.mark.parametrize("path", ["/intake/2027-01/", "/intake/2026-13/", "/intake/nothing/"])
def test_a_month_that_has_not_begun_is_not_there(visitor: Visitor, company: Company, path: str) -> None:
    assert visitor("K1001").get(path).status_code == 404


def test_outside_the_window_the_page_is_for_reading_and_says_who_can(
    company: Company, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "2026-10 is sealed" in page(visitor, path="/intake/2026-10/")
    assert "2026-12 is entered from 2027-01-01" in page(visitor, path="/intake/2026-12/")
    monkeypatch.setattr(timezone, "localdate", lambda *args, **options: date(2026, 12, 11))
    html = page(visitor)
    assert "was to be entered by 2026-12-10. HR enters" in html
    assert "data-writes" not in html
    assert 'id="hand-in"' not in html


def test_cells_are_answered_as_json_and_strangers_are_told_to_sign_in(company: Company, visitor: Visitor) -> None:
    entry = {"employee_no": "K2031", "metric": "excellent_cases", "value": "2", "seen": None}
    assert post_cells(visitor(), entry).status_code == 401
    assert post_cells(visitor("K2031"), entry).status_code == 403
    for month, told in (("2099-01", "2099-01 has not begun."), ("2026-13", "names no month")):
        missing = post_cells(visitor("K1001"), entry, month=month)
        assert (missing.status_code, told in missing.json()["message"]) == (404, True)
    answers = post_cells(visitor("K1001"), entry).json()["answers"]
    assert [(a["state"], a["value"]) for a in answers] == [("saved", "2")]
    assert held(company, "K2031") == 2
    taken = post_cells(visitor("K1001"), {**entry, "value": None, "seen": "2"}).json()["answers"]
    assert [(a["state"], a["value"]) for a in taken] == [("saved", "")]


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"cells": []}', '{"cells": [1]}', '{"cells": [{"value": 2}]}', '{"cells": 5}',
             '{"cells": [{"employee_no": "K2031", "metric": "a\\u0000", "value": "1"}]}'],
)  # fmt: skip
def test_what_are_no_cells_is_refused_in_words(company: Company, visitor: Visitor, body: str) -> None:
    response = visitor("K1001").post("/intake/2026-11/cells/", body, content_type="application/json")
    assert response.status_code == 409
    assert "no cells" in response.json()["message"]


def test_the_poll_answers_nothing_until_somebody_entered_something(company: Company, visitor: Visitor) -> None:
    client = visitor("K1001")
    first = client.get("/intake/2026-11/changes/")
    tag = first.headers["ETag"]
    assert client.get("/intake/2026-11/changes/", headers={"If-None-Match": tag}).status_code == 304
    save(acting("K1000"), cell("K2031", "5"))
    second = client.get("/intake/2026-11/changes/", headers={"If-None-Match": tag})
    assert second.status_code == 200
    found = [c for c in second.json()["cells"] if c["employee_no"] == "K2031"]
    assert [(c["metric"], c["value"], c["who"]) for c in found] == [("excellent_cases", "5", "程砚 K1000")]
    assert client.get("/intake/2026-11/changes/?team=K1000").status_code == 404
    assert visitor().get("/intake/2026-11/changes/").status_code == 401


def fill(*numbers: str) -> None:
    for number in numbers:
        save(acting("K1001"), cell(number, "1"), cell(number, "2", metric="keywords_online"))


OWING = ("K2031", "K2032", "K2033", "K2034", "K2041", "K2042", "K2051", "K2055")


def test_a_complete_month_is_handed_in_without_words_and_taken_back(company: Company, visitor: Visitor) -> None:
    fill(*OWING)
    client = visitor("K1001")
    assert client.post("/intake/2026-11/hand-in/").status_code == 302
    row = HandIn.objects.get()
    assert (row.supervisor, row.gaps, row.note) == (company.people["K1001"], 0, "")
    html = page(visitor)
    assert "Handed in by 周岚 K1001" in html
    assert "data-writes" not in html
    assert client.post("/intake/2026-11/hand-in/").status_code == 422
    assert client.post("/intake/2026-11/take-back/").status_code == 302
    assert not HandIn.objects.exists()
    assert {"month_handed_in", "hand_in_taken_back"} <= set(AuditEntry.objects.values_list("action", flat=True))
    assert client.post("/intake/2026-11/take-back/").status_code == 409


def test_gaps_take_a_note_and_what_was_written_is_not_lost(company: Company, visitor: Visitor) -> None:
    fill(*OWING[1:])
    client = visitor("K1001")
    refused = client.post("/intake/2026-11/hand-in/", {"note": " "})
    assert refused.status_code == 422
    assert "2 values are missing" in refused.content.decode()
    assert client.post("/intake/2026-11/hand-in/", {"note": "no record"}).status_code == 302
    assert (HandIn.objects.get().gaps, HandIn.objects.get().note) == (2, "no record")


def test_a_month_is_handed_in_within_the_window_by_the_leader_or_theirs(company: Company) -> None:
    leader = company.people["K1001"]
    with pytest.raises(Refused, match="was to be entered"):
        hand_in_month(access=acting("K1001", date(2026, 12, 11)), month=NOVEMBER, supervisor=leader, note="x")
    for username in ("hr", "K2031"):
        with pytest.raises(Forbidden):
            hand_in_month(access=acting(username), month=NOVEMBER, supervisor=leader, note="x")
    hand_in_month(access=acting("K1000"), month=NOVEMBER, supervisor=leader, note="away")
    with pytest.raises(Refused, match="already"):
        hand_in_month(access=acting("K1001"), month=NOVEMBER, supervisor=leader, note="x")
    with pytest.raises(Refused, match="was to be entered"):
        take_hand_in_back(access=acting("K1001", date(2026, 12, 11)), month=NOVEMBER, supervisor=leader)


def test_the_page_takes_as_many_queries_for_many_people_as_for_few(company: Company, visitor: Visitor) -> None:
    client = visitor("K1001")
    company.values("K2031", "excellent_cases", {"2026-11": 1})
    client.get("/intake/")
    with CaptureQueriesContext(connection) as few:
        client.get("/intake/")
    for at in range(40):
        company.hire(f"K3{at:03d}", f"新人{at}", f"xinren{at}")
        company.values(f"K3{at:03d}", "excellent_cases", {"2026-11": 1})
    with CaptureQueriesContext(connection) as many:
        client.get("/intake/")
    assert len(few) == len(many), [q["sql"][:90] for q in many]
    assert len(many) <= 19
