"""Whatever is done with a round in whatever order: it closes only whole, and what is refused changes nothing."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from promotion.panels.actions.judge_declare import declare
from promotion.panels.actions.judge_replace import replace_judge
from promotion.panels.actions.recusal_settle import settle_recusal
from promotion.panels.actions.round_cancel import cancel_round
from promotion.panels.actions.round_close import close_round
from promotion.panels.actions.round_open import open_round
from promotion.panels.models import Recusal, Round, ScoreSheet
from staff.kernel.access import Refused
from tests.panels.conftest import JUDGES, NOW, Panel

SEATS = st.integers(0, 4)
CANDIDATES = st.integers(1, 2)


class Life(RuleBasedStateMachine):
    """``seats``: who sits; ``declared`` and ``recused`` by user name; ``given``: (user name, ordinal) → total."""

    panel: Panel
    prepared: int
    spares: list[int]
    reached: set[str]

    @initialize(opened=st.booleans())
    def begin(self, opened: bool) -> None:
        """Half of the lives begin with a round that takes scores."""
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.pk, self.state, self.spare = self.prepared, "arranged", list(self.spares)
        self.seats, self.declared, self.recused = list(JUDGES), set[str](), set[str]()
        self.given: dict[tuple[str, int], str] = {}
        if opened:
            self.all_declare()
            self.opens()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def tries(self, act: Any, expected: bool) -> bool:
        done = True
        try:
            with transaction.atomic():
                act()
        except Refused:
            done = False
        assert done is expected
        return done

    @rule(at=SEATS)
    def declares_none(self, at: int) -> None:
        name = self.seats[at]
        may = self.state in {"arranged", "open"} and name not in self.recused
        if self.tries(lambda: declare(access=self.panel.of(name), round_id=self.pk, conflict=False, now=NOW), may):
            self.declared.add(name)

    @rule()
    @precondition(lambda self: self.state == "arranged")
    def all_declare(self) -> None:
        for name in set(self.seats) - self.declared:
            declare(access=self.panel.of(name), round_id=self.pk, conflict=False, now=NOW)
            self.declared.add(name)

    @rule(at=SEATS, chance=st.integers(0, 3))
    def recuses_themselves(self, at: int, chance: int) -> None:
        name = self.seats[at]
        if chance:
            return
        may = self.state in {"arranged", "open"} and name not in self.recused
        act = lambda: declare(access=self.panel.of(name), round_id=self.pk, conflict=True, words="kin", now=NOW)  # noqa: E731
        if self.tries(act, may):
            self.declared.add(name)
            self.recused.add(name)

    @rule()
    def upholds(self) -> None:
        for one in Recusal.objects.filter(judge__round=self.pk, judge__replaced_at=None, upheld=None):
            act = lambda one=one: settle_recusal(  # noqa: E731
                access=self.panel.hr, round_id=self.pk, recusal_id=one.pk, upheld=True, answer="so", now=NOW
            )
            self.tries(act, self.state in {"arranged", "open"})

    @rule()
    def opens(self) -> None:
        may = self.state == "arranged" and set(self.seats) <= self.declared and not self.recused & set(self.seats)
        if self.tries(lambda: open_round(access=self.panel.hr, round_id=self.pk, now=NOW), may):
            self.state = "open"

    @rule(at=SEATS, ordinal=CANDIDATES, total=st.sampled_from(["79.99", "80", "100"]))
    def scores(self, at: int, ordinal: int, total: str) -> None:
        name = self.seats[at]
        may = self.state == "open" and name in self.declared - self.recused and (name, ordinal) not in self.given
        if self.tries(lambda: self.panel.score(Round.objects.get(pk=self.pk), name, ordinal, total), may):
            self.given[name, ordinal] = total

    @rule()
    @precondition(lambda self: self.state == "open")
    def all_score(self) -> None:
        for name in set(self.seats) & self.declared - self.recused:
            for ordinal in (1, 2):
                if (name, ordinal) not in self.given:
                    self.panel.score(Round.objects.get(pk=self.pk), name, ordinal, "80")
                    self.given[name, ordinal] = "80"

    @rule(at=SEATS)
    @precondition(lambda self: self.spare)
    def replaces(self, at: int) -> None:
        seat = Round.objects.get(pk=self.pk).judges.get(account__username=self.seats[at], replaced_at=None)
        act = lambda: replace_judge(  # noqa: E731
            access=self.panel.hr, round_id=self.pk, judge_id=seat.pk, account_id=self.spare[-1], reason="ill", now=NOW
        )
        if self.tries(act, self.state in {"arranged", "open"}):
            self.seats[at] = f"spare-{self.spares.index(self.spare.pop())}"

    @rule()
    def closes(self) -> None:
        whole = all((name, ordinal) in self.given for name in self.seats for ordinal in (1, 2))
        may = self.state == "open" and whole and not self.recused & set(self.seats)
        if self.tries(lambda: close_round(access=self.panel.hr, round_id=self.pk, minutes="m", now=NOW), may):
            self.state = "closed"

    @rule()
    @precondition(lambda self: self.state == "open")
    def all_score_and_it_closes(self) -> None:
        self.all_score()
        self.closes()

    @rule(chance=st.integers(0, 19))
    def cancels(self, chance: int) -> None:
        act = lambda: cancel_round(access=self.panel.hr, round_id=self.pk, reason="ill")  # noqa: E731
        if not chance and self.tries(act, self.state in {"arranged", "open"}):
            self.state = "cancelled"

    @invariant()
    def holds(self) -> None:
        round = Round.objects.get(pk=self.pk)
        assert round.state == self.state
        self.reached.add(round.state)
        kept = {
            (sheet.judge.account.username, sheet.candidate.ordinal): sheet.total
            for sheet in ScoreSheet.objects.select_related("judge__account", "candidate")
        }
        assert {key: float(total) for key, total in self.given.items()} == {k: float(t) for k, t in kept.items()}
        told = list(round.candidates.exclude(total=None))
        assert len(told) == (2 if self.state == "closed" else 0)


def test_a_round_never_closes_but_whole_and_a_sheet_handed_in_never_changes(panel: Panel) -> None:
    reached: set[str] = set()
    prepared = {
        "panel": panel, "reached": reached, "prepared": panel.arranged("K2031", "K2032").pk,
        "spares": [panel.company.account(f"spare-{at}").pk for at in range(4)],
    }  # fmt: skip
    run_state_machine_as_test(
        type("Life", (Life,), prepared),
        settings=settings(
            max_examples=15, stateful_step_count=25, derandomize=True, deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    assert reached >= {"arranged", "open", "closed"}
