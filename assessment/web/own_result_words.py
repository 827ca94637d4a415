"""A month's result as its page says it: each item with its facts and its sum in words, and what the month leads to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assessment.models import KINDS, CaseKind
from assessment.selectors.own_results import TOTAL, OwnResult
from policy.catalogue import Key
from policy.compiler.say import pay_sentence, sentence, worked_sentence
from policy.compiler.worked import Streak, facts_in, said
from policy.language import typed as t
from policy.language.checked import Case, Checked, Text
from policy.language.faults import Language
from policy.language.nodes import plain_number
from staff.kernel.words import in_english


def words(text: Text) -> str:
    """The text in the language of the page; Chinese where it has no English."""
    return text.en if in_english() and text.en else text.zh


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a choice: what it yields, and when; ``taken``: the one whose condition held first."""

    value: str
    when: str
    taken: bool


@dataclass(frozen=True, slots=True)
class Sum:
    """How a value came about: ``facts`` (name, value) and the lines they are held against; or a ``formula`` in which each
    fact stands; or the one fact that is the value itself (``direct``, scored by ``assessor`` where that is known).

    ``changed``: the facts are not those any more on which the result rests, so that none are shown.
    """

    facts: tuple[tuple[str, str], ...] = ()
    lines: tuple[Line, ...] = ()
    formula: str = ""
    direct: bool = False
    assessor: str = ""
    changed: bool = False


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item: points of full marks, those of the month before, the team's median."""

    number: str
    name: str
    text: str
    of: Decimal
    points: Decimal | None
    before: Decimal | None
    median: Decimal | None
    sum: Sum

    @property
    def more(self) -> Decimal | None:
        """How many more points than the month before."""
        return None if self.points is None or self.before is None else self.points - self.before


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case that the month raised: ``follows`` says who does what about it."""

    number: str
    name: str
    text: str
    gloss: str
    follows: str
    adverse: bool


@dataclass(frozen=True, slots=True)
class StreakView:
    """So many months running of something that raises a case once they are ``asked``."""

    number: str
    what: str
    run: int
    asked: int
    name: str

    @property
    def left(self) -> int:
        return self.asked - self.run


@dataclass(frozen=True, slots=True)
class Rating:
    """Grade or stars: what it rests on in the source's words, and its lines."""

    number: str
    text: str
    gloss: str
    sum: Sum


def items_of(found: OwnResult) -> list[ItemView]:
    """The items in the order of the document."""
    card = found.checked.scorecard
    return [
        ItemView(
            number=item.clause,
            name=words(item.names) or str(item.key),
            text=item.text,
            of=item.of,
            points=found.points(item.key),
            before=found.points_before(item.key),
            median=found.team.medians.get(item.key),
            sum=_sum(found, item.score, changed=item.key in found.changed),
        )
        for item in (card.items if card else ())
    ]


def ratings_of(found: OwnResult) -> dict[str, Rating]:
    """``grade`` and ``stars``, those that the policy gives."""
    card = found.checked.scorecard
    parts = {"grade": card.grade, "stars": card.stars} if card else {}
    return {
        name: Rating(card.clause, card.text, card.en if in_english() else "", _sum(found, node, changed=False))
        for name, node in parts.items()
        if card is not None and node is not None
    }


def grade_name(document: Checked, grade: str | None) -> str:
    """As the policy calls it."""
    names = {str(key): text for key, text in document.scorecard.grades} if document.scorecard else {}
    return words(names[grade]) if grade in names else grade or ""


def next_grade(found: OwnResult) -> tuple[str, Decimal] | None:
    """The next better grade and the points that are lacking to it, where the total alone decides."""
    card, total, held = found.checked.scorecard, found.result.total, found.result.grade
    if card is None or not isinstance(card.grade, t.Choice) or total is None or held is None:
        return None
    keys = [str(value.value) if isinstance(value, t.Const) else "" for value, _when in card.grade.lines]
    at = keys.index(held) if held in keys else 0
    match card.grade.lines[at - 1][1] if at else None:
        case t.Compare(op=">=", left=t.Result(column="total"), right=t.Const(value=Decimal() as bound)) if (
            bound > total
        ):
            return grade_name(found.checked, keys[at - 1]), bound - total
    return None


def cases_of(found: OwnResult) -> list[CaseView]:
    """What the month raised, in the order of the document."""
    raised = set(found.result.cases)
    cases = {case.kind: case for case in _monthly(found.checked) if case.kind in raised}
    return [
        CaseView(
            case.clause, kind_name(case.kind), case.text, case.en if in_english() else "",
            str(KINDS[case.kind].follows) if case.kind in KINDS else "",
            case.kind in KINDS and KINDS[case.kind].adverse,
        )
        for case in cases.values()
    ]  # fmt: skip


def streaks_of(found: OwnResult) -> list[StreakView]:
    """The months running that have begun and have not raised their case in this month."""
    raised = set(found.result.cases)
    streaks = found.worked.streaks if found.worked else ()
    return [_streak(found.checked, one) for one in streaks if one.run and one.case.kind not in raised]


def _streak(document: Checked, one: Streak) -> StreakView:
    what = words(sentence(one.of, document))
    return StreakView(one.case.clause, what, one.run or 0, one.asked, kind_name(one.case.kind))


def pay_of(document: Checked) -> list[tuple[str, str]]:
    """(clause, sentence) of each component of pay that rests on the month's result. No amounts of anybody."""
    return [
        (component.clause, words(pay_sentence(component, document)))
        for component in document.pay
        if component.on is None
        and any(isinstance(part, t.Result | t.Raised) for part in component.amount.walk())
    ]  # fmt: skip


def readings_of(document: Checked) -> list[str]:
    """The readings that the scorecard's clauses rest on."""
    card = document.scorecard
    clauses = {card.clause, *(item.clause for item in card.items)} if card else set()
    return [words(reading.why) for reading in document.readings.values() if reading.clause in clauses]


def lack_name(document: Checked, key: str) -> str:
    """What a missing value is called in the document, or in the catalogue."""
    if key in document.inputs:
        return words(document.inputs[key].names)
    metric = document.catalogue.metrics.get(key)
    return (metric.names.en if in_english() else metric.names.zh) if metric else key


def kind_name(kind: str) -> str:
    return str(CaseKind(kind).label) if kind in CaseKind.values else kind


def most_stars(document: Checked) -> int:
    """As many as the policy gives at best."""
    stars = document.scorecard.stars if document.scorecard else None
    values = [value for value, _when in stars.lines] if isinstance(stars, t.Choice) else []
    numbers = (one.value for one in values if isinstance(one, t.Const))
    return max((int(one) for one in numbers if isinstance(one, Decimal)), default=0)


def beside(found: OwnResult) -> dict[str, Any]:
    """The total beside the month before and the team's."""
    total, before = found.result.total, found.before.total if found.before else None
    return {
        "before": before,
        "more": total - before if total is not None and before is not None else None,
        "median": found.team.medians.get(TOTAL),
    }


def _monthly(document: Checked) -> Iterable[Case]:
    return (case for case in document.cases if (case.every, case.subject) == ("month", "person"))


def _sum(found: OwnResult, node: t.Typed, *, changed: bool) -> Sum:
    document, worked = found.checked, found.worked
    direct = isinstance(node, t.Value | t.InputValue)
    if changed or worked is None or not found.result.counts:
        return Sum(lines=_lines(document, node, None), formula=_plain(document, node), direct=direct, changed=changed)
    known = [(fact, worked.facts.get(fact)) for fact in facts_in(node)]
    language: Language = "en" if in_english() else "zh"
    facts = tuple(
        (words(sentence(fact, document)), said(fact, value, language)) for fact, value in known if value is not None
    )
    if isinstance(node, t.Choice):
        return Sum(facts, _lines(document, node, worked.taken.get(node)))
    if direct:
        return Sum(facts, direct=True, assessor=found.assessors.get(str(_key(node)), ""))
    return Sum(formula=words(worked_sentence(node, document, worked.words(node, "zh"), worked.words(node, "en"))))


def _plain(document: Checked, node: t.Typed) -> str:
    return "" if isinstance(node, t.Choice | t.Value | t.InputValue) else words(sentence(node, document))


def _key(node: t.Typed) -> Key | None:
    if isinstance(node, t.InputValue):
        return node.key
    return node.metric.key if isinstance(node, t.Value) else None


def _lines(document: Checked, node: t.Typed, taken: int | None) -> tuple[Line, ...]:
    if not isinstance(node, t.Choice):
        return ()
    return tuple(
        Line(_yield(document, value), words(sentence(when, document)) if when is not None else "", at == taken)
        for at, (value, when) in enumerate(node.lines)
    )


def _yield(document: Checked, value: t.Typed) -> str:
    if isinstance(value, t.Const) and isinstance(value.value, Decimal):
        return plain_number(value.value)
    return words(sentence(value, document))
