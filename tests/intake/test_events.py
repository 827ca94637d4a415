"""Events of a team are reported many at once: all or none, every fault shown, nothing typed lost."""

from __future__ import annotations

import re

import pytest

from assessment.actions.event_save import save_event
from assessment.models import Event
from staff.models import AuditEntry
from tests.intake.conftest import acting
from tests.web.company import Company
from tests.web.conftest import Visitor

URL = "/intake/2026-11/events/"
FIELDS = ("person", "kind", "day", "subject", "quantity", "note")


def form(*rows: tuple[str, ...]) -> dict[str, list[str]]:
    padded = [(*row, *[""] * (len(FIELDS) - len(row))) for row in rows]
    return {name: [row[at] for row in padded] for at, name in enumerate(FIELDS)}


@pytest.mark.parametrize("who", ["K2031", "林晓", "林晓 K2031", "linxiao", "LX"])
def test_a_person_is_named_by_number_name_or_pinyin(company: Company, visitor: Visitor, who: str) -> None:
    before = Event.objects.count()
    assert visitor("K1001").post(URL, form((who, "praise", "2026-11-03"))).status_code == 302
    assert Event.objects.count() == before + 1
    assert Event.objects.latest("id").employee == company.people["K2031"]


def test_what_takes_a_finding_is_alleged_and_what_happened_has_no_status(company: Company, visitor: Visitor) -> None:
    rows = [
        ("K2031", "complaint", "2026-11-03", "customer"), ("K2032", "praise", "2026/11/04"),
        ("K2032", "关键词上线", "2026-11-05", "瑞丰电缆", "2"), ("K2033", "violation", "2026-11-06", "轻微"),
    ]  # fmt: skip
    response = visitor("K1001").post(URL, form(*rows), follow=True)
    assert "4 events have been saved" in response.content.decode()
    new = list(Event.objects.order_by("-id")[:4])[::-1]
    assert [(e.kind_id, e.status, e.subject) for e in new] == [
        ("complaint", "alleged", "customer"), ("praise", "", ""), ("keyword_online", "", "瑞丰电缆"),
        ("violation", "alleged", "minor"),
    ]  # fmt: skip
    assert all(re.fullmatch(r"2611-[2-9A-Z]{5}", event.event_no) for event in new)
    assert len({event.event_no for event in new}) == 4
    assert AuditEntry.objects.filter(action="event_saved", object_key__in=[e.event_no for e in new]).count() == 4


def test_one_fault_keeps_all_back_and_every_fault_is_shown(company: Company, visitor: Visitor) -> None:
    before = Event.objects.count()
    rows = [
        ("K2031", "praise", "2026-11-03", "fine words"), ("nobody", "complaint", "2026-11-03"),
        ("K2032", "exam", "2026-11-03"), ("K2032", "complaint", "3 November"),
        ("K2032", "keyword_online", "2026-11-03", "瑞丰", "two"), ("K1000", "praise", "2026-11-03"),
    ]  # fmt: skip
    response = visitor("K1001").post(URL, form(*rows))
    html = response.content.decode()
    assert response.status_code == 422
    assert Event.objects.count() == before
    for told in ("“nobody” is nobody of this team", "none of the kinds", "Write the day as", "“two” is no number"):
        assert told in html
    assert "“K1000” is nobody of this team" in html
    assert "fine words" in html


def test_what_the_database_or_the_month_refuses_comes_back_at_its_row(company: Company, visitor: Visitor) -> None:
    before = Event.objects.count()
    rows = [
        ("K2031", "praise", "2026-11-03"), ("K2031", "praise", "2026-10-31"), ("K2031", "praise", "2026-12-05"),
        ("K2031", "keyword_online", "2026-11-03", "x", "0"),
    ]  # fmt: skip
    html = visitor("K1001").post(URL, form(*rows)).content.decode()
    assert "2026-10-31 is not in 2026-11" in html
    assert "2026-12-05 is not in 2026-11" in html
    assert "is at least 1" in html
    assert Event.objects.count() == before


def test_a_day_that_has_not_come_is_refused(company: Company, visitor: Visitor) -> None:
    html = visitor("K1001").post("/intake/2026-12/events/", form(("K2031", "praise", "2026-12-05"))).content.decode()
    assert "2026-12-05 has not come yet" in html


def test_a_sealed_month_takes_none_and_nothing_filled_in_says_so(company: Company, visitor: Visitor) -> None:
    client = visitor("K1001")
    assert "No row is filled in" in client.post(URL, form(("", "praise"))).content.decode()
    response = client.post("/intake/2026-10/events/", form(("K2031", "praise", "2026-10-03")))
    assert response.status_code == 422
    assert 'name="person"' not in client.get("/intake/2026-10/events/").content.decode()


def test_a_note_is_read_back_by_whoever_wrote_it_until_another_writes(company: Company, visitor: Visitor) -> None:
    client = visitor("K1001")
    client.post(URL, form(("K2031", "complaint", "2026-11-03", "", "", "the customer rang twice")))
    event = Event.objects.latest("id")
    page = client.get(URL).content.decode()
    assert "the customer rang twice" in page
    assert "your own note" in page
    assert "the customer rang twice" not in visitor("K1000").get(f"{URL}?team=K1001").content.decode()
    save_event(
        access=acting("hr"), event=event, employee=event.employee, event_no=event.event_no, kind=event.kind,
        day=event.day, status="upheld", note="HR asked the customer",
    )  # fmt: skip
    assert "HR asked the customer" not in client.get(URL).content.decode()


def test_notes_of_misconduct_are_written_and_not_read_by_the_supervisor(company: Company, visitor: Visitor) -> None:
    client = visitor("K1001")
    client.post(URL, form(("K2031", "violation", "2026-11-03", "轻微", "", "a secret matter")))
    assert Event.objects.latest("id").note == "a secret matter"
    assert "a secret matter" not in client.get(URL).content.decode()
