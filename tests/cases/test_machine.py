"""Whatever anybody tries on whatever day: a case stands where the page of processes says, and what is refused changes
nothing. ``MACHINE_EXAMPLES=200`` draws as many other lives.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from assessment.models import Case
from promotion.cases.actions.appeal import name_decider
from promotion.cases.actions.check import Answer
from promotion.cases.actions.decide import Demotion, Plan, decide_case
from promotion.cases.actions.dismissal import arrange, reassess, record_outcome
from promotion.cases.actions.plan import note_plan
from promotion.cases.actions.restore import restore_tier
from promotion.cases.actions.take_effect import take_demotions
from promotion.cases.models import Proceeding, ProceedingAct
from promotion.models import LedgerLine, TierPeriod
from staff.kernel.access import Access, Refused
from staff.kernel.periods import Month
from staff.kernel.workdays import term_end
from tests.cases.steps import REASON, Course, dismissal_of
from tests.web.company import TODAY, Company

EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "0"))
#: Whom the demotion is about, and whom the clause of dismissal. ``K1000`` is head, HR and general manager at once.
DEMOTED, DISMISSED = "K2041", "K2042"
HEAD = "K1000"
HR, MANAGERS = ("hr", HEAD), ("gm", "gm-two", HEAD)
WHO = st.sampled_from(
    [
        DEMOTED,
        DISMISSED,
        "K1001",
        HEAD,
        "K1002",
        "K2034",
        "hr",
        "hr-two",
        "gm",
        "gm-two",
        "payroll",
        "auditor",
        "operator",
    ]
)
GONE = {"state": "withdrawn", "withdrawn_note": "corrected", "withdrawn_at": "2026-11-13T08:00:00+08:00"}
#: The last act that moved it, by where it stands; a correction moves it without one.
ENDINGS = {
    "checked": {"checked"}, "served": {"served"}, "stated": {"stated"}, "planned": {"decided"}, "decided": {"decided"},
    "appealed": {"appealed"}, "upheld": {"answered"}, "arranged": {"arranged"}, "reassessed": {"reassessed"},
    "effective": {"effective"},
}  # fmt: skip


class Life(RuleBasedStateMachine):
    """The model is what stands in plain attributes: ``state`` and ``outcome``, days, and who did what."""

    company: Company
    today: list[date]
    reached: set[str]

    @initialize(dismissal=st.sampled_from([False, False, True]), steps=st.integers(0, 7))
    def begin(self, dismissal: bool, steps: int) -> None:
        """Lives begin somewhere on the way."""
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.who = DISMISSED if dismissal else DEMOTED
        company = self.company
        found = Proceeding.objects.filter(case__employee=company.people[DEMOTED])
        self.course = dismissal_of(company, DISMISSED) if dismissal else Course(company, found.get())
        self.set_day(TODAY)
        self.demotion, self.state, self.outcome = not dismissal, "proposed", ""
        self.statement_due = self.appeal_until = self.tier_on = self.arranged_until = date.min
        self.protected: bool | None = None
        self.checked_by = self.decided_by = self.answered_by = self.named = ""
        self.stated = self.asked_anew = False
        self.lines = LedgerLine.objects.filter(employee=company.people[self.who]).count()
        for _step in range(steps):
            self.next_step()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @property
    def day(self) -> date:
        return self.course.day

    def set_day(self, day: date) -> None:
        self.course.day = self.today[0] = day

    @property
    def heard(self) -> bool:
        return self.state == "stated" or (self.state == "served" and self.day > self.statement_due)

    def tries(self, act: Callable[[], Any], expected: bool) -> bool:
        refusal = ""
        try:
            with transaction.atomic():
                act()
        except Refused as refused:
            refusal = refused.message
        assert (not refusal) is expected, refusal
        return not refusal

    def of(self, who: str) -> dict[str, Any]:
        return {"access": self.course.access(who), "proceeding": self.course.now}

    @rule(days=st.sampled_from([1, 3, 8, 25]))
    def days_go_by(self, days: int) -> None:
        self.set_day(self.day + timedelta(days=days))

    @rule(who=WHO, pregnant=st.sampled_from([False, False, True]))
    def checks(self, who: str, pregnant: bool) -> None:
        again = not self.demotion and self.state in ("checked", "served", "stated", "arranged", "reassessed")
        may = who in HR and (self.state == "proposed" or again)
        if self.tries(lambda: self.course.check(who, maternity=Answer(pregnant, "her letter")), may):
            self.state = "checked" if self.state == "proposed" else self.state
            self.protected, self.checked_by, self.asked_anew = pregnant, who, True

    @rule(who=WHO)
    def serves(self, who: str) -> None:
        if self.tries(lambda: self.course.serve(who), who in HR and self.state == "checked"):
            self.state, self.statement_due = "served", term_end(self.day, 5)

    @rule(who=WHO)
    def states(self, who: str) -> None:
        may = who == self.who and self.state == "served" and self.day <= self.statement_due
        if self.tries(lambda: self.course.state(who=who), may):
            self.state, self.stated = "stated", True

    @rule(who=WHO, what=st.sampled_from(["demotion", "demotion", "plan", "nothing"]), early=st.integers(0, 3))
    def decides(self, who: str, what: str, early: int) -> None:
        """``early``: the effect would come while it may still be appealed."""
        until = term_end(self.day, 10)
        on = until + timedelta(days=9 if early else 0)
        may = who == HEAD and self.demotion and self.heard and self.checked_by != HEAD
        may = may and (what != "demotion" or bool(early))
        goals = (self.course.row.case.clause,)
        mentor = self.company.people["K2034"]
        how: dict[str, Any] = {
            "demotion": {"demotion": Demotion("contract", on, on)},
            "plan": {"plan": Plan(goals, Month.of(self.day) + 2, mentor)}, "nothing": {},
        }[what]  # fmt: skip
        if self.tries(lambda: decide_case(**self.of(who), reason=REASON, on_statement="taken up", **how), may):
            self.decided_by = who
            self.state = {"demotion": "decided", "plan": "planned", "nothing": "closed"}[what]
            self.outcome = "no_action" if what == "nothing" else ""
            if what == "demotion":
                self.appeal_until, self.tier_on = until, on

    @rule(who=WHO)
    def decides_past_the_statement(self, who: str) -> None:
        if self.stated:
            self.tries(lambda: decide_case(**self.of(who), reason=REASON), False)

    @rule(who=WHO)
    def appeals(self, who: str) -> None:
        may = who == self.who and self.state == "decided" and self.day <= self.appeal_until
        if self.tries(lambda: self.course.appeal(who), may):
            self.state = "appealed"

    @rule(who=WHO, whom=st.sampled_from(["payroll", "gm-two", HEAD, "hr", "K1001", DEMOTED]))
    def names_who_answers(self, who: str, whom: str) -> None:
        """Neither themselves, nor whoever took or advised it, reports to them, or is the person."""
        near = (self.decided_by, self.checked_by, who, DEMOTED, "K1001", "K2034")
        may = who in HR and self.state == "appealed" and whom not in near
        if self.tries(lambda: name_decider(**self.of(who), account=self.company.accounts[whom]), may):
            self.named = whom

    @rule(who=WHO, upheld=st.booleans())
    def answers_the_appeal(self, who: str, upheld: bool) -> None:
        may = self.state == "appealed" and who not in (self.decided_by, self.checked_by)
        may = may and (who == self.named if self.named else who in MANAGERS)
        on = max(self.day, self.appeal_until) + timedelta(days=6)
        days = {"tier_on": on, "pay_on": on} if upheld else {}
        if self.tries(lambda: self.course.answer(upheld, who, **days), may):
            self.answered_by = who
            self.state, self.outcome = ("upheld", "") if upheld else ("closed", "overturned")
            self.tier_on = on if upheld else self.tier_on

    @rule(who=WHO)
    def notes_the_plan(self, who: str) -> None:
        self.tries(
            lambda: note_plan(**self.of(who), words="talked it over"),
            who in ("K1001", *HR, "K2034") and self.state == "planned",
        )

    @rule(who=WHO)
    @precondition(lambda self: not self.demotion)
    def arranges(self, who: str) -> None:
        until = self.day + timedelta(days=20)
        if self.tries(lambda: arrange(**self.of(who), words="training", until=until), who in HR and self.heard):
            self.state, self.arranged_until = "arranged", until

    @rule(who=WHO)
    def reassesses(self, who: str) -> None:
        may = who in HR and self.state == "arranged" and self.protected is False and self.day > self.arranged_until
        if self.tries(lambda: reassess(**self.of(who), words="seen again"), may):
            self.state, self.asked_anew = "reassessed", False

    @rule(who=WHO)
    def records_an_outcome(self, who: str) -> None:
        may = who in HR and self.state == "reassessed" and self.protected is False and self.asked_anew
        if self.tries(lambda: record_outcome(**self.of(who), words=REASON, counsel="so"), may):
            self.state, self.outcome = "closed", "recorded"

    @rule()
    def a_night(self) -> None:
        take_demotions(access=Access.system(self.day, "nightly"))
        over = self.state == "upheld" or (self.state == "decided" and self.day > self.appeal_until)
        if over and self.tier_on <= self.day:
            self.state = "effective"

    @rule(chance=st.integers(0, 4))
    def a_correction_takes_the_facts_away(self, chance: int) -> None:
        if chance or not Case.objects.filter(pk=self.course.row.pk).exclude(state="withdrawn").update(**GONE):
            return
        if self.state == "effective":
            self.state = "restoring"
        elif self.state not in ("closed", "restoring"):
            self.state, self.outcome = "closed", "withdrawn"

    @rule(who=WHO)
    def restores(self, who: str) -> None:
        may = who in MANAGERS and self.state == "restoring"
        if self.tries(lambda: restore_tier(**self.of(who), words=REASON), may):
            self.state, self.outcome = "closed", "restored"

    @rule(steps=st.integers(1, 5))
    def goes_on_as_it_should(self, steps: int) -> None:
        for _step in range(steps):
            self.next_step()

    def next_step(self) -> None:
        """Whoever has to act does, so that lives come to an end."""
        self.reached.add(self.state)
        self.a_night()
        ways: dict[str, Callable[[], None]] = {
            "proposed": lambda: self.checks("hr", False), "checked": lambda: self.serves("hr"), "served": self.hears,
            "stated": lambda: self.decides(HEAD, "demotion", 1) if self.demotion else self.arranges("hr"),
            "decided": lambda: self.appeals(self.who), "appealed": lambda: self.answers_the_appeal("gm-two", True),
            "arranged": lambda: self.reassesses("hr"), "upheld": self.waits, "reassessed": lambda: self.checks("hr", False),
        }  # fmt: skip
        if self.state == "reassessed" and self.asked_anew:
            self.records_an_outcome("hr")
        elif self.state in ways:
            ways[self.state]()

    def hears(self) -> None:
        if self.day <= self.statement_due:
            self.states(self.who)
        elif self.demotion:
            self.decides(HEAD, "demotion", 1)
        else:
            self.arranges("hr")

    def waits(self) -> None:
        self.set_day(max(self.day, self.tier_on))
        self.a_night()

    @invariant()
    def it_stands_where_the_model_says(self) -> None:
        row = self.course.now
        self.reached.add(row.state)
        assert (row.state, row.outcome, row.protected) == (self.state, self.outcome, self.protected)
        case = Case.objects.get(pk=row.pk)
        if case.state != "withdrawn":
            assert case.state == ("done" if self.state in ("closed", "effective") else "open")
        moved = row.acts.exclude(act__in=["read", "named", "noted"]).last()
        if self.state in ENDINGS and moved is not None and not (moved.act == "checked" and not self.demotion):
            assert moved.act in ENDINGS[self.state]
        assert (row.due_on is None) == (
            self.state in ("proposed", "upheld", "reassessed", "effective", "closed", "restoring")
        )

    @invariant()
    def the_ledger_agrees(self) -> None:
        person = self.company.people[self.who]
        lines = LedgerLine.objects.filter(employee=person).order_by("seq")[self.lines :]
        fell = self.state in ("effective", "restoring") or self.outcome == "restored"
        kinds = ["demotion"] * fell + ["restoration"] * (self.outcome == "restored")
        assert [line.kind for line in lines] == kinds
        if fell:
            assert lines[0].effective_on == self.tier_on > self.appeal_until
        if self.demotion:
            held = TierPeriod.objects.get(employee=person, period__contains=self.day).tier
            assert held == ("star" if self.state in ("effective", "restoring") else "diamond")

    @invariant()
    def nobody_decided_twice_or_about_themselves(self) -> None:
        row = self.course.now
        if row.answered_by_id is not None:
            assert row.answered_by_id not in (row.decided_by_id, row.checked_by_id)
        theirs = ProceedingAct.objects.filter(proceeding=row, by__employee=self.company.people[self.who])
        assert set(theirs.values_list("act", flat=True)) <= {"stated", "appealed"}
        if self.outcome == "recorded":
            assert row.protected is False


@pytest.fixture
def managers(company: Company) -> Company:
    company.account("gm-two", role="gm")
    for role in ("gm", "hr"):
        company.grant(company.accounts[HEAD], role)
    return company


def test_whatever_is_tried_nobody_falls_before_they_were_heard_and_every_term_is_over(
    managers: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached: set[str] = set()
    today = [TODAY]
    monkeypatch.setattr(timezone, "localdate", lambda *args: today[0])
    run_state_machine_as_test(
        type("Life", (Life,), {"company": managers, "today": today, "reached": reached}),
        settings=settings(
            max_examples=EXAMPLES or 10, stateful_step_count=30, derandomize=not EXAMPLES, deadline=None, database=None,
            phases=[Phase.generate], suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    assert reached >= {"proposed", "checked", "served", "stated", "decided", "appealed", "effective"}
