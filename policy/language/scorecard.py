"""Scorecards, cases and pay of a document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from policy.catalogue import Key
from policy.language import nodes as n
from policy.language import typed as t
from policy.language.checked import NO_TEXT, Case, Intake, Item, PayComponent, Scorecard, Text
from policy.language.faults import Collector
from policy.language.ladder import parsed
from policy.language.periods import check_period
from policy.language.resolve import RESULTS, Resolver, Scope, Vocabulary
from policy.language.shape import Section, nearest
from policy.language.words import CONDITIONAL, OF_LADDERS

TEXTUAL = ("bool", "text", "date", "yes_no", "none")
NEEDS = ("stars", "total", "cases")
#: The last day that every month has.
LAST_DAY = 28
#: What a result holds: characters of a grade, full marks, stars.
LONGEST_GRADE, MOST_POINTS, MOST_STARS = 41, Decimal("9999999999.99"), 32767
#: Characters of the clauses of one kind of case together, which a case names.
LONGEST_CLAUSES = 600


def number_in(part: Section, name: str, words: Vocabulary, collector: Collector) -> Decimal | None:
    """A plain number of a section, itself or as a reading's or parameter's name; None, with a fault for anything else."""
    node = parsed(part.scalars.get(name), collector)
    if isinstance(node, n.Minus) and isinstance(node.of, n.Number) and node.of.unit is None:
        return -node.of.value
    if isinstance(node, n.Number) and node.unit is None:
        return node.value
    if isinstance(node, n.Name) and (node.name in words.readings or node.name in words.parameters):
        typed = Resolver(words, collector, "reading").resolve(node)
        if isinstance(typed, t.Const) and isinstance(typed.value, Decimal):
            return typed.value
    if node is not None:
        collector.add(
            part.place(name), f"`{name}` 应为数字或口径的名称", f"`{name}` must be a plain number or a reading"
        )
    return None


def grade_words(section: Section | None) -> frozenset[str]:
    """The words that the grade's lines give, read before rules speak of them."""
    expression = section.expressions.get("grade") if section else None
    node = parsed(expression, Collector())
    if not isinstance(node, n.Lines):
        return frozenset()
    return frozenset(value.name for value, _ in node.lines if isinstance(value, n.Name))


class CardBuilder:
    """Makes the scorecard, the cases and the pay of their sections."""

    def __init__(self, vocabulary: Vocabulary, collector: Collector) -> None:
        self.words, self.collector = vocabulary, collector

    def _settled(
        self, expression: object, scope: Scope, condition: bool = False, results: Iterable[str] = tuple(RESULTS)
    ) -> tuple[n.Node, t.Typed, Resolver] | None:
        node = parsed(expression, self.collector)  # type: ignore[arg-type]
        if node is None:
            return None
        resolver = Resolver(self.words, self.collector, scope, results)
        typed = resolver.condition(node) if condition else resolver.resolve(node)
        return (node, typed, resolver) if typed is not None else None

    def scorecard(self, section: Section) -> Scorecard:
        """The scorecard; faults are noted."""
        total = section.text("total") or "sum"
        if total not in ("sum", "mean"):
            self.collector.add(section.place("total"), "total 应为 sum 或 mean", "total is sum or mean")
        items = tuple(item for key, part in section.keyed.get("items", {}).items() if (item := self._item(key, part)))
        if sum((abs(item.of) for item in items), Decimal(0)) > MOST_POINTS:
            self.collector.add(
                section.at, f"各项分值合计最多 {MOST_POINTS}", f"the items have at most {MOST_POINTS} points together"
            )
        note = section.one.get("note")
        return Scorecard(
            total, items, self._grade(section), self._stars(section), section.text("clause"), section.text("text"),
            section.text("en"), Text(note.text("zh"), note.text("en")) if note else NO_TEXT, self._grades(section),
        )  # fmt: skip

    def _item(self, key: Key, part: Section) -> Item | None:
        of = number_in(part, "of", self.words, self.collector)
        found = self._settled(part.expressions.get("score"), "month")
        if found is None or of is None:
            return None
        node, typed, _ = found
        if typed.unit in TEXTUAL or any(isinstance(leaf, t.Result) for leaf in typed.walk()):
            self.collector.add(
                node.at, "得分应为由填报值算出的数值", "a score is a number made of inputs, not of results"
            )
            return None
        text, gloss = part.text("text"), part.text("gloss")
        return Item(key, of, part.text("clause"), text, typed, self._names(key, part), gloss)

    def _names(self, key: Key, part: Section) -> Text:
        """An item's own names, else those of the input or metric of the same key."""
        if "zh" in part.scalars or "en" in part.scalars:
            return Text(part.text("zh"), part.text("en"))
        if key in self.words.inputs:
            return Text(self.words.inputs[key].zh, self.words.inputs[key].en)
        metric = self.words.catalogue.metrics.get(key)
        return Text(metric.names.zh, metric.names.en) if metric else NO_TEXT

    def _grade(self, section: Section) -> t.Typed | None:
        node = parsed(section.expressions.get("grade"), self.collector)
        if node is None:
            return None
        if not isinstance(node, n.Lines):
            self.collector.add(node.at, "等级应逐行写出", "a grade is written as lines")
            return None
        for value, _ in node.lines:
            if isinstance(value, n.Name) and len(value.name) > LONGEST_GRADE:
                self.collector.add(
                    value.at, f"等级最多 {LONGEST_GRADE} 个字符", f"a grade has at most {LONGEST_GRADE} characters"
                )
        typed = Resolver(self.words, self.collector, "month", ("total", "rank")).lines_of_words(node)
        if typed is not None and typed.unit != "text":
            self.collector.add(node.at, "每行等级应为一个词", "each line of a grade is a word")
            return None
        return typed

    def _grades(self, section: Section) -> tuple[tuple[Key, Text], ...]:
        named = section.keyed.get("grades", {})
        for key, part in named.items():
            if key not in self.words.grades:
                near = nearest(key, self.words.grades)
                self.collector.add(part.at, f"没有一行给出等级 `{key}`", f"no line gives the grade `{key}`", near)
        return tuple((key, Text(part.text("zh"), part.text("en"))) for key, part in named.items())

    def _stars(self, section: Section) -> t.Typed | None:
        found = self._settled(section.expressions.get("stars"), "month", results=("total", "rank", "grade"))
        if found is not None and found[1].unit in TEXTUAL:
            self.collector.add(found[0].at, "星数应为数值", "stars are a number")
            return None
        given = [part for part, _ in found[1].lines] if found and isinstance(found[1], t.Choice) else []
        given += [found[1]] if found else []
        numbers = [part.value for part in given if isinstance(part, t.Const) and isinstance(part.value, Decimal)]
        if found is not None and any(not 0 <= number <= MOST_STARS for number in numbers):
            self.collector.add(found[0].at, f"星数应在 0 与 {MOST_STARS} 之间", f"stars are from 0 to {MOST_STARS}")
        return found and found[1]

    def intake(self, section: Section, *, rated: bool) -> Intake | None:
        """The days of the next month on which a month is entered. ``rated``: the document has a scorecard, whose they are."""
        if not rated:
            self.collector.add(
                section.at,
                "intake 属于考核表,本制度没有考核表",
                "intake goes with a scorecard, and the policy has none",
            )
        first, last = (self._day(section, name) for name in ("from", "to"))
        if first is None or last is None:
            return None
        if first > last:
            self.collector.add(section.place("to"), "to 不能早于 from", "to is before from")
        return Intake(first, last, section.text("clause"))

    def _day(self, section: Section, name: str) -> int | None:
        day = number_in(section, name, self.words, self.collector)
        if day is None:
            return None
        if day != int(day) or not 1 <= day <= LAST_DAY:
            self.collector.add(
                section.place(name),
                f"`{name}` 应为次月的日,1 至 {LAST_DAY} 的整数",
                f"`{name}` is a day of the next month, a whole number from 1 to {LAST_DAY}",
            )
            return None
        return int(day)

    def cases(self, parts: list[Section]) -> tuple[Case, ...]:
        """The cases that results raise. A condition may speak of those above it, pay of those of a person's month."""
        found = []
        for at, part in enumerate(parts):
            self.words.cases = _kinds(parts[:at], _level(part))
            case = self._case(part)
            found += [case] if case else []
        self.words.cases = _kinds(parts, ("month", "person"))
        self._clauses_fit(parts)
        return tuple(found)

    def _clauses_fit(self, parts: list[Section]) -> None:
        """Notes a kind whose clauses a case could not name together."""
        named: dict[tuple[str, ...], dict[str, Section]] = {}
        for part in parts:
            named.setdefault((part.text("case"), *_level(part)), {})[part.text("clause")] = part
        for (kind, *_), clauses in named.items():
            if len("、".join(clauses)) > LONGEST_CLAUSES:
                self.collector.add(
                    list(clauses.values())[-1].at,
                    f"个案 `{kind}` 的条款合计最多 {LONGEST_CLAUSES} 个字符",
                    f"the clauses of the case `{kind}` have at most {LONGEST_CLAUSES} characters together",
                )

    def _case(self, part: Section) -> Case | None:
        when = self._settled(part.expressions.get("when"), "case", condition=True)
        top = self._settled(part.expressions.get("top"), "case")
        for settled in (when, top):
            if settled is not None:
                self._sound(*settled[:2], part)
        if ("when" in part.expressions) == ("top" in part.expressions):
            self.collector.add(part.at, "个案要有 when 或 top 之一", "a case has either when or top")
        for name, known in (
            ("every", ("month", "quarter", "year")),
            ("for", ("person", "team")),
            ("restart", ("yes", "no")),
        ):
            word = part.text(name)
            if word and word not in known:
                shown = ", ".join(known)
                self.collector.add(part.place(name), f"`{name}` 应为 {shown} 之一", f"`{name}` is one of {shown}")
        if not part.text("case"):
            return None
        self._known(part)
        case = Case(
            Key(part.text("case")), part.text("clause"), part.text("text"), when and when[1], top and top[1],
            part.text("restart") == "yes", part.text("every") or "month", part.text("for") or "person", part.text("en"),
        )  # fmt: skip
        settled = when or top
        check_period(case, settled[0].at if settled else part.at, self.collector)
        return case

    def _known(self, part: Section) -> None:
        """Notes a kind of case that nobody keeps, or that only a ladder raises. A catalogue without cases knows of none."""
        kind, named = part.text("case"), self.words.catalogue.cases.keys()
        if kind in OF_LADDERS:
            self.collector.add(part.place("case"), f"个案 `{kind}` 由晋升体系产生,不能写在这里",
                               f"the case `{kind}` is raised by a ladder and may not stand here")  # fmt: skip
        elif named and kind not in named:
            self.collector.add(
                part.place("case"), f"没有 `{kind}` 这种个案", f"there is no case `{kind}`", nearest(kind, named)
            )

    def _sound(self, node: n.Node, typed: t.Typed, part: Section) -> None:
        """Notes what would have no meaning in a condition or in what is compared among everybody."""
        if "top" in part.expressions and typed.unit in TEXTUAL:
            self.collector.add(node.at, "top 应为数值", "top is a number")
        aggregates = [leaf for leaf in typed.walk() if isinstance(leaf, t.MonthAggregate)]
        if any(one.function == "streak" and one.span.months is None for one in aggregates):
            self.collector.add(
                node.at, "streak(…) 只能写作 streak(…) >= N months", "streak(…) is written streak(…) >= N months"
            )
        if part.text("restart") == "yes" and not any(one.function in CONDITIONAL for one in aggregates):
            self.collector.add(
                part.place("restart"), "restart 用于 streak、months 或 each", "restart goes with streak, months or each"
            )

    def pay(self, parts: Mapping[Key, Section]) -> tuple[PayComponent, ...]:
        """The components of pay."""
        return tuple(component for key, part in parts.items() if (component := self._component(key, part)))

    def _component(self, key: Key, part: Section) -> PayComponent | None:
        needs, on = part.text("needs"), part.text("on") or None
        if needs and needs not in NEEDS:
            self.collector.add(
                part.place("needs"), f"needs 应为 {', '.join(NEEDS)} 之一", f"needs is one of {', '.join(NEEDS)}"
            )
        if on not in (None, "promotion"):
            self.collector.add(part.place("on"), "只能写 promotion", "only promotion may stand here")
        found = self._settled(part.expressions.get("amount"), "pay")
        if found is None:
            return None
        node, typed, resolver = found
        if not money(typed):
            self.collector.add(
                node.at, f"金额应以元为单位,现为 {typed.unit}", f"an amount is in yuan, not in {typed.unit}"
            )
            return None
        return PayComponent(key, part.text("clause"), part.text("text"), typed, node, (needs,) if needs else (), on,
                            tuple(resolver.readings), part.text("en"))  # fmt: skip


def _level(part: Section) -> tuple[str, str]:
    return part.text("every") or "month", part.text("for") or "person"


def _kinds(parts: list[Section], level: tuple[str, str]) -> frozenset[str]:
    """The cases of these that are raised for the same sort of period and subject."""
    return frozenset(part.text("case") for part in parts if _level(part) == level)


def money(typed: t.Typed) -> bool:
    """An amount in yuan, or nothing; a bare 0 is an amount too."""
    return typed.unit in ("yuan", "none") or (isinstance(typed, t.Const) and typed.value == 0)
