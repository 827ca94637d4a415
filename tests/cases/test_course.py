"""The course of a demotion: who, when, in which order, and what it leaves behind."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from assessment.actions.case_handle import handle_case
from assessment.models import AssessmentMonth, Case
from promotion.cases.actions.appeal import name_decider
from promotion.cases.actions.check import Answer, check_case
from promotion.cases.actions.decide import Plan, decide_case
from promotion.cases.actions.dismissal import arrange, reassess, record_outcome
from promotion.cases.actions.plan import settle_plans
from promotion.cases.actions.restore import restore_tier
from promotion.cases.actions.serve import serve_letter
from promotion.cases.digests import is_as_written, is_erased
from promotion.cases.models import Outcome, Proceeding, ProceedingAct
from promotion.cases.owners import accounts_at
from promotion.models import LedgerLine, Run, Standing, TierPeriod
from promotion.sweep.actions.sweep_run import run_sweep
from staff.kernel.access import Forbidden, Refused
from staff.kernel.periods import Month
from staff.kernel.workdays import regrow_terms
from staff.models import Department, RoleGrant, Workday
from tests.cases.steps import NONE_APPLIES, REASON, Course, dismissal_of
from tests.web.company import Company


def tier_of(course: Course, day: date) -> str:
    return str(TierPeriod.objects.get(employee=course.row.case.employee, period__contains=day).tier)


def test_a_demotion_takes_effect_on_its_day_and_not_before(course: Course) -> None:
    course.decided()
    until, on = course.now.appeal_until, course.now.tier_on
    assert until is not None
    assert on is not None
    with pytest.raises(Refused):
        course.night(until)
    with pytest.raises(Refused):
        course.night(on - timedelta(days=1))
    assert course.night(on).state == "effective"
    line = LedgerLine.objects.get(kind="demotion")
    assert (line.from_tier, line.to_tier, line.effective_on) == ("diamond", "star", on)
    assert tier_of(course, on) == "star"
    assert tier_of(course, on - timedelta(days=1)) == "diamond"
    assert Case.objects.get(pk=course.row.pk).state == "done"
    with pytest.raises(Refused):
        course.night(on + timedelta(days=1))
    assert LedgerLine.objects.filter(kind="demotion").count() == 1


def test_the_letter_says_clause_facts_and_sum_and_is_kept_as_served(course: Course) -> None:
    course.served()
    act = course.now.acts.get(act="served")
    for part in ("八.1", "韩序", "程砚", "≥ 3", "2026-11-19", "这还不是决定"):
        assert part in act.words, part
    assert course.now.statement_due == date(2026, 11, 19)
    assert is_as_written(act)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProceedingAct.objects.filter(pk=act.pk).update(words="something else")
    ProceedingAct.objects.filter(pk=act.pk).update(words="***", data={})
    act.refresh_from_db()
    assert is_erased(act)


def test_silence_clears_nobody(course: Course) -> None:
    answers = dict(NONE_APPLIES)
    del answers["maternity"]
    with pytest.raises(Refused) as refused:
        check_case(access=course.access("hr"), proceeding=course.now, facts="All reported.", answers=answers)
    assert refused.value.code == "maternity"
    assert course.now.state == "proposed"
    with pytest.raises(Refused):
        course.serve()
    course.check()
    assert course.now.protected is False


def test_the_head_decides_when_the_person_was_heard_or_the_term_is_over(course: Course) -> None:
    course.served()
    course.day = date(2026, 11, 19)
    with pytest.raises(Refused) as refused:
        course.demote()
    assert refused.value.code == "early"
    course.day = date(2026, 11, 20)
    with pytest.raises(Refused) as late:
        course.state()
    assert late.value.code == "late"
    assert course.demote().state == "decided"


def test_a_statement_is_taken_until_the_last_minute_of_its_last_day_and_must_be_taken_up(course: Course) -> None:
    course.served()
    course.day = date(2026, 11, 19)
    course.state()
    with pytest.raises(Refused) as refused:
        decide_case(access=course.access("K1000"), proceeding=course.now, reason=REASON)
    assert refused.value.code == "on_statement"
    with pytest.raises(Refused) as short:
        decide_case(
            access=course.access("K1000"), proceeding=course.now, reason="客户改版属实  " * 2, on_statement="no"
        )
    assert short.value.code == "words"
    assert course.decide().outcome == Outcome.NO_ACTION


def test_terms_run_by_holidays_and_make_up_days_and_never_shrink(course: Course) -> None:
    Workday.objects.update_or_create(day=date(2026, 11, 13), defaults={"works": False, "name": "rest", "source": "hr"})
    Workday.objects.update_or_create(
        day=date(2026, 11, 14), defaults={"works": True, "name": "made up", "source": "hr"}
    )
    course.served()
    assert course.now.statement_due == date(2026, 11, 19)
    Workday.objects.filter(day=date(2026, 11, 14)).update(works=False)
    assert regrow_terms() >= 1
    assert course.now.statement_due == date(2026, 11, 20)
    Workday.objects.all().delete()
    regrow_terms()
    assert course.now.statement_due == date(2026, 11, 20)


def test_no_effect_before_the_appeal_is_over_also_not_by_the_database(course: Course) -> None:
    course.served().state()
    with pytest.raises(Refused) as refused:
        course.demote(days=10)
    assert refused.value.code == "tier_on"
    course.demote()
    with pytest.raises(IntegrityError), transaction.atomic():
        Proceeding.objects.filter(pk=course.row.pk).update(tier_on=course.now.appeal_until)


def test_an_appeal_holds_the_effect_and_another_decides(course: Course) -> None:
    course.decided()
    course.day = course.now.appeal_until or course.day
    course.appeal()
    with pytest.raises(Refused):
        course.night(date(2027, 3, 1))
    course.day = date(2026, 12, 1)
    with pytest.raises(Forbidden):
        course.answer(False, who="K1000")
    assert course.answer(False).outcome == Outcome.OVERTURNED
    with pytest.raises(Refused):
        course.night(date(2027, 3, 1))
    assert not LedgerLine.objects.filter(kind="demotion").exists()


def test_an_appeal_that_fails_takes_effect_on_the_day_its_decision_names(course: Course) -> None:
    course.decided()
    course.appeal()
    with pytest.raises(Refused):
        course.answer(True, tier_on=course.day, pay_on=course.day)
    on = date(2027, 1, 1)
    course.answer(True, tier_on=on, pay_on=date(2027, 2, 1))
    with pytest.raises(Refused):
        course.night(date(2026, 12, 31))
    assert course.night(on).state == "effective"


def test_an_appeal_after_its_term_is_refused(course: Course) -> None:
    course.decided()
    course.day = (course.now.appeal_until or course.day) + timedelta(days=1)
    with pytest.raises(Refused) as refused:
        course.appeal()
    assert refused.value.code == "late"


def test_where_nobody_is_left_hr_names_an_outsider_who_then_decides(course: Course) -> None:
    company = course.company
    company.grant(company.accounts["K1000"], "gm")
    RoleGrant.objects.filter(account=company.accounts["gm"]).delete()
    course.decided()
    course.appeal()
    with pytest.raises(Forbidden):
        course.answer(False, who="K1000")
    outsider = company.accounts["K2052"]
    for nobody in ("K1000", "K2041", "K1001", "hr"):
        with pytest.raises(Refused):
            name_decider(access=course.access("hr"), proceeding=course.now, account=company.accounts[nobody])
    name_decider(access=course.access("hr"), proceeding=course.now, account=outsider)
    assert course.answer(False, who="K2052").outcome == Outcome.OVERTURNED


def test_the_only_head_who_can_decide_leaves_the_check_to_another_of_hr(course: Course) -> None:
    course.company.grant(course.company.accounts["K1000"], "hr")
    with pytest.raises(Refused) as refused:
        course.check("K1000")
    assert refused.value.code == "decider"
    assert course.now.state == "proposed"
    course.served().state()
    assert course.demote().state == "decided"


def test_where_no_head_is_left_the_case_waits_for_hr(course: Course) -> None:
    course.served().state()
    assert accounts_at(course.now, course.day) == [course.company.accounts["K1000"].pk]
    RoleGrant.objects.filter(account=course.company.accounts["K1000"], role="head").delete()
    Department.objects.update(head=None)
    assert accounts_at(course.now, course.day) == [course.company.accounts["hr"].pk]


def test_whoever_checked_the_facts_does_not_decide(course: Course) -> None:
    course.company.grant(course.company.accounts["K1000"], "hr")
    course.company.account("head-two", role="head", department="信息客服部")
    course.check("K1000")
    course.serve()
    course.state()
    with pytest.raises(Forbidden):
        course.demote()


def test_the_sweep_of_the_plans_month_says_what_follows(course: Course) -> None:
    course.served().state()
    course.plan("2026-12")
    run = Run.objects.filter(of_record=True).latest("pk")
    key = (course.company.people["K2041"].pk, course.row.case.clause)
    assert settle_plans(access=course.company.access, run=run, met={key}) == 0
    run.month = Month.parse("2026-12")
    Standing.objects.filter(run=run).update(month=run.month)
    assert settle_plans(access=course.company.access, run=run, met={key}) == 1
    assert course.now.outcome == Outcome.PLAN_MISSED
    assert Case.objects.get(pk=course.row.pk).state == "done"


@pytest.mark.parametrize(("online", "outcome", "raised"), [(0, Outcome.PLAN_MISSED, 1), (3, Outcome.PLAN_MET, 0)])
def test_a_run_of_record_settles_the_plan_of_its_month_and_new_facts_raise_a_new_case(
    course: Course, online: int, outcome: str, raised: int
) -> None:
    course.served().state()
    course.plan("2026-12")
    company, person = course.company, course.company.people["K2041"]
    company.values("K2041", "keywords_online", {"2026-11": online, "2026-12": online})
    for at, month in enumerate((Month.parse("2026-11"), Month.parse("2026-12")), 12):
        AssessmentMonth.objects.create(
            month=month, state="sealed", sealed_at=f"2027-01-{at}T02:00:00+08:00", digest="0" * 64
        )
        run_sweep(access=company.access, month=month)
        if month < Month.parse("2026-12"):
            assert course.now.state == "planned"
    assert (course.now.state, course.now.outcome) == ("closed", outcome)
    assert Case.objects.get(pk=course.row.pk).state == "done"
    others = Proceeding.objects.filter(case__employee=person).exclude(pk=course.row.pk)
    assert [(one.case.month, one.case.clause, one.state) for one in others] == [
        (Month.parse("2026-12"), course.row.case.clause, "proposed")
    ] * raised
    act = ProceedingAct.objects.get(proceeding=course.row.pk, act="reassessed")
    assert (act.data["month"], act.data["met"]) == ("2026-12", outcome == Outcome.PLAN_MISSED)


def test_a_plans_goals_are_clauses_of_the_policy(course: Course) -> None:
    course.served().state()
    mentor = course.company.people["K2034"]
    with pytest.raises(Refused) as refused:
        course.decide(plan=Plan(("work harder",), Month.parse("2027-02"), mentor))
    assert refused.value.code == "goals"
    assert course.plan().state == "planned"
    assert course.now.case.state == "open"


def test_a_correction_closes_a_case_and_restores_what_had_taken_effect(course: Course) -> None:
    course.decided()
    on = course.now.tier_on or course.day
    course.night(on)
    Case.objects.filter(pk=course.row.pk).update(
        state="withdrawn", withdrawn_note="corrected", withdrawn_at="2027-01-04T08:00:00+08:00"
    )
    assert course.now.state == "restoring"
    course.day = on + timedelta(days=20)
    with pytest.raises(Forbidden):
        restore_tier(access=course.access("K1000"), proceeding=course.now, words=REASON)
    restore_tier(access=course.access("gm"), proceeding=course.now, words=REASON)
    line = LedgerLine.objects.latest("seq")
    assert (line.kind, line.from_tier, line.to_tier) == ("restoration", "star", "diamond")
    assert course.now.outcome == Outcome.RESTORED
    assert course.now.back_pay_until == course.day - timedelta(days=1)
    assert tier_of(course, course.day) == "diamond"


def test_a_correction_before_the_effect_closes_the_course_and_nothing_can_be_done_any_more(course: Course) -> None:
    course.served()
    Case.objects.filter(pk=course.row.pk).update(
        state="withdrawn", withdrawn_note="corrected", withdrawn_at="2026-11-13T08:00:00+08:00"
    )
    assert (course.now.state, course.now.outcome) == ("closed", "withdrawn")
    with pytest.raises(Refused) as refused:
        course.state()
    assert "corrected" in refused.value.message


def test_an_act_done_twice_under_its_key_is_done_once(course: Course) -> None:
    course.check()
    for _ in range(2):
        serve_letter(access=course.access("hr"), proceeding=course.now, key="once")
    assert course.now.acts.filter(act="served").count() == 1


def test_a_case_with_a_course_is_not_marked_as_handled_by_hand(course: Course) -> None:
    with pytest.raises(Refused):
        handle_case(access=course.access("hr"), case=course.now.case, note="done")
    assert Case.objects.get(pk=course.row.pk).state == "open"


def test_a_warning_of_the_bottom_tier_has_no_course(company: Company) -> None:
    warned = Case.objects.get(employee=company.people["K2042"], kind="demotion")
    assert not Proceeding.objects.filter(case=warned).exists()


def test_a_dismissal_clause_stops_at_protection_and_ends_as_a_record(company: Company) -> None:
    course = dismissal_of(company, "K2055")
    course.check(maternity=Answer(True, "certificate seen", date(2027, 3, 14)))
    course.serve()
    course.state(who="K2055")
    arrange(access=course.access("hr"), proceeding=course.now, words="Training", until=date(2026, 12, 31))
    course.day = date(2027, 1, 4)
    with pytest.raises(Refused) as refused:
        reassess(access=course.access("hr"), proceeding=course.now, words="no better")
    assert refused.value.code == "protected"
    course.check()
    reassess(access=course.access("hr"), proceeding=course.now, words="no better")
    with pytest.raises(Refused) as stale:
        record_outcome(access=course.access("hr"), proceeding=course.now, words=REASON, counsel="seen")
    assert stale.value.code == "protection"
    course.check(maternity=Answer(True, "certificate seen"))
    with pytest.raises(Refused):
        record_outcome(access=course.access("hr"), proceeding=course.now, words=REASON, counsel="seen")
    course.check()
    assert (
        record_outcome(access=course.access("hr"), proceeding=course.now, words=REASON, counsel="seen").outcome
        == Outcome.RECORDED
    )
    assert not LedgerLine.objects.filter(kind="demotion").exists()
