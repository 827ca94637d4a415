"""HR's pages on a month: what they show to whom, what they do, and how many queries they take."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessment.actions.gaps_accept import accept_gaps
from assessment.actions.month_close import close_month
from assessment.models import AcceptedGap, AssessmentMonth, Chase, Doubt, HandIn, Metric
from assessment.selectors.digest import digest_of
from assessment.selectors.needs import gaps
from assessment.selectors.windows import window
from promotion.models import Run
from tests.months.conftest import NOVEMBER, NOW, OWING, As, report
from tests.web.company import MONTH, Company
from tests.web.conftest import Visitor

pytestmark = pytest.mark.django_db
ROLES = ("hr", "hr-two", "payroll", "gm", "auditor", "operator", "K1001", "K2031")
#: page, then what each of ROLES is answered.
TABLE = """
months         200 200 200 200 200 403 403 403
month          200 200 200 200 200 403 403 403
month-close    200 403 403 403 403 403 403 403
month-intake   200 403 403 403 403 403 403 403
month-seal     200 403 403 403 403 403 403 403
month-gaps     200 200 403 200 200 403 403 403
month-chase    405 405 403 403 403 403 403 403
month-digest   404 404 404 404 404 403 403 403
"""
CELLS = [
    (name, who, int(status))
    for name, *row in (line.split() for line in TABLE.strip().splitlines())
    for who, status in zip(ROLES, row, strict=True)
]


def url(name: str, month: object = NOVEMBER, **query: str) -> str:
    address = reverse(f"admin:{name}", args=[] if name == "months" else [str(month)])
    return address + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else "")


@pytest.mark.parametrize(("name", "who", "status"), CELLS)
def test_a_page_opens_for_the_roles_of_the_table(visitor: Visitor, name: str, who: str, status: int) -> None:
    answer = visitor(who).get(url(name))
    assert answer.status_code == status
    if (who, status) == ("hr-two", 403):
        assert "HR for the company does this: hr." in answer.content.decode()


@pytest.mark.parametrize("name", ["month", "month-gaps", "month-seal", "month-close", "month-intake", "month-digest"])
def test_what_is_no_month_is_not_found(visitor: Visitor, name: str) -> None:
    assert visitor("hr").get(url(name, "2026-13")).status_code == 404


def test_the_month_says_who_owes_what_the_most_gaps_first(company: Company, visitor: Visitor, acting: As) -> None:
    report(company, *OWING[1:])
    HandIn.objects.create(
        month=NOVEMBER, supervisor=company.people["K1001"], handed_in_by=company.accounts["K1001"], gaps=2,
        note="her notebook is lost",
    )  # fmt: skip
    answer = visitor("hr").get(url("month"))
    page = answer.content.decode()
    (team,) = answer.context["teams"]
    assert (team.name, team.left) == ("周岚", 2)
    for words in ("2 values are missing", "7 / 8", "her notebook is lost", "over", "Close the intake"):
        assert words in page
    accept_gaps(access=acting("hr"), month=NOVEMBER, cells=[g.cell for g in gaps(company.access, NOVEMBER)], reason="x")
    assert "Nothing is missing" in visitor("hr").get(url("month")).content.decode()


def test_hr_of_a_department_sees_its_teams_and_moves_no_month(company: Company, visitor: Visitor) -> None:
    answer = visitor("hr-two").get(url("month"))
    assert answer.context["teams"] == []
    assert "Close the intake" not in answer.content.decode()
    assert "HR for the company does both" in answer.content.decode()


def test_payroll_reads_how_the_month_stands_and_no_value(visitor: Visitor) -> None:
    answer = visitor("payroll").get(url("month"))
    assert answer.context["teams"] == []
    assert "周岚" not in answer.content.decode()


def test_hr_closes_gives_longer_and_closes_again(visitor: Visitor) -> None:
    client = visitor("hr")
    assert client.post(url("month-close")).status_code == 302
    assert window(NOVEMBER).state == "closing"
    assert client.post(url("month-close")).status_code == 422
    wrong = client.post(url("month-intake"), {"until": "2026-12-01", "reason": "late"})
    assert "The last day of the intake lies between" in wrong.content.decode()
    assert client.post(url("month-intake"), {"until": "2026-12-14", "reason": "二组 was ill"}).status_code == 302
    assert (window(NOVEMBER).state, window(NOVEMBER).last) == ("open", date(2026, 12, 14))
    page = client.get(url("month")).content.decode()
    for words in ("closed the intake", "intake open until 2026-12-14", "二组 was ill", "2 days left"):
        assert words in page


def test_hr_reminds_a_team_and_all_teams(company: Company, visitor: Visitor) -> None:
    client = visitor("hr")
    answer = client.post(url("month-chase"), {"team": company.people["K1001"].pk}, follow=True)
    assert "1 team is reminded." in answer.content.decode()
    answer = client.post(url("month-chase"), {"back": "index"}, follow=True)
    assert "Reminded within the last hour" in answer.content.decode()
    assert answer.redirect_chain[-1][0] == reverse("admin:index")
    assert client.post(url("month-chase"), {"team": "all"}).status_code == 404
    assert Chase.objects.count() == 1


def test_gaps_are_narrowed_by_team_metric_and_whether_they_were_accepted(company: Company, visitor: Visitor) -> None:
    client = visitor("hr")
    assert client.get(url("month-gaps")).context["count"] == 16
    assert client.get(url("month-gaps", metric="keywords_online")).context["count"] == 8
    assert client.get(url("month-gaps", team=str(company.people["K1001"].pk))).context["count"] == 16
    for query in ({"team": "none"}, {"team": "x"}, {"metric": "nothing"}, {"show": "accepted"}):
        assert client.get(url("month-gaps", **query)).context["count"] == 0


def test_hr_accepts_what_is_ticked_and_asks_for_it_again(company: Company, visitor: Visitor) -> None:
    client = visitor("hr")
    key = client.get(url("month-gaps")).context["lines"][0].key
    for data in ({"cell": key}, {"reason": "lost"}, {"cell": "x:y", "reason": "lost"}, {"cell": key, "reason": " "}):
        assert client.post(url("month-gaps"), data).status_code == 422
    assert client.post(url("month-gaps"), {"cell": key, "reason": "lost"}).status_code == 302
    accepted = client.get(url("month-gaps", show="accepted")).content.decode()
    assert "lost" in accepted
    assert client.post(url("month-gaps", show="accepted"), {"cell": key}).status_code == 302
    assert not AcceptedGap.objects.exists()


def test_hr_accepts_all_that_the_filter_shows_unless_the_list_has_changed(company: Company, visitor: Visitor) -> None:
    client, address = visitor("hr"), url("month-gaps", metric="keywords_online")
    answer = client.post(address, {"all": "9", "reason": "lost"})
    assert answer.status_code == 422
    assert "8 gaps now" in answer.content.decode()
    assert client.post(address, {"all": "8", "reason": "the list of keywords was down"}).status_code == 302
    assert AcceptedGap.objects.count() == 8
    assert set(AcceptedGap.objects.values_list("metric__key", flat=True)) == {"keywords_online"}


def test_accepting_all_leaves_the_own_and_the_superiors_gaps_and_says_so(company: Company, visitor: Visitor) -> None:
    company.grant(company.accounts["K2031"], "hr")
    client, person = visitor("K2031"), company.people["K2031"]
    page = client.post(url("month-gaps"), {"all": "16", "reason": "lost"}, follow=True).content.decode()
    assert f"Left as they were: {person}. A colleague" in page
    assert AcceptedGap.objects.count() == 14
    assert not AcceptedGap.objects.filter(employee=person).exists()
    refused = client.post(url("month-gaps"), {"all": "2", "reason": "lost"})
    assert refused.status_code == 403
    assert "own record" in refused.content.decode()


def test_a_reader_of_the_gaps_accepts_none(company: Company, visitor: Visitor) -> None:
    key = visitor("hr").get(url("month-gaps")).context["lines"][0].key
    for who in ("gm", "auditor"):
        assert '<form method="post" class="gaps"' in visitor(who).get(url("month-gaps")).content.decode()
        assert 'type="checkbox" name="cell"' not in visitor(who).get(url("month-gaps")).content.decode()
        assert visitor(who).post(url("month-gaps"), {"cell": key, "reason": "lost"}).status_code == 403


def test_sealing_shows_what_will_be_fixed_and_takes_the_months_name(company: Company, visitor: Visitor) -> None:
    report(company, *OWING)
    client = visitor("hr")
    client.post(url("month-close"))
    doubt = {"employee": company.people["K2031"], "month": NOVEMBER, "text": "one case more"}
    Doubt.objects.create(metric=Metric.objects.get(key="excellent_cases"), **doubt)
    page = client.get(url("month-seal")).content.decode()
    digest = digest_of(NOVEMBER).sha256
    for words in (digest, "1 doubt about this month is open", "It cannot be undone"):
        assert words in page
    assert "Type 2026-11" in client.post(url("month-seal"), {"typed": "2026-10", "seen": digest}).content.decode()
    changed = client.post(url("month-seal"), {"typed": "2026-11", "seen": "0" * 64})
    assert "Facts have changed since you looked" in changed.content.decode()
    answer = client.post(url("month-seal"), {"typed": "2026-11", "seen": digest}, follow=True)
    assert "is sealed. The sweep of record has been asked for" in answer.content.decode()
    assert Run.objects.get(month=NOVEMBER).of_record
    page = client.get(url("month")).content.decode()
    assert 'class="seal"' in page
    assert digest in page
    assert "Remind" not in page
    assert "is sealed already" in client.get(url("month-seal")).content.decode()


def test_a_sealed_month_says_whether_it_still_is_what_was_sealed(company: Company, visitor: Visitor) -> None:
    report(company, *OWING)
    AssessmentMonth.objects.create(month=NOVEMBER, state="sealed", sealed_at=NOW, digest=digest_of(NOVEMBER).sha256)
    client = visitor("auditor")
    assert "unchanged since sealing" in client.get(url("month-digest")).content.decode()
    assert "not what was sealed" in client.get(url("month-digest", MONTH)).content.decode()


def grow(company: Company, numbers: range) -> None:
    """So many people more in two teams, with gaps."""
    for n in numbers:
        company.hire(f"Z{n:03d}", f"员工{n}", f"z{n}", department="信息客服二组", boss=f"K100{1 + n % 2}")
        company.tier(f"Z{n:03d}", ("regular", "2025-01-01"))


@pytest.mark.parametrize(
    ("name", "who"),
    [
        *((name, who) for name in ("months", "month", "month-gaps", "index") for who in ("hr", "hr-two")),
        ("month-seal", "hr"),
        *(("index", who) for who in ("gm", "payroll", "auditor", "operator")),
    ],
)
def test_a_page_takes_the_same_few_queries_however_many_people_there_are(
    company: Company, visitor: Visitor, acting: As, name: str, who: str
) -> None:
    close_month(access=acting("hr"), month=NOVEMBER, now=NOW)
    address = reverse("admin:index") if name == "index" else url(name)
    client, found = visitor(who), []
    for numbers in (range(3), range(3, 48)):
        grow(company, numbers)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        found.append(len(queries))
    assert found[0] == found[1] <= 12
