"""A round from arranging to closing: who may judge, what opens it, which scores it takes, what follows from it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from promotion.applications.models import Application
from promotion.panels.actions.candidate_take_out import take_out_candidate
from promotion.panels.actions.candidates_add import add_candidates
from promotion.panels.actions.judge_challenge import challenge_judge
from promotion.panels.actions.judge_declare import declare
from promotion.panels.actions.judge_replace import replace_judge
from promotion.panels.actions.recusal_settle import settle_recusal
from promotion.panels.actions.round_arrange import Sitting, arrange_round
from promotion.panels.actions.round_cancel import cancel_round
from promotion.panels.actions.round_close import close_round
from promotion.panels.actions.round_open import open_round
from promotion.panels.actions.sheet_save import save_sheet
from promotion.panels.actions.sheet_submit import submit_sheet
from promotion.panels.actions.tie_decide import decide_tie
from promotion.panels.models import Candidate, Judge, Recusal, Round, ScoreSheet
from promotion.panels.selectors import hindrances, is_complete, results_of, to_arrange
from staff.kernel.access import Forbidden, Refused
from staff.models import AuditEntry, OutboxMessage, RoleGrant
from tests.panels.conftest import BEFORE, CLOSES, JUDGES, NOW, OPENS, Panel, points

DEFENCE = ("K2031", "K2032")
COMPETITION: dict[str, Any] = {"step": "competition", "ladder": "tiered-exam", "to": "level3"}


def close(panel: Panel, round: Round, now: Any = NOW) -> Round:
    return close_round(access=panel.hr, round_id=round.pk, minutes="Asked about lost keywords. No dissent.", now=now)


def outcomes(round: Round) -> list[str]:
    return list(round.candidates.values_list("outcome", flat=True))


def test_sheet_bar_and_size_of_the_panel_come_from_the_version_and_judges_get_the_role_until_it_is_over(
    panel: Panel,
) -> None:
    round = panel.arranged(*DEFENCE)
    assert (round.bar, round.panel, round.aggregate) == (80, 5, "mean")
    assert [(line["key"], line["of"]) for line in round.sheet] == [
        ("speech", "40"),
        ("questions", "30"),
        ("material", "30"),
    ]
    grant = RoleGrant.objects.get(account__username="judge-a", role="judge")
    assert (grant.period.lower, grant.period.upper) == (OPENS.date(), OPENS.date() + timedelta(days=1))
    assert OutboxMessage.objects.filter(kind="round_assigned").count() == 5
    assert set(OutboxMessage.objects.filter(kind="round_called").values_list("recipient__username", flat=True)) == set(
        DEFENCE
    )


@pytest.mark.parametrize(
    ("account", "why"),
    [("K2032", "candidate"), ("K1001", "supervisor"), ("K1000", "review")],
)
def test_no_candidate_supervisor_or_reviewing_head_judges(panel: Panel, account: str, why: str) -> None:
    rows = [panel.applying(no) for no in DEFENCE]
    judges = [*panel.judge_accounts()[:4], panel.company.accounts[account].pk]
    with pytest.raises(Refused, match=why):
        arrange_round(
            access=panel.hr, applications=[row.pk for row in rows], judges=judges, now=BEFORE,
            sitting=Sitting(panel.company.departments["信息客服部"], OPENS, CLOSES),
        )  # fmt: skip


def test_a_panel_is_as_many_as_the_policy_says_and_nobody_comes_into_two_rounds(panel: Panel) -> None:
    rows = [panel.applying(no) for no in DEFENCE]
    with pytest.raises(Refused, match="panel of 5"):
        panel.arrange(rows, judges=4)
    panel.arrange(rows)
    with pytest.raises(Refused, match="in another round"):
        panel.arrange(rows[:1])


def test_forty_candidates_are_arranged_in_one_act(panel: Panel) -> None:
    for at in range(40):
        panel.company.hire(f"P{at:03}", f"众{at}", "zhong", boss="K1002")
    round = panel.arranged(*(f"P{at:03}" for at in range(40)))
    assert round.candidates.count() == 40
    assert AuditEntry.objects.filter(action="round_arranged", object_key=str(round.pk)).count() == 1


def test_it_opens_only_when_everybody_declared_and_every_challenge_is_settled(panel: Panel) -> None:
    round = panel.arranged(*DEFENCE)
    with pytest.raises(Refused, match="Not declared"):
        open_round(access=panel.hr, round_id=round.pk, now=BEFORE)
    for seat in round.judges.all():
        declare(access=panel.of(seat.account.username), round_id=round.pk, conflict=False, now=BEFORE)
    seat = round.judges.get(account__username="judge-b")
    recusal = challenge_judge(access=panel.of("K2031"), round_id=round.pk, judge_id=seat.pk, words="we quarrelled")
    with pytest.raises(Refused, match="not settled"):
        open_round(access=panel.hr, round_id=round.pk, now=BEFORE)
    settle_recusal(
        access=panel.hr, round_id=round.pk, recusal_id=recusal.pk, upheld=True, answer="so it is", now=BEFORE
    )
    with pytest.raises(Refused, match="to be replaced"):
        open_round(access=panel.hr, round_id=round.pk, now=BEFORE)
    other = panel.company.account("judge-f")
    replace_judge(
        access=panel.hr, round_id=round.pk, judge_id=seat.pk, account_id=other.pk, reason="recused", now=BEFORE
    )
    declare(access=panel.of("judge-f"), round_id=round.pk, conflict=False, now=BEFORE)
    assert open_round(access=panel.hr, round_id=round.pk, now=BEFORE).state == "open"
    with pytest.raises(Refused, match="open for scores"):
        challenge_judge(access=panel.of("K2032"), round_id=round.pk, judge_id=round.judges.first().pk, words="late")


@pytest.mark.parametrize(
    ("at", "taken"),
    [
        (OPENS - timedelta(microseconds=1), False),
        (OPENS, True),
        (CLOSES - timedelta(microseconds=1), True),
        (CLOSES, False),
    ],
    ids=["before", "opening", "last moment", "closing"],
)
def test_scores_are_taken_from_opening_to_closing_time_and_at_closing_time_no_more(
    panel: Panel, at: Any, taken: bool
) -> None:
    round = panel.open(panel.arranged(*DEFENCE))
    try:
        panel.score(round, "judge-a", 1, "80", now=at)
    except Refused:
        assert not taken
    else:
        assert taken


def test_what_lies_outside_the_marks_is_refused_where_it_stands(panel: Panel) -> None:
    round = panel.open(panel.arranged(*DEFENCE))
    for text in ("40.01", "-1", "1e1", "３０", "40.001", "NaN"):
        with pytest.raises(Refused) as refused:
            save_sheet(
                access=panel.of("judge-a"), round_id=round.pk, ordinal=1, points={"speech": text}, comment="",
                typed=NOW, now=NOW,
            )  # fmt: skip
        assert refused.value.code == "speech"
    partly = {key: text for key, text in points(round, "40").items() if key != "material"}
    with pytest.raises(Refused, match="Give points"):
        submit_sheet(
            access=panel.of("judge-a"), round_id=round.pk, ordinal=1, points=partly, comment="c", typed=NOW, now=NOW
        )


def test_an_older_draft_never_takes_the_place_of_a_newer_one_and_the_same_again_changes_nothing(panel: Panel) -> None:
    round = panel.open(panel.arranged(*DEFENCE))

    def typed(minutes: int, speech: str) -> ScoreSheet:
        return save_sheet(
            access=panel.of("judge-a"), round_id=round.pk, ordinal=1, points={"speech": speech}, comment="",
            typed=OPENS + timedelta(minutes=minutes), now=NOW,
        )  # fmt: skip

    typed(10, "10")
    typed(20, "20")
    with pytest.raises(Refused) as refused:
        typed(15, "15")
    assert refused.value.code == "older"
    assert typed(20, "20").points == {"speech": "20"}
    panel.score(round, "judge-a", 1, "88")
    with pytest.raises(Refused, match="handed this sheet in"):
        typed(59, "1")
    with pytest.raises(Refused, match="handed this sheet in"):
        panel.score(round, "judge-a", 1, "90")
    assert ScoreSheet.objects.get().total == 88


def test_whoever_is_at_the_bar_goes_on_and_whoever_is_not_is_declined_by_the_steps_clause(panel: Panel) -> None:
    round = panel.open(panel.arranged(*DEFENCE))
    panel.score_all(round, ("80", "80", "80", "80", "80"), ("80", "80", "80", "80", "79.95"))
    assert is_complete(round)
    close(panel, round)
    passed, failed = Application.objects.filter(candidacies__round=round).order_by("candidacies__ordinal")
    assert (passed.step, passed.facts) == ("decision", {"review_total": "80.00"})
    assert (failed.state, failed.clause) == ("declined", "五.2")
    assert "79.99" in failed.reason
    assert outcomes(round) == ["passed", "failed"]
    assert AuditEntry.objects.filter(action="sheet_handed_in").count() == 10


def test_it_never_closes_with_fewer_than_the_panel_and_an_absent_judge_is_replaced_with_time_to_score(
    panel: Panel,
) -> None:
    round = panel.open(panel.arranged("K2031"))
    for judge in ("judge-a", "judge-b", "judge-c", "judge-d"):
        panel.score(round, judge, 1, "90")
    late = CLOSES + timedelta(hours=1)
    with pytest.raises(Refused, match="never closed with fewer"):
        close(panel, round, late)
    absent = round.judges.get(account__username="judge-e")
    more = panel.company.account("judge-f")
    with pytest.raises(Refused, match="closing time"):
        replace_judge(
            access=panel.hr, round_id=round.pk, judge_id=absent.pk, account_id=more.pk, reason="ill", now=late
        )
    replace_judge(
        access=panel.hr, round_id=round.pk, judge_id=absent.pk, account_id=more.pk, reason="ill", now=late,
        closes_at=late + timedelta(hours=2),
    )  # fmt: skip
    with pytest.raises(Forbidden):
        panel.score(round, "judge-e", 1, "100", late)
    declare(access=panel.of("judge-f"), round_id=round.pk, conflict=False, now=late)
    panel.score(round, "judge-f", 1, "40", late)
    close(panel, round, late)
    assert results_of(Round.objects.get(pk=round.pk))[0].candidate.total == 80


def test_a_judge_who_recuses_themselves_scores_no_more_and_their_drafts_go(panel: Panel) -> None:
    round = panel.open(panel.arranged(*DEFENCE))
    access = panel.of("judge-a")
    save_sheet(access=access, round_id=round.pk, ordinal=1, points={"speech": "9"}, comment="", typed=NOW, now=NOW)
    first = round.candidates.get(ordinal=1)
    declare(access=access, round_id=round.pk, conflict=True, words="my cousin", candidates=[first.pk], now=NOW)
    assert not ScoreSheet.objects.exists()
    with pytest.raises(Refused, match="recused"):
        panel.score(round, "judge-a", 1, "80")
    panel.score(round, "judge-a", 2, "80")
    assert Recusal.objects.get().words == "my cousin"


def test_a_competition_fills_its_vacancies_and_leaves_the_tie_to_the_general_manager(panel: Panel) -> None:
    rows = [panel.applying(no, **COMPETITION) for no in ("K2031", "K2032", "K2033", "K2041")]
    round = panel.open(panel.arrange(rows, vacancies=2, judges=3))
    bar = round.bar or 0
    top, same, low = str(bar + 9), str(bar + 5), str(bar - 1)
    panel.score_all(round, (top,) * 3, (same,) * 3, (same,) * 3, (low,) * 3)
    close(panel, round)
    assert outcomes(round) == ["won", "tied", "tied", "failed"]
    won, *tied, failed = [Application.objects.get(pk=row.pk) for row in rows]
    assert won.facts == {"review_total": f"{bar + 9:.2f}", "competition_won": True}
    assert [row.step for row in tied] == ["competition", "competition"]
    assert failed.state == "declined"
    assert OutboxMessage.objects.filter(kind="tie_to_decide", recipient__username="gm").count() == 1
    second, third = round.candidates.filter(outcome="tied").order_by("ordinal")
    with pytest.raises(Refused, match="choose one"):
        decide_tie(access=panel.of("gm"), round_id=round.pk, winners=[second.pk, third.pk], words="both")
    with pytest.raises(Refused, match="words"):
        decide_tie(access=panel.of("gm"), round_id=round.pk, winners=[third.pk], words=" ")
    with pytest.raises(Forbidden):
        decide_tie(access=panel.hr, round_id=round.pk, winners=[third.pk], words="hr may not")
    decide_tie(access=panel.of("gm"), round_id=round.pk, winners=[third.pk], words="She trained two.")
    assert outcomes(round) == ["won", "not_won", "won", "failed"]
    with pytest.raises(Refused):
        decide_tie(access=panel.of("gm"), round_id=round.pk, winners=[second.pk], words="again")
    lost = Application.objects.get(pk=second.application_id)
    assert (lost.state, lost.reason) == ("declined", "She trained two.")


def test_a_cancelled_round_keeps_its_reason_and_its_candidates_come_before_another(panel: Panel) -> None:
    round = panel.open(panel.arranged(*DEFENCE))
    panel.score(round, "judge-a", 1, "80")
    with pytest.raises(Refused):
        cancel_round(access=panel.hr, round_id=round.pk, reason=" ")
    cancel_round(access=panel.hr, round_id=round.pk, reason="two judges were ill")
    rows = [one.application for one in Candidate.objects.filter(round=round)]
    assert panel.arrange(rows).candidates.count() == 2
    with pytest.raises(Refused):
        panel.score(round, "judge-b", 1, "80")


def test_whoever_withdrew_is_neither_scored_nor_waited_for(panel: Panel) -> None:
    round = panel.open(panel.arranged(*DEFENCE))
    gone = round.candidates.get(ordinal=2).application
    Application.objects.filter(pk=gone.pk).update(state="withdrawn", step="", closed_at=NOW)
    with pytest.raises(Refused, match="no more"):
        panel.score(round, "judge-a", 2, "80")
    panel.score_all(round, ("80",) * 5)
    close(panel, round)
    assert outcomes(round) == ["passed", ""]


def test_nobody_arranges_or_closes_for_themselves_a_superior_or_outside_the_scope(panel: Panel) -> None:
    rows = [panel.applying("K2031")]
    for who in ("gm", "K1001", "auditor", "judge-a", "hr-two"):
        with pytest.raises(Forbidden):
            arrange_round(
                access=panel.of(who), applications=[row.pk for row in rows], judges=panel.judge_accounts(), now=BEFORE,
                sitting=Sitting(panel.company.departments["信息客服部"], OPENS, CLOSES),
            )  # fmt: skip
    round = panel.open(panel.arrange(rows))
    panel.score_all(round, ("80",) * 5)
    panel.company.grant(panel.company.accounts["K2031"], "hr")
    for who in ("K2031", "hr-two", "gm", "judge-a", "K1000"):
        with pytest.raises(Forbidden):
            close_round(access=panel.of(who), round_id=round.pk, minutes="m", now=NOW)


def refused(act: Any) -> Refused:
    with pytest.raises(Refused) as raised:
        act()
    return raised.value


def test_whoever_is_added_comes_behind_the_others_and_every_judge_is_asked_anew(panel: Panel) -> None:
    round = panel.arranged("K2031")
    for name in JUDGES:
        declare(access=panel.of(name), round_id=round.pk, conflict=False, now=BEFORE)
    shown = list(round.candidates.values_list("pk", flat=True))
    OutboxMessage.objects.all().delete()
    row = panel.applying("K2032")
    add_candidates(access=panel.hr, round_id=round.pk, applications=[row.pk], now=BEFORE)
    assert list(round.candidates.values_list("application__employee__employee_no", "ordinal")) == [
        ("K2031", 1),
        ("K2032", 2),
    ]
    assert set(round.judges.values_list("stance", "declared_at")) == {("asked", None)}
    assert refused(lambda: open_round(access=panel.hr, round_id=round.pk, now=BEFORE)).code == "undeclared"
    told = OutboxMessage.objects.values_list("kind", "recipient__username")
    assert sorted(told) == sorted([("round_called", "K2032"), *(("round_widened", name) for name in JUDGES)])
    stale = refused(
        lambda: declare(access=panel.of("judge-a"), round_id=round.pk, conflict=False, now=BEFORE, seen=shown)
    )
    assert stale.code == "added"
    assert row.events.get(act="arranged").data == {"round": round.pk}
    assert AuditEntry.objects.get(action="candidates_added").after == {"candidates": ["K2032"]}
    assert panel.open(round).state == "open"


def test_a_round_takes_only_whom_arranging_it_would_have_taken_and_only_before_it_opens(panel: Panel) -> None:
    round = panel.arranged("K2031")
    row = panel.applying("K2032")

    def add(*ids: int, now: Any = BEFORE) -> Refused:
        return refused(lambda: add_candidates(access=panel.hr, round_id=round.pk, applications=list(ids), now=now))

    assert add().code == "applications"
    assert "in another round" in add(round.candidates.get().application_id).message
    assert add(row.pk, now=CLOSES).code == "closes_at"
    Application.objects.filter(pk=row.pk).update(to_tier="crown")
    assert "the round's" in add(row.pk).message
    Application.objects.filter(pk=row.pk).update(to_tier="diamond")
    seat = round.judges.first()
    assert seat is not None
    Judge.objects.filter(pk=seat.pk).update(account=panel.company.accounts["K2032"])
    assert "candidate" in add(row.pk).message
    Judge.objects.filter(pk=seat.pk).update(account=seat.account)
    with pytest.raises(Forbidden):
        add_candidates(access=panel.of("judge-a"), round_id=round.pk, applications=[row.pk], now=BEFORE)
    panel.open(round)
    assert add(row.pk).code == "state"
    assert list(round.candidates.values_list("application__employee__employee_no", flat=True)) == ["K2031"]


def test_whoever_is_taken_out_waits_for_a_round_again_reads_why_and_can_come_back(panel: Panel) -> None:
    round = panel.arranged(*DEFENCE)
    leaves = round.candidates.get(ordinal=1)
    for name in JUDGES:
        declare(
            access=panel.of(name), round_id=round.pk, conflict=name == "judge-a", words="my cousin", now=BEFORE,
            candidates=[leaves.pk] if name == "judge-a" else [],
        )  # fmt: skip

    def out(candidate: Candidate, reason: str = "ill that day") -> Candidate:
        return take_out_candidate(
            access=panel.hr, round_id=round.pk, candidate_id=candidate.pk, reason=reason, now=BEFORE
        )

    assert refused(lambda: out(leaves, " ")).code == "reason"
    out(leaves)
    assert refused(lambda: out(leaves)).code == "candidate"
    assert refused(lambda: out(round.candidates.get(ordinal=2))).code == "last"
    assert list(to_arrange(panel.hr)) == [leaves.application]
    event = leaves.application.events.get(act="unseated")
    assert (event.words, event.public, event.data) == ("ill that day", True, {"round": round.pk})
    assert OutboxMessage.objects.get(kind="application_unseated").recipient.username == "K2031"
    assert Application.objects.visible_to(panel.of("judge-b")).filter(pk=leaves.application_id).count() == 0
    assert hindrances(round) == []
    add_candidates(access=panel.hr, round_id=round.pk, applications=[leaves.application_id], now=BEFORE)
    assert round.candidates.get(pk=leaves.pk).ordinal == 3
    assert OutboxMessage.objects.filter(kind="round_called", recipient__username="K2031").count() == 2
    assert {seat.account.username for seat in hindrances(round)} == set(JUDGES)
    out(round.candidates.get(pk=leaves.pk))
    for name in JUDGES:
        declare(access=panel.of(name), round_id=round.pk, conflict=False, now=BEFORE)
    opened = open_round(access=panel.hr, round_id=round.pk, now=BEFORE)
    assert refused(lambda: out(round.candidates.get(ordinal=2))).code == "state"
    for name in JUDGES:
        panel.score(opened, name, 2, "90")
    close(panel, opened)
    assert outcomes(opened) == ["passed", ""]
