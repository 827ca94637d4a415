"""Whatever anybody tries on whatever day: an application stands where the page of processes says, and what is refused
changes nothing. ``MACHINE_EXAMPLES=200`` draws as many other lives.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Callable
from datetime import date, datetime, timedelta
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

from promotion.applications.actions.appeal_decide import decide_appeal
from promotion.applications.actions.appeal_raise import raise_appeal
from promotion.applications.actions.decide import approve, decline_application
from promotion.applications.actions.draft_save import open_draft, save_draft
from promotion.applications.actions.exam_confirm import confirm_exam
from promotion.applications.actions.nominate import accept_nomination, decline_nomination, nominate
from promotion.applications.actions.opine import opine
from promotion.applications.actions.review import review
from promotion.applications.actions.send_back import send_back
from promotion.applications.actions.skip_open import open_skip
from promotion.applications.actions.step_finish import halt
from promotion.applications.actions.submit import submit
from promotion.applications.actions.take_effect import take_effects
from promotion.applications.actions.withdraw import withdraw
from promotion.applications.attesting import Answer, asked_at
from promotion.applications.models import Appeal, Application, ApplicationEvent, Attestation
from promotion.applications.standings import digest_of
from promotion.models import LedgerLine, TierPeriod
from promotion.notices.actions.notice_end import end_due_notices
from promotion.notices.actions.notice_post import post_notice
from promotion.notices.actions.objection_answer import answer_objection
from promotion.notices.actions.objection_raise import raise_objection
from promotion.notices.models import Objection
from promotion.panels.actions.judge_declare import declare
from promotion.panels.actions.round_arrange import Sitting, arrange_round
from promotion.panels.actions.round_cancel import cancel_round
from promotion.panels.actions.round_close import close_round
from promotion.panels.actions.round_open import open_round
from promotion.panels.actions.sheet_submit import submit_sheet
from promotion.panels.models import Candidate, Round
from staff.kernel.access import Access, Refused
from staff.kernel.workdays import term_end
from staff.models import AuditEntry, OutboxMessage
from staff.selectors.access import access_of
from tests.applications.paper import EMPLOYEES, ENDINGS, EVERYBODY, HEAD, HR, MANAGERS, OWN, TIMED, Paper, newest
from tests.kept import kept
from tests.panels.conftest import points
from tests.web.company import TODAY, Company, make_company

EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "0"))
WHO = st.sampled_from(EVERYBODY)
LINE = ("application", "review", "defence", "decision", "public_notice", "effect")
JUDGES = ("judge-1", "judge-2", "judge-3", "judge-4", "judge-5")
OPENS = datetime(2026, 1, 1, tzinfo=timezone.get_default_timezone())
CLOSES = OPENS + timedelta(days=3000)
#: What nobody may meet before the round is closed.
FAIR, POOR = "83.37", "71.13"


def _with_managers() -> Company:
    company = make_company()
    company.account("gm-two", role="gm")
    company.grant(company.accounts[HEAD], "gm")
    for name in JUDGES:
        company.account(name)
    return company


house = kept(_with_managers, TODAY)


class Life(RuleBasedStateMachine):
    """``papers`` are the model's, beside ``rows``, the product's; ``clock`` remembers at which instant which day began."""

    company: Company
    clock: list[tuple[datetime, date]]
    reached: set[str]

    @initialize(steps=st.integers(0, 10))
    def begin_of_all(self, steps: int) -> None:
        """Lives begin somewhere on the way."""
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.papers: list[Paper] = []
        self.rows: list[int] = []
        self.frozen: dict[int, str] = {}
        self.lines = LedgerLine.objects.filter(employee=self.person).count()
        self.clock.clear()
        self.set_day(TODAY)
        for _step in range(steps):
            self.next_step()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @property
    def person(self) -> Any:
        return self.company.people[OWN]

    def set_day(self, day: date) -> None:
        self.day = day
        self.clock.append((timezone.now(), day))

    def of(self, who: str) -> Access:
        return access_of(self.company.accounts[who], self.day)

    def job(self) -> Access:
        return Access.system(self.day, "nightly")

    @property
    def paper(self) -> Paper:
        found = newest(self.papers)
        assert found is not None
        return found

    @property
    def row(self) -> Application:
        pk = self.rows[self.papers.index(self.paper)]
        return Application.objects.select_related("employee", "version").get(pk=pk)

    @property
    def round(self) -> Round:
        return Round.objects.filter(candidates__application=self.row).latest("pk")

    def tries(self, act: Callable[[], Any], expected: bool) -> Any:
        done, refusal = None, ""
        try:
            with transaction.atomic():
                done = act()
        except Refused as refused:
            refusal = refused.message
        assert (not refusal) is expected, refusal
        return None if refusal else done or True

    def new(self, row: Any, paper: Paper) -> None:
        """Something may have been begun: the very draft there is, or another."""
        if row and row.pk not in self.rows:
            self.rows.append(row.pk)
            self.papers.append(paper)

    @property
    def free(self) -> bool:
        """Nothing is under way, and the tier is still the one that the person was judged on."""
        return not any(one.unsettled or one.state == "effective" for one in self.papers)

    @rule(days=st.sampled_from([1, 1, 4, 9, 25]))
    def days_go_by(self, days: int) -> None:
        self.set_day(self.day + timedelta(days=days))

    @rule(who=st.sampled_from([OWN, OWN, "K2031", "K1002", HR, "gm"]))
    def begins(self, who: str) -> None:
        begun = bool(self.papers) and self.paper.state in ("draft", "returned")
        row = self.tries(lambda: open_draft(access=self.of(who)), who == OWN and (self.free or begun))
        self.new(row, Paper("applied", LINE, "draft"))

    @rule(who=WHO)
    def nominates(self, who: str) -> None:
        row = self.tries(
            lambda: nominate(access=self.of(who), employee=self.person, words="first of all"), who == HR and self.free
        )
        self.new(row, Paper("nominated", LINE, "nominated"))

    @rule(who=WHO, files=st.booleans())
    def opens_a_skip(self, who: str, files: bool) -> None:
        row = self.tries(
            lambda: open_skip(access=self.of(who), employee=self.person, to_tier="crown", merit="won back the largest"),
            who == HR and self.free,
        )
        self.new(row, Paper("skip", LINE[2:], "open", "defence", 1))

    @rule(who=st.sampled_from([HR, "gm", HEAD]))
    def confirms_an_exam(self, who: str) -> None:
        self.tries(lambda: confirm_exam(access=self.of(who), employee=self.person), False)

    @rule(who=WHO, accepts=st.booleans())
    @precondition(lambda self: self.papers)
    def answers_the_nomination(self, who: str, accepts: bool) -> None:
        act = accept_nomination if accepts else decline_nomination
        may = who == OWN and self.paper.state == "nominated"
        if self.tries(lambda: act(access=self.of(who), application=self.row), may):
            paper = self.paper
            paper.end("draft" if accepts else "withdrawn")

    @rule(who=st.sampled_from([OWN, OWN, OWN, HEAD, HR]), words=st.sampled_from(["half a year", " "]))
    @precondition(lambda self: self.papers)
    def writes(self, who: str, words: str) -> None:
        may = who == OWN and self.paper.state in ("draft", "returned")
        if self.tries(lambda: save_draft(access=self.of(who), application=self.row, summary=words, results=words), may):
            self.paper.written = bool(words.strip())

    @rule(who=st.sampled_from([OWN, OWN, OWN, HEAD, HR]))
    @precondition(lambda self: self.papers)
    def hands_in(self, who: str) -> None:
        may = who == OWN and self.paper.state in ("draft", "returned") and self.paper.written
        if self.tries(lambda: submit(access=self.of(who), application=self.row), may):
            self.paper.hand_in()

    @rule(who=WHO, met=st.sampled_from([True, True, False]))
    @precondition(lambda self: self.papers)
    def reviews(self, who: str, met: bool) -> None:
        answers = {clause.number: Answer(met, "seen") for clause in asked_at(self.row, "review")}
        may = who == HEAD and self.paper.at("review")
        if self.tries(lambda: review(access=self.of(who), application=self.row, answers=answers), may):
            self.paper.onward() if met else self.paper.decline(who, self.day)

    @rule(who=st.sampled_from(["K1001", HEAD, HR, OWN]))
    @precondition(lambda self: self.papers)
    def opines(self, who: str) -> None:
        """Its document asks for no opinion."""
        self.tries(lambda: opine(access=self.of(who), application=self.row, words="well"), False)

    @rule(who=WHO)
    @precondition(lambda self: self.papers)
    def sends_back(self, who: str) -> None:
        may = who in (HEAD, HR) and self.paper.may_be_returned()
        if self.tries(lambda: send_back(access=self.of(who), application=self.row, words="letters are missing"), may):
            self.paper.end("returned")

    @rule(who=WHO)
    @precondition(lambda self: self.papers)
    def arranges(self, who: str) -> None:
        may = who == HR and self.paper.at("defence") and not self.paper.round
        sitting = Sitting(self.company.departments["信息客服部"], OPENS, CLOSES)
        judges = [self.company.accounts[name].pk for name in JUDGES]
        if self.tries(
            lambda: arrange_round(
                access=self.of(who), sitting=sitting, applications=[self.row.pk], judges=judges, now=self.now()
            ),
            may,
        ):
            self.paper.round = "arranged"

    @rule(total=st.sampled_from([FAIR, FAIR, POOR]))
    @precondition(lambda self: self.papers and self.paper.at("defence") and self.paper.round == "arranged")
    def the_panel_scores(self, total: str) -> None:
        found = self.round
        for name in JUDGES:
            declare(access=self.of(name), round_id=found.pk, conflict=False, now=self.now())
        open_round(access=self.of(HR), round_id=found.pk, now=self.now())
        for name in JUDGES:
            submit_sheet(
                access=self.of(name), round_id=found.pk, ordinal=1, points=points(found, total), comment="well",
                typed=self.now(), now=self.now(),
            )  # fmt: skip
        self.paper.round = total

    @rule(who=WHO)
    @precondition(lambda self: self.papers and self.paper.round and self.paper.at("defence"))
    def closes_the_round(self, who: str) -> None:
        paper, found = self.paper, self.round
        may = who == HR and paper.round != "arranged"
        if self.tries(
            lambda: close_round(access=self.of(who), round_id=found.pk, minutes="asked", now=self.now()), may
        ):
            passed, paper.round = paper.round == FAIR, ""
            paper.onward() if passed else paper.decline(who, self.day)

    @rule(who=st.sampled_from([HR, HR, HEAD, "gm"]), chance=st.integers(0, 3))
    @precondition(lambda self: self.papers and self.papers[-1].round)
    def cancels_the_round(self, who: str, chance: int) -> None:
        """Also of an application that ended meanwhile: its round closes no more."""
        paper = self.paper
        if paper.at("defence") and chance:
            return
        found = self.round
        if self.tries(lambda: cancel_round(access=self.of(who), round_id=found.pk, reason="ill"), who == HR):
            paper.round = ""

    @rule(who=WHO, approves=st.sampled_from([True, True, False]))
    @precondition(lambda self: self.papers)
    def decides(self, who: str, approves: bool) -> None:
        may = who in MANAGERS and self.paper.at("decision")
        if approves:
            done = self.tries(lambda: approve(access=self.of(who), application=self.row, words="agreed"), may)
        else:
            done = self.tries(
                lambda: decline_application(access=self.of(who), application=self.row, words="later", clause="五.2"),
                may,
            )
        if done:
            self.paper.onward() if approves else self.paper.decline(who, self.day)

    @rule(who=WHO)
    @precondition(lambda self: self.papers)
    def takes_it_back(self, who: str) -> None:
        if self.tries(
            lambda: withdraw(access=self.of(who), application=self.row), who == OWN and self.paper.may_be_withdrawn()
        ):
            self.paper.end("withdrawn")

    @rule(chance=st.integers(0, 3))
    @precondition(lambda self: self.papers)
    def a_trigger_fires(self, chance: int) -> None:
        act = lambda: halt(access=self.job(), application=self.row, words="a clause is met", clause="八.2")  # noqa: E731
        if not chance and self.tries(act, self.paper.state in ("open", "returned")):
            self.paper.end("halted")

    @rule(who=WHO)
    @precondition(lambda self: self.papers and self.papers[-1].refused_by)
    def appeals(self, who: str) -> None:
        paper, row = self.paper, self.row
        in_time = self.day <= term_end(paper.refused_on, 10)
        may = who == OWN and paper.state == "declined" and not paper.appeal and in_time
        if self.tries(lambda: raise_appeal(access=self.of(who), application=row, text="two plans"), may):
            paper.appeal = "open"

    @rule(who=WHO, upheld=st.booleans())
    @precondition(lambda self: any(one.appeal == "open" for one in self.papers))
    def answers_the_appeal(self, who: str, upheld: bool) -> None:
        """Of whichever paper it is open: where another was begun meanwhile, none is opened again."""
        at = next(at for at, one in enumerate(self.papers) if one.appeal == "open")
        paper, appeal = self.papers[at], Appeal.objects.get(application=self.rows[at], state="open")
        may = who in MANAGERS and who != paper.refused_by and not (upheld and any(one.unsettled for one in self.papers))
        if self.tries(lambda: decide_appeal(access=self.of(who), appeal=appeal, upheld=upheld, words="so"), may):
            paper.appeal = "settled"
            if upheld:
                paper.reopen()

    @rule(who=WHO)
    @precondition(lambda self: self.papers)
    def posts(self, who: str) -> None:
        paper = self.paper
        may = who == HR and paper.at("public_notice") and paper.ends_on is None
        if self.tries(lambda: post_notice(access=self.of(who), applications=[self.row.pk]), may):
            paper.ends_on = term_end(self.day, 10 if paper.kind == "skip" else 5)
            paper.objectors, paper.answered_on = [], None

    @rule(who=WHO)
    @precondition(lambda self: self.papers and self.paper.ends_on is not None)
    def objects(self, who: str) -> None:
        paper, entry = self.paper, self.row.entries.latest("pk")
        may = who in EMPLOYEES and paper.at("public_notice") and self.day <= (paper.ends_on or date.min)
        may = may and who not in paper.objectors
        if self.tries(lambda: raise_objection(access=self.of(who), entry_id=entry.pk, text="grounds"), may):
            paper.objectors.append(who)

    @rule(who=WHO, upheld=st.sampled_from([True, False, False]))
    @precondition(lambda self: self.papers and self.paper.objectors)
    def answers(self, who: str, upheld: bool) -> None:
        paper = self.paper
        found = Objection.objects.filter(entry__application=self.row, state="open").earliest("pk")
        if self.tries(
            lambda: answer_objection(access=self.of(who), objection_id=found.pk, upheld=upheld, answer="so"), who == HR
        ):
            paper.objectors.pop(0)
            paper.answered_on = self.day
            if upheld and paper.at("public_notice"):
                paper.step, paper.ends_on = "decision", None

    @rule()
    def a_night(self) -> None:
        end_due_notices(access=self.job())
        take_effects(access=self.job())
        for paper in self.papers:
            paper.night(self.day)

    @rule(steps=st.integers(1, 6))
    def goes_on_as_it_should(self, steps: int) -> None:
        """Whoever has to act does, so that lives come to an end."""
        for _step in range(steps):
            self.next_step()

    def next_step(self) -> None:
        if not self.papers or not self.paper.unsettled:
            return self.begins(OWN)
        paper = self.paper
        self.reached.add(paper.step or paper.state)
        if paper.state == "nominated":
            return self.answers_the_nomination(OWN, True)
        if paper.state in ("draft", "returned"):
            self.writes(OWN, "half a year")
            return self.hands_in(OWN)
        if paper.step == "review":
            return self.reviews(HEAD, True)
        if paper.step == "defence":
            return self._before_the_panel(paper)
        if paper.step == "decision":
            return self.decides("gm", True)
        if paper.step == "public_notice" and paper.ends_on is None:
            return self.posts(HR)
        if paper.objectors:
            return self.answers(HR, False)
        self.set_day(self.day + timedelta(days=12))
        return self.a_night()

    def _before_the_panel(self, paper: Paper) -> None:
        if not paper.round:
            return self.arranges(HR)
        return self.the_panel_scores(FAIR) if paper.round == "arranged" else self.closes_the_round(HR)

    def now(self) -> datetime:
        return OPENS + (self.day - OPENS.date()) + timedelta(hours=9)

    @invariant()
    def it_stands_where_the_model_says(self) -> None:
        rows = {row.pk: row for row in Application.objects.filter(employee=self.person)}
        assert set(rows) == set(self.rows)
        for pk, paper in zip(self.rows, self.papers, strict=True):
            row = rows[pk]
            assert (row.state, row.step, row.attempt) == (paper.state, paper.step, paper.attempt)
            assert (row.due_on is not None) == (paper.step in TIMED), paper.step
            self.reached.add(paper.step or paper.state)
            moved = ApplicationEvent.objects.filter(application=pk).exclude(act__in=["arranged", "posted"]).latest("pk")
            assert moved.act in ENDINGS[paper.step or paper.state]
        assert sum(row.state in ("draft", "nominated", "open", "returned") for row in rows.values()) <= 1

    @invariant()
    def the_ledger_agrees(self) -> None:
        effective = [paper for paper in self.papers if paper.state == "effective"]
        lines = LedgerLine.objects.filter(employee=self.person).order_by("seq")[self.lines :]
        assert [(line.kind, line.effective_on) for line in lines] == [
            ("skip" if paper.kind == "skip" else "promotion", paper.effective_on) for paper in effective
        ]
        held = TierPeriod.objects.get(employee=self.person, period__contains=self.day).tier
        assert held == (("crown" if effective[-1].kind == "skip" else "diamond") if effective else "star")

    @invariant()
    def what_was_frozen_stays(self) -> None:
        for row in Application.objects.filter(pk__in=self.rows).exclude(frozen=None):
            assert row.frozen is not None
            assert self.frozen.setdefault(row.pk, row.frozen_digest) == row.frozen_digest == digest_of(row.frozen)

    @invariant()
    def nobody_judged_their_own(self) -> None:
        judged = ["opined", "reviewed", "approved", "passed", "declined", "returned", "upheld", "posted"]
        by_them = {"by__employee": self.person, "application__in": self.rows}
        assert not ApplicationEvent.objects.filter(act__in=judged, **by_them).exists()
        assert not Attestation.objects.filter(**by_them).exists()

    @invariant()
    def nothing_of_a_score_is_out_before_its_round_is_closed(self) -> None:
        """Not in what is kept, nor in what is told: nor whether anybody has scored."""
        under_way = Candidate.objects.filter(application__in=self.rows).exclude(round__state__in=["closed"])
        assert not under_way.exclude(total=None, outcome="").exists()
        if not self.papers or self.paper.round not in (FAIR, POOR):
            return
        entries = AuditEntry.objects.filter(object_type__in=["score", "round"], object_key=str(self.round.pk))
        told = [
            *entries.values_list("action", "before", "after"),
            *OutboxMessage.objects.filter(payload__round=self.round.pk).values_list("kind", "payload"),
            *ApplicationEvent.objects.filter(application=self.row, data__round=self.round.pk).values_list(
                "act", "data"
            ),
        ]
        assert not [one for one in told if FAIR in str(one) or POOR in str(one)]
        assert not [one for one in told if one[0] in ("sheet_handed_in", "round_closed")]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[tuple[datetime, date]]:
    """The days of the machine: what the database stamped is of the day that it then was."""
    known: list[tuple[datetime, date]] = []

    def day_of(value: datetime | None = None, *args: Any) -> date:
        if not known:
            return TODAY
        at = len(known) if value is None else bisect_right([instant for instant, _day in known], value)
        return known[max(at, 1) - 1][1]

    monkeypatch.setattr(timezone, "localdate", day_of)
    return known


def test_whatever_is_tried_an_application_goes_its_way_and_the_ledger_with_it(
    house: Company, db: None, clock: list[tuple[datetime, date]]
) -> None:
    reached: set[str] = set()
    run_state_machine_as_test(
        type("Life", (Life,), {"company": house, "clock": clock, "reached": reached}),
        settings=settings(
            max_examples=EXAMPLES or 8, stateful_step_count=30, derandomize=not EXAMPLES, deadline=None, database=None,
            phases=[Phase.generate], suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    assert reached >= {"draft", "review", "defence", "decision", "public_notice", "effect", "effective"}
