"""The board's counts and filters, against a plain recount in Python of what the sweep says of each person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from policy.compiler import Outcome, Verdict
from promotion.sweep.board import ANY_CHANGE, Board, Line, Narrowing
from promotion.sweep.selectors import explanation_of, standing_of
from staff.models import Employee
from staff.selectors.access import access_of
from tests.web.company import MONTH, TODAY, Company

Said = dict[str, Any]


def said(company: Company) -> dict[str, Said]:
    """Everything that the sweep says as of a month and the one before, read person by person."""
    found: dict[str, Said] = {}
    for person in Employee.objects.all():
        now, before = standing_of(person.pk, MONTH), standing_of(person.pk, MONTH - 1)
        if now is not None:
            explained = explanation_of(now)
            verdicts: dict[str, list[Verdict]] = {}
            for finding in (*explained.conditions, *explained.triggers):
                if finding.rule is not None and finding.rule != "review":
                    verdicts.setdefault(f"{now.run.version.key}:{finding.clause.number}", []).append(finding.verdict)
            found[person.employee_no] = {
                "outcome": now.outcome, "tier": (now.run.version.key, now.tier), "department": now.department_id,
                "name": f"{person.name} {person.pinyin}", "before": before and before.outcome, "clauses": verdicts,
            }  # fmt: skip
    return found


def board(company: Company, who: str = "hr") -> Board:
    return Board(access_of(company.accounts[who], TODAY), MONTH)


def listed(company: Company, who: str = "hr", **narrowing: Any) -> list[Line]:
    asked = Narrowing(**narrowing)
    found = list(board(company, who).lines(asked))
    assert board(company, who).counts(asked) == Counter(line.step for line in found)
    return found


def numbers(lines: list[Line]) -> set[str]:
    return {line.employee_no for line in lines}


def together(verdicts: list[Verdict]) -> Verdict:
    for verdict in (Verdict.UNMET, Verdict.UNKNOWN):
        if verdict in verdicts:
            return verdict
    return Verdict.MET


def check(company: Company, holds: Callable[[Said], bool], **narrowing: Any) -> None:
    assert numbers(listed(company, **narrowing)) == {no for no, one in said(company).items() if holds(one)}


def test_everybody_who_was_judged_is_counted_by_tier_and_outcome(company: Company) -> None:
    people = said(company)
    tally = board(company).tally()
    assert tally.outcomes == Counter(one["outcome"] for one in people.values())
    left = Counter([standing_of(company.people["K3006"].pk, MONTH - 1).outcome])  # type: ignore[union-attr]
    assert tally.before == Counter(one["before"] for one in people.values() if one["before"]) + left
    flow = Counter(((step.applied.version.key, step.tier), outcome) for (step, outcome) in tally.flow.elements())
    assert flow == Counter((one["tier"], one["outcome"]) for one in people.values())
    assert tally.changed == sum(one["before"] != one["outcome"] for one in people.values())
    assert tally.people == len(people) == 15


@pytest.mark.parametrize("outcome", list(Outcome))
def test_an_outcome_narrows_to_those_who_have_it(company: Company, outcome: Outcome) -> None:
    check(company, lambda one: one["outcome"] == outcome, outcome=int(outcome))


@pytest.mark.parametrize("tier", [("info-service", "star"), ("two-steps", "low"), ("two-steps", "star"), ("x", "y")])
def test_a_tier_is_of_its_ladder_alone(company: Company, tier: tuple[str, str]) -> None:
    check(company, lambda one: one["tier"] == tier, tier=tier)


@pytest.mark.parametrize("words", ["林", "linxiao", "lx", "K203", "an ran", "nobody", "%", "'"])
def test_words_look_in_names_numbers_and_pinyin(company: Company, words: str) -> None:
    found = {p.employee_no for p in Employee.objects.all().search(words)}
    assert numbers(listed(company, words=words)) == found & said(company).keys()


def test_a_department_narrows_to_those_who_were_in_it(company: Company) -> None:
    inside = frozenset({company.departments["财务部"].pk})
    check(company, lambda one: one["department"] in inside, departments=inside)
    check(company, lambda one: False, departments=frozenset())


@pytest.mark.parametrize("verdict", [*Verdict, None])
@pytest.mark.parametrize(
    "clause",
    ["info-service:四.2.7", "info-service:四.2.9", "info-service:四.3.9", "info-service:八.1", "info-service:八.2",
     "two-steps:3", "two-steps:2", "two-steps:9", "two-steps:四.2.7", "none:1"],
)  # fmt: skip
def test_a_clause_narrows_by_what_all_its_rules_come_to(company: Company, clause: str, verdict: Verdict | None) -> None:
    def holds(one: Said) -> bool:
        verdicts = one["clauses"].get(clause)
        return bool(verdicts) and (verdict is None or together(verdicts) is verdict)

    policy, _colon, number = clause.partition(":")
    check(company, holds, clause=(policy, number), verdict=verdict)


def test_what_changed_narrows_to_other_outcomes_than_before(company: Company) -> None:
    check(company, lambda one: one["before"] != one["outcome"], changed=ANY_CHANGE)


def test_filters_hold_together(company: Company) -> None:
    check(
        company,
        lambda one: one["outcome"] == Outcome.NOT_YET and one["tier"][0] == "two-steps" and "=1" in one["name"],
        outcome=int(Outcome.NOT_YET), tier=("two-steps", "low"), words="=1",
    )  # fmt: skip


def test_the_most_urgent_stand_first_within_a_step_and_pages_go_on_where_one_ended(company: Company) -> None:
    every = listed(company)
    places = [board(company).steps.index(line.step) for line in every]
    assert places == sorted(places)
    order = [Outcome.DEMOTION_PROPOSED, Outcome.WARNING, Outcome.ELIGIBLE, Outcome.WAITING_FOR_DATA, Outcome.NOT_YET]
    for step in {line.step for line in every}:
        ranks = [[*order, Outcome.TOP].index(Outcome(line.row.outcome)) for line in every if line.step == step]
        assert ranks == sorted(ranks)
    parts = [
        line for first in range(0, len(every), 3) for line in board(company).lines(Narrowing(), first=first, most=3)
    ]
    assert [line.employee_no for line in parts] == [line.employee_no for line in every]


def test_hr_of_a_department_counts_and_lists_its_people_alone(company: Company) -> None:
    # nobody of the second team is judged: its only member is a supervisor without a tier
    assert board(company, "hr-two").tally().people == 0
    assert listed(company, "hr-two") == []
    company.account("hr-money", role="hr", department="财务部")
    tally = board(company, "hr-money").tally()
    assert tally.people == 8
    assert {step.applied.version.key for step, _outcome in tally.flow} == {"two-steps"}
    assert numbers(listed(company, "hr-money")) == {"K2052", *(f"K300{n}" for n in (1, 2, 3, 4, 5, 7, 8))}
    assert listed(company, "hr-money", words="林晓") == []


def test_the_changes_agree_with_the_tally(company: Company) -> None:
    found = board(company)
    assert Counter(change.kind for change in found.changes(100)) == found.tally().changes
    assert len(found.changes(0)) == 0


def test_each_kind_of_change_finds_whom_it_means(company: Company) -> None:
    kinds: dict[str, set[str]] = {}
    for change in board(company).changes(100):
        kinds.setdefault(change.kind, set()).add(change.employee_no)
    assert kinds == {
        "eligible": {"K3004"}, "triggered": {"K3007"}, "no_longer": {"K3001"}, "moved": {"K3005", "K3008"}, "left": {"K3006"},
    }  # fmt: skip
    for kind in ("eligible", "triggered", "no_longer", "moved"):
        assert numbers(listed(company, changed=kind)) == kinds[kind]
