"""Which monthly facts a policy rests on, and of whom: what must be reported for it to be judged at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import takewhile

from policy.catalogue import Catalogue, Metric, PersonFact
from policy.compiler.scalar import scalar
from policy.compiler.sql import Relation, Sql, column, literal
from policy.facts import facts
from policy.language import typed as t
from policy.language.checked import Checked, Input
from staff.kernel.periods import Month

#: A metric of the catalogue, or a raw input of the document's own scorecard, reported under the item of the same key.
Asked = Metric | t.InputValue


@lru_cache(maxsize=256)
def ladder_metrics(policy: Checked, *, rated: bool = False) -> tuple[Asked, ...]:
    """Everything monthly that the ladder reads, in the order in which the document first speaks of it; ``rated``: of people
    to whom a scorecard gives results, so without what only stands in for one.

    A parameter or reading counts where an expression uses it, for it is substituted there.
    """
    return _each(policy.ladder, rated)


@lru_cache(maxsize=256)
def result_metrics(policy: Checked) -> tuple[Asked, ...]:
    """The same for what concerns everybody governed, on a tier or not: scorecard, cases, pay."""
    return _each((policy.scorecard, policy.cases, policy.pay))


def inputs_asked(policy: Checked) -> Mapping[str, Input]:
    """The document's own inputs; points that count for an item as they are have its full marks as their bound."""
    full = {
        item.score.key: item.of
        for item in (policy.scorecard.items if policy.scorecard else ())
        if isinstance(item.score, t.InputValue)
    }
    return {
        key: replace(one, hi=full[one.key]) if one.hi is None and one.key in full else one
        for key, one in policy.inputs.items()
    }


def scope_condition(policy: Checked, day: date, absences: Relation) -> Sql | None:
    """SQL of whether the policy's scope takes in an employee ``e`` on the day, by the employee's own row and absences.

    None where it takes in everybody, and where it rests on more than these.
    """
    own = {fact.column for fact in facts() if isinstance(fact, PersonFact)}

    def leaf(node: t.Typed) -> Sql | None:
        if isinstance(node, t.Person) and node.fact.column in own:
            return column("e", node.fact.column)
        if isinstance(node, t.AbsentDays):
            return _absent_days(absences, (Month.of(day) + (1 - (node.span.months or 1))).first_day, day)
        return literal(day) if isinstance(node, t.EvaluationDay) else None

    for rule in policy.applies.rules if policy.applies else ():
        if rule.threshold is None:
            return None
        try:
            return scalar(t.Compare("bool", rule.op, rule.observed, rule.threshold), leaf)
        except TypeError:
            return None
    return None


def _absent_days(absences: Relation, first: date, last: date) -> Sql:
    """Days of the union of absences from one day to another, while employed."""
    begins, ends = f"greatest(a.first_day, e.hired_on, {literal(first)})", f"least(a.last_day, {literal(last)})"
    return Sql(
        "coalesce((SELECT sum(upper(s) - lower(s)) FROM (SELECT unnest(range_agg(daterange("
        f"{begins}, {ends} + 1))) AS s FROM {absences} a WHERE a.employee_id = e.id AND {begins} <= {ends}) q), 0)"
    )


def _each(part: object, rated: bool = False) -> tuple[Asked, ...]:
    found: dict[str, Asked] = {}
    for one in _inside(part, rated):
        found.setdefault(one.key, one)
    return tuple(found.values())


def _inside(value: object, rated: bool) -> Iterator[Asked]:
    if isinstance(value, Metric | t.InputValue):
        yield value
    elif isinstance(value, t.First) and rated:
        before = takewhile(lambda option: not isinstance(option, t.Result), value.options)
        yield from _inside(tuple(before), rated)
    elif isinstance(value, tuple):
        for part in value:
            yield from _inside(part, rated)
    elif is_dataclass(value) and not isinstance(value, Catalogue):
        for one in fields(value):
            yield from _inside(getattr(value, one.name), rated)
