"""Syntax tree + facts, readings and parameters → typed nodes.

A part that cannot be settled gives ``None`` and notes a fault at its place, so that one pass tells every fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from policy.catalogue import (
    Catalogue,
    Column,
    EventKind,
    Field,
    Key,
    Metric,
    Names,
    PayFact,
    PersonFact,
    ProcessFact,
    Word,
)
from policy.language import nodes as n
from policy.language import typed as t
from policy.language.faults import Collector
from policy.language.functions import call, whole_months
from policy.language.shape import nearest
from policy.language.units import adapt, plain_unit, quotient, unit_product
from policy.language.words import BASE, BUILTINS_ZH, FUNCTIONS

Scope = Literal["ladder", "applies", "month", "case", "pay", "reading", "filter", "monthly"]
RESULTS: dict[str, tuple[str, Column]] = {
    "total": ("point", Column("total")), "grade": ("text", Column("grade")),
    "rank": ("number", Column("rank")), "stars": ("number", Column("stars")),
}  # fmt: skip
TIER_FACT = PersonFact(Key("tier"), Names("级别", "tier"), "text", Column("tier"))
MONTHLY_SCOPES = ("month", "case", "monthly", "pay")


@dataclass
class Vocabulary:
    """The names that a document's expressions may use."""

    catalogue: Catalogue
    policy: Key = field(default_factory=lambda: Key("policy"))
    tiers: Mapping[str, Key] = field(default_factory=dict)
    """Tier keys and Chinese names → keys; empty where the document has no ladder."""
    readings: dict[str, t.Typed] = field(default_factory=dict)
    parameters: dict[str, t.Const] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    """The parameters that an expression has spoken of."""
    inputs: dict[str, t.InputValue] = field(default_factory=dict)
    grades: frozenset[str] = frozenset()
    cases: frozenset[str] = frozenset()

    def is_fact(self, name: str) -> bool:
        """Whether facts or the language own the name already."""
        return (
            self.catalogue.value(name) is not None
            or self.catalogue.kind(name) is not None
            or name in BUILTINS_ZH.values()
            or name in FUNCTIONS
        )


class Resolver:
    """Settles the expressions of one part of a document; ``readings`` and ``parameters`` are those it used.

    ``scope`` changes inside a function, ``part`` does not. ``results``: which results of the month are there already.
    """

    def __init__(
        self, vocabulary: Vocabulary, collector: Collector, scope: Scope, results: Iterable[str] = tuple(RESULTS)
    ) -> None:
        self.words, self.collector, self.scope = vocabulary, collector, scope
        self.part: Scope = scope
        self.results = frozenset(results)
        self.kind: EventKind | None = None
        self.readings: list[Key] = []
        self.parameters: list[Key] = []

    def fault(self, node: n.Node, zh: str, en: str, near: str | None = None) -> None:
        """Note a fault at a node; the value None then stands for the part."""
        self.collector.add(node.at, zh, en, near)

    def resolve(self, node: n.Node) -> t.Typed | None:
        """The typed node, or None with faults noted."""
        if isinstance(node, n.Number):
            return constant(node)
        if isinstance(node, n.Day):
            return t.Const("date", node.value)
        if isinstance(node, n.Nothing):
            return t.Const("none", None)
        if isinstance(node, n.Name):
            return self.name(node)
        if isinstance(node, n.Call):
            return call(self, node)
        if isinstance(node, n.Minus):
            return self._minus(node)
        if isinstance(node, n.Not):
            inner = self.condition(node.of)
            return inner and t.Negation("bool", inner)
        if isinstance(node, n.Among):
            return self._among(node)
        if isinstance(node, n.Lines):
            return self._lines(node)
        if isinstance(node, n.Binary):
            return self._binary(node)
        self.fault(node, "where、by、since 只能写在函数的参数里", "where, by and since stand only inside a function")
        return None

    def condition(self, node: n.Node) -> t.Typed | None:
        """A condition; a yes/no fact by itself is one."""
        found = self.resolve(node)
        if found is None or found.unit == "bool":
            return found
        if found.unit == "yes_no":
            return t.Compare("bool", "=", found, t.Const("yes_no", True))
        self.fault(node, "这里应为条件", "a condition is expected here")
        return None

    def number(self, node: n.Node) -> t.Typed | None:
        """A number of whatever unit."""
        found = self.resolve(node)
        if found is not None and found.unit in ("bool", "text", "date", "none", "yes_no"):
            self.fault(node, "这里应为数值", "a number is expected here")
            return None
        return found

    # names

    def name(self, node: n.Name) -> t.Typed | None:
        """What a name stands for, in the order: fields, words of the language, readings, inputs, facts, parameters."""
        if node.owner is not None:
            return self._owned(node)
        if self.kind is not None and (found := self.kind.field(node.name)) is not None:
            return t.EventField(found.type, found)
        name = BUILTINS_ZH.get(node.name, node.name)
        builtin = self._builtin(name)
        if builtin is not None:
            return self._allowed(node, builtin)
        if name in self.words.readings:
            return self._reading(node, name)
        if name in self.words.inputs:
            return self._allowed(node, self.words.inputs[name])
        fact = self._fact(name)
        if fact is not None:
            return self._allowed(node, fact)
        if name in self.words.parameters:
            return self.use_parameter(name)
        self._unknown(node, name)
        return None

    def _owned(self, node: n.Name) -> t.Typed | None:
        if node.owner == "param" and node.name in self.words.parameters:
            return self.use_parameter(node.name)
        if node.owner == "param":
            near = nearest(node.name, self.words.parameters)
            self._not_known(node, f"param.{node.name}", f"param.{near}" if near else None)
        else:
            self.fault(
                node, f"`{n.show(node)}` 只能写在 distinct(…) 里", f"`{n.show(node)}` stands only inside distinct(…)"
            )
        return None

    def _reading(self, node: n.Name, name: str) -> t.Typed | None:
        found = self.use_reading(name)
        if self.scope in ("monthly", "filter") and any(isinstance(leaf, t.Person) for leaf in found.walk()):
            self.fault(
                node,
                f"`{name}` 取自员工档案,不能用在这里",
                f"`{name}` is a fact of the person and may not be used here",
            )
            return None
        return found

    def use_reading(self, name: str) -> t.Typed:
        """A reading's value; the use is noted."""
        if Key(name) not in self.readings:
            self.readings.append(Key(name))
        return self.words.readings[name]

    def use_parameter(self, name: str) -> t.Const:
        """A parameter's value; the use is noted."""
        if Key(name) not in self.parameters:
            self.parameters.append(Key(name))
        self.words.used.add(name)
        return self.words.parameters[name]

    def _builtin(self, name: str) -> t.Typed | None:
        if name == "as_of":
            return t.EvaluationDay("date")
        if name == "target":
            return t.TargetTier("text")
        if name == "tier":
            return t.Person("text", TIER_FACT)
        if name in RESULTS:
            unit, column = RESULTS[name]
            return t.Result(unit, column)
        if name in ("yes", "no"):
            return t.Const("yes_no", name == "yes")
        return None

    def _fact(self, name: str) -> t.Typed | None:
        shelf = self.words.catalogue
        pay = (
            next((f for f in shelf.pays.values() if name in (f.key, f.names.zh)), None) if self.scope == "pay" else None
        )
        fact = pay or shelf.value(name)
        if isinstance(fact, PersonFact):
            return t.Person(fact.type, fact)
        if isinstance(fact, Metric):
            return t.Value(fact.unit, fact)
        if isinstance(fact, ProcessFact):
            return t.Process(fact.type, fact)
        return t.Pay(fact.type, fact) if isinstance(fact, PayFact) else None

    def _allowed(self, node: n.Name, found: t.Typed) -> t.Typed | None:
        """The fact, where it may be used in this part of the document."""
        shown = node.name
        if isinstance(found, (t.Value, t.InputValue, t.Result)) and self.scope not in MONTHLY_SCOPES:
            self.fault(node, f"`{shown}` 是每月的值,请写明期间,如 sum({shown}, 6 months)",
                       f"`{shown}` is a monthly value and needs a window, such as sum({shown}, 6 months)")  # fmt: skip
        elif isinstance(found, (t.Person, t.EvaluationDay)) and self.scope in ("monthly", "filter"):
            self.fault(node, f"`{shown}` 不能用在这里", f"`{shown}` may not be used here")
        elif isinstance(found, t.Result) and found.column not in self.results and self.scope == "month":
            self.fault(node, f"`{shown}` 在这里还没有得出", f"`{shown}` is not known yet at this point")
        elif isinstance(found, t.TargetTier) and self.part != "ladder":
            self.fault(node, "`target` 只能用在晋升条件里", "`target` stands only in the conditions of a promotion")
        elif (isinstance(found, t.Process) and self.scope != "ladder") or (
            isinstance(found, t.Pay) and self.scope != "pay"
        ):
            self.fault(node, f"`{shown}` 不能用在这里", f"`{shown}` may not be used here")
        else:
            return found
        return None

    def _unknown(self, node: n.Name, name: str) -> None:
        shelf = self.words.catalogue
        known: set[str] = {*self.words.readings, *self.words.parameters, *self.words.inputs, *BUILTINS_ZH.values()}
        if self.kind is not None:
            known = {f.name for f in self.kind.fields}
        else:
            for facts in (shelf.metrics, shelf.persons, shelf.processes, shelf.pays):
                known |= set(facts) | {fact.names.zh for fact in facts.values()}
        self._not_known(node, name, nearest(name, known))

    def _not_known(self, node: n.Node, name: str, near: str | None) -> None:
        self.fault(node, f"不认识 `{name}`",
                   f"`{name}` is not known", near)  # fmt: skip

    # operators

    def _minus(self, node: n.Minus) -> t.Typed | None:
        inner = self.number(node.of)
        if isinstance(inner, t.Const) and isinstance(inner.value, Decimal):
            written = inner.written and (-inner.written[0], inner.written[1])
            return replace(inner, value=-inner.value, written=written)
        return inner and t.Negative(inner.unit, inner)

    def _binary(self, node: n.Binary) -> t.Typed | None:
        if node.op in ("and", "or"):
            left, right = self.condition(node.left), self.condition(node.right)
            return t.Logic("bool", node.op, left, right) if left is not None and right is not None else None
        if node.op in n.COMPARISONS:
            return self._compare(node)
        left, right = self.number(node.left), self.number(node.right)
        if left is None or right is None:
            return None
        if node.op in ("+", "-"):
            pair = self.agree(node, left, right)
            return pair and t.Arith(pair[0].unit, node.op, *pair)
        if node.op == "/" and isinstance(right, t.Const) and right.value == 0:
            self.fault(node.right, "不能除以零", "cannot divide by zero")
            return None
        if node.op == "/" and left.unit == right.unit and not plain_unit(left.unit):
            return t.Arith("number", "/", left, right)
        left, right = _share(left), _share(right)
        unit = unit_product(left, right) if node.op == "*" else quotient(left, right)
        if unit is None:
            self.fault(node, f"{left.unit} 与 {right.unit} 不能这样相{'乘' if node.op == '*' else '除'}",
                       f"cannot {'multiply' if node.op == '*' else 'divide'} {left.unit} by {right.unit}")  # fmt: skip
            return None
        return t.Arith(unit, node.op, left, right)

    def agree(
        self, node: n.Node, left: t.Typed, right: t.Typed, verb: str = "combine"
    ) -> tuple[t.Typed, t.Typed] | None:
        """Both sides in one unit; a bare literal takes the other side's."""
        left, right = adapt(left, right.unit), adapt(right, left.unit)
        same = left.unit == right.unit or (
            plain_unit(left.unit) and plain_unit(right.unit) and "number" in (left.unit, right.unit)
        )
        if same:
            return left, right
        hint_zh = "(请写 90%,不要写 90)" if "%" in (left.unit, right.unit) else ""
        hint_en = " (write 90%, not 90)" if "%" in (left.unit, right.unit) else ""
        zh = "比较" if verb == "compare" else "相加减"
        self.fault(
            node,
            f"{left.unit} 不能与 {right.unit} {zh}{hint_zh}",
            f"cannot {verb} {left.unit} with {right.unit}{hint_en}",
        )
        return None

    def _compare(self, node: n.Binary) -> t.Typed | None:
        left = self.resolve(node.left)
        if left is None:
            self._literal_or_value(node.right, None)
            return None
        if left.unit in ("bool", "none"):
            shown = n.show(node.left)
            self.fault(node, f"`{shown}` 不能用来比较", f"`{shown}` cannot be compared")
            return None
        right = self._literal_or_value(node.right, left)
        if right is None:
            return None
        if left.unit in ("text", "yes_no") and node.op not in ("=", "!="):
            self.fault(node, "文字和是非只能用 = 和 != 比较", "texts and yes/no know = and != only")
            return None
        pair = self.agree(node, left, right, "compare")
        if pair is None:
            return None
        if isinstance(left, t.MonthAggregate) and left.function == "streak":
            return self._streak(node, left, pair[1])
        return t.Compare("bool", node.op, *pair)

    def _streak(self, node: n.Binary, left: t.MonthAggregate, right: t.Typed) -> t.Typed | None:
        months = whole_months(right)
        if node.op != ">=" or months is None:
            self.fault(node, "streak(…) 只能写作 streak(…) >= N months", "streak(…) is written streak(…) >= N months")
            return None
        return t.Compare("bool", ">=", replace(left, span=replace(left.span, months=months)), right)

    def _literal_or_value(self, node: n.Node, left: t.Typed | None) -> t.Typed | None:
        """The right side: a bare word beside a text is a literal."""
        if left is not None and left.unit == "text" and isinstance(node, n.Name) and node.owner is None:
            name = BUILTINS_ZH.get(node.name, node.name)
            return self._allowed(node, t.TargetTier("text")) if name == "target" else self._literal(node, left)
        if left is None and isinstance(node, n.Name):
            return None
        return self.resolve(node)

    def _literal(self, node: n.Name, left: t.Typed) -> t.Typed | None:
        field_ = left.field if isinstance(left, t.EventField) else None
        of_tier = isinstance(left, t.TargetTier) or (field_ is not None and field_.tier) or (
            isinstance(left, t.Person) and left.fact.key == "tier")  # fmt: skip
        if of_tier and self.words.tiers:
            key = self.words.tiers.get(node.name)
            if key is None:
                keys = ", ".join(dict.fromkeys(self.words.tiers.values()))
                self.fault(
                    node,
                    f"`{node.name}` 不是本晋升体系的级别({keys})",
                    f"`{node.name}` is no tier of this ladder ({keys})",
                )
                return None
            return t.Const("text", key, tier=True)
        if field_ is not None and field_.words:
            return self._word(node, field_)
        if isinstance(left, t.Result) and self.words.grades and node.name not in self.words.grades:
            self._not_known(node, node.name, nearest(node.name, self.words.grades))
            return None
        return t.Const("text", Word(node.name), tier=of_tier)

    def _word(self, node: n.Name, field_: Field) -> t.Typed | None:
        for word, names in field_.words.items():
            if node.name in (word, names.zh):
                return t.Const("text", Word(word))
        if field_.free:
            return t.Const("text", Word(node.name))
        words = ", ".join(field_.words)
        self.fault(node, f"`{node.name}` 不是 {field_.names.zh} 的取值({words})",
                   f"`{node.name}` is no value of {field_.name} ({words})")  # fmt: skip
        return None

    def _among(self, node: n.Among) -> t.Typed | None:
        left = self.resolve(node.of)
        if left is None:
            return None
        items: list[t.Const] = []
        for item in node.items:
            value = self._literal_or_value(item, left)
            pair = value and self.agree(item, left, value, "compare")
            if pair and isinstance(pair[1], t.Const):
                items.append(pair[1])
            elif pair:
                self.fault(item, "括号里应为固定的值", "fixed values are expected in the brackets")
        return t.Membership("bool", left, tuple(items)) if len(items) == len(node.items) else None

    def _lines(self, node: n.Lines, literal: bool = False) -> t.Typed | None:
        values: list[tuple[t.Typed, t.Typed | None]] = []
        for value, condition in node.lines:
            name = isinstance(value, n.Name) and literal
            settled = t.Const("text", Word(value.name)) if name and isinstance(value, n.Name) else self.resolve(value)
            when = self.condition(condition) if condition is not None else None
            if settled is not None and (when is not None) == (condition is not None):
                values.append((settled, when))
        if len(values) != len(node.lines):
            return None
        return self.same_unit(node, values)

    def lines_of_words(self, node: n.Lines) -> t.Typed | None:
        """Lines whose values are words: grades."""
        return self._lines(node, literal=True)

    def same_unit(self, node: n.Node, values: Iterable[tuple[t.Typed, t.Typed | None]]) -> t.Typed | None:
        """Lines whose values share a unit; ``none`` goes with each, a bare literal takes the others'."""
        values = list(values)
        unit = next((v.unit for v, _ in values if v.unit != "none" and not (isinstance(v, t.Const) and v.bare)), None)
        lines = tuple((adapt(value, unit) if unit else value, when) for value, when in values)
        units = {value.unit for value, _ in lines} - {"none"}
        if len(units) > 1 and not all(plain_unit(u) for u in units):
            shown = ", ".join(sorted(units))
            self.fault(node, f"各行的单位不同({shown})", f"the lines differ in unit ({shown})")
            return None
        return t.Choice(unit or next(iter(units), "none"), lines)


def constant(node: n.Number) -> t.Const:
    """A literal in its base unit, remembering what was written."""
    if node.unit is None:
        return t.Const("number", node.value, written=(node.value, "number"), bare=True)
    base, factor = BASE.get(node.unit, (node.unit, Decimal(1)))
    return t.Const(base, node.value * factor, written=(node.value, node.unit))


def _share(node: t.Typed) -> t.Typed:
    """In a product or quotient a share counts as a plain number."""
    return t.Percent("number", node) if node.unit == "%" else node
