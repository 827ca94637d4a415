"""Applications, rounds, notices, cases and corrections by whoever acts on them: nobody on themselves or a superior, nobody
out of scope, whoever advised it never decides it, whoever took a decision never answers the appeal against it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from psycopg2.extras import DateRange

from assessment.actions.correction_request import (
    request_absence_correction,
    request_event_correction,
    request_value_correction,
)
from assessment.actions.correction_turn_down import decline_correction, withdraw_correction
from assessment.actions.feedback_answer import answer_feedback, lapse_feedback
from assessment.actions.feedback_give import give_feedback
from assessment.actions.feedback_reply import acknowledge_feedback, object_to_feedback, pass_on_feedback
from assessment.models import Case, Correction, Event, Feedback, FeedbackState, Metric
from promotion.applications.actions.appeal_decide import decide_appeal
from promotion.applications.actions.appeal_decider_name import name_decider as name_for_appeal
from promotion.applications.actions.appeal_raise import raise_appeal
from promotion.applications.actions.decide import approve, decline_application
from promotion.applications.actions.decide_list import decide_list
from promotion.applications.actions.draft_save import open_draft, save_draft
from promotion.applications.actions.exam_confirm import confirm_exam
from promotion.applications.actions.file_attach import attach_file, remove_file
from promotion.applications.actions.halt_fired import halt_fired
from promotion.applications.actions.nominate import accept_nomination, decline_nomination, nominate
from promotion.applications.actions.opine import opine
from promotion.applications.actions.owners_remind import remind_owners
from promotion.applications.actions.review import review
from promotion.applications.actions.send_back import send_back
from promotion.applications.actions.skip_open import open_skip
from promotion.applications.actions.submit import submit
from promotion.applications.actions.take_effect import take_effects
from promotion.applications.actions.withdraw import withdraw
from promotion.applications.models import Appeal, Application, ApplicationEvent, ApplicationFile
from promotion.cases.actions.appeal import decide_appeal as answer_case
from promotion.cases.actions.appeal import name_decider as name_for_case
from promotion.cases.actions.appeal import raise_appeal as appeal_case
from promotion.cases.actions.check import check_case
from promotion.cases.actions.decide import decide_case
from promotion.cases.actions.dismissal import arrange, reassess, record_outcome
from promotion.cases.actions.plan import note_plan, settle_plans
from promotion.cases.actions.read import read_letter
from promotion.cases.actions.restore import restore_tier
from promotion.cases.actions.serve import serve_letter
from promotion.cases.actions.state import make_statement
from promotion.cases.actions.take_effect import take_demotions
from promotion.cases.models import Proceeding
from promotion.corrections.actions.correction_approve import approve_correction, preview_correction
from promotion.models import Run
from promotion.panels.actions.judge_challenge import challenge_judge
from promotion.panels.actions.judge_replace import replace_judge
from promotion.panels.actions.round_arrange import Sitting, arrange_round
from promotion.panels.actions.round_open import open_round
from promotion.panels.actions.sheet_submit import submit_sheet
from promotion.panels.models import Round
from promotion.shortlist.actions.vacancy_decide import decide_vacancy, take_back_vacancy
from promotion.shortlist.actions.vacancy_mark import mark_vacancy
from promotion.shortlist.models import Vacancy
from staff.actions.delegation_confirm import confirm_delegation
from staff.actions.delegation_end import end_delegation
from staff.actions.delegation_make import make_delegation
from staff.kernel.access import Access, Forbidden, Refused
from staff.models import Account, Attachment, Delegation, Department, Employee
from staff.selectors.access import access_of
from tests.cases.steps import NONE_APPLIES, REASON
from tests.panels.planted import at_the_panel, planted_round
from tests.permissions.doors import undone
from tests.permissions.process_answers import CELLS
from tests.web.company import MONTH, Company

DAY = date(2026, 12, 4)
ROOT = Path(__file__).parents[2]
ROOMS = ("applications", "panels", "notices", "cases", "corrections", "shortlist")
TEAM, TWO, ABOVE, MONEY = "信息客服一组", "信息客服二组", "信息客服部", "财务部"
#: Everybody about whom something is done, and where they are.
ABOUT = {"K2031": TEAM, "K1001": TEAM, "K1000": ABOVE, "K1002": TWO, "K2052": MONEY, "K2032": TEAM}


@pytest.fixture(autouse=True)
def _the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *args, **options: DAY)
    cache.clear()


@pytest.fixture(scope="module")
def made(house: Company, django_db_blocker: Any) -> Company:
    with django_db_blocker.unblock():
        house.account("payroll-two", role="payroll", department=TWO)
        for role in ("hr", "payroll", "gm"):
            house.grant(house.accounts["K1002"], role)
        judge = house.account("judge-of-all", role="judge")
        for no, where in ABOUT.items():
            planted_round(house.people[no], house.departments[where], judge, "open")
            proceeding_of(house, no)
        Round.objects.update(state="arranged")
        applications(house)
        cases(house)
        corrections(house)
        beside(house)
    return house


def applications(house: Company) -> None:
    """K1002 has advised K2032's; K2033's and K2034's are declined by ``gm`` and appealed, the latter to be answered by
    ``payroll``.
    """
    ApplicationEvent.objects.create(application=of("K2032"), act="nominated", by=house.accounts["K1002"])
    for no in ("K2033", "K2034"):
        row = at_the_panel(house.people[no], house.departments[TEAM])
        Application.objects.filter(pk=row.pk).update(state="declined", step="", reason="r", closed_at=timezone.now())
        ApplicationEvent.objects.create(application=row, act="declined", step="decision", by=house.accounts["gm"])
        Appeal.objects.create(application=row, attempt=1, step="decision", text="?", due_on=DAY)
    Appeal.objects.filter(application=of("K2034")).update(decider=house.accounts["payroll"])
    kept = Attachment.objects.create(name="a.txt", kind="txt", size=1, sha256="0" * 64, employee=house.people["K2031"])
    ApplicationFile.objects.create(application=of("K2031"), attachment=kept)


def proceeding_of(house: Company, no: str) -> Proceeding:
    placed = house.people[no].department_periods.latest("period")
    version = Case.objects.filter(kind="demotion").latest("pk").version
    case = Case.objects.create(
        kind="dismissal", policy=version.key, version=version, clause="第12条", month=MONTH, employee=house.people[no],
        department_id=placed.department_id, owner="hr", evidence={"total": 51, "rule": {"zh": "不及格", "en": "fails"}},
    )  # fmt: skip
    return Proceeding.objects.get(case=case)


def cases(house: Company) -> None:
    """K1000 has checked K2041's as HR; ``gm`` has decided K2042's; HR has named ``payroll`` to answer K2033's appeal."""
    Proceeding.objects.filter(case__employee=house.people["K2041"]).update(checked_by=house.accounts["K1000"])
    for no in ("K2042", "K2033"):
        proceeding_of(house, no)
    Proceeding.objects.filter(case__employee=house.people["K2033"]).update(decider=house.accounts["payroll"])
    Proceeding.objects.filter(case__employee=house.people["K2042"]).update(decided_by=house.accounts["gm"])


def corrections(house: Company) -> None:
    """K1002 has asked for them."""
    for no in ("K2031", "K1000"):
        Correction.objects.create(
            employee=house.people[no], month=MONTH, metric=Metric.objects.get(key="excellent_cases"), before=None,
            after="1", reason="a slip", requested_by=house.accounts["K1002"],
        )  # fmt: skip


def beside(house: Company) -> None:
    """See ``BESIDE``."""
    told = {"K2031": FeedbackState.TOLD, "K2032": FeedbackState.OBJECTED, "K2033": FeedbackState.WITH_HR}
    for no, state in told.items():
        Feedback.objects.create(
            employee=house.people[no], month=MONTH, held_on=DAY, state=state, since=DAY, due_on=DAY + timedelta(days=7),
            told_by=house.accounts["K1001"],
        )  # fmt: skip
    version = Case.objects.filter(kind="demotion").latest("pk").version
    Vacancy.objects.create(
        department=house.departments[TEAM], post="主管", vacant_on=DAY, version=version, tier="crown", reason="r",
        opened_by=house.accounts["hr"],
    )  # fmt: skip
    later = DateRange(DAY + timedelta(days=20), DAY + timedelta(days=30))
    for role, holder, deputy in (("head", "K1000", "K1001"), ("gm", "gm", "payroll")):
        Delegation.objects.create(
            holder=house.accounts[holder], deputy=house.accounts[deputy], role=role, period=later, reason="leave"
        )


def talk_of(who: Employee | None) -> dict[str, Feedback]:
    return {"feedback": Feedback.objects.select_related("employee").get(employee=who)}


def handed_on(access: Access, role: str) -> Delegation:
    return make_delegation(
        access=access,
        role=role,
        number="K2099",
        name="nobody",
        starts_on=DAY,
        ends_on=DAY + timedelta(days=1),
        reason="r",
    )


def of(who: Employee | str | None) -> Application:
    by = {"employee__employee_no": who} if isinstance(who, str) else {"employee": who}
    return Application.objects.select_related("employee", "version").filter(**by).latest("pk")


def case_of(who: Employee | None) -> dict[str, Proceeding]:
    return {"proceeding": Proceeding.objects.select_related("case__employee", "case__version").get(case__employee=who)}


def round_of(who: Employee | None) -> Round:
    return Round.objects.get(candidates__application__employee=who)


def appeal_of(who: Employee | None) -> Appeal:
    return Appeal.objects.select_related("application__employee", "application__version").get(application=of(who))


def asked_of(who: Employee | None) -> Correction:
    return Correction.objects.select_related("employee").get(employee=who)


def arranged(access: Access, who: Employee | None) -> Round:
    row, now = of(who), timezone.now()
    return arrange_round(
        access=access, applications=[row.pk], judges=[], now=now,
        sitting=Sitting(row.department, now, now + timedelta(days=1)),
    )  # fmt: skip


def of_event(access: Access, who: Employee | None) -> Correction:
    event = Event.objects.filter(employee=who, day__lte=MONTH.last_day).latest("day")
    facts = {name: getattr(event, name) for name in ("day", "status", "subject", "quantity", "decided_on")}
    return request_event_correction(
        access=access, event=event, after={**facts, "status": "withdrawn"}, reason="never was"
    )


Act = Callable[[Access, Any], Any]
ACTS: dict[str, Act] = {
    "open": lambda access, who: open_draft(access=access),
    "write": lambda access, who: save_draft(access=access, application=of(who), summary="s", results="r"),
    "submit": lambda access, who: submit(access=access, application=of(who)),
    "withdraw": lambda access, who: withdraw(access=access, application=of(who)),
    "attach": lambda access, who: attach_file(access=access, application=of(who), file=BytesIO(b"x"), name="a.txt"),
    "remove": lambda access, who: remove_file(access=access, file=of(who).files.get()),
    "accept": lambda access, who: accept_nomination(access=access, application=of(who)),
    "turn-down": lambda access, who: decline_nomination(access=access, application=of(who)),
    "nominate": lambda access, who: nominate(access=access, employee=who, words="the first"),
    "confirm": lambda access, who: confirm_exam(access=access, employee=who),
    "skip": lambda access, who: open_skip(access=access, employee=who, to_tier="crown", merit="m"),
    "opine": lambda access, who: opine(access=access, application=of(who), words="w"),
    "review": lambda access, who: review(access=access, application=of(who)),
    "send-back": lambda access, who: send_back(access=access, application=of(who), words="w"),
    "approve": lambda access, who: approve(access=access, application=of(who)),
    "decline": lambda access, who: decline_application(access=access, application=of(who), words="w", clause="c"),
    "remind-owners": lambda access, who: remind_owners(access=access, applications=[]),
    "decide-list": lambda access, who: decide_list(access=access, decisions=[]),
    "appeal": lambda access, who: raise_appeal(access=access, application=of(who), text="t"),
    "answer-appeal": lambda access, who: decide_appeal(
        access=access, appeal=appeal_of(who), upheld=False, words="w"
    ),
    "name-for-appeal": lambda access, who: name_for_appeal(
        access=access, appeal=appeal_of(who), account=Account.objects.get(username="auditor")
    ),
    "halt-fired": lambda access, who: halt_fired(access=access, run=Run.objects.latest("pk")),
    "take-effects": lambda access, who: take_effects(access=access),
    "arrange": arranged,
    "open-round": lambda access, who: open_round(access=access, round_id=round_of(who).pk, now=timezone.now()),
    "replace": lambda access, who: replace_judge(
        access=access, round_id=round_of(who).pk, judge_id=0, account_id=0, reason="r", now=timezone.now()
    ),
    "challenge": lambda access, who: challenge_judge(
        access=access, round_id=round_of(who).pk, judge_id=round_of(who).judges.get().pk, words="w"
    ),
    "hand-in-sheet": lambda access, who: submit_sheet(
        access=access, round_id=round_of(who).pk, ordinal=1, points={}, comment="c", typed=timezone.now(), now=timezone.now()
    ),
    "check": lambda access, who: check_case(access=access, **case_of(who), facts="f", answers=NONE_APPLIES),
    "serve": lambda access, who: serve_letter(access=access, **case_of(who)),
    "read": lambda access, who: read_letter(access=access, **case_of(who)),
    "state": lambda access, who: make_statement(access=access, **case_of(who), words="w"),
    "decide": lambda access, who: decide_case(access=access, **case_of(who), reason=REASON),
    "appeal-case": lambda access, who: appeal_case(access=access, **case_of(who), words="w"),
    "name-for-case": lambda access, who: name_for_case(
        access=access, **case_of(who), account=Account.objects.get(username="auditor")
    ),
    "answer-case": lambda access, who: answer_case(access=access, **case_of(who), upheld=False, words=REASON),
    "restore": lambda access, who: restore_tier(access=access, **case_of(who), words=REASON),
    "arrange-case": lambda access, who: arrange(
        access=access, **case_of(who), words="w", until=DAY + timedelta(days=9)
    ),
    "reassess": lambda access, who: reassess(access=access, **case_of(who), words="w"),
    "record": lambda access, who: record_outcome(access=access, **case_of(who), words=REASON, counsel="c"),
    "note-plan": lambda access, who: note_plan(access=access, **case_of(who), words="w"),
    "settle-plans": lambda access, who: settle_plans(access=access, run=Run.objects.latest("pk"), met=set()),
    "take-demotions": lambda access, who: take_demotions(access=access),
    "ask-correction": lambda access, who: request_value_correction(
        access=access, employee=who, month=MONTH, metric=Metric.objects.get(key="keywords_online"), after=Decimal(9),
        reason="a slip",
    ),
    "ask-of-event": of_event,
    "ask-of-absence": lambda access, who: request_absence_correction(
        access=access, employee=who, absence=None, days=(MONTH.first_day, MONTH.first_day), kind="leave", reason="a slip"
    ),
    "preview-correction": lambda access, who: preview_correction(access=access, correction=asked_of(who)),
    "approve-correction": lambda access, who: approve_correction(access=access, correction=asked_of(who), seen=""),
    "decline-correction": lambda access, who: decline_correction(access=access, correction=asked_of(who), words="w"),
    "withdraw-correction": lambda access, who: withdraw_correction(access=access, correction=asked_of(who)),
    "give": lambda access, who: give_feedback(
        access=access, employee=who, month=MONTH, held_on=DAY, summary="s", agreed=""
    ),
    "acknowledge": lambda access, who: acknowledge_feedback(access=access, **talk_of(who)),
    "object-to-result": lambda access, who: object_to_feedback(access=access, **talk_of(who), words="w"),
    "pass-on": lambda access, who: pass_on_feedback(access=access, **talk_of(who)),
    "answer-result": lambda access, who: answer_feedback(access=access, **talk_of(who), words="w"),
    "lapse": lambda access, who: lapse_feedback(access=access),
    "mark-vacancy": lambda access, who: mark_vacancy(
        access=access, department=Department.objects.get(name=TEAM), post="p", vacant_on=DAY, clause="", reason="r"
    ),
    "decide-vacancy": lambda access, who: decide_vacancy(
        access=access, vacancy=Vacancy.objects.get(), chosen=None, words=REASON
    ),
    "take-back-vacancy": lambda access, who: take_back_vacancy(
        access=access, vacancy=Vacancy.objects.get(), words=REASON
    ),
    "delegate-as-head": lambda access, who: handed_on(access, "head"),
    "delegate-as-gm": lambda access, who: handed_on(access, "gm"),
    "confirm-delegation": lambda access, who: confirm_delegation(
        access=access, delegation=Delegation.objects.get(role="gm")
    ),
    "end-delegation": lambda access, who: end_delegation(
        access=access, delegation=Delegation.objects.get(role="head"), reason="r"
    ),
}  # fmt: skip
#: What asks no right itself, for it is never called but by an act that does.
WITHIN = {"step_finish", "judge", "move"}


def test_every_account_reaches_what_the_table_says_and_is_forbidden_the_rest(made: Company, db: None) -> None:
    wrong = []
    for name, *whom, account, may in CELLS:
        access = access_of(Account.objects.get(username=account), DAY)
        with undone():
            if may != _reached(ACTS[str(name)], access, made.people[str(whom[0])] if whom else None):
                wrong.append(f"{name} {' '.join(map(str, whom))} by {account}: {'forbidden' if may else 'reached'}")
    assert not wrong, "\n".join(wrong)


def _reached(act: Act, access: Access, who: Employee | None) -> bool:
    try:
        act(access, who)
    except Refused as refused:
        return not isinstance(refused, Forbidden)
    return True


def test_no_act_of_these_rooms_is_missing_from_the_tables() -> None:
    """Every file of actions is called by a row here or of the other table."""
    asked = {
        node.module
        for name in ("test_actions", "test_process_actions")
        for node in ast.walk(ast.parse((ROOT / f"tests/permissions/{name}.py").read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
    }
    every = {
        f"promotion.{room}.actions.{path.stem}"
        for room in ROOMS
        for path in (ROOT / "promotion" / room / "actions").glob("[a-z]*.py")
        if path.stem not in WITHIN
    } | {
        f"{app}.actions.{path.stem}"
        for app, which in (("assessment", "correction_*"), ("assessment", "feedback_*"), ("staff", "delegation_*"))
        for path in (ROOT / app / "actions").glob(f"{which}.py")
    }
    assert every
    assert every - asked == set()
    assert {str(name) for name, *_rest in CELLS} == set(ACTS)
