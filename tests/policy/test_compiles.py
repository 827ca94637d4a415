"""Whatever the checker lets pass is compiled, and PostgreSQL takes the statement: expressions drawn at random."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from policy import library
from policy.compiler import compile_month, compile_pay, compile_sweep, evidence
from policy.compiler.period import Subject, compile_period
from policy.document_text import as_text
from policy.language import Checked, Faults, bind, load_document
from policy.language.load import Mapping, Scalar, Tree, load
from staff.kernel.periods import Month, Term
from tests.policy.facts import CATALOGUE
from tests.policy.test_injection import replaced
from tests.policy.test_library import KEYS, VALUES
from tests.policy.world import RELATIONS, World, ladder

MONTH = Month.parse("2026-08")
PERIODS: list[tuple[int, Subject]] = [(3, "person"), (3, "team"), (12, "person"), (12, "team")]
STORED = {
    "people": "test_people", "facts": "test_months", **dict.fromkeys(("below", "months", "results"), "test_results"),
}  # fmt: skip
PAGE = """policy: probe
title: {zh: 试, en: Probe}
approved_by: gm
applies: {clause: 一, text: 甲, rule: regularised_on <= as_of}
inputs:
  points: {unit: point, zh: 得分, en: points, lo: 0, hi: 40}
  willing: {unit: yes_no, zh: 积极, en: willing, lo: 0, hi: 1}
ladder:
  tiers:
    - {key: low, zh: 低级, en: Low}
    - {key: high, zh: 高级, en: High}
  promotions:
    - from: low
      to: high
      require:
        - {clause: 二, text: 乙, rules: {one: completed(hired_on) >= 1 month}}
  demotions:
    - {clause: 三, text: 丙, rules: {two: streak(total <= 5) >= 3 months}}
scorecard:
  items:
    a: {of: 5, clause: 四, text: 丁, score: points}
  grade: [good if total >= 5, fail otherwise]
  stars: [5 if total >= 5, 1 otherwise]
cases:
  - {case: bonus, clause: 五, when: grade = good}
  - {case: prize, clause: 五, restart: yes, when: streak(rank = 1) >= 3 months}
  - {case: best, clause: 五, top: "months(stars = 5, 12 months)"}
  - {case: quarterly, clause: 五, every: quarter, when: grade = good}
  - {case: yearly, clause: 五, every: year, top: "months(stars = 5, 12 months)"}
  - {case: team, clause: 五, every: quarter, for: team, when: streak(grade = fail) >= 2 quarters}
pay:
  extra: {clause: 六, text: 己, needs: stars, amount: [base if raised(prize), none otherwise]}
"""
FACTS = (
    "total", "rank", "stars", "grade", "excellent_cases", "satisfaction_rate", "sales", "points", "willing", "hired_on",
    "position", "tier", "as_of", "target", "none", "yes", "5", "90%", "2.5", "5 yuan", "3 months", "2020-01-01",
    "competition_won", "review_total", "base", "completed(hired_on)", "absent_days(3 months)", "count(complaint, 3 months)",
    "count(complaint)", "count(violation, since hired_on)", "count(exam where subject = target, 12 months)",
    "count(complaint where absent_days(1 month) > 2 days)", "distinct(keyword_online.subject, 6 months)",
    "sum(total, 3 months)",
    "sum(total, 12 months)", "mean(satisfaction_rate, 6 months)", "mean(first(total, assessment_score), 12 months)",
    "highest(stars, 3 months)", "months(stars = 5, 12 months, since tier_since)", "sum(points, 40 months, since hired_on)",
    "raised(bonus)", "first(post_since, hired_on)", "count(complaint by decided_on, 3 months)",
)  # fmt: skip
CONDITIONS = (
    "streak(rank = 1) >= 3 months", "streak(total >= 5) >= 4 quarters",
    "streak(grade = fail) >= 3 months", "each(excellent_cases >= 1, 3 months)",
    "streak(keywords_online = 0) >= 40 months", "position = 前台", "position != 前台", "tier = low", "grade in (good, fail)",
    "stars in (1, 2)", "regularised_on <= as_of", "competition_won", "willing", "raised(prize)",
)  # fmt: skip


class Drawn:
    """Expressions, some of them sound."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def value(self, depth: int = 2) -> str:
        chance = self.random.random()
        if depth == 0 or chance < 0.65:
            return self.random.choice(FACTS)
        a, b = self.value(depth - 1), self.value(depth - 1)
        forms = (f"{a} {self.random.choice('+-*/')} {b}", f"{self.random.choice(('max', 'min', 'first'))}({a}, {b})",
                 f"round({a})", f"({a} if {self.condition(depth - 1)} else {b})", f"-{a}")  # fmt: skip
        return self.random.choice(forms)

    def condition(self, depth: int = 2) -> str:
        chance = self.random.random()
        if depth == 0 or chance < 0.4:
            return self.random.choice(CONDITIONS)
        if chance < 0.75:
            op = self.random.choice((">=", "<=", "=", "!=", "<", ">"))
            return f"{self.value(depth - 1)} {op} {self.value(depth - 1)}"
        a, b = self.condition(depth - 1), self.condition(depth - 1)
        return self.random.choice((f"{a} and {b}", f"{a} or {b}", f"not {a}"))

    def instead_of(self, key: str, text: str) -> str:
        if key in ("when", "rules", "rule"):
            return self.condition()
        word = "good" if key == "grade" else self.value(1)
        if text.endswith("otherwise"):
            return f"{word} otherwise"
        return f"{word} if {self.condition(1)}" if " if " in text else self.value()


def expressions(tree: Tree, under: str = "") -> Iterator[tuple[str, Scalar]]:
    """Every expression with the key it stands under."""
    if isinstance(tree, Mapping):
        for key, value in tree.entries:
            yield from expressions(value, under if under == "rules" else key.text)
    elif not isinstance(tree, Scalar):
        for item in tree.items:
            yield from expressions(item, under)
    elif under in ("score", "grade", "stars", "when", "top", "amount", "rule", "rules"):
        yield under, tree


def taken(world: World, policy: Checked) -> None:
    """Compiles every part and has PostgreSQL plan it."""
    texts = []
    if policy.ladder:
        sweep = compile_sweep(policy)
        texts.append((sweep.sql(**RELATIONS), sweep.params(MONTH)))
        for rule in sweep.printed:
            listed = evidence(sweep, rule)
            texts += [(listed.sql(**RELATIONS), listed.params(MONTH, 1))] if listed else []
    if policy.scorecard:
        month = compile_month(policy)
        texts.append((month.sql(**RELATIONS, results="test_results"), month.params(MONTH)))
        for length, subject in PERIODS:
            period = compile_period(policy, length, subject)
            texts.append((period.sql(**STORED), period.params(Term.holding(MONTH, length))))
    if any(component.on is None for component in policy.pay):
        pay = compile_pay(policy)
        texts.append((pay.sql(**RELATIONS, pay="test_pay", results="test_results"), pay.params(MONTH)))
    for sql, params in texts:
        world.cursor.execute(f"EXPLAIN {sql}", params)
    assert as_text(policy, "zh")
    assert as_text(policy, "en")


def sound(texts: Iterator[str]) -> Iterator[Checked]:
    for text in texts:
        try:
            yield bind(load_document(text, CATALOGUE), VALUES if "policy: parametric" in text else {})
        except Faults:
            continue


@pytest.mark.parametrize("name", ["a page", "the library"])
def test_every_document_that_passes_is_compiled_and_planned(world: World, name: str) -> None:
    drawn = Drawn(2026)
    pages = [PAGE] if name == "a page" else [library.text(key) for key in KEYS]
    places = [(page, key, found) for page in pages for key, found in expressions(load(page))]
    places = [(page, key, s) for page, key, s in places if s.text in page.split("\n")[s.at.line - 1]]

    def mutated() -> Iterator[str]:
        for _ in range(600 if name == "a page" else 120):
            page, key, scalar = drawn.random.choice(places)
            yield replaced(page, scalar, drawn.instead_of(key, scalar.text))

    passed = 0
    for policy in sound(mutated()):
        taken(world, policy)
        passed += 1
    assert passed > (100 if name == "a page" else 8)


def test_a_text_that_is_not_there_differs_from_every_word_in_a_sweep_as_in_a_month(world: World) -> None:
    policy = load_document(PAGE.replace("rule: regularised_on <= as_of", "rule: position != 前台"), CATALOGUE)
    for id_, position in ((1, None), (2, "前台"), (3, "客服")):
        world.person(id_, tier="low", position=position)
    assert set(world.rows(compile_sweep(policy), "2026-08")) == {1, 3}


def test_months_that_hold_are_counted_whole_whatever_is_asked_of_them(world: World) -> None:
    world.person(tier="low")
    world.months("2026-08", 4, s3=85)
    rules = {
        "run": "streak(satisfaction_rate >= 80%) >= 3 months",
        "held": "months(satisfaction_rate >= 80%, 6 months) >= 5",
    }
    found = world.sweep(load_document(ladder(rules), CATALOGUE), "2026-08")["conditions"]
    assert [(rule["observed"], rule["threshold"]) for rule in found] == [(3, 3), (4, 5)]


def test_a_sum_of_results_begins_where_its_window_does(world: World) -> None:
    when = "sum(total, 3 months, since post_since) >= 100"
    policy = load_document(
        PAGE.replace("when: grade = good", f'when: "{when}"', 1).replace("score: points", "score: 40"), CATALOGUE
    )
    for id_, began in ((1, "2026-08-01"), (2, "2026-07-01"), (3, None)):
        world.person(id_, tier="low", regularised_on="2020-01-01", post_since=began)
        world.insert("results", [
            {"employee_id": id_, "month": (MONTH + -back).number, "counts": True, "total": 60, "cases": []} for back in (1, 2)
        ])  # fmt: skip
    statement = compile_month(policy)
    world.cursor.execute(statement.sql(**RELATIONS, results="test_results"), statement.params(MONTH))
    assert {row[0]: "bonus" in row[8] for row in world.cursor.fetchall()} == {1: False, 2: True, 3: False}
