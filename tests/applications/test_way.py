"""From a standing that is eligible to a line of the ledger, and every way off the road."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest

from policy.compiler import Outcome
from promotion.applications.actions.appeal_decide import decide_appeal
from promotion.applications.actions.appeal_raise import raise_appeal
from promotion.applications.actions.decide import approve, decline_application
from promotion.applications.actions.draft_save import open_draft, save_draft
from promotion.applications.actions.exam_confirm import confirm_exam
from promotion.applications.actions.file_attach import attach_file, remove_file
from promotion.applications.actions.nominate import accept_nomination, decline_nomination, nominate
from promotion.applications.actions.review import review
from promotion.applications.actions.send_back import send_back
from promotion.applications.actions.skip_open import open_skip
from promotion.applications.actions.step_finish import finish_step
from promotion.applications.actions.submit import submit
from promotion.applications.actions.take_effect import take_effect, take_effects
from promotion.applications.actions.withdraw import withdraw
from promotion.applications.attesting import Answer, asked_at
from promotion.applications.models import Act, Application
from promotion.decisions.selectors import at_decision
from promotion.ledger.actions.record_transition import record_transition
from promotion.models import LedgerLine, Standing, TierPeriod
from staff.kernel.access import Access, Forbidden, Refused
from staff.kernel.overdue import overdue_on
from staff.models import Account
from staff.selectors.access import access_of
from tests.kept import kept
from tests.web.company import TODAY, Company, make_company

pytestmark = pytest.mark.django_db
#: Eligible for 钻级 as of October, of the first team.
WHO = "K2032"
EFFECT_DAY = date(2026, 12, 1)

house = kept(make_company, TODAY)


class Way:
    """One person's way, and whoever has a part in it."""

    def __init__(self, company: Company) -> None:
        self.company = company

    def of(self, username: str, day: date = TODAY) -> Access:
        return access_of(Account.objects.get(username=username), day)

    def handed_in(self) -> Application:
        draft = open_draft(access=self.of(WHO))
        save_draft(access=self.of(WHO), application=draft, summary="半年工作总结", results="案例与客户")
        return submit(access=self.of(WHO), application=draft)

    def reviewed(self) -> Application:
        row = self.handed_in()
        answers = {clause.number: Answer(True, "看得到") for clause in asked_at(row, "review")}
        return review(access=self.of("K1000"), application=row, words="同意", answers=answers)

    def at_decision(self) -> Application:
        return finish_step(
            access=Access.system(TODAY, "panel"), application=self.reviewed(), step="defence", act=Act.PASSED,
            facts={"review_total": "86.40"},
        )  # fmt: skip

    def declined(self) -> Application:
        row = self.at_decision()
        return decline_application(access=self.of("gm"), application=row, words="再磨练半年", clause="四.2.4")


@pytest.fixture
def way(house: Company, db: None) -> Way:
    return Way(house)


def test_a_star_becomes_diamond_by_application_review_defence_decision_and_notice(way: Way) -> None:
    row = way.at_decision()
    assert row.frozen is not None
    assert row.frozen["outcome"] == "eligible"
    row = approve(access=way.of("gm"), application=row, words="同意")
    assert (row.state, row.step) == ("open", "public_notice")
    job = Access.system(date(2026, 11, 20), "nightly")
    row = finish_step(access=job, application=row, step="public_notice", act=Act.CLEARED)
    assert row.effective_on == EFFECT_DAY
    assert take_effects(access=job) == 0
    assert take_effects(access=Access.system(EFFECT_DAY, "nightly")) == 1
    row.refresh_from_db()
    line = LedgerLine.objects.get(employee=row.employee, kind="promotion", effective_on=EFFECT_DAY)
    assert (row.state, row.line_id) == ("effective", line.pk)
    assert TierPeriod.objects.get(employee=row.employee, period__contains=EFFECT_DAY).tier == "diamond"
    assert [event.act for event in row.events.all()] == [
        "opened", "submitted", "reviewed", "passed", "approved", "cleared", "effective",
    ]  # fmt: skip
    with pytest.raises(Refused):
        take_effect(access=Access.system(EFFECT_DAY, "nightly"), application=row)


def test_not_yet_cannot_apply_and_hears_which_clauses(way: Way) -> None:
    with pytest.raises(Refused, match=r"四\.2\.8") as refused:
        open_draft(access=way.of("K2031"))
    assert refused.value.code == "not_yet"
    assert not Application.objects.exists()


def test_what_the_policy_asks_for_is_demanded_before_handing_in(way: Way) -> None:
    draft = open_draft(access=way.of(WHO))
    with pytest.raises(Refused) as refused:
        submit(access=way.of(WHO), application=draft)
    assert refused.value.code == "summary"


def test_beginning_twice_gives_the_same_draft_and_handing_in_twice_is_done_once(way: Way) -> None:
    assert open_draft(access=way.of(WHO)).pk == open_draft(access=way.of(WHO)).pk
    row = Application.objects.get()
    save_draft(access=way.of(WHO), application=row, summary="总结", results="成果")
    submit(access=way.of(WHO), application=row, key="k1")
    assert submit(access=way.of(WHO), application=row, key="k1").attempt == 1
    with pytest.raises(Refused):
        submit(access=way.of(WHO), application=row, key="k2")


def test_an_unmet_attestation_ends_it_with_its_clause_and_reason(way: Way) -> None:
    row = way.handed_in()
    answers = {clause.number: Answer(clause.number != "四.2.3", "理由") for clause in asked_at(row, "review")}
    row = review(access=way.of("K1000"), application=row, answers=answers)
    assert (row.state, row.clause, row.reason) == ("declined", "四.2.3", "理由")


def test_every_clause_is_answered_with_a_reason(way: Way) -> None:
    row = way.handed_in()
    clauses = [clause.number for clause in asked_at(row, "review")]
    for answers in ({}, {number: Answer(True, " ") for number in clauses}, {"四.9": Answer(True, "?")}):
        with pytest.raises(Refused):
            review(access=way.of("K1000"), application=row, answers=answers)


def test_a_returned_application_is_completed_and_reviewed_anew(way: Way) -> None:
    row = send_back(access=way.of("K1000"), application=way.handed_in(), words="缺客户证明")
    assert row.state == "returned"
    save_draft(access=way.of(WHO), application=row, summary="总结，附证明", results="成果")
    row = submit(access=way.of(WHO), application=row)
    assert (row.state, row.step, row.attempt) == ("open", "review", 2)


def test_what_was_returned_keeps_what_it_stood_on_whatever_is_found_meanwhile(way: Way) -> None:
    row = way.handed_in()
    digest = row.frozen_digest
    send_back(access=way.of("K1000"), application=row, words="缺客户证明")
    Standing.objects.filter(employee=row.employee).update(outcome=Outcome.NOT_YET)
    row = submit(access=way.of(WHO), application=row)
    assert (row.state, row.attempt, row.frozen_digest) == ("open", 2, digest)


def test_it_is_withdrawn_until_the_decision_and_not_after(way: Way) -> None:
    row = way.at_decision()
    approved = approve(access=way.of("gm"), application=row)
    with pytest.raises(Refused):
        withdraw(access=way.of(WHO), application=approved)


def test_a_withdrawn_application_leaves_room_for_another(way: Way) -> None:
    assert withdraw(access=way.of(WHO), application=way.handed_in()).state == "withdrawn"
    assert open_draft(access=way.of(WHO)).state == "draft"


def test_nobody_acts_on_their_own_and_each_act_is_its_roles_alone(way: Way) -> None:
    row = way.handed_in()
    answers = {clause.number: Answer(True, "好") for clause in asked_at(row, "review")}
    for who in (WHO, "K1001", "hr", "gm", "auditor"):
        with pytest.raises(Forbidden):
            review(access=way.of(who), application=row, answers=answers)
    for who in (WHO, "K1001", "K1000", "hr"):
        with pytest.raises(Forbidden):
            approve(access=way.of(who), application=row)
    for who in ("K1001", "K1000", "hr", "gm"):
        with pytest.raises(Forbidden):
            withdraw(access=way.of(who), application=row)


def test_a_decline_is_appealed_once_in_time_and_decided_by_somebody_else(way: Way) -> None:
    row = way.declined()
    appeal = raise_appeal(access=way.of(WHO), application=row, text="四.2.4 有改进方案两份")
    with pytest.raises(Refused):
        raise_appeal(access=way.of(WHO), application=row, text="再次")
    with pytest.raises(Forbidden):
        decide_appeal(access=way.of("gm"), appeal=appeal, upheld=True, words="重新决定")
    way.company.account("gm2", role="gm")
    decide_appeal(access=way.of("gm2"), appeal=appeal, upheld=True, words="确有方案，重新决定")
    row.refresh_from_db()
    assert (row.state, row.step) == ("open", "decision")


def test_an_appeal_that_comes_too_late_is_refused(way: Way) -> None:
    row = way.declined()
    with pytest.raises(Refused) as refused:
        raise_appeal(access=way.of(WHO, date(2027, 3, 1)), application=row, text="太晚")
    assert refused.value.code == "late"


def test_hr_nominates_and_the_person_accepts_or_declines(way: Way) -> None:
    person = way.company.people[WHO]
    nominated = nominate(access=way.of("hr"), employee=person, words="连续半年第一")
    with pytest.raises(Forbidden):
        accept_nomination(access=way.of("hr"), application=nominated)
    assert decline_nomination(access=way.of(WHO), application=nominated).state == "withdrawn"
    again = nominate(access=way.of("hr"), employee=person, words="再次提名")
    assert accept_nomination(access=way.of(WHO), application=again).state == "draft"


def test_where_the_person_applies_there_is_no_exam_to_confirm(way: Way) -> None:
    with pytest.raises(Refused):
        confirm_exam(access=way.of("hr"), employee=way.company.people[WHO])


def test_a_skip_goes_to_the_panel_and_the_general_manager_with_its_merit(way: Way) -> None:
    person = way.company.people[WHO]
    with pytest.raises(Refused):
        open_skip(access=way.of("hr"), employee=person, to_tier="diamond", merit="挽回大客户")
    with pytest.raises(Refused):
        open_skip(access=way.of("hr"), employee=person, to_tier="crown", merit=" ")
    files = [("证明.txt", BytesIO("客户致谢".encode()))]
    row = open_skip(access=way.of("hr"), employee=person, to_tier="crown", merit="挽回大客户", files=files)
    assert row.events.get(act="submitted").role == "hr"
    assert (row.kind, row.step, row.process) == ("skip", "defence", ["defence", "decision", "public_notice", "effect"])
    assert row.files.count() == 1


def test_files_are_the_persons_until_it_is_handed_in(way: Way) -> None:
    draft = open_draft(access=way.of(WHO))
    one = attach_file(access=way.of(WHO), application=draft, file=BytesIO(b"plain"), name="a.txt")
    remove_file(access=way.of(WHO), file=one)
    assert not draft.files.filter(removed_at=None).exists()
    row = way.handed_in()
    with pytest.raises(Refused):
        attach_file(access=way.of(WHO), application=row, file=BytesIO(b"late"), name="b.txt")


def test_whoever_took_part_before_does_not_decide_and_hears_who_does(way: Way) -> None:
    row = way.at_decision()
    way.company.grant(Account.objects.get(username="K1000"), "gm")
    with pytest.raises(Forbidden, match="另一位总经理"):
        approve(access=way.of("K1000"), application=row)
    assert not at_decision(way.of("K1000")).exists()
    assert at_decision(way.of("gm")).get() == row


def test_what_the_ledger_does_not_take_stays_and_is_told_once_to_hr(way: Way) -> None:
    row = approve(access=way.of("gm"), application=way.at_decision(), words="同意")
    job = Access.system(date(2026, 11, 20), "nightly")
    finish_step(access=job, application=row, step="public_notice", act=Act.CLEARED)
    due = Access.system(EFFECT_DAY, "nightly")
    record_transition(
        access=due, employee_id=row.employee_id, kind="demotion", ladder="info-service", to_tier="regular",
        effective_on=date(2026, 12, 20), policy_version_id=row.version_id,
    )  # fmt: skip
    for _night in range(2):
        assert take_effects(access=due) == 0
    row.refresh_from_db()
    assert (row.state, row.step) == ("open", "effect")
    assert row.events.get(act="hindered").words
    assert [one.kind for one in overdue_on(date(2026, 12, 2)) if one.employee_id == row.employee_id] == [
        "application_late"
    ]
