"""The general manager's list: several approved in one act, each with its own answer; one declined; one brought back."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from promotion.applications.models import DECISION, NOTICE, Act, Application, ApplicationKind, Attestation
from promotion.decisions.selectors import waiting_for_decision, with_grounds
from promotion.notices.actions.objection_answer import answer_objection
from staff.models import Account
from tests.notices.conftest import Office


def ready(office: Office, no: str) -> Application:
    """A skip-level promotion: its grounds are merit and panel, so that nothing measured stands in the way."""
    return office.approved(no, step=DECISION, kind=ApplicationKind.SKIP)


def test_several_are_approved_in_one_act_and_what_stands_in_one_s_way_stops_no_other(
    office: Office, visitor: Any
) -> None:
    first, second, hindered = ready(office, "K2032"), ready(office, "K2033"), office.approved("K2034", step=DECISION)
    assert waiting_for_decision(office.of("gm")) == 3
    chosen = [str(row.pk) for row in (first, second, hindered)]
    page = visitor("gm").post("/decisions/", {"approve": chosen})
    assert page.status_code == 422
    assert list(Application.objects.filter(pk__in=chosen).order_by("pk").values_list("step", flat=True)) == [
        NOTICE, NOTICE, DECISION,
    ]  # fmt: skip
    assert "1 was not decided" in page.content.decode()


def test_one_is_declined_with_a_clause_and_a_reason_and_without_them_it_is_not(office: Office, visitor: Any) -> None:
    row = office.approved("K2032", step=DECISION)
    assert visitor("gm").post("/decisions/", {"decline": row.pk, f"reason-{row.pk}": "why"}).status_code == 422
    done = visitor("gm").post(
        "/decisions/", {"decline": row.pk, f"reason-{row.pk}": "why", f"clause-{row.pk}": "四.2.7"}
    )
    row.refresh_from_db()
    assert (done.status_code, row.state, row.clause, row.reason) == (302, "declined", "四.2.7", "why")


def test_a_decision_sent_twice_is_one(office: Office, visitor: Any) -> None:
    row = ready(office, "K2032")
    for _again in range(2):
        assert visitor("gm").post("/decisions/", {"approve": [row.pk]}).status_code == 302
    assert row.events.filter(act=Act.APPROVED).count() == 1


def test_what_an_upheld_objection_said_stands_with_the_application_and_nobody_s_name(
    office: Office, visitor: Any
) -> None:
    notice = office.posted("K2032")
    objection = office.object(notice, text="The June case is not hers.")
    answer_objection(access=office.of("hr"), objection_id=objection.pk, upheld=True, answer="It is so.")
    page = visitor("gm").get("/decisions/").content.decode()
    assert "The June case is not hers." in page
    assert "林晓" not in page
    assert "K2031" not in page


def test_a_rule_on_what_the_panel_gave_is_not_among_those_that_wait_for_data(office: Office) -> None:
    row = office.approved("K2032", step=DECISION)
    (one,) = with_grounds([row])
    assert (one.met, one.measured, one.waits) == (1, 1, 0)
    assert {clause.number for clause in one.left} >= {"四.2.2"}


def test_nobody_but_the_general_manager_opens_it(office: Office, visitor: Any) -> None:
    for who, status in (("gm", 200), ("hr", 403), ("K2031", 403), ("K1000", 403), ("auditor", 403), ("", 302)):
        assert visitor(who).get("/decisions/").status_code == status, who


def test_the_number_of_queries_does_not_grow_with_the_list(office: Office, visitor: Any) -> None:
    def queries() -> int:
        client = visitor("gm")
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/decisions/").status_code == 200
        return len(caught)

    def file(no: str) -> None:
        row = office.approved(no, step=DECISION)
        Attestation.objects.create(
            application=row, clause="四.2.2", attempt=1, role="head", met=True, reason="so",
            by=Account.objects.get(username="K1000"),
        )  # fmt: skip

    file("K2032")
    queries()
    few = queries()
    for no in ("K2033", "K2034", "K2041"):
        file(no)
    many = queries()
    assert many <= few, (few, many)
    assert many <= 24, many
