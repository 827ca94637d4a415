"""A whole document: text → ``Checked``, with every fault told at once; and the values of an adoption put in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import cast

from policy.catalogue import UNITS, Catalogue, Key
from policy.language import nodes as n
from policy.language import typed as t
from policy.language.checked import Checked, Clause, Criterion, Input, Lost, Parameter, Passage, Reading, Rule, Text
from policy.language.faults import At, Collector, Fault, Faults
from policy.language.ladder import LadderBuilder, parsed, tier_words
from policy.language.load import Scalar, load
from policy.language.parse import parse
from policy.language.process import ProcessBuilder, in_order
from policy.language.resolve import Resolver, Vocabulary
from policy.language.scorecard import CardBuilder, grade_words, number_in
from policy.language.shape import Section, nearest, shaped
from policy.language.words import BASE, MAX_TITLE, UNIT_WORDS


def load_document(text: str, catalogue: Catalogue) -> Checked:
    """The policy of a document. Raises ``Faults`` with all of them, in order of place."""
    return _read(text, catalogue, {})


@lru_cache(maxsize=64)
def title_of(text: str) -> Text:
    """What a document calls itself, empty where it does not say; nothing else of it is judged."""
    return names(shaped(load(text), "policy", Collector()).one.get("title"))


def check(text: str, catalogue: Catalogue) -> list[Fault]:
    """Every fault of a document, in order of place; empty where there is none."""
    try:
        load_document(text, catalogue)
    except Faults as found:
        return list(found.faults)
    return []


def notices(checked: Checked) -> list[Fault]:
    """What whoever writes the document should know and is no fault, in order of place: a parameter that the adoption must
    give, for a template is whole without it; one that no rule uses, for a clause's text may speak of a number too; a process
    that is as is usual, for the document says nothing of it.
    """
    found = Collector()
    for name in checked.unset:
        found.add(checked.parameters[name].at, f"参数 `{name}` 没有值:须由采用时给出",
                  f"parameter `{name}` has no value: the adoption must give one")  # fmt: skip
    for name in checked.unused:
        found.add(checked.parameters[name].at, f"参数 `{name}` 没有规则使用", f"no rule uses the parameter `{name}`")
    if checked.process and not checked.process_stated:
        panel = any(step.by_panel for step in checked.process.values())
        found.add(
            min(step.at for step in checked.process.values()),
            "没有 `process` 一节:流程各步的负责人、期限按通常办理"
            + (";评审团按一项满分 100 打分,没有合格线" if panel else ""),
            "there is no section `process`: owners and days of the steps are as is usual"
            + ("; a panel scores one line of 100, without a bar" if panel else ""),
        )
    return sorted(found.faults)


def bind(checked: Checked, values: Mapping[str, str]) -> Checked:
    """The policy with an adoption's values of readings and parameters put in, as if the document had said so.

    Raises ``Faults`` for unknown names, values of a wrong unit, and for every parameter still without a value.
    """
    bound = _read(checked.text, checked.catalogue, values)
    if bound.unset:
        names_zh, names_en = "、".join(bound.unset), ", ".join(bound.unset)
        raise Faults(
            [
                Fault(bound.parameters[name].at.line, bound.parameters[name].at.column,
                      f"参数 `{name}` 没有值(缺少:{names_zh})", f"parameter `{name}` has no value (missing: {names_en})")
                for name in bound.unset
            ]
        )  # fmt: skip
    return bound


def _read(text: str, catalogue: Catalogue, values: Mapping[str, str]) -> Checked:
    collector = Collector()
    root = shaped(load(text), "policy", collector)
    reader = _Reader(root, catalogue, collector, values)
    checked = reader.read(text)
    collector.raise_any()
    return cast(Checked, checked)  # without a fault there is a policy


class _Reader:
    """Builds the parts of a document in the order in which they need each other."""

    def __init__(self, root: Section, catalogue: Catalogue, collector: Collector, values: Mapping[str, str]) -> None:
        self.root, self.collector, self.values = root, collector, values
        key = root.text("policy")
        self.words = Vocabulary(catalogue, Key(key or "policy"), tier_words(root.one.get("ladder")))

    def read(self, text: str) -> Checked | None:
        root, catalogue = self.root, self.words.catalogue
        self._known_values()
        self._title()
        parameters = self._parameters()
        readings = self._readings()
        inputs = self._inputs()
        self.words.grades = grade_words(root.one.get("scorecard"))
        ladder = LadderBuilder(self.words, self.collector).build(root.one["ladder"]) if "ladder" in root.one else None
        cards = CardBuilder(self.words, self.collector)
        card = cards.scorecard(root.one["scorecard"]) if "scorecard" in root.one else None
        intake = cards.intake(root.one["intake"], rated="scorecard" in root.one) if "intake" in root.one else None
        cases = cards.cases(root.many.get("cases", []))
        pay = cards.pay(root.keyed.get("pay", {}))
        applies = self._applies()
        in_force = self._in_force()
        review = self._review()
        stated = "process" in root.keyed
        if ladder and not stated:
            ladder = replace(ladder, steps=tuple(replace(s, process=in_order(s.process)) for s in ladder.steps))
        process = ProcessBuilder(self.words, self.collector, review).build(
            root.keyed.get("process"), root.one.get("ladder"), ladder
        )
        if not root.text("policy"):
            return None
        return Checked(
            key=self.words.policy, title=names(root.one.get("title")), in_force=in_force,
            approved_by=root.text("approved_by"), text=text, catalogue=catalogue,
            lost=tuple(Lost(p.text("clause"), Text(p.text("zh"), p.text("en"))) for p in root.many.get("lost", [])),
            passages=tuple(
                Passage(p.text("clause"), names(p.one.get("title")), p.text("text"), p.text("en"))
                for p in root.many.get("texts", [])
            ),
            readings=readings, parameters=parameters, values=dict(self.values), applies=applies, inputs=inputs,
            intake=intake, ladder=ladder, scorecard=card, cases=cases, pay=pay, review=review,
            process=process, process_stated=stated,
            unused=tuple(name for name in parameters if name not in self.words.used),
        )  # fmt: skip

    def _title(self) -> None:
        title = self.root.one.get("title")
        for name in ("zh", "en"):
            if title and len(title.text(name)) > MAX_TITLE:
                self.collector.add(
                    title.place(name), f"标题最多 {MAX_TITLE} 个字符", f"a title has at most {MAX_TITLE} characters"
                )

    def _known_values(self) -> None:
        known = {*self.root.keyed.get("readings", {}), *self.root.keyed.get("parameters", {})}
        for name in self.values:
            if name not in known:
                near = nearest(name, known)
                self.collector.add(At(1, 1), f"没有 `{name}` 这个参数或口径",
                                   f"`{name}` is no parameter or reading", near)  # fmt: skip

    def _value(self, name: Key, section: Section, given: Scalar | list[Scalar] | None) -> Scalar | list[Scalar] | None:
        """What the adoption says, else what the document says."""
        if name in self.values:
            return Scalar(self.values[name], section.at)
        return given

    def _parameters(self) -> dict[str, Parameter]:
        found: dict[str, Parameter] = {}
        for key, part in self.root.keyed.get("parameters", {}).items():
            word = UNIT_WORDS.get(part.text("unit"), part.text("unit"))
            base, factor = BASE.get(word, (word, Decimal(1)))
            value = self._value(key, part, part.scalars.get("value"))
            if base not in UNITS or base in ("text", "date"):
                if part.text("unit"):
                    self.collector.add(part.place("unit"), f"没有 `{word}` 这个单位", f"there is no unit `{word}`")
                parsed(value, self.collector)
                continue
            const = self._parameter_value(key, base, word, factor, value)
            unset = t.Const(base, Decimal(1), written=(Decimal(1), word), unset=key)
            self.words.parameters[str(key)] = const or unset
            found[str(key)] = Parameter(key, base, part.text("clause"), names(part.one.get("why")), const, part.at)
        return found

    def _parameter_value(
        self, key: Key, base: str, word: str, factor: Decimal, value: Scalar | list[Scalar] | None
    ) -> t.Const | None:
        node = parsed(value, self.collector)
        if node is None:
            return None
        const = Resolver(self.words, self.collector, "reading").resolve(node)
        if not isinstance(const, t.Const) or not isinstance(const.value, Decimal):
            self._wrong_value(node, key, base)
        elif const.bare:
            return replace(const, unit=base, value=const.value * factor, written=(const.value, word), bare=False)
        elif const.unit != base:
            self._wrong_value(node, key, base)
        else:
            return const
        return None

    def _wrong_value(self, node: n.Node, key: Key, unit: str) -> None:
        self.collector.add(node.at, f"`{key}` 的值应以 {unit} 为单位", f"the value of `{key}` must be in {unit}")

    def _readings(self) -> dict[str, Reading]:
        found: dict[str, Reading] = {}
        for key, part in self.root.keyed.get("readings", {}).items():
            if self.words.is_fact(key) or key in self.words.parameters:
                self.collector.add(
                    part.at, f"口径 `{key}` 与事实或参数同名", f"reading `{key}` has the name of a fact or a parameter"
                )
                continue
            own = self._settled(part, part.expressions.get("value"))
            if own is None:
                continue
            node, typed = own
            if key in self.values:
                node, typed = self._override(key, part, typed) or own
            found[str(key)] = Reading(key, part.text("clause"), names(part.one.get("why")), node, typed)
        for name, reading in found.items():
            self.words.readings[name] = reading.typed
        return found

    def _settled(self, part: Section, value: Scalar | list[Scalar] | None) -> tuple[n.Node, t.Typed] | None:
        node = parsed(value, self.collector)
        typed = Resolver(self.words, self.collector, "reading").resolve(node) if node is not None else None
        if node is None or typed is None:
            return None
        fixed = all(isinstance(leaf, t.Const | t.Person | t.First | t.Choice) for leaf in typed.walk())
        if not fixed or typed.unit in ("bool", "none"):
            self.collector.add(
                node.at, "口径应为固定的值或员工的事实", "a reading is a fixed value or facts of the person"
            )
            return None
        return node, typed

    def _override(self, key: Key, part: Section, own: t.Typed) -> tuple[n.Node, t.Typed] | None:
        found = self._settled(part, Scalar(self.values[key], part.at))
        if found is None:
            return None
        node, typed = found
        if isinstance(typed, t.Const) and typed.bare and isinstance(typed.value, Decimal) and isinstance(own, t.Const):
            factor = BASE.get(own.written[1], ("", Decimal(1)))[1] if own.written else Decimal(1)
            word = own.written[1] if own.written else own.unit
            typed = replace(
                typed, unit=own.unit, value=typed.value * factor, written=(typed.value, word), bare=own.bare
            )
        if typed.unit != own.unit:
            self._wrong_value(node, key, own.unit)
            return None
        return node, typed

    def _inputs(self) -> dict[str, Input]:
        found: dict[str, Input] = {}
        for key, part in self.root.keyed.get("inputs", {}).items():
            unit = UNIT_WORDS.get(part.text("unit"), part.text("unit"))
            if unit not in UNITS or unit in ("text", "date"):
                if part.text("unit"):
                    self.collector.add(part.place("unit"), f"没有 `{unit}` 这个单位", f"there is no unit `{unit}`")
                continue
            lo, hi = (number_in(part, name, self.words, self.collector) for name in ("lo", "hi"))
            if lo is not None and hi is not None and lo > hi:
                self.collector.add(part.place("hi"), "hi 不能小于 lo", "hi is below lo")
            text = Text(part.text("zh"), part.text("en"))
            found[str(key)] = Input(key, unit, text, lo, hi)
            slot = self.words.catalogue.metrics.get(key)
            self.words.inputs[str(key)] = t.InputValue(
                unit, self.words.policy, key, text.zh, text.en, lo, hi, slot.column if slot else None
            )
        return found

    def _applies(self) -> Clause | None:
        part = self.root.one.get("applies")
        node = parsed(part.expressions.get("rule"), self.collector) if part else None
        if part is None or node is None:
            return None
        resolver = Resolver(self.words, self.collector, "applies")
        typed = resolver.condition(node)
        if typed is None:
            return None
        exact = isinstance(typed, t.Compare) and not any(isinstance(leaf, t.MonthAggregate) for leaf in typed.walk())
        if exact and not isinstance(cast(t.Compare, typed).right, t.Const | t.EvaluationDay):
            self.collector.add(node.at, "比较的右边应为固定的值", "the right side of a rule must be a fixed value")
            return None
        if not exact:
            self.collector.add(
                node.at, "适用范围是对员工事实的一个比较", "the scope is one comparison of exact facts of a person"
            )
            return None
        typed = cast(t.Compare, typed)
        rule = Rule(Key("applies"), part.text("clause"), node, typed.left, typed.op, typed.right, typed.left.unit,
                    tuple(resolver.readings), tuple(resolver.parameters))  # fmt: skip
        return Clause(part.text("clause"), part.text("text"), part.text("en"), None, (rule,))

    def _in_force(self) -> date | None:
        text = self.root.text("in_force")
        if not text:
            return None
        try:
            node = parse(text)
        except Faults:
            node = n.Nothing()
        if not isinstance(node, n.Day):
            self.collector.add(self.root.place("in_force"), "应为日期 YYYY-MM-DD", "a date YYYY-MM-DD is expected")
            return None
        return node.value

    def _review(self) -> tuple[Criterion, ...]:
        part = self.root.one.get("review")
        items = part.keyed.get("items", {}) if part else {}
        marks = [(key, item, number_in(item, "of", self.words, self.collector)) for key, item in items.items()]
        return tuple(
            Criterion(key, of, item.text("text"), item.text("clause"), Text(item.text("zh"), item.text("en")))
            for key, item, of in marks
            if of is not None
        )


def names(section: Section | None) -> Text:
    """``{zh, en}`` as a text."""
    return Text(section.text("zh"), section.text("en")) if section else Text("")
