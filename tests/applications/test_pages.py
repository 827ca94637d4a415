"""A person applies, a head reviews and everybody reads on the same page what they may, and nothing beside it."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from promotion.applications.models import Application
from tests.applications.test_way import WHO, Way
from tests.web.company import Company
from tests.web.conftest import Visitor, company, house, visitor
from tests.web.conftest import _the_day as _the_day

__all__ = ["company", "house", "visitor"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def way(company: Company) -> Way:
    return Way(company)


def page(client: Client, row: Application) -> str:
    return client.get(f"/applications/{row.number}/").content.decode()


def test_a_person_begins_writes_and_hands_in_with_a_file(company: Company, visitor: Visitor) -> None:
    client = visitor(WHO)
    assert client.post("/applications/new/").status_code == 302
    row = Application.objects.get()
    path = f"/applications/{row.number}/"
    refused = client.post(path, {"act": "submit", "summary": "half a year", "results": ""})
    assert refused.status_code == 422
    assert "half a year" in refused.content.decode()
    sent = {
        "act": "submit", "summary": "half a year", "results": "four cases",
        "files": SimpleUploadedFile("thanks.txt", b"thank you"),
    }  # fmt: skip
    assert client.post(path, sent).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.step) == ("open", "review")
    read = page(client, row)
    assert "thanks.txt" in read
    assert "四.2.7" in read


def test_a_head_reviews_clause_by_clause_on_the_same_page(way: Way, visitor: Visitor) -> None:
    row = way.handed_in()
    head = visitor("K1000")
    read = page(head, row)
    assert read.count("app-ask") == 5
    assert "app-ask" not in page(visitor("K1001"), row)
    sent = {"act": "review", "words": "agreed"}
    for number in ("四.2.2", "四.2.3", "四.2.4", "四.2.5", "四.2.6"):
        sent |= {f"met-{number}": "yes", f"reason-{number}": "seen"}
    assert head.post(f"/applications/{row.number}/", {**sent, "met-四.2.4": ""}).status_code == 422
    assert head.post(f"/applications/{row.number}/", sent).status_code == 302
    row.refresh_from_db()
    assert row.step == "defence"


def test_its_files_are_for_whoever_reads_it_and_for_nobody_else(way: Way, visitor: Visitor) -> None:
    client = visitor(WHO)
    client.post("/applications/new/")
    row = Application.objects.get()
    client.post(
        f"/applications/{row.number}/",
        {"act": "write", "summary": "s", "results": "r", "files": SimpleUploadedFile("a.txt", b"mine")},
    )
    path = f"/applications/{row.number}/files/{row.files.get().pk}/"
    assert client.get(path).content == b"mine"
    for who in ("K1001", "K2031", "payroll", "hr-two"):
        assert visitor(who).get(path).status_code == 404, who
    assert visitor("hr").get(path).status_code == 200


def test_what_waits_for_a_head_stands_in_the_list_and_the_inbox(way: Way, visitor: Visitor) -> None:
    way.handed_in()
    assert "陈默" in visitor("K1000").get("/applications/").content.decode()
    assert "Review the application of 陈默" in visitor("K1000").get("/inbox/").content.decode()
    assert "陈默" not in visitor("K1002").get("/applications/").content.decode()


def test_not_yet_is_told_with_the_clauses_and_nothing_begins(company: Company, visitor: Visitor) -> None:
    answer = visitor("K2031").post("/applications/new/", follow=True).content.decode()
    assert "四.2.8" in answer
    assert not Application.objects.exists()


def test_the_record_takes_a_bounded_number_of_queries(way: Way, visitor: Visitor) -> None:
    row = way.at_decision()
    for who in (WHO, "K1000", "hr", "gm"):
        client = visitor(who)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/applications/{row.number}/")
        assert len(queries) <= 20, (who, len(queries))


def test_an_appeal_is_raised_given_to_an_outsider_and_dismissed_on_the_page_of_the_application(
    way: Way, visitor: Visitor
) -> None:
    row = way.declined()
    path = f"/applications/{row.number}/"
    assert visitor(WHO).post(path, {"act": "appeal", "text": "two plans were made"}).status_code == 302
    assert 'value="answer"' not in page(visitor("gm"), row)
    assert visitor("gm").post(path, {"act": "answer", "upheld": "yes", "words": "anew"}).status_code == 403
    assert "Name who decides on the appeal of 陈默" in visitor("hr").get("/inbox/").content.decode()
    assert visitor("hr").post(path, {"act": "name", "account": "gm"}).status_code == 422
    assert visitor("hr").post(path, {"act": "name", "account": "nobody"}).status_code == 422
    assert visitor("payroll").get(path).status_code == 404
    assert visitor("hr").post(path, {"act": "name", "account": "payroll"}).status_code == 302
    assert "Decide on the appeal of 陈默" in visitor("payroll").get("/inbox/").content.decode()
    assert "陈默" in visitor("payroll").get("/applications/").content.decode()
    unsaid = visitor("payroll").post(path, {"act": "answer", "upheld": "no", "words": " "})
    assert unsaid.status_code == 422
    assert (
        visitor("payroll").post(path, {"act": "answer", "upheld": "no", "words": "the plans came later"}).status_code
        == 302
    )
    assert "the plans came later" in page(visitor(WHO), row)
    assert visitor("payroll").get(path).status_code == 404


def test_the_page_of_ones_tier_leads_to_the_application_and_tells_of_the_one_under_way(
    way: Way, visitor: Visitor
) -> None:
    assert "/applications/new/" in visitor(WHO).get("/me/").content.decode()
    row = way.handed_in()
    told = visitor(WHO).get("/me/").content.decode()
    assert f"/applications/{row.number}/" in told
    assert "/applications/new/" not in told
    assert "The head of department reviews it next." in visitor("K1000").get(f"/people/{WHO}/").content.decode()
