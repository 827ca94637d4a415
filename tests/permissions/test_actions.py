"""Actions by whoever calls them: nobody on themselves or a superior, nobody out of scope, the maker never the checker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from assessment.actions.case_handle import handle_case
from assessment.actions.doubt_answer import answer_doubt
from assessment.actions.event_save import save_event
from assessment.actions.month_close import close_month
from assessment.actions.month_hand_in import hand_in_month
from assessment.actions.values_save import save_values
from assessment.models import Case, Doubt, EventKind, Metric
from payroll.actions.band_decide import decide_change
from payroll.actions.band_draft import TierAmounts, draft_change
from payroll.actions.band_submit import submit_change
from payroll.actions.pay_record_save import save_pay_record
from payroll.models import PayBand, PayTableChange
from policy.actions.adoption_decide import decide_adoption
from policy.actions.adoption_withdraw import withdraw_adoption
from policy.actions.draft_decide import decide_draft
from policy.actions.draft_save import save_draft
from policy.actions.draft_start import start_draft
from policy.actions.draft_submit import submit_draft
from policy.actions.draft_take_back import take_back_draft
from policy.models import Adoption, AdoptionRequest, PolicyDraft, PolicyVersion
from promotion.notices.actions.notice_end import end_notice
from promotion.notices.actions.notice_post import post_notice
from promotion.notices.actions.objection_answer import answer_objection
from promotion.notices.actions.objection_raise import raise_objection
from promotion.notices.models import NoticeEntry
from promotion.panels.actions.candidate_take_out import take_out_candidate
from promotion.panels.actions.candidates_add import add_candidates
from promotion.panels.actions.judge_declare import declare
from promotion.panels.actions.judges_remind import remind_judges
from promotion.panels.actions.recusal_settle import settle_recusal
from promotion.panels.actions.round_cancel import cancel_round
from promotion.panels.actions.round_close import close_round
from promotion.panels.actions.sheet_save import save_sheet
from promotion.panels.actions.tie_decide import decide_tie
from promotion.panels.models import Round
from staff.actions.absence_save import save_absence
from staff.actions.device_end import end_devices
from staff.actions.person_change import change
from staff.actions.person_move import move_supervisor
from staff.actions.role_approve import approve_grant
from staff.kernel.access import Access, Forbidden, Refused
from staff.models import Account, Employee, RoleGrant
from staff.selectors.access import access_of
from tests.assessment.cases.planted import raised_for
from tests.notices.planted import planted_notice
from tests.panels.planted import planted_round
from tests.permissions.doors import undone
from tests.web.company import LADDER, MONTH, Company

DAY = date(2026, 12, 4)
#: ``K1002`` is HR of the whole company as well, and payroll and general manager; the head of the department leads them.
ACCOUNTS = ("K2031", "K1001", "K1000", "K1002", "hr", "hr-two", "payroll", "payroll-two", "gm", "auditor", "operator")
#: y: done, or refused for what was asked and not for who asked; ·: forbidden.
TABLE = """
                  K2031 K1001 K1000 K1002 hr hr-two payroll payroll-two gm auditor operator
change K2031      ·     ·     ·     y     y  ·      ·       ·           ·  ·       ·
change K1002      ·     ·     ·     ·     y  y      ·       ·           ·  ·       ·
change K1000      ·     ·     ·     ·     y  ·      ·       ·           ·  ·       ·
move K2031        ·     ·     ·     y     y  ·      ·       ·           ·  ·       ·
move K1002        ·     ·     ·     ·     y  y      ·       ·           ·  ·       ·
absence K2031     ·     ·     ·     y     y  ·      ·       ·           ·  ·       ·
absence K1002     ·     ·     ·     ·     y  y      ·       ·           ·  ·       ·
value K2031       ·     y     y     y     y  ·      ·       ·           ·  ·       ·
value K1001       ·     ·     y     y     y  ·      ·       ·           ·  ·       ·
value K1002       ·     ·     y     ·     y  y      ·       ·           ·  ·       ·
value K1000       ·     ·     ·     ·     y  ·      ·       ·           ·  ·       ·
value K2052       ·     ·     ·     y     y  ·      ·       ·           ·  ·       ·
event K2031       ·     y     y     y     y  ·      ·       ·           ·  ·       ·
event K1002       ·     ·     y     ·     y  y      ·       ·           ·  ·       ·
event K1000       ·     ·     ·     ·     y  ·      ·       ·           ·  ·       ·
doubt K2031       ·     y     y     y     y  ·      ·       ·           ·  ·       ·
doubt K1002       ·     ·     y     ·     y  y      ·       ·           ·  ·       ·
doubt K1000       ·     ·     ·     ·     y  ·      ·       ·           ·  ·       ·
case K2031        ·     ·     ·     y     y  ·      ·       ·           ·  ·       ·
case K1002        ·     ·     ·     ·     y  y      ·       ·           ·  ·       ·
case K1000        ·     ·     ·     ·     y  ·      ·       ·           ·  ·       ·
post-notice K2031 ·     ·     ·     y     y  ·      ·       ·           ·  ·       ·
post-notice K1002 ·     ·     ·     ·     y  y      ·       ·           ·  ·       ·
end-notice K2031  ·     ·     ·     y     y  ·      ·       ·           ·  ·       ·
end-notice K1002  ·     ·     ·     ·     y  y      ·       ·           ·  ·       ·
object K1002      y     y     y     ·     ·  ·      ·       ·           ·  ·       ·
answer-object K2031 ·   ·     ·     y     y  ·      ·       ·           ·  ·       ·
answer-object K1002 ·   ·     ·     ·     y  y      ·       ·           ·  ·       ·
cancel-round K2031 ·    ·     ·     y     y  ·      ·       ·           ·  ·       ·
cancel-round K1002 ·    ·     ·     ·     y  y      ·       ·           ·  ·       ·
close-round K1002 ·     ·     ·     ·     y  y      ·       ·           ·  ·       ·
settle-round K1002 ·    ·     ·     ·     y  y      ·       ·           ·  ·       ·
remind-round K1002 ·    ·     ·     ·     y  y      ·       ·           ·  ·       ·
add-to-round K1002 ·    ·     ·     ·     y  y      ·       ·           ·  ·       ·
take-out K1002    ·     ·     ·     ·     y  y      ·       ·           ·  ·       ·
score K2031       ·     ·     ·     ·     ·  ·      ·       ·           ·  ·       ·
declare K2031     ·     ·     ·     ·     ·  ·      ·       ·           ·  ·       ·
tie K2032         ·     ·     ·     y     ·  ·      ·       ·           y  ·       ·
tie K1000         ·     ·     ·     ·     ·  ·      ·       ·           y  ·       ·
pay K2031         ·     ·     ·     y     ·  ·      y       ·           ·  ·       ·
pay K1002         ·     ·     ·     ·     ·  ·      y       y           ·  ·       ·
devices K2031     y     ·     ·     y     y  ·      ·       ·           ·  ·       y
devices K1002     ·     ·     ·     y     y  y      ·       ·           ·  ·       y
hand-in K1001     ·     y     y     ·     ·  ·      ·       ·           ·  ·       ·
hand-in K1000     ·     ·     y     ·     ·  ·      ·       ·           ·  ·       ·
close-month       ·     ·     ·     y     y  ·      ·       ·           ·  ·       ·
draft-bands       ·     ·     ·     y     ·  ·      y       ·           ·  ·       ·
decide-bands      ·     ·     ·     ·     ·  ·      ·       ·           y  ·       ·
decide-adoption   ·     ·     ·     ·     ·  ·      ·       ·           y  ·       ·
draft-policy      ·     ·     ·     y     y  y      ·       ·           ·  ·       ·
save-draft        ·     ·     ·     y     y  y      ·       ·           ·  ·       ·
submit-draft      ·     ·     ·     y     y  y      ·       ·           ·  ·       ·
take-back-draft   ·     ·     ·     y     y  y      ·       ·           ·  ·       ·
decide-draft      ·     ·     ·     ·     ·  ·      ·       ·           y  ·       ·
withdraw-adoption ·     ·     ·     y     ·  ·      ·       ·           y  ·       ·
approve-role      ·     ·     ·     ·     ·  ·      ·       ·           y  ·       ·
"""
CELLS = [
    (*line.split()[: -len(ACCOUNTS)], account, answer == "y")
    for line in TABLE.strip().splitlines()[1:]
    for account, answer in zip(ACCOUNTS, line.split()[-len(ACCOUNTS) :], strict=True)
]


@pytest.fixture(autouse=True)
def _the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *args, **options: DAY)
    cache.clear()


@pytest.fixture(scope="module")
def made(house: Company, django_db_blocker: Any) -> Company:
    """``K1002`` has made a change of a pay table, a request for an adoption and a grant."""
    with django_db_blocker.unblock():
        house.account("payroll-two", role="payroll", department="信息客服二组")
        both = house.accounts["K1002"]
        for role in ("hr", "payroll", "gm"):
            house.grant(both, role)
        for no in ("K2031", "K1002", "K1000"):
            Doubt.objects.create(
                employee=house.people[no],
                month=MONTH,
                metric=Metric.objects.get(key="excellent_cases"),
                text="?",
                shown="2",
            )
            raised_for(house.people[no])
        judge = house.account("judge-of-all", role="judge")
        for no, where, state in (
            ("K2031", "信息客服一组", "open"), ("K1002", "信息客服二组", "open"),
            ("K2032", "信息客服一组", "closed"), ("K1000", "信息客服部", "closed"),
        ):  # fmt: skip
            planted_round(house.people[no], house.departments[where], judge, state)
        for no, where in (("K2031", "信息客服一组"), ("K1002", "信息客服二组")):
            planted_notice(house.people[no], house.departments[where], judge)
        drafted = _draft(access_of(both, DAY), "made by K1002")
        submit_change(access=access_of(both, DAY), change_id=drafted.pk)
        AdoptionRequest.objects.create(
            policy=LADDER, department=house.departments["信息客服部"], starts_on=date(2027, 1, 1), requested_by=both,
            values={"exam_validity": "6 months"}, consultation="职工代表讨论",
        )  # fmt: skip
        draft = start_draft(access=access_of(both, DAY), base=PolicyVersion.objects.get())
        text = draft.document.replace("value: 12 months", "value: 6 months", 1)
        save_draft(access=access_of(both, DAY), draft_id=draft.pk, revision=1, text=text, now=timezone.now())
        submit_draft(
            access=access_of(both, DAY), draft_id=draft.pk, revision=2, consultation="heard", now=timezone.now()
        )
        RoleGrant.objects.create(
            account=house.accounts["K2031"], role="payroll", period=(DAY, None), granted_by=both, reason="test"
        )
    return house


def _draft(access: Access, reason: str) -> PayTableChange:
    star = TierAmounts("star", None, Decimal(3000), Decimal(4000), Decimal(5000))
    return draft_change(access=access, ladder=LADDER, starts_on=date(2027, 1, 1), reason=reason, amounts=[star])


def posted(who: Employee | None) -> NoticeEntry:
    """The person's name on a notice."""
    return NoticeEntry.objects.get(application__employee=who)


def before(who: Employee | None) -> Round:
    """The round before whose panel the person stands."""
    return Round.objects.get(candidates__application__employee=who)


def not_open_yet(who: Employee | None) -> Round:
    """The same while nobody scores."""
    found = before(who)
    Round.objects.filter(pk=found.pk).update(state="arranged")
    return found


Act = Callable[[Access, Employee | None], Any]
ACTS: dict[str, Act] = {
    "change": lambda access, who: change(access=access, employee=who, changes={"position": "客服"}),
    "move": lambda access, who: move_supervisor(access=access, employee=who, supervisor=None, from_day=DAY),
    "absence": lambda access, who: save_absence(
        access=access, employee=who, first_day=DAY, last_day=DAY, kind="sick"
    ),
    "value": lambda access, who: save_values(
        access=access, employee=who, month=MONTH.next, values={Metric.objects.get(key="excellent_cases"): Decimal(1)}
    ),
    "event": lambda access, who: save_event(
        access=access, employee=who, event_no="X-1", day=date(2026, 11, 3), status="alleged",
        kind=EventKind.objects.get(key="complaint"),
    ),
    "doubt": lambda access, who: answer_doubt(
        access=access, doubt=Doubt.objects.get(employee=who), text="it stands", now=timezone.now()
    ),
    "case": lambda access, who: handle_case(
        access=access, case=Case.objects.get(employee=who, kind="praise"), note="done"
    ),
    "post-notice": lambda access, who: post_notice(access=access, applications=[posted(who).application_id]),
    "end-notice": lambda access, who: end_notice(access=access, notice_id=posted(who).notice_id),
    "object": lambda access, who: raise_objection(access=access, entry_id=posted(who).pk, text="It is not so."),
    "answer-object": lambda access, who: answer_objection(
        access=access, objection_id=posted(who).objections.get().pk, upheld=False, answer="no"
    ),
    "cancel-round": lambda access, who: cancel_round(access=access, round_id=before(who).pk, reason="ill"),
    "close-round": lambda access, who: close_round(
        access=access, round_id=before(who).pk, minutes="m", now=timezone.now()
    ),
    "settle-round": lambda access, who: settle_recusal(
        access=access, round_id=before(who).pk, recusal_id=0, upheld=True, answer="so", now=timezone.now()
    ),
    "remind-round": lambda access, who: remind_judges(access=access, round_id=before(who).pk, now=timezone.now()),
    "add-to-round": lambda access, who: add_candidates(
        access=access, round_id=not_open_yet(who).pk, applications=[], now=timezone.now()
    ),
    "take-out": lambda access, who: take_out_candidate(
        access=access, round_id=not_open_yet(who).pk, candidate_id=0, reason="r", now=timezone.now()
    ),
    "score": lambda access, who: save_sheet(
        access=access, round_id=before(who).pk, ordinal=1, points={}, comment="", typed=timezone.now(), now=timezone.now()
    ),
    "declare": lambda access, who: declare(
        access=access, round_id=before(who).pk, conflict=False, now=timezone.now()
    ),
    "tie": lambda access, who: decide_tie(access=access, round_id=before(who).pk, winners=[], words="both"),
    "pay": lambda access, who: save_pay_record(
        access=access, employee=who, starts_on=DAY, base=Decimal(1), post_wage=None, performance=None
    ),
    "devices": lambda access, who: end_devices(access=access, account=Account.objects.get(employee=who)),
    "hand-in": lambda access, who: hand_in_month(access=access, month=MONTH.next, supervisor=who, note="late"),
    "close-month": lambda access, who: close_month(access=access, month=MONTH.next, now=timezone.now()),
    "draft-bands": lambda access, who: _draft(access, "another"),
    "decide-bands": lambda access, who: decide_change(
        access=access, change_id=PayTableChange.objects.get().pk, approve=False, answer="no", now=timezone.now()
    ),
    "decide-adoption": lambda access, who: decide_adoption(
        access=access, request_id=AdoptionRequest.objects.get().pk, approve=False, reason="no", now=timezone.now()
    ),
    "draft-policy": lambda access, who: start_draft(access=access, base=PolicyVersion.objects.get()),
    "save-draft": lambda access, who: save_draft(
        access=access, draft_id=PolicyDraft.objects.get().pk, revision=1, text="policy: p", now=timezone.now()
    ),
    "submit-draft": lambda access, who: submit_draft(
        access=access, draft_id=PolicyDraft.objects.get().pk, revision=1, consultation="heard", now=timezone.now()
    ),
    "take-back-draft": lambda access, who: take_back_draft(
        access=access, draft_id=PolicyDraft.objects.get().pk, now=timezone.now()
    ),
    "decide-draft": lambda access, who: decide_draft(
        access=access, draft_id=PolicyDraft.objects.get().pk, submission="", approve=True, reason="", now=timezone.now()
    ),
    "withdraw-adoption": lambda access, who: withdraw_adoption(
        access=access, adoption_id=Adoption.objects.order_by("pk").values_list("pk", flat=True)[0], reason="no"
    ),
    "approve-role": lambda access, who: approve_grant(
        access=access, grant=RoleGrant.objects.get(granted_by__username="K1002")
    ),
}  # fmt: skip


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


@pytest.mark.parametrize("account", ACCOUNTS)
def test_bands_are_rows_for_whoever_reads_bands_and_for_nobody_else(made: Company, db: None, account: str) -> None:
    access = access_of(Account.objects.get(username=account), DAY)
    readers = {"K1002", "payroll", "payroll-two", "gm", "auditor"}
    assert PayTableChange.objects.visible_to(access).exists() is (account in readers)
    assert not (PayBand.objects.visible_to(access).exists() and account not in readers)
