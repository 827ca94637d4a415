"""A rule of a ladder: one comparison, an observed value on the left, a fixed one on the right."""

from __future__ import annotations

from policy.catalogue import Key
from policy.language import nodes as n
from policy.language import typed as t
from policy.language.checked import Rule
from policy.language.resolve import Resolver

_EXACT = (t.EventAggregate, t.AbsentDays, t.Completed, t.Person, t.EvaluationDay)


def rule_of(resolver: Resolver, key: Key, clause: str, node: n.Node) -> Rule | None:
    """The rule, or None with faults noted."""
    found = resolver.condition(node)
    if found is None:
        return None
    uses = (tuple(resolver.readings), tuple(resolver.parameters))
    if isinstance(found, t.MonthAggregate) and found.function == "each":
        return Rule(key, clause, node, found, "=", None, "month", *uses)
    if not isinstance(found, t.Compare):
        resolver.fault(node, "一条规则是一个比较:左边是观察值,右边是固定值;其余请另写规则",
                       "a rule is one comparison, observed on the left, fixed on the right; write two rules")  # fmt: skip
        return None
    if not isinstance(found.right, t.Const | t.EvaluationDay):
        resolver.fault(node, "比较的右边应为固定的值", "the right side of a rule must be a fixed value")
        return None
    problem = _observable(found.left)
    if problem is not None:
        resolver.fault(node, *problem)
        return None
    return Rule(key, clause, node, found.left, found.op, found.right, found.left.unit, *uses)


def _observable(left: t.Typed) -> tuple[str, str] | None:
    """What is wrong with an observed value, if anything."""
    if left.unit == "text":
        return "级别条件不能比较文字", "a rule of a ladder cannot compare texts"
    if isinstance(left, t.MonthAggregate | t.Process):
        return None
    leaves = list(left.walk())
    if any(isinstance(leaf, t.MonthAggregate | t.Process) for leaf in leaves):
        return "每月值的汇总要单独成为一条规则", "an aggregate of monthly values stands by itself in a rule"
    if not any(isinstance(leaf, _EXACT) for leaf in leaves):
        return "比较的左边应为观察值", "the left side of a rule must be something observed"
    return None
