"""The board, a notice, objections and letters: what each reader finds, and that nobody finds who objected."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from promotion.applications.actions.take_effect import take_effect
from promotion.notices.actions.notice_end import end_due_notices
from promotion.notices.actions.objection_answer import answer_objection
from promotion.notices.models import Notice
from staff.kernel.access import Access
from staff.kernel.todos import todos_for
from staff.models import AuditEntry, OutboxMessage
from tests.notices.conftest import Office

FRIDAY = date(2026, 11, 20)
READERS = ("K2031", "K2032", "K1001", "K1000", "hr", "hr-two", "payroll", "gm", "auditor", "operator")
CANARY = "wang-objector-77"


def objector(office: Office) -> None:
    office.company.hire("K2099", CANARY, "cn")
    office.company.account("K2099", "K2099")


def objected(office: Office) -> Any:
    objector(office)
    notice = office.posted("K2032", "K2033")
    return notice, office.object(notice, by="K2099", text="The June case is not hers.")


DOORS = (
    "/notices/", "/notices/{number}/", "/notices/{number}/object/", "/notices/objections/", "/inbox/", "/calendar/",
    "/admin/notices/", "/admin/objections/{objection}/", "/admin/staff/auditentry/", "/admin/staff/rowchange/",
    "/api/v1/notices/", "/api/v1/notices/{notice}/", "/settings/", "/my-changes/",
)  # fmt: skip
HRS_OWN = {("hr", "/admin/notices/"), ("hr", "/admin/objections/{objection}/")}


def seen(visitor: Any, notice: Any, objection: Any) -> dict[tuple[str, str], int]:
    """How often each reader finds the objector behind each door."""
    words = {"number": notice.number, "notice": notice.pk, "objection": objection}
    pages = {
        (reader, door): visitor(reader).get(door.format(**words), follow=True).content.decode()
        for reader in READERS for door in DOORS
    }  # fmt: skip
    return {key: page.count(CANARY) + page.count("K2099") for key, page in pages.items()}


def test_who_objected_is_found_through_no_door_but_hrs(office: Office, visitor: Any) -> None:
    objector(office)
    notice = office.posted("K2032", "K2033")
    before = seen(visitor, notice, 1)
    objection = office.object(notice, by="K2099", text="The June case is not hers.")
    while_open = seen(visitor, notice, objection.pk)
    answer_objection(access=office.of("hr"), objection_id=objection.pk, upheld=True, answer="It is so.")
    for found in (while_open, seen(visitor, notice, objection.pk)):
        assert {key for key, times in found.items() if times > before[key]} <= HRS_OWN
    assert all(while_open[key] for key in HRS_OWN)


def test_neither_trail_nor_messages_know_who_objected(office: Office) -> None:
    _notice, objection = objected(office)
    account = office.company.accounts["K2099"]
    answer_objection(access=office.of("hr"), objection_id=objection.pk, upheld=False, answer="It is not so.")
    assert not AuditEntry.objects.filter(actor=account).exists()
    assert not OutboxMessage.objects.filter(recipient=account).exists()
    assert not OutboxMessage.objects.filter(key__contains="K2099").exists()
    assert "K2099" not in json.dumps(list(AuditEntry.objects.values_list("after", flat=True)), default=str)


def test_whoever_objected_reads_the_answer_and_nobody_else_does(office: Office, visitor: Any) -> None:
    _notice, objection = objected(office)
    answer_objection(access=office.of("hr"), objection_id=objection.pk, upheld=False, answer="We looked: it is hers.")
    assert "We looked" in visitor("K2099").get("/notices/objections/").content.decode()
    assert "We looked" not in visitor("K2031").get("/notices/objections/").content.decode()
    assert [todo.key for todo in todos_for(office.of("K2099"))] == [f"answer:{objection.pk}"]


def test_a_notice_holds_no_score_pay_or_fact(office: Office, visitor: Any) -> None:
    row = office.approved("K2032")
    row.facts = {"review_total": "87.65"}
    row.save()
    notice = office.post(row)
    for address in (f"/notices/{notice.number}/", f"/api/v1/notices/{notice.pk}/", "/notices/"):
        shown = visitor("K2031").get(address).content.decode()
        assert "87.65" not in shown
        assert "What K2032 did" not in shown
    page = visitor("K2031").get(f"/notices/{notice.number}/").content.decode()
    for word in ("陈默", "K2032", "四.2", "11-13", "11-19", "December 1, 2026"):
        assert word in page.replace("Dec. 1", "December 1"), word


def test_addresses_of_no_notice_do_not_exist(office: Office, visitor: Any) -> None:
    office.posted("K2032")
    for number in ("GS-2026-1", "GS-2026-002", "GS-2026-0001", "GS-0-001", "x", "GS-9999-999999999"):
        assert visitor("K2031").get(f"/notices/{number}/").status_code == 404, number


def test_the_board_says_how_many_working_days_are_left(office: Office, visitor: Any) -> None:
    office.posted("K2032")
    page = visitor("K2031").get("/notices/").content.decode()
    assert "<b>5</b>working days left" in page


def test_a_full_board_has_pages_what_runs_out_first_before_the_rest_and_what_is_past_last(
    office: Office, visitor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    past = office.posted("K2032")
    end_due_notices(access=Access.system(FRIDAY, "nightly"))
    later, sooner = office.posted("K2033"), office.posted("K2034")
    Notice.objects.filter(pk=later.pk).update(ends_on=F("ends_on") + timedelta(days=3))
    monkeypatch.setattr("promotion.web.notices._A_PAGE", 1)

    def shown(page: int) -> tuple[list[str], bool]:
        found = visitor("K2031").get(f"/notices/?page={page}").content.decode()
        return [one.number for one in (past, later, sooner) if one.number in found], "Past notices" in found

    assert [shown(page) for page in (1, 2, 3)] == [
        ([sooner.number], False), ([later.number], False), ([past.number], True)
    ]  # fmt: skip


@pytest.mark.parametrize("address", ["/notices/", "/admin/notices/", "/api/v1/notices/", "notice"])
def test_the_number_of_queries_does_not_grow_with_the_people(office: Office, visitor: Any, address: str) -> None:
    def queries() -> int:
        client = visitor("hr" if "admin" in address else "K2031")
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(address).status_code == 200
        return len([query for query in caught if query["sql"].startswith(("SELECT", "WITH"))])

    first = office.posted("K2032")
    office.object(first)
    office.approved("K2041")
    address = f"/notices/{first.number}/" if address == "notice" else address
    queries()
    few = queries()
    second = office.posted("K2033", "K2034")
    office.object(second)
    office.approved("K2042")
    many = queries()
    assert many == few
    assert many <= 12 + 5, many  # five of them say who asks


def test_the_letter_names_tiers_clauses_day_and_the_line_of_the_ledger(office: Office, visitor: Any) -> None:
    notice = office.posted("K2032")
    application = notice.entries.get().application
    address = f"/letters/{application.number}/"
    assert visitor("K2032").get(address).status_code == 404  # not through yet
    end_due_notices(access=Access.system(FRIDAY, "nightly"))
    assert "It takes effect on" in visitor("K2032").get(address).content.decode()
    done = take_effect(access=Access.system(date(2026, 12, 1), "nightly"), application=application)
    page = visitor("K2032").get(address).content.decode()
    assert done.line is not None
    for word in ("陈默", "K2032", "四.2", notice.number, str(done.line.seq), done.line.hash):
        assert word in page, word
    assert visitor("K2031").get(address).status_code == 404
    assert visitor("hr").get(address).status_code == 200
