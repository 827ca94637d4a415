"""Whatever dies between any two writes of a transition: nothing of it stays, and done again it is told once.

Each transition is broken off before each of its writes in turn. That a killed process leaves no more than that is shown with
real ones in ``test_killed_transitions``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from promotion.applications.actions.decide import approve, decline_application
from promotion.applications.actions.draft_save import open_draft, save_draft
from promotion.applications.actions.review import review
from promotion.applications.actions.submit import submit
from promotion.applications.actions.take_effect import take_effect
from promotion.applications.attesting import Answer, asked_at
from promotion.applications.models import Application
from promotion.cases.actions.restore import restore_tier
from promotion.cases.models import Proceeding
from promotion.notices.actions.notice_end import end_notice
from promotion.notices.actions.notice_post import post_notice
from promotion.notices.actions.objection_answer import answer_objection
from promotion.panels.actions.round_close import close_round
from staff.kernel.access import Access
from staff.models import OutboxMessage
from tests.applications.test_way import EFFECT_DAY, WHO, Way
from tests.cases.steps import REASON, Course
from tests.kept import kept
from tests.panels.conftest import JUDGES, NOW, Panel
from tests.web.company import TODAY, Company, make_company

Act = Callable[[], Any]
TABLES = (
    "promotion_application", "promotion_applicationevent", "promotion_attestation", "promotion_appeal", "promotion_round",
    "promotion_candidate", "promotion_scoresheet", "promotion_notice", "promotion_noticeentry", "promotion_objection",
    "promotion_proceeding", "promotion_proceedingact", "promotion_protectionanswer", "promotion_ledgerline",
    "promotion_tierperiod", "promotion_ledgerhead", "assessment_case", "staff_auditentry", "staff_outboxmessage",
    "staff_rowchange", "staff_rolegrant",
)  # fmt: skip
house = kept(make_company, TODAY)


class Killed(BaseException):
    """No handler of an ``Exception`` meets it, as none meets a SIGKILL."""


@contextmanager
def killed_before(number: int) -> Iterator[list[str]]:
    """Breaks off before the write of that number, beginning with 1; what was written before is in the list."""
    written: list[str] = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.lstrip().startswith(("INSERT", "UPDATE", "DELETE", "WITH")):
            written.append(sql)
            if len(written) == number:
                raise Killed
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        yield written


def all_rows() -> list[tuple[Any, ...]]:
    """A digest of each table."""
    each = [f"SELECT '{name}', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {name} t" for name in TABLES]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return list(cursor.fetchall())


def told() -> list[tuple[Any, ...]]:
    return sorted(OutboxMessage.objects.values_list("recipient__username", "kind"))


def breaks(act: Act) -> int:
    """Breaks the act off before each of its writes in turn, and then lets it be done; how many writes it has. What is told at
    the end is what an undisturbed one tells.
    """
    calm = _undisturbed(act)
    before, number = all_rows(), 0
    while True:
        number += 1
        try:
            with killed_before(number):
                act()
        except Killed:
            assert all_rows() == before, f"half done before its write {number}"
            continue
        assert told() == calm
        return number - 1


def _undisturbed(act: Act) -> list[tuple[Any, ...]]:
    with transaction.atomic():
        act()
        found = told()
        transaction.set_rollback(True)
    return found


@pytest.fixture
def company(house: Company, db: None, monkeypatch: pytest.MonkeyPatch) -> Company:
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)
    return house


def again(row: Application) -> Application:
    return Application.objects.select_related("employee", "version").get(pk=row.pk)


def test_an_application_from_the_draft_to_the_ledger(company: Company) -> None:
    way = Way(company)
    row = open_draft(access=way.of(WHO))
    save_draft(access=way.of(WHO), application=row, summary="half a year", results="four cases")
    assert breaks(lambda: submit(access=way.of(WHO), application=again(row))) >= 4
    answers = {clause.number: Answer(True, "seen") for clause in asked_at(row, "review")}
    assert breaks(lambda: review(access=way.of("K1000"), application=again(row), answers=answers)) >= 5
    panel = Panel(company)
    found = panel.open(panel.arrange([again(row)]))
    for name in JUDGES:
        panel.score(found, name, 1, "90")
    assert breaks(lambda: close_round(access=way.of("hr"), round_id=found.pk, minutes="m", now=NOW)) >= 8
    with transaction.atomic():
        assert breaks(
            lambda: decline_application(access=way.of("gm"), application=again(row), words="no", clause="四.2.7")
        )
        transaction.set_rollback(True)
    assert breaks(lambda: approve(access=way.of("gm"), application=again(row), words="yes")) >= 4
    assert breaks(lambda: post_notice(access=way.of("hr"), applications=[row.pk])) >= 5
    notice = again(row).entries.get().notice
    with transaction.atomic():
        objection = notice.entries.get().objections.create(by=company.accounts["K2031"], text="grounds")
        assert breaks(
            lambda: answer_objection(access=way.of("hr"), objection_id=objection.pk, upheld=True, answer="so")
        )
        assert again(row).step == "decision"
        transaction.set_rollback(True)
    over = notice.ends_on + timedelta(days=1)
    assert breaks(lambda: end_notice(access=way.of("hr", over), notice_id=notice.pk)) >= 4
    job = Access.system(EFFECT_DAY, "nightly")
    assert breaks(lambda: take_effect(access=job, application=again(row))) >= 5
    assert again(row).state == "effective"


def test_a_case_from_the_check_to_the_restoration(company: Company) -> None:
    course = Course(company, Proceeding.objects.get(case__employee=company.people["K2041"]))
    assert breaks(course.check) >= 4
    assert breaks(course.serve) >= 4
    assert breaks(course.state) >= 4
    assert breaks(course.demote) >= 4
    assert breaks(course.appeal) >= 4
    on = date(2027, 1, 1)
    assert breaks(lambda: course.answer(True, tier_on=on, pay_on=on)) >= 4
    assert breaks(lambda: course.night(on)) >= 6
    assert course.now.state == "effective"
    gone = {"state": "withdrawn", "withdrawn_note": "corrected", "withdrawn_at": timezone.now()}
    type(course.row.case).objects.filter(pk=course.row.pk).update(**gone)
    course.day = on + timedelta(days=20)
    assert breaks(lambda: restore_tier(access=course.access("gm"), proceeding=course.now, words=REASON)) >= 5
    assert course.now.outcome == "restored"
