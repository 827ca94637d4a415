"""A sealed month's result is fed back, acknowledged or objected to, answered by the head and once more by HR. October was
sealed on Wednesday the eleventh of November; today is Thursday the twelfth.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessment.actions.feedback_answer import answer_feedback, lapse_feedback
from assessment.actions.feedback_give import give_feedback
from assessment.actions.feedback_reply import acknowledge_feedback, object_to_feedback, pass_on_feedback
from assessment.models import Feedback, FeedbackAct
from assessment.web.feedback_words import overdue
from staff.kernel.access import Access, Forbidden, Refused
from staff.kernel.todos import todos_for
from staff.models import AuditEntry, OutboxMessage, RowChange, RowChangeText
from staff.selectors.access import access_of
from tests.assessment.results_screens.conftest import company, house, visitor
from tests.web.company import MONTH, TODAY, Company
from tests.web.conftest import on

__all__ = ["company", "house", "visitor"]
_the_day = on(TODAY, "en")
#: The last day for the talk, and for an answer to a talk of today.
LAST = date(2026, 11, 19)
SUMMARY, AGREED = "Knowledge fell to eighty.", "A course in December."


def of(company: Company, who: str, day: date = TODAY) -> Access:
    return replace(access_of(company.accounts[who], day), day=day)


def given(company: Company, no: str = "K2031", by: str = "K1001", **more: Any) -> Feedback:
    told = {"month": MONTH, "held_on": TODAY, "summary": SUMMARY, "agreed": AGREED, **more}
    return give_feedback(access=of(company, by), employee=company.people[no], **told)


def waits(company: Company, who: str, day: date = TODAY) -> list[tuple[str, date | None]]:
    return [(one.text, one.due_on) for one in todos_for(of(company, who, day)) if one.key.startswith("feedback")]


def told(kind: str) -> set[str]:
    return set(OutboxMessage.objects.filter(kind=kind).values_list("recipient__username", flat=True))


def test_a_supervisor_writes_one_talk_after_another_until_nobody_is_left(company: Company, visitor: Any) -> None:
    client: Client = visitor("K1001")
    # K2034's result waits for data, and is nothing to feed back.
    assert waits(company, "K1001") == [("Results of 2026-10: 5 people to talk with", LAST)]
    page, asked = client.get("/team/feedback/").content.decode(), []
    assert "Begin with 林晓" in page
    assert "梁驰" not in page
    url = "/team/feedback/2026-10/K2031/"
    while "/2026-10/" in url:
        assert client.get(url).status_code == 200
        asked.append(url.split("/")[-2])
        url = client.post(url, {"held_on": TODAY, "summary": SUMMARY, "agreed": ""}).headers["Location"]
    assert asked == ["K2031", "K2032", "K2033", "K2041", "K2042"]
    assert waits(company, "K1001") == []
    assert told("feedback_given") >= {"K2031", "K2041"}


def test_the_person_reads_it_beside_the_result_and_acknowledges(company: Company, visitor: Any) -> None:
    found = given(company)
    assert waits(company, "K2031") == [("Result of 2026-10: acknowledge it, or object", LAST)]
    page = visitor("K2031").get("/my/results/?month=2026-10").content.decode()
    assert SUMMARY in page
    assert AGREED in page
    assert visitor("K2031").post(f"/feedback/{found.pk}/", {"act": "acknowledge"}).status_code == 302
    found.refresh_from_db()
    assert (found.state, found.due_on) == ("acknowledged", None)
    with pytest.raises(Refused, match="acknowledged"):
        object_to_feedback(access=of(company, "K2031"), feedback=found, words="too late")


def test_an_objection_is_answered_by_the_head_and_once_more_by_hr(company: Company, visitor: Any) -> None:
    found = given(company)
    person = visitor("K2031")
    assert person.post(f"/feedback/{found.pk}/", {"act": "object", "text": ""}).status_code == 422
    person.post(f"/feedback/{found.pk}/", {"act": "object", "text": "The course was cancelled."})
    found.refresh_from_db()
    assert told("feedback_to_answer") == {"K1000"}
    assert waits(company, "K1000")[-1] == ("林晓 objects to the result of 2026-10", LAST)
    for nobody in ("K1001", "hr", "K2031"):
        with pytest.raises(Forbidden):
            answer_feedback(access=of(company, nobody), feedback=found, words="so it is")
    visitor("K1000").post(f"/feedback/{found.pk}/", {"act": "answer", "text": "It was held on the ninth."})
    found.refresh_from_db()
    assert (found.state, found.due_on, found.answered_by) == ("answered", LAST, company.accounts["K1000"])
    pass_on_feedback(access=of(company, "K2031"), feedback=found)
    assert (
        visitor("hr").post(f"/admin/feedback/{found.pk}/", {"act": "answer", "text": "It stands."}).status_code == 302
    )
    found.refresh_from_db()
    assert (found.state, found.due_on) == ("closed", None)
    for late in (lambda: answer_feedback(access=of(company, "hr"), feedback=found, words="again"),
                 lambda: pass_on_feedback(access=of(company, "K2031"), feedback=found)):  # fmt: skip
        with pytest.raises(Refused, match="meanwhile"):
            late()
    steps = list(found.acts.values_list("step", flat=True))
    assert steps == ["told", "objected", "answered", "passed_on", "closed"]


def test_silence_is_recorded_as_silence_once_the_term_is_over_and_not_before(company: Company) -> None:
    found, other = given(company), given(company, "K2032")
    object_to_feedback(access=of(company, "K2032"), feedback=other, words="no")
    assert lapse_feedback(access=Access.system(LAST, "nightly")) == 0
    acknowledge_feedback(access=of(company, "K2031", LAST), feedback=Feedback.objects.get(pk=found.pk))
    third = given(company, "K2033")
    late = date(2026, 11, 20)
    with pytest.raises(Refused, match="24:00"):
        acknowledge_feedback(access=replace(of(company, "K2031", late), employee_id=third.employee_id), feedback=third)
    assert lapse_feedback(access=Access.system(late, "nightly")) == 1
    third.refresh_from_db()
    assert (third.state, third.acts.latest("pk").step, third.acts.latest("pk").by) == ("silent", "silent", None)
    other.refresh_from_db()
    assert other.state == "objected"


def test_a_head_who_fed_it_back_answers_no_objection_to_it(company: Company) -> None:
    found = given(company, by="K1000")
    object_to_feedback(access=of(company, "K2031"), feedback=found, words="no")
    assert found.state == "with_hr"
    assert told("feedback_to_answer") == {"hr"}
    company.grant(company.accounts["K1000"], "hr")
    with pytest.raises(Forbidden, match="fed the result back"):
        answer_feedback(access=of(company, "K1000"), feedback=found, words="no")


@pytest.mark.parametrize("who", ["K2031", "K2032", "K1002", "hr", "gm", "auditor"])
def test_nobody_but_whoever_leads_the_person_feeds_back(company: Company, who: str) -> None:
    with pytest.raises(Forbidden):
        given(company, by=who)


@pytest.mark.parametrize(
    ("more", "code"),
    [({"month": MONTH - 1}, "result"), ({"held_on": date(2026, 11, 10)}, "held_on"), ({"summary": " "}, "summary"),
     ({"held_on": date(2026, 11, 13)}, "held_on")],
)  # fmt: skip
def test_only_a_sealed_months_result_is_fed_back_in_words_and_after_the_seal(
    company: Company, more: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        given(company, **more)
    assert refused.value.code == code
    given(company, "K2032")
    with pytest.raises(Refused, match="already"):
        given(company, "K2032")


def test_what_was_said_is_read_by_the_parties_alone_and_lies_where_it_can_be_erased(
    company: Company, visitor: Any
) -> None:
    found = given(company)
    seen = {
        who: visitor(who).get(f"/feedback/{found.pk}/")
        for who in ("K2031", "K1001", "K1000", "K2032", "K1002", "payroll")
    }
    assert {who: answer.status_code for who, answer in seen.items()} == {
        "K2031": 200, "K1001": 200, "K1000": 200, "K2032": 404, "K1002": 404, "payroll": 404,
    }  # fmt: skip
    entry = AuditEntry.objects.get(action="feedback_given")
    assert SUMMARY not in str(entry.before) + str(entry.after)
    act = FeedbackAct.objects.get(feedback=found)
    change = RowChange.objects.get(table_name="assessment_feedbackact", key=str(act.pk))
    assert SUMMARY not in str(change.after)
    assert SUMMARY in str(RowChangeText.objects.get(change=change).after)


def test_what_nobody_did_in_time_is_overdue_and_goes_up_the_line(company: Company) -> None:
    assert list(overdue(LAST)) == []
    late = list(overdue(date(2026, 11, 20)))
    assert [(one.owners, one.kind, one.due_on) for one in late] == [
        ((company.accounts["K1001"].pk,), "feedback_owed", LAST)
    ]
    found = given(company)
    object_to_feedback(access=of(company, "K2031"), feedback=found, words="no")
    kinds = {one.kind: one.owners for one in overdue(date(2026, 11, 20))}
    assert kinds["feedback_to_answer"] == (company.accounts["K1000"].pk,)


@pytest.mark.parametrize(
    ("who", "url"),
    [("K1001", "/team/feedback/"), ("K1001", "/team/feedback/2026-10/K2041/"), ("hr", "/admin/feedback/"),
     ("K2031", "/my/results/?month=2026-10"), ("K2031", "feedback")],
)  # fmt: skip
def test_the_number_of_queries_does_not_grow_with_the_people(
    company: Company, visitor: Any, who: str, url: str
) -> None:
    found = given(company)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/feedback/{found.pk}/" if url == "feedback" else url).status_code == 200
        return len(asked)

    client = visitor(who)
    queries()
    first = queries()
    for no in ("K2032", "K2033"):
        other = given(company, no)
        object_to_feedback(access=of(company, no) if no in company.accounts else replace(
            of(company, "K2031"), employee_id=other.employee_id), feedback=other, words="no")  # fmt: skip
    assert queries() == first
    # Three of them are the session, the account and what it reaches.
    assert first <= (20 if "results" in url else 15)
