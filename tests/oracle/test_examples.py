"""Examples that HR can read: the oracle and the sweep both come to what is written beside each."""

from __future__ import annotations

import pytest

from promotion.sweep.actions.sweep_run import run_sweep
from promotion.sweep.selectors import sweep_lines
from staff.kernel.periods import Month
from tests.company import operator
from tests.oracle import wire
from tests.oracle.company import Roll
from tests.oracle.examples import Example, examples
from tests.oracle.info_service import Judgement, judge


def told(example: Example, judged: Judgement | None) -> str:
    """What is otherwise than the example says; empty where nothing is."""
    if judged is None or example.outcome is None:
        return (
            ""
            if judged is None and example.outcome is None
            else f"{judged and judged.outcome}, should be {example.outcome}"
        )
    found = {}
    for rule in (*judged.conditions, *judged.triggers):
        for key in (rule.rule, f"{rule.clause} {rule.rule}"):
            found.setdefault(key, (rule.observed, rule.verdict, rule.missing))
    seen = (judged.outcome, judged.target, {key: found.get(key) for key in example.rules})
    wanted = (example.outcome, example.target, example.rules)
    return "" if seen == wanted else f"{seen}, should be {wanted}"


def differing(people: list[Example], judgements: dict[str, Judgement | None]) -> list[str]:
    texts = ((example, told(example, judgements.get(example.person.number))) for example in people)
    return [f"{example.clause} {example.say}: {text}" for example, text in texts if text]


@pytest.mark.parametrize("name", ["promotion", "demotion"])
def test_the_oracle_comes_to_what_is_written(name: str) -> None:
    month, people = examples(name)
    assert not differing(people, {e.person.number: judge(e.person, month) for e in people})


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["promotion", "demotion"])
def test_the_sweep_comes_to_what_is_written(name: str) -> None:
    month, people = examples(name)
    roll = Roll()
    roll.enter([example.person for example in people])
    run_sweep(access=operator(), month=Month(month))
    found = wire.judgements(sweep_lines(Month(month)))
    assert not differing(people, dict(found))
    assert not wire.differences(roll.people.values(), month, found)
