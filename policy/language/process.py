"""The process of promotions: what a document says of each step that they name, and what is usual where it is silent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from policy.catalogue import Key
from policy.language import typed as t
from policy.language.checked import Criterion, Ladder, ProcessStep, Step, Text
from policy.language.faults import At, Collector
from policy.language.ladder import PROCESS, parsed
from policy.language.load import Scalar
from policy.language.resolve import Resolver, Vocabulary
from policy.language.scorecard import number_in
from policy.language.shape import Section, nearest

AGGREGATES = MEAN, TRIMMED_MEAN = ("mean", "trimmed_mean")
ASKS = ("summary", "results")
REVIEW = "review"
"""The word for the document's own sheet of the review."""
JUDGES, FEWEST_JUDGES, TRIMMED_FROM, MOST_JUDGES = 3, 3, 5, 25
"""Judges of a panel unless the document says; at least; from how many on highest and lowest can be left out; at most."""
LONGEST_DAYS = 250
"""A working year."""


@dataclass(frozen=True)
class Usual:
    """Of a step: who may own it as the roles have it, the usual owner first; working days; whether a panel judges it."""

    owners: tuple[str, ...]
    days: int | None = None
    by_panel: bool = False


USUAL: Mapping[str, Usual] = {
    "exam": Usual(("hr",)),
    "application": Usual(("employee",)),
    "opinion": Usual(("supervisor", "head"), 5),
    "review": Usual(("head",), 5),
    "interview": Usual(("hr",), by_panel=True),
    "verification": Usual(("hr",), by_panel=True),
    "defence": Usual(("hr",), by_panel=True),
    "competition": Usual(("hr",), by_panel=True),
    "decision": Usual(("gm",), 5),
    "public_notice": Usual(("hr",), 5),
    "written_notice": Usual(("hr",)),
}
OVERALL = (Criterion(Key("overall"), Decimal(100), "综合评价", "", Text("综合评价", "Overall")),)
"""The sheet of a panel in a document that has no section ``process``; there is no bar then."""

_PLACE = {"exam": 0, "application": 1, "decision": 3, "public_notice": 4, "written_notice": 5}
_MIDDLE = 2


def in_order(process: tuple[str, ...]) -> tuple[str, ...]:
    """The process of a document that has no section ``process``: in its order, with what none goes without."""
    if not process:
        return ("application", REVIEW, "decision", "public_notice")
    known = dict.fromkeys((*process, "decision", "public_notice"))
    return tuple(sorted(known, key=lambda name: _PLACE.get(name, _MIDDLE))) if _disordered(known) else tuple(known)


def _disordered(process: Iterable[str]) -> bool:
    names = list(process)
    return any(_wrong(name, names[:at]) for at, name in enumerate(names))


def _wrong(name: str, before: list[str]) -> str:
    """The step that should not stand before this one; empty where the order is sensible. An exam may come before anything."""
    place = _PLACE.get(name, _MIDDLE)
    first = {"exam": 2, "application": 0}.get(name, place)
    return next((other for other in before if _PLACE.get(other, _MIDDLE) > first), "")


class ProcessBuilder:
    """Makes the steps of the section ``process``; without one, of what is usual."""

    def __init__(self, vocabulary: Vocabulary, collector: Collector, review: tuple[Criterion, ...]) -> None:
        self.words, self.collector, self.review = vocabulary, collector, review

    def build(
        self, parts: Mapping[Key, Section] | None, ladder: Section | None, built: Ladder | None
    ) -> dict[str, ProcessStep]:
        """Every step that a promotion names, in the order of the closed set. ``parts`` is None without the section."""
        named = self._named(ladder)
        used = dict(named)
        if parts is None and ladder and built:
            used.update({name: named.get(name, ladder.at) for step in built.steps for name in step.process})
        found = {
            name: self._step(name, (parts or {}).get(Key(name)), used.get(name, At(1, 1)), parts is not None)
            for name in PROCESS
            if name in used or name in (parts or {})
        }
        if parts is not None:
            self._unused(parts, named)
            for place, names in self._promotions(ladder):
                self._order(place, names)
            self._bars(ladder, built, found, {str(key) for key, part in parts.items() if "bar" in part.scalars})
        return {name: step for name, step in found.items() if name in used}

    # the promotions that name steps

    def _promotions(self, ladder: Section | None) -> Iterator[tuple[At, list[Scalar]]]:
        for part in ladder.many.get("promotions", []) if ladder else []:
            yield part.at, part.texts.get("process", [])

    def _named(self, ladder: Section | None) -> dict[str, At]:
        """Step → where a promotion names it first."""
        found: dict[str, At] = {}
        for _, names in self._promotions(ladder):
            for word in names:
                if word.text in PROCESS:
                    found.setdefault(word.text, word.at)
        return found

    def _unused(self, parts: Mapping[Key, Section], named: Mapping[str, At]) -> None:
        for key, part in parts.items():
            at = part.key_at or part.at
            if key not in PROCESS:
                near = nearest(key, PROCESS)
                hint = f"`{near}`" if near else ", ".join(PROCESS)
                self.collector.add(at, f"没有 `{key}` 这一步;可用 {hint}", f"`{key}` is no step; did you mean {hint}?")
            elif key not in named:
                self.collector.add(at, f"没有晋升用到 `{key}` 这一步", f"no promotion names the step `{key}`")

    def _order(self, place: At, words: list[Scalar]) -> None:
        """A process has a decision with a notice right after it, each step once, in an order that makes sense."""
        known = [word for word in words if word.text in PROCESS]
        names = [word.text for word in known]
        for at, word in enumerate(known):
            wrong = _wrong(word.text, names[:at])
            if word.text in names[:at]:
                self.collector.add(
                    word.at, f"`{word.text}` 在这条晋升里写了两次", f"`{word.text}` stands twice in this promotion"
                )
            elif wrong:
                self.collector.add(
                    word.at, f"`{word.text}` 应在 `{wrong}` 之前", f"`{word.text}` comes before `{wrong}`"
                )
        if "decision" not in names:
            self.collector.add(
                known[-1].at if known else place,
                "流程缺少 `decision`(决定)",
                "the process has no `decision`",
            )
        elif "public_notice" not in names:
            at_decision = known[names.index("decision")].at
            self.collector.add(
                at_decision,
                "`decision` 之后应有 `public_notice`(公示)",
                "`decision` is followed by `public_notice`",
            )

    def _bars(
        self, ladder: Section | None, built: Ladder | None, found: Mapping[str, ProcessStep], barred: set[str]
    ) -> None:
        """What each promotion's own bar means for its panel, and a competition that has none. ``barred`` have one of theirs."""
        targets = {step.target: step for step in built.steps} if built else {}
        for part in ladder.many.get("promotions", []) if ladder else []:
            step = targets.get(self.words.tiers.get(part.text("to"), Key("none")))
            for word in part.texts.get("process", []):
                own = found.get(word.text)
                if step is not None and own is not None and own.by_panel:
                    self._bar(word, step, own, word.text in barred)

    def _bar(self, word: Scalar, step: Step, own: ProcessStep, barred: bool) -> None:
        rule = step.bar_rule
        fixed = rule.threshold if rule and isinstance(rule.threshold, t.Const) else None
        if rule is None and not barred and word.text == "competition":
            self.collector.add(
                word.at,
                "竞聘没有合格线:请写 `bar`,或写条件 review_total >= …",
                "the competition has no bar: write `bar`, or the condition review_total >= …",
            )
        if fixed and not fixed.unset and isinstance(fixed.value, Decimal) and fixed.value > own.full_marks > 0:
            self._above(rule.node.at if rule else word.at, fixed.value, own.full_marks)

    # one step

    def _step(self, name: str, part: Section | None, at: At, stated: bool) -> ProcessStep:
        usual = USUAL[name]
        step = ProcessStep(name, owner=usual.owners[0], days=usual.days, at=at)
        if usual.by_panel:
            step = replace(step, panel=JUDGES, aggregate=MEAN, sheet=() if stated else OVERALL)
        if part is None:
            if usual.by_panel and stated:
                self._no_sheet(name, at)
            return step
        self._misplaced(name, part, usual)
        resolver = Resolver(self.words, self.collector, "reading")
        step = replace(
            step, clause=part.text("clause"), text=part.text("text"), en=part.text("en"), asks=self._asks(part),
            owner=self._owner(part, name, usual), days=self._days(part, step.days, resolver), at=part.key_at or part.at,
        )  # fmt: skip
        if usual.by_panel:
            step = self._panel(part, step, resolver)
        return replace(step, readings=tuple(resolver.readings), parameters=tuple(resolver.parameters))

    def _no_sheet(self, name: str, at: At) -> None:
        self.collector.add(
            at, f"`{name}` 由评审团打分,要有 `sheet`(评分表)", f"`{name}` is judged by a panel and needs a `sheet`"
        )

    def _misplaced(self, name: str, part: Section, usual: Usual) -> None:
        for key in () if usual.by_panel else ("panel", "sheet", "bar", "aggregate"):
            if key in part.scalars or key in part.keyed:
                inside = next(iter(part.keyed.get(key, {}).values()), part)
                self.collector.add(
                    part.scalars[key].at if key in part.scalars else inside.key_at or inside.at,
                    f"`{name}` 不由评审团打分,不能有 `{key}`",
                    f"`{name}` is not judged by a panel and has no `{key}`",
                )
        if name != "application" and part.texts.get("asks"):
            self.collector.add(
                part.texts["asks"][0].at, "`asks` 只能写在 application 里", "`asks` goes with application alone"
            )

    def _asks(self, part: Section) -> tuple[str, ...]:
        for word in part.texts.get("asks", []):
            if word.text not in ASKS:
                known = ", ".join(ASKS)
                self.collector.add(
                    word.at,
                    f"`asks` 没有 `{word.text}`;可用 {known}",
                    f"`asks` does not know `{word.text}`; use {known}",
                )
        return tuple(dict.fromkeys(word.text for word in part.texts.get("asks", [])))

    def _owner(self, part: Section, name: str, usual: Usual) -> str:
        owner = part.text("owner") or usual.owners[0]
        if owner not in usual.owners:
            known = ", ".join(usual.owners)
            self.collector.add(
                part.place("owner"),
                f"`{name}` 不能由 `{owner}` 办理;可用 {known}",
                f"`{owner}` cannot own `{name}`; use {known}",
            )
        return owner

    def _days(self, part: Section, usual: int | None, resolver: Resolver) -> int | None:
        if "days" not in part.scalars:
            return usual
        days = self._number(part, "days", ("day", "number", "count"), resolver)
        if days is not None and (days != int(days) or not 1 <= days <= LONGEST_DAYS):
            self.collector.add(
                part.place("days"),
                f"`days` 应为 1 至 {LONGEST_DAYS} 的整数(工作日)",
                f"`days` is a whole number of working days from 1 to {LONGEST_DAYS}",
            )
            return usual
        return None if days is None else int(days)

    def _panel(self, part: Section, step: ProcessStep, resolver: Resolver) -> ProcessStep:
        judges: int | None = JUDGES
        if "panel" in part.scalars:
            number = self._number(part, "panel", ("number", "count"), resolver)
            odd = number is None or (number % 2 == 1 and FEWEST_JUDGES <= number <= MOST_JUDGES)
            if not odd:
                self.collector.add(
                    part.place("panel"),
                    f"评委人数应为 {FEWEST_JUDGES} 至 {MOST_JUDGES} 的奇数",
                    f"a panel has an odd number of judges from {FEWEST_JUDGES} to {MOST_JUDGES}",
                )
                number = None
            judges = None if number is None else int(number)
        aggregate = part.text("aggregate") or MEAN
        if aggregate not in AGGREGATES:
            known = ", ".join(AGGREGATES)
            self.collector.add(
                part.place("aggregate"), f"`aggregate` 应为 {known} 之一", f"`aggregate` is one of {known}"
            )
        elif aggregate == TRIMMED_MEAN and judges is not None and judges < TRIMMED_FROM:
            self.collector.add(
                part.place("aggregate"),
                f"去掉最高和最低分至少要 {TRIMMED_FROM} 名评委",
                f"the highest and the lowest are left out from {TRIMMED_FROM} judges on",
            )
        sheet = self._sheet(part, step.name)
        bar = self._number(part, "bar", ("point", "number", "count"), resolver)
        full = sum((line.of for line in sheet), Decimal(0))
        if bar is not None and bar <= 0:
            self.collector.add(part.place("bar"), "合格线应大于 0", "a bar is more than 0")
        elif bar is not None and bar > full > 0:
            self._above(part.place("bar"), bar, full)
        return replace(step, panel=judges, aggregate=aggregate, sheet=sheet, bar=bar)

    def _above(self, at: At, bar: Decimal, full: Decimal) -> None:
        self.collector.add(
            at,
            f"合格线 {bar} 高于评分表的满分 {full}",
            f"the bar {bar} is above the sheet's full marks of {full}",
        )

    def _sheet(self, part: Section, name: str) -> tuple[Criterion, ...]:
        word = part.scalars.get("sheet")
        if word is not None:
            if word.text != REVIEW or not self.review:
                self.collector.add(
                    word.at,
                    "应写 review(本文件的 review.items)或 {键: {of, zh, en}}",
                    "write review, which means the document's review.items, or {key: {of, zh, en}}",
                )
            return self.review
        lines = part.keyed.get("sheet", {})
        if not lines:
            self._no_sheet(name, part.key_at or part.at)
        return tuple(line for key, inner in lines.items() if (line := self._line(key, inner)))

    def _line(self, key: Key, part: Section) -> Criterion | None:
        of = number_in(part, "of", self.words, self.collector)
        text = part.text("zh") or part.text("text")
        if not text:
            self.collector.add(part.key_at or part.at, f"评分项 `{key}` 要有 zh", f"`{key}` needs a zh")
        if of is not None and of <= 0:
            self.collector.add(part.place("of"), "评分项的满分应大于 0", "a line of a sheet has more than 0 points")
        return (
            None
            if of is None
            else Criterion(key, of, part.text("text") or text, part.text("clause"), Text(text, part.text("en")))
        )

    def _number(self, part: Section, name: str, units: tuple[str, ...], resolver: Resolver) -> Decimal | None:
        """A fixed number, itself or as the name of a reading or a parameter; None where it has no value (yet)."""
        node = parsed(part.scalars.get(name), self.collector)
        typed = resolver.resolve(node) if node is not None else None
        if typed is None:
            return None
        if not isinstance(typed, t.Const) or not isinstance(typed.value, Decimal) or typed.unit not in units:
            self.collector.add(
                part.place(name), f"`{name}` 应为数字或口径的名称", f"`{name}` must be a plain number or a reading"
            )
            return None
        return None if typed.unset else typed.value
