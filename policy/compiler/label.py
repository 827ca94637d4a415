"""Rules as the head of a column has them: what is looked at and what is asked, in as few words as will do."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from policy.compiler.say import Speaker, quantity
from policy.language import typed as t
from policy.language.checked import Rule, Text
from policy.language.faults import Language
from staff.kernel.periods import Month

_SIGNS = {">=": "≥ ", "<=": "≤ ", ">": "> ", "<": "< ", "=": "", "!=": "≠ "}


def label(rule: Rule) -> Text:
    """What a rule looks at: 客户 · customers. Without window, filter and threshold."""
    return Text(_label(rule.observed, "zh"), _label(rule.observed, "en"))


def asked(rule: Rule, as_of: Month) -> Text:
    """What it asks as of a month: ≥ 4 篇 · ≥ 4. Of "each", the months it looks at."""
    return Text(_asked(rule, as_of, "zh"), _asked(rule, as_of, "en"))


def _label(node: t.Typed, language: Language) -> str:
    speaker = Speaker(language, {})
    match node:
        case t.MonthAggregate():
            return _label(node.of, language)
        case t.Compare() | t.Logic() | t.Arith():
            return _label(node.left, language)
        case t.First() | t.Extreme():
            return _label(node.options[0], language)
        case t.Rounded() | t.Percent() | t.Negative() | t.Negation() | t.Membership():
            return _label(node.of, language)
        case t.EventAggregate():
            return speaker.name(node.field.names if node.field is not None else node.kind.names)
        case t.Completed():
            begins = node.of.options[0] if isinstance(node.of, t.First) else node.of
            return speaker.pick(f"{speaker.start(begins)}月数", f"months {speaker.start(begins)}")
        case t.AbsentDays():
            return speaker.pick("缺勤天数", "days of absence")
        case _:
            return speaker.say(node)


def _asked(rule: Rule, as_of: Month, language: Language) -> str:
    node, threshold = rule.observed, rule.threshold
    speaker = Speaker(language, {})
    if threshold is None:
        months = node.span.months if isinstance(node, t.MonthAggregate) else None
        return f"{months} / {months}" if months else speaker.pick("每月", "every month")
    sign = _SIGNS[rule.op]
    if isinstance(threshold, t.EvaluationDay):
        return f"{sign}{as_of.last_day.isoformat()}"
    if not isinstance(threshold, t.Const):
        return f"{sign}{speaker.say(threshold)}"
    if isinstance(threshold.value, Decimal):
        much = quantity(threshold.value, rule.unit, node, language)
        streak = isinstance(node, t.MonthAggregate) and node.function == "streak" and rule.op == ">="
        return speaker.pick(f"连续 {much}", f"{much} running") if streak else f"{sign}{much}"
    if isinstance(threshold.value, date):
        return f"{sign}{threshold.value.isoformat()}"
    return f"{sign}{speaker.const(threshold, None, node)}"
