"""Posting, objecting, answering, ending: who, until when, and what comes of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from promotion.applications.actions.step_finish import finish_step, halt
from promotion.applications.models import DECISION, EFFECT, Act, ApplicationKind
from promotion.notices.actions.notice_end import end_due_notices, end_notice
from promotion.notices.actions.notice_post import post_notice
from promotion.notices.actions.objection_answer import answer_objection
from promotion.notices.models import NoticeEntry, Objection
from promotion.notices.terms import regrow
from promotion.web.notice_words import overdue
from staff.kernel.access import Access, Forbidden, Refused
from staff.kernel.workdays import Workdays
from staff.models import AuditEntry, OutboxMessage, Workday
from tests.notices.conftest import Office

LAST = date(2026, 11, 19)
FRIDAY = date(2026, 11, 20)


def job(day: date) -> Access:
    return Access.system(day, "nightly")


def test_a_notice_counts_working_days_after_it_was_posted_and_shows_names_tiers_and_articles_alone(
    office: Office,
) -> None:
    notice = office.posted("K2032", "K2033")
    assert (notice.number, notice.days, notice.ends_on) == ("GS-2026-001", 5, LAST)
    assert list(notice.entries.values_list("employee_no", "from_tier", "to_tier")) == [
        ("K2032", "star", "diamond"), ("K2033", "star", "diamond"),
    ]  # fmt: skip
    assert office.posted("K2034").number == "GS-2026-002"
    told = OutboxMessage.objects.filter(kind="notice_posted").values_list("recipient__username", flat=True)
    assert set(told) <= {"K2032", "K2033", "K2034"}


def test_a_skip_level_promotion_is_posted_for_double_the_days_and_by_itself(office: Office) -> None:
    skip, plain = office.approved("K2032", kind=ApplicationKind.SKIP), office.approved("K2033")
    with pytest.raises(Refused, match="apart"):
        office.post(skip, plain)
    notice = office.post(skip)
    assert (notice.days, notice.ends_on) == (10, date(2026, 11, 26))


def test_nobody_is_posted_twice_and_whoever_comes_second_is_told_so(office: Office) -> None:
    row = office.approved("K2032")
    notice = office.post(row)
    with pytest.raises(Refused, match="posted by hr"):
        office.post(row)
    other = office.posted("K2033")
    with pytest.raises(IntegrityError), transaction.atomic():
        NoticeEntry.objects.create(notice=other, application=row, name="x", employee_no="x", department="x",
                                   from_tier="star", to_tier="diamond", clauses="")  # fmt: skip
    assert notice.entries.count() == 1


@pytest.mark.parametrize("who", ["K2031", "K1001", "gm", "hr-two"])
def test_only_hr_in_scope_posts(office: Office, who: str) -> None:
    row = office.approved("K2032")
    with pytest.raises(Forbidden):
        post_notice(access=office.of(who), applications=[row.pk])


def test_an_objection_is_taken_until_the_last_minute_of_the_last_day_in_shanghai(
    office: Office, visitor: Any, clock: Any
) -> None:
    notice = office.posted("K2032")
    entry = notice.entries.get()
    address = f"/notices/{notice.number}/object/"
    clock(datetime(2026, 11, 19, 15, 59, 59, tzinfo=UTC))  # 23:59:59
    assert visitor("K2031").post(address, {"entry": entry.pk, "text": "At the last minute"}).status_code == 302
    clock(datetime(2026, 11, 19, 16, 0, 0, tzinfo=UTC))  # 24:00
    late = visitor("K1001").post(address, {"entry": entry.pk, "text": "Too late"})
    assert late.status_code == 422
    assert list(Objection.objects.values_list("text", flat=True)) == ["At the last minute"]


def test_over_the_spring_festival_make_up_days_count_and_holidays_do_not(office: Office) -> None:
    for day in range(6, 13):
        Workday.objects.update_or_create(
            day=date(2027, 2, day), defaults={"works": False, "name": "春节", "source": "hr"}
        )
    for day in (date(2027, 1, 31), date(2027, 2, 13)):
        Workday.objects.update_or_create(day=day, defaults={"works": True, "name": "春节调休", "source": "hr"})
    assert office.posted("K2032", day=date(2027, 2, 3)).ends_on == date(2027, 2, 16)  # 4, 5, 13, 15, 16
    assert office.posted("K2033", day=date(2027, 1, 29)).number == "GS-2027-002"
    assert NoticeEntry.objects.get(employee_no="K2033").notice.ends_on == date(2027, 2, 4)  # 31 works; 1 to 4


def test_a_running_notice_grows_with_the_calendar_and_never_shrinks(office: Office) -> None:
    notice = office.posted("K2032")
    Workday.objects.update_or_create(day=date(2026, 11, 18), defaults={"works": False, "name": "x", "source": "hr"})
    assert regrow(Workdays.known()) == 1
    notice.refresh_from_db()
    assert notice.ends_on == FRIDAY
    Workday.objects.update_or_create(day=date(2026, 11, 18), defaults={"works": True, "name": "x", "source": "hr"})
    Workday.objects.update_or_create(day=date(2026, 11, 15), defaults={"works": True, "name": "x", "source": "hr"})
    assert regrow(Workdays.known()) == 0
    notice.refresh_from_db()
    assert notice.ends_on == FRIDAY


def test_a_notice_ends_once_its_last_day_is_over_and_the_effect_is_the_first_of_the_next_month(office: Office) -> None:
    notice = office.posted("K2032")
    assert end_due_notices(access=job(LAST)) == 0
    assert end_due_notices(access=job(FRIDAY)) == 1
    notice.refresh_from_db()
    application = notice.entries.get().application
    assert (notice.state, notice.ended_on, application.step) == ("ended", LAST, EFFECT)
    assert application.effective_on == date(2026, 12, 1)
    assert end_due_notices(access=job(FRIDAY)) == 0
    assert application.events.filter(act=Act.CLEARED).count() == 1


def test_hr_ends_it_by_hand_and_not_before_its_last_day_is_over(office: Office) -> None:
    notice = office.posted("K2032")
    with pytest.raises(Refused, match="24:00"):
        end_notice(access=office.of("hr", LAST), notice_id=notice.pk)
    with pytest.raises(Forbidden):
        end_notice(access=office.of("hr-two", FRIDAY), notice_id=notice.pk)
    assert end_notice(access=office.of("hr", FRIDAY), notice_id=notice.pk).state == "ended"


def test_while_an_objection_is_open_its_name_stays_and_the_others_go_on(office: Office) -> None:
    notice = office.posted("K2032", "K2033")
    objection = office.object(notice)
    assert end_due_notices(access=job(FRIDAY)) == 1
    notice.refresh_from_db()
    steps = list(notice.entries.order_by("pk").values_list("application__step", flat=True))
    assert (notice.state, steps) == ("posted", ["public_notice", EFFECT])
    with pytest.raises(Refused, match="open"):
        end_notice(access=office.of("hr", FRIDAY), notice_id=notice.pk)
    answer_objection(access=office.of("hr", FRIDAY), objection_id=objection.pk, upheld=False, answer="It is not so.")
    assert end_due_notices(access=job(FRIDAY)) == 1
    notice.refresh_from_db()
    assert notice.state == "ended"


def test_an_upheld_objection_takes_the_name_back_and_the_decision_is_taken_anew(office: Office) -> None:
    notice = office.posted("K2032")
    objection = office.object(notice, text="The case of June was not hers.")
    answer_objection(access=office.of("hr"), objection_id=objection.pk, upheld=True, answer="It is so.")
    entry = notice.entries.get()
    application = entry.application
    last = application.events.last()
    assert (application.step, entry.taken_back_on, last.act, last.words) == (
        DECISION, date(2026, 11, 12), Act.UPHELD, "The case of June was not hers.",
    )  # fmt: skip
    finish_step(access=office.of("gm"), application=application, step=DECISION, act=Act.APPROVED)
    assert office.post(application).number == "GS-2026-002"
    assert end_due_notices(access=job(FRIDAY)) == 1
    notice.refresh_from_db()
    assert notice.state == "ended"


def test_whoever_was_halted_meanwhile_is_taken_back_without_a_reason(office: Office) -> None:
    notice = office.posted("K2032")
    halt(access=job(FRIDAY), application=notice.entries.get().application, words="why", clause="")
    assert end_due_notices(access=job(FRIDAY)) == 0
    notice.refresh_from_db()
    assert (notice.state, notice.entries.get().taken_back_on) == ("ended", FRIDAY)


def test_nobody_objects_to_themselves_twice_or_without_grounds(office: Office) -> None:
    notice = office.posted("K2031")
    with pytest.raises(Forbidden, match="own"):
        office.object(notice, by="K2031")
    with pytest.raises(Refused, match="grounds"):
        office.object(notice, by="K1001", text="  ")
    office.object(notice, by="K1001")
    with pytest.raises(Refused, match="already"):
        office.object(notice, by="K1001")
    with pytest.raises(Forbidden):
        office.object(notice, by="gm")  # an account without a place in the company


@pytest.mark.parametrize("who", ["K2031", "K1000", "gm", "auditor", "hr-two", "operator"])
def test_only_hr_in_scope_answers(office: Office, who: str) -> None:
    objection = office.object(office.posted("K2032"))
    with pytest.raises(Forbidden):
        answer_objection(access=office.of(who), objection_id=objection.pk, upheld=False, answer="no")


def test_hr_that_objected_is_named_or_is_led_by_the_person_does_not_answer(office: Office) -> None:
    company = office.company
    for no in ("K1001", "K1002", "K2042"):
        company.grant(company.accounts.get(no) or company.account(no, no), "hr")
    notice = office.posted("K1001", "K1002")
    objection = office.object(notice, by="K2042")  # about K1001, who leads K2042
    for who, said in (("K2042", "raised"), ("K1001", "own record"), ("K1002", "named")):
        with pytest.raises(Forbidden, match=said):
            answer_objection(access=office.of(who), objection_id=objection.pk, upheld=False, answer="no")
    told = OutboxMessage.objects.filter(kind="objection_raised").values_list("recipient__username", flat=True)
    assert set(told) == {"hr"}


def test_an_objection_is_answered_once_and_the_second_is_told_by_whom(office: Office) -> None:
    objection = office.object(office.posted("K2032"))
    answer_objection(access=office.of("hr"), objection_id=objection.pk, upheld=False, answer="no")
    with pytest.raises(Refused, match="by hr"):
        answer_objection(access=office.of("hr"), objection_id=objection.pk, upheld=True, answer="yes")


def test_the_entry_of_an_objection_names_neither_its_account_nor_its_request(office: Office) -> None:
    objection = office.object(office.posted("K2032"))
    entry = AuditEntry.objects.get(action="objection_raised")
    assert (entry.actor_id, entry.request_id, entry.employee_id) == (None, "", None)
    assert entry.object_key == str(objection.pk)


def test_an_objection_left_open_over_its_term_is_hrs_delay_and_names_nobody(office: Office) -> None:
    notice = office.posted("K2041")
    objection = office.object(notice)
    Objection.objects.update(raised_at=datetime(2026, 11, 13, 4, 0, tzinfo=UTC))
    assert list(overdue(date(2026, 11, 20))) == []
    (late,) = overdue(date(2026, 11, 21))
    assert (late.due_on, late.payload) == (date(2026, 11, 20), {"notice": notice.pk})
    assert late.owners == (office.company.accounts["hr"].pk,)
    assert objection.by_id not in late.owners
    answer_objection(access=office.of("hr"), objection_id=objection.pk, upheld=False, answer="It is as posted.")
    assert list(overdue(date(2026, 11, 21))) == []
