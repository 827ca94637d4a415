"""HR asks for a correction, another looks at what would follow and approves; nobody is shown more than is theirs."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessment.models import Correction, CorrectionEffect, EmployeeMonth, Event, Metric
from staff.models import Absence, Attachment
from tests.web.company import Company
from tests.web.conftest import Visitor, company, house, on, visitor

__all__ = ["company", "house", "visitor"]
pytestmark = pytest.mark.django_db
_the_day = on(date(2026, 11, 12), "en")
ASKED = {"person": "K2031", "month": "2026-10", "reason": "Copied from the line above; screenshot attached."}


@pytest.fixture
def hr2(company: Company, visitor: Visitor) -> Client:
    company.account("hr2", role="hr")
    return visitor("hr2")


def ask(client: Client, after: str = "3") -> Correction:
    metric = Metric.objects.get(key="excellent_cases").pk
    answer = client.post("/admin/corrections/value/", {**ASKED, "metric": metric, "after": after})
    assert answer.status_code == 302, answer.content.decode()
    return Correction.objects.get(state="requested")


def page_of(client: Client, correction: Correction) -> str:
    return client.get(f"/admin/corrections/{correction.pk}/").content.decode()


def seen_on(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


def test_a_correction_goes_from_one_of_hr_to_another_and_shows_what_follows(visitor: Visitor, hr2: Client) -> None:
    correction = ask(visitor("hr"))
    first = page_of(visitor("hr"), correction)
    assert "Another of HR decides on what you asked for." in first
    assert 'value="approve"' not in first
    page = page_of(hr2, correction)
    assert "四.2.7" in page
    path = f"/admin/corrections/{correction.pk}/"
    assert hr2.post(path, {"act": "approve", "seen": seen_on(page)}).status_code == 302
    correction.refresh_from_db()
    assert correction.state == "approved"
    assert "What followed" in page_of(hr2, correction)


def test_files_that_show_it_lie_beside_the_correction_for_whoever_reads_it(
    visitor: Visitor, hr2: Client, company: Company
) -> None:
    shown = [SimpleUploadedFile("截图.txt", "原始记录：3".encode()), SimpleUploadedFile("b.pdf", b"%PDF-1.7 1 0 obj")]
    metric = Metric.objects.get(key="excellent_cases").pk
    answer = visitor("hr").post(
        "/admin/corrections/value/", {**ASKED, "metric": metric, "after": "3", "evidence": shown}
    )
    assert answer.status_code == 302, answer.content.decode()
    correction = Correction.objects.get()
    page = page_of(hr2, correction)
    addresses = re.findall(rf'href="(/admin/corrections/{correction.pk}/files/\d+/)"', page)
    assert len(addresses) == 2
    file = hr2.get(addresses[0])
    assert (file.content.decode(), file["Content-Disposition"][:10]) == ("原始记录：3", "attachment")
    assert hr2.post(f"/admin/corrections/{correction.pk}/", {"act": "decline", "text": "no"}).status_code == 302
    assert hr2.get(addresses[0]).status_code == 200
    company.account("sub-hr", role="hr", department="财务部")
    for who in ("sub-hr", "K2031", "K1001"):
        assert visitor(who).get(addresses[0]).status_code in {403, 404}, who
    other = addresses[0].replace(f"/{correction.pk}/", "/999999/")
    assert hr2.get(other).status_code == 404


def test_a_file_that_is_not_taken_is_told_and_nothing_is_kept(visitor: Visitor) -> None:
    metric = Metric.objects.get(key="excellent_cases").pk
    given = {**ASKED, "metric": metric, "after": "3", "evidence": [SimpleUploadedFile("a.pdf", b"MZ\x90\x00")]}
    answer = visitor("hr").post("/admin/corrections/value/", given)
    assert answer.status_code == 422
    assert "Attach a PDF" in answer.content.decode()
    assert "Copied from the line above" in answer.content.decode()
    assert not Correction.objects.exists()
    assert not Attachment.objects.exists()


def test_an_approval_of_something_else_than_was_seen_is_told_and_changes_nothing(visitor: Visitor, hr2: Client) -> None:
    correction = ask(visitor("hr"))
    answer = hr2.post(f"/admin/corrections/{correction.pk}/", {"act": "approve", "seen": "0" * 64}, follow=True)
    assert "has changed since you looked" in answer.content.decode()
    correction.refresh_from_db()
    assert correction.state == "requested"


def test_a_decline_takes_words_and_a_withdrawal_none(visitor: Visitor, hr2: Client) -> None:
    correction = ask(visitor("hr"))
    path = f"/admin/corrections/{correction.pk}/"
    assert hr2.post(path, {"act": "decline", "text": ""}).status_code == 422
    assert hr2.post(path, {"act": "decline", "text": "It was September."}).status_code == 302
    again = ask(visitor("hr"))
    assert visitor("hr").post(f"/admin/corrections/{again.pk}/", {"act": "withdraw"}).status_code == 302
    assert set(Correction.objects.values_list("state", flat=True)) == {"declined", "withdrawn"}


def test_a_wrong_request_is_refused_at_its_field(visitor: Visitor) -> None:
    metric = Metric.objects.get(key="excellent_cases").pk
    for wrong in ({"month": "2026-09"}, {"after": "-1"}, {"reason": " "}, {"person": "K9999"}):
        answer = visitor("hr").post("/admin/corrections/value/", {**ASKED, "metric": metric, "after": "3", **wrong})
        assert answer.status_code == 422, wrong
    assert not Correction.objects.exists()


def test_an_event_of_a_sealed_month_is_corrected_from_its_own_page(
    company: Company, visitor: Visitor, hr2: Client
) -> None:
    event = Event.objects.get(employee=company.people["K2031"], day=date(2026, 10, 9))
    client, path = visitor("hr"), f"/admin/corrections/event/{event.pk}/"
    assert "2026-10-09" in client.get(path).content.decode()
    sent = {"day": "2026-10-09", "status": "withdrawn", "about": event.subject, "quantity": "1", "reason": "twice"}
    assert client.post(path, sent).status_code == 302
    correction = Correction.objects.get()
    page = page_of(hr2, correction)
    hr2.post(f"/admin/corrections/{correction.pk}/", {"act": "approve", "seen": seen_on(page)})
    event.refresh_from_db()
    assert event.status == "withdrawn"


def test_looking_leaves_nothing_and_the_list_asks_as_many_queries_for_many(
    company: Company, visitor: Visitor, hr2: Client
) -> None:
    client = visitor("hr")
    correction = ask(client)
    page_of(hr2, correction)
    assert not CorrectionEffect.objects.exists()
    row = EmployeeMonth.objects.get(employee=company.people["K2031"], month="2026-10")
    assert getattr(row, f"s{correction.metric.slot}") == 0
    found = []
    for _more in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get("/admin/corrections/")
        found.append(len(queries))
        for no in ("K2032", "K2034"):
            metric = Metric.objects.get(key="excellent_cases").pk
            client.post("/admin/corrections/value/", {**ASKED, "person": no, "metric": metric, "after": "7"})
    assert found[0] == found[1] <= 12


def test_days_away_are_asked_for_from_the_absence_and_their_kind_is_for_whoever_reads_absences(
    visitor: Visitor, hr2: Client, company: Company
) -> None:
    company.account("gm-2", role="gm")
    page = visitor("hr").get("/admin/staff/absence/add/").content.decode()
    assert "/admin/corrections/absence/" in page
    days = {"person": "K2031", "first_day": "2026-10-01", "last_day": "2026-10-31", "kind": "medical"}
    unsaid = visitor("hr").post("/admin/corrections/absence/", {**days, "last_day": "", "reason": "a note"})
    assert (unsaid.status_code, 'value="2026-10-01"' in unsaid.content.decode()) == (422, True)
    answer = visitor("hr").post("/admin/corrections/absence/", {**days, "reason": "The note came late."})
    assert answer.status_code == 302, answer.content.decode()
    correction = Correction.objects.get()
    page = page_of(hr2, correction)
    assert "2026-10-01 – 2026-10-31" in page
    assert "medical treatment" in page
    assert "2026-10-01 – 2026-10-31" in page_of(visitor("gm-2"), correction)
    assert "medical" not in page_of(visitor("gm-2"), correction)
    path = f"/admin/corrections/{correction.pk}/"
    assert hr2.post(path, {"act": "approve", "seen": seen_on(page)}).status_code == 302
    absence = Absence.objects.get(employee__employee_no="K2031")
    own = f"/admin/corrections/absence/{absence.pk}/"
    assert own in visitor("hr").get(f"/admin/staff/absence/{absence.pk}/change/").content.decode()
    never = visitor("hr").post(own, {"away": "no", "reason": "It was another person's note."})
    assert never.status_code == 302, never.content.decode()
    back = Correction.objects.get(state="requested")
    assert hr2.post(f"/admin/corrections/{back.pk}/", {"act": "approve", "seen": seen_on(page_of(hr2, back))})
    assert not Absence.objects.filter(pk=absence.pk).exists()


def test_an_event_of_a_sealed_month_shows_the_way_to_its_correction(visitor: Visitor) -> None:
    sealed = Event.objects.filter(day__range=("2026-10-01", "2026-10-31")).first()
    assert sealed is not None
    page = visitor("hr").get(f"/admin/assessment/event/{sealed.pk}/change/").content.decode()
    assert f"/admin/corrections/event/{sealed.pk}/" in page
    event = visitor("hr").get(f"/admin/corrections/event/{sealed.pk}/").content.decode()
    assert sealed.event_no in event
