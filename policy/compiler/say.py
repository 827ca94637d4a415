"""Typed nodes → a plain sentence in Chinese and in English.

Only words from tables are put together: names and counting words come with the facts, tiers from the document. A
sentence stands beside the source's text, never instead of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from policy.catalogue import EventKind, Names
from policy.language import typed as t
from policy.language.checked import Checked, Intake, PayComponent, Rule, Text
from policy.language.faults import Language
from policy.language.nodes import PLURAL_UNITS, plain_number
from policy.language.words import UNIT_ZH

_CENT = Decimal("0.01")
_OPS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "=", "!=": "≠"}
_DATES_ZH = {"<=": "不晚于", "<": "早于", ">=": "不早于", ">": "晚于", "=": "为", "!=": "不为"}
_DATES_EN = {"<=": "on or before", "<": "before", ">=": "on or after", ">": "after", "=": "on", "!=": "not on"}
_TOTALS = {
    "sum": ("合计", "total"),
    "mean": ("平均", "mean"),
    "lowest": ("最低", "lowest"),
    "highest": ("最高", "highest"),
}
_RESULTS = {
    "total": ("总分", "total"),
    "grade": ("等级", "grade"),
    "rank": ("名次", "rank"),
    "stars": ("星数", "stars"),
}
_FUNCTIONS_ZH = {"max": "取大", "min": "取小", "floor": "取整", "round": "四舍五入"}
_SIGNS = {"*": "×", "/": "÷", "+": "+", "-": "-"}
#: Whatever a name alone says.
_NAMED = (t.Value, t.InputValue, t.Result, t.Person, t.Process, t.Pay, t.EventField)
_RANKS = {"+": 1, "-": 1, "*": 2, "/": 2}


def rule_sentence(rule: Rule, checked: Checked) -> Text:
    """A rule in words."""
    if rule.threshold is None:
        return _both(checked, lambda speaker: speaker.say(rule.observed))
    comparison = t.Compare("bool", rule.op, rule.observed, rule.threshold)
    return _both(checked, lambda speaker: speaker.say(comparison))


def sentence(node: t.Typed, checked: Checked) -> Text:
    """Any value or condition in words."""
    return _both(checked, lambda speaker: speaker.say(node))


def worked_sentence(node: t.Typed, checked: Checked, zh: Mapping[t.Typed, str], en: Mapping[t.Typed, str]) -> Text:
    """A value in words, each fact followed by what it was: 接听量 474 通."""
    return Text(_speaker("zh", checked, zh).say(node), _speaker("en", checked, en).say(node))


def pay_sentence(component: PayComponent, checked: Checked) -> Text:
    """What a component of pay comes to, in words."""
    return sentence(component.amount, checked)


def intake_sentence(intake: Intake) -> Text:
    """When a month is entered, in words."""
    first, last = intake.first, intake.last
    if first == last:
        return Text(f"次月 {first} 日填报", f"entered on day {first} of the next month")
    return Text(f"次月 {first} 日至 {last} 日填报", f"entered from day {first} to day {last} of the next month")


def rounded(value: Decimal, bound: object = None) -> Decimal:
    """A number to show, with two decimals at most. It stays on its side of the bound: 79.9967 of 80 is 79.99, not 80."""
    near = value.quantize(_CENT, ROUND_HALF_UP)
    if near == value:
        return value
    if isinstance(bound, Decimal) and (near - bound) * (value - bound) <= 0:
        return value.quantize(_CENT, ROUND_FLOOR if value < bound else ROUND_CEILING)
    return near


def quantity(value: Decimal, unit: str, counted: t.Typed | None, language: Language) -> str:
    """A number with its unit or counting word: 3 篇, 90%, 2 months."""
    digits = plain_number(value)
    if unit == "%":
        return f"{digits}%"
    if language == "zh":
        word = UNIT_ZH.get(unit, "") or (_counting_word(counted) if unit in ("count", "number") else "")
        return f"{digits} {word}" if word else digits
    if unit in ("count", "number", "text"):
        return digits
    return f"{digits} {unit}{'s' if unit in PLURAL_UNITS and value != 1 else ''}"


def _both(checked: Checked, said: Callable[[Speaker], str]) -> Text:
    return Text(said(_speaker("zh", checked)), said(_speaker("en", checked)))


def _speaker(language: Language, checked: Checked, values: Mapping[t.Typed, str] | None = None) -> Speaker:
    tiers = {str(tier.key): tier.names for tier in checked.ladder.tiers} if checked.ladder else {}
    grades = {str(key): names for key, names in checked.scorecard.grades} if checked.scorecard else {}
    return Speaker(language, tiers, grades, values)


def _counting_word(node: t.Typed | None) -> str:
    if isinstance(node, t.EventAggregate):
        names = node.field.names if node.field is not None else node.kind.names
        return names.word_zh or ("个" if node.field is not None else "次")
    if isinstance(node, t.MonthAggregate):
        return _counting_word(node.of)
    return node.metric.names.word_zh if isinstance(node, t.Value) else ""


class Speaker:
    """One language; ``tiers`` and ``grades`` are the document's own names of them, ``values`` what facts were."""

    def __init__(
        self, language: Language, tiers: Mapping[str, Text], grades: Mapping[str, Text] | None = None,
        values: Mapping[t.Typed, str] | None = None,
    ) -> None:  # fmt: skip
        self.language, self.tiers, self.grades, self.values = language, tiers, grades or {}, values or {}

    def pick(self, zh: str, en: str) -> str:
        """The text of the language."""
        return zh if self.language == "zh" else en

    def say(self, node: t.Typed) -> str:
        """The node in words, followed by what it was where that is known."""
        words = _SPOKEN[type(node)](self, node)
        return f"{words} {self.values[node]}" if self.values and node in self.values else words

    def name(self, names: Names) -> str:
        """What a fact is called."""
        return self.pick(names.zh, names.en)

    # values

    def const(self, node: t.Const, counted: t.Typed | None = None, field: t.Typed | None = None) -> str:
        """A fixed value; ``counted`` lends its counting word, ``field`` the meaning of its words."""
        if node.unset is not None:
            unit = node.written[1] if node.written else node.unit
            return quantity(Decimal(1), unit, counted, self.language).replace("1", "X", 1)
        if isinstance(node.value, Decimal):
            value, unit = node.written or (node.value, node.unit)
            return quantity(value, unit, counted, self.language)
        if isinstance(node.value, bool):
            return self.pick("是", "yes") if node.value else self.pick("否", "no")
        if node.value is None:
            return self.pick("无", "none")
        if isinstance(node.value, date):
            return node.value.isoformat()
        if node.tier and node.value in self.tiers:
            names = self.tiers[node.value]
            return self.pick(names.zh, names.en or str(node.value))
        if isinstance(field, t.EventField) and node.value in field.field.words:
            return self.name(field.field.words[node.value])
        if (field is None or isinstance(field, t.Result)) and node.value in self.grades:
            names = self.grades[node.value]
            return self.pick(names.zh, names.en)
        return str(node.value)

    def arith(self, node: t.Arith) -> str:
        """Numbers put together, with brackets from precedence."""
        mine = _RANKS[node.op]

        def inside(part: t.Typed, least: int) -> str:
            bare = part.of if isinstance(part, t.Percent) else part
            text = self.say(bare)
            return f"({text})" if isinstance(bare, t.Arith) and _RANKS[bare.op] < least else text

        return f"{inside(node.left, mine)} {_SIGNS[node.op]} {inside(node.right, mine + 1)}"

    def call(self, name: str, parts: tuple[t.Typed, ...], more: str = "") -> str:
        """A function of numbers."""
        inner = self.pick(",", ", ").join(self.say(part) for part in parts)
        return f"{self.pick(_FUNCTIONS_ZH[name], name)}({inner}{more})"

    def extreme(self, node: t.Extreme) -> str:
        """The larger or smaller; beside a fixed value it reads as a bound: 总分（无则考核得分，至多 100 分）."""
        fixed = [part for part in node.options if isinstance(part, t.Const)]
        others = [part for part in node.options if not isinstance(part, t.Const)]
        if len(fixed) != 1 or len(others) != 1:
            return self.call(node.function, node.options)
        words = ("至多", "at most") if node.function == "min" else ("至少", "at least")
        bound = f"{self.pick(*words)} {self.say(fixed[0])}"
        text, comma = self.say(others[0]), self.pick("，", ", ")
        if isinstance(others[0], t.First) and others[0] not in self.values:
            return f"{text[:-1]}{comma}{bound}{text[-1]}"
        if isinstance(others[0], _NAMED):
            return self.pick(f"{text}（{bound}）", f"{text} ({bound})")
        return f"({text}{comma}{bound})"

    def first(self, node: t.First) -> str:
        """The first that is there: 上岗日期（无则入职日期）."""
        names = [self.say(option) for option in node.options]
        rest = self.pick("，再无则", ", else ").join(names[1:])
        return self.pick(f"{names[0]}（无则{rest}）", f"{names[0]} (else {rest})")

    # conditions

    def compare(self, node: t.Compare) -> str:
        """A comparison; some read better in words than with a sign."""
        left, right = node.left, node.right
        if isinstance(left, t.Completed) and node.op == ">=":
            return self.pick(f"自{self.say(left.of)}起满 {self.say(right)}",
                             f"{self.say(right)} completed since {self.say(left.of)}")  # fmt: skip
        if isinstance(left, t.MonthAggregate) and left.function == "streak":
            return self.streak(left, right)
        if isinstance(left, t.EventAggregate) and self._none(node):
            return self.events(left, none=True)
        if left.unit == "date":
            return self.pick(f"{self.say(left)}{_DATES_ZH[node.op]}{self.say(right)}",
                             f"{self.say(left)} {_DATES_EN[node.op]} {self.say(right)}")  # fmt: skip
        if left.unit == "yes_no" and isinstance(right, t.Const):
            holds = (node.op == "=") == bool(right.value)
            return self.say(left) if holds else self.pick(f"非{self.say(left)}", f"not: {self.say(left)}")
        shown = self.const(right, left, left) if isinstance(right, t.Const) else self.say(right)
        if left.unit == "text":
            zh, en = ("为", "is") if node.op == "=" else ("不为", "is not")
            return self.pick(f"{self.say(left)}{zh}{shown}", f"{self.say(left)} {en} {shown}")
        return f"{self.say(left)} {_OPS[node.op]} {shown}"

    @staticmethod
    def _none(node: t.Compare) -> bool:
        value = node.right.value if isinstance(node.right, t.Const) else None
        return (node.op in ("=", "<=") and value == 0) or (node.op == "<" and value == 1)

    def logic(self, node: t.Logic) -> str:
        """``and`` / ``or``; an ``or`` inside an ``and`` is bracketed."""
        parts = [
            self.pick(f"（{self.say(part)}）", f"({self.say(part)})")
            if isinstance(part, t.Logic) and part.op != node.op
            else self.say(part)
            for part in (node.left, node.right)
        ]
        return self.pick("，且" if node.op == "and" else "，或", f" {node.op} ").join(parts)

    def among(self, node: t.Membership) -> str:
        """``value in (…)``."""
        items = [self.const(item, None, node.of) for item in node.items]
        return self.pick(
            f"{self.say(node.of)}为{'、'.join(items)}之一", f"{self.say(node.of)} is one of {', '.join(items)}"
        )

    def choice(self, node: t.Choice) -> str:
        """Lines, first match wins."""
        said = []
        for value, when in node.lines:
            if when is None:
                said.append(self.pick(f"其余：{self.say(value)}", f"{self.say(value)} otherwise"))
            else:
                said.append(self.pick(f"{self.say(when)}：{self.say(value)}", f"{self.say(value)} if {self.say(when)}"))
        return self.pick("；", "; ").join(said)

    # aggregates

    def windows(self, span: t.Span) -> str:
        """近 12 个月、本级别期间 · in 12 months and in the present tier."""
        said = []
        if span.months == 1:
            said.append(self.pick("当月", "in the month"))
        elif span.months is not None:
            said.append(self.pick(f"近 {span.months} 个月", f"in {span.months} months"))
        said += [self.start(start) for start in span.since]
        return self.pick("、", " and ").join(said)

    def start(self, node: t.Typed) -> str:
        """Where a window begins."""
        if isinstance(node, t.Person):
            names = node.fact.names
            return self.pick(names.since_zh or f"{names.zh}以来", names.since_en or f"since {names.en}")
        return self.pick(f"自{self.say(node)}起", f"since {self.say(node)}")

    def kind(self, node: t.EventAggregate) -> str:
        """成立的投诉 · upheld complaints, with the filter in brackets."""
        kind: EventKind = node.kind
        upheld = kind.upheld_by_default and not node.status_free
        name = self.pick(("成立的" if upheld else "") + kind.names.zh,
                         (kind.names.upheld_en or f"upheld {kind.names.en}") if upheld else kind.names.en)  # fmt: skip
        notes = [self.say(node.where)] if node.where is not None else []
        notes += [self.pick("按认定日期", "by the day of the finding")] if node.by else []
        if not notes:
            return name
        return self.pick(f"{name}（{'；'.join(notes)}）", f"{name} ({'; '.join(notes)})")

    def events(self, node: t.EventAggregate, none: bool = False) -> str:
        """Events of a window, or none of them."""
        when, what = self.windows(node.span), self.kind(node)
        if node.field is not None:
            zh, en = node.field.names.zh, node.field.names.en
            what = self.pick(f"{what}的不同{zh}", f"different {en.removesuffix('s')}s of {what}")
        return self.pick(f"{when}{'无' if none else ''}{what}", f"{'no ' if none else ''}{what} {when}")

    def months(self, node: t.MonthAggregate) -> str:
        """Monthly values of a window."""
        inner, when = self.say(node.of), self.windows(node.span)
        if node.function == "each":
            months = node.span.months
            starts = "".join(f", {self.start(start)}" for start in node.span.since)
            return self.pick(f"{when}每月{inner}", f"{inner} in each of {months} months{starts}")
        if node.function == "months":
            return self.pick(f"{when}中{inner}的月数", f"months with {inner} {when}")
        zh, en = _TOTALS[node.function]
        if node.function == "mean" and inner.startswith(self.pick("平均", "mean ")):
            return self.pick(f"{when}{inner}的平均", f"{inner} {when}")
        return self.pick(f"{when}{inner}{zh}", f"{en} {inner} {when}")

    def streak(self, node: t.MonthAggregate, right: t.Typed) -> str:
        """Months running."""
        starts_zh = "、".join(self.start(start) for start in node.span.since)
        starts_en = "".join(f", {self.start(start)}" for start in node.span.since)
        return self.pick(f"{starts_zh}连续 {self.say(right)}{self.say(node.of)}",
                         f"{self.say(node.of)} for {self.say(right)} running{starts_en}")  # fmt: skip


_SPOKEN: dict[type[t.Typed], Callable[[Speaker, Any], str]] = {
    t.Const: lambda s, n: s.const(n),
    t.Value: lambda s, n: s.name(n.metric.names),
    t.InputValue: lambda s, n: s.pick(n.zh, n.en),
    t.Result: lambda s, n: s.pick(*_RESULTS[n.column]),
    t.Person: lambda s, n: s.name(n.fact.names),
    t.Process: lambda s, n: s.name(n.fact.names),
    t.Pay: lambda s, n: s.name(n.fact.names),
    t.EventField: lambda s, n: s.name(n.field.names),
    t.EvaluationDay: lambda s, n: s.pick("评定日", "the day of evaluation"),
    t.TargetTier: lambda s, n: s.pick("目标级别", "the target tier"),
    t.Arith: Speaker.arith,
    t.Percent: lambda s, n: s.say(n.of),
    t.Negative: lambda s, n: f"-{s.say(n.of)}",
    t.Compare: Speaker.compare,
    t.Logic: Speaker.logic,
    t.Negation: lambda s, n: s.pick(f"非（{s.say(n.of)}）", f"not ({s.say(n.of)})"),
    t.Membership: Speaker.among,
    t.Choice: Speaker.choice,
    t.First: Speaker.first,
    t.Extreme: Speaker.extreme,
    t.Rounded: lambda s, n: s.call(n.function, (n.of,), f", {n.digits}" if n.digits else ""),
    t.MonthAggregate: Speaker.months,
    t.EventAggregate: Speaker.events,
    t.AbsentDays: lambda s, n: s.pick(f"{s.windows(n.span)}缺勤天数", f"days of absence {s.windows(n.span)}"),
    t.Completed: lambda s, n: s.pick(f"自{s.say(n.of)}起的整月数", f"completed months since {s.say(n.of)}"),
    t.Raised: lambda s, n: s.pick(f"当月触发个案“{n.names.zh}”", f"the month raised “{n.names.en}”"),
}
