"""The ladder of a document: tiers, steps, clauses, demotions."""

from __future__ import annotations

from collections.abc import Sequence

from policy.catalogue import Key
from policy.language import nodes as n
from policy.language.checked import Check, Clause, Ladder, Rule, Step, Text, Tier
from policy.language.faults import At, Collector, Faults
from policy.language.functions import whole_months
from policy.language.load import Scalar
from policy.language.parse import parse, parse_lines
from policy.language.resolve import Resolver, Scope, Vocabulary
from policy.language.rules import rule_of
from policy.language.shape import Section, key_of, nearest
from policy.language.words import LEVEL_CHECK

ATTESTERS = ("head", "supervisor", "panel")
PROCESS = (
    "exam", "application", "opinion", "review", "interview", "verification", "defence", "competition", "decision",
    "public_notice", "written_notice",
)  # fmt: skip
MAX_RULES = 31
"""Two bits a rule in one bigint."""


def parsed(expression: list[Scalar] | Scalar | None, collector: Collector) -> n.Node | None:
    """The syntax tree of a scalar or of a list of lines, or None with faults noted."""
    if expression is None or expression == []:
        return None
    try:
        if isinstance(expression, Scalar):
            return parse(expression.text, expression.at)
        return parse_lines([(line.text, line.at) for line in expression])
    except Faults as found:
        collector.faults += found.faults
        return None


def tier_words(section: Section | None) -> dict[str, Key]:
    """Tier keys and Chinese names → keys, before anything else of the document is read."""
    words: dict[str, Key] = {}
    for tier in section.many.get("tiers", []) if section else []:
        if tier.text("key"):
            words[tier.text("key")] = words[tier.text("zh") or tier.text("key")] = Key(tier.text("key"))
    return words


class LadderBuilder:
    """Makes a ``Ladder`` of its section."""

    def __init__(self, vocabulary: Vocabulary, collector: Collector) -> None:
        self.words, self.collector = vocabulary, collector

    def build(self, section: Section) -> Ladder:
        """The ladder; faults are noted."""
        tiers = self._tiers(section)
        every = self.clauses(section.many.get("every_step", []), {})
        steps = [self._step(part, every) for part in section.many.get("promotions", [])]
        self._chain(section, tiers, steps)
        demotions = self.clauses(section.many.get("demotions", []), {}, attestable=False)
        found = [step for step, _ in steps if step is not None]
        for step, at in steps:
            if step is not None and _count(step.clauses) + _count(demotions) > MAX_RULES:
                self.collector.add(at, f"一个级别最多 {MAX_RULES} 条规则", f"a tier has at most {MAX_RULES} rules")
        checks = tuple(check for part in section.many.get("checks", []) if (check := self._check(part)))
        return Ladder(tiers, tuple(found), demotions, checks)

    def _tiers(self, section: Section) -> tuple[Tier, ...]:
        tiers: dict[str, Tier] = {}
        for part in section.many.get("tiers", []):
            key = part.text("key")
            if key in tiers:
                self.collector.add(part.place("key"), f"级别 `{key}` 写了两次", f"tier `{key}` stands twice")
            elif key:
                tiers[key] = Tier(Key(key), Text(part.text("zh"), part.text("en")))
        return tuple(tiers.values())

    def _tier(self, part: Section, name: str) -> Key | None:
        key = part.text(name)
        if not key:
            return None
        if key not in self.words.tiers:
            keys = ", ".join(dict.fromkeys(self.words.tiers.values()))
            at = part.place(name)
            self.collector.add(
                at, f"`{key}` 不是本晋升体系的级别({keys})", f"`{key}` is no tier of this ladder ({keys})"
            )
            return None
        return self.words.tiers[key]

    def _step(self, part: Section, every: tuple[Clause, ...]) -> tuple[Step | None, At]:
        source, target = self._tier(part, "from"), self._tier(part, "to")
        numbers = {clause.number: part.at for clause in every}
        own = self.clauses(part.many.get("require", []), numbers)
        process = self._process(part)
        if source is None or target is None:
            return None, part.at
        return Step(source, target, process, every + own), part.at

    def _process(self, part: Section) -> tuple[str, ...]:
        for word in part.texts.get("process", []):
            if word.text not in PROCESS:
                near = nearest(word.text, PROCESS)
                hint = f"`{near}`" if near else ", ".join(PROCESS)
                self.collector.add(
                    word.at, f"没有 `{word.text}` 这一步;可用 {hint}", f"`{word.text}` is no step; did you mean {hint}?"
                )
        return tuple(word.text for word in part.texts.get("process", []))

    def _chain(self, section: Section, tiers: tuple[Tier, ...], steps: Sequence[tuple[Step | None, At]]) -> None:
        """Steps lead from each tier to its neighbour, once; every tier above the bottom is reached."""
        order = [tier.key for tier in tiers]
        reached: set[str] = set()
        for step, at in steps:
            if step is None or step.source not in order or step.target not in order:
                continue
            if order.index(step.target) != order.index(step.source) + 1:
                self.collector.add(
                    at,
                    f"晋升只能逐级:`{step.source}` 之上不是 `{step.target}`",
                    f"promotion is one tier at a time: `{step.target}` is not next above `{step.source}`",
                )
            elif step.target in reached:
                self.collector.add(
                    at, f"到 `{step.target}` 的晋升写了两次", f"the step to `{step.target}` stands twice"
                )
            reached.add(step.target)
        for part in section.many.get("tiers", [])[1:]:
            key = part.text("key")
            if key and key not in reached and all(step for step, _ in steps):
                self.collector.add(
                    part.place("key"), f"没有晋升能到达级别 `{key}`", f"no promotion leads to tier `{key}`"
                )

    def clauses(self, parts: list[Section], numbers: dict[str, At], attestable: bool = True) -> tuple[Clause, ...]:
        """Clauses in order; ``numbers`` are those that stand already."""
        return tuple(self._clause(part, numbers, attestable) for part in parts)

    def _clause(self, part: Section, numbers: dict[str, At], attestable: bool) -> Clause:
        number = part.text("clause")
        if number in numbers:
            line = numbers[number].line
            at = part.place("clause")
            self.collector.add(
                at, f"条款 {number} 在第 {line} 行已经写过", f"clause {number} stands already at line {line}"
            )
        elif number:
            numbers[number] = part.place("clause")
        role = part.text("attest") or None
        if role is not None and (role not in ATTESTERS or not attestable):
            at, known = part.place("attest"), ", ".join(ATTESTERS)
            if attestable:
                self.collector.add(at, f"`{role}` 不能作评议人;可用 {known}", f"`{role}` cannot attest; use {known}")
            else:
                self.collector.add(at, "降级条款不能靠评议", "a demotion cannot rest on an attestation")
        if (role is None) == (not part.rules) and number:
            self.collector.add(part.at, "条款要有 rules 或 attest 之一", "a clause has either rules or attest")
        return Clause(number, part.text("text"), part.text("en"), role, self.rules(part, number, "ladder"))

    def rules(self, part: Section, number: str, scope: Scope) -> tuple[Rule, ...]:
        """The rules of a clause."""
        found = []
        for key, (_, expression) in part.rules.items():
            node = parsed(expression, self.collector)
            rule = node and rule_of(Resolver(self.words, self.collector, scope), key, number, node)
            if rule:
                found.append(rule)
        return tuple(found)

    def _check(self, part: Section) -> Check | None:
        node = parsed(part.scalars.get("every"), self.collector)
        typed = Resolver(self.words, self.collector, "reading").resolve(node) if node is not None else None
        months = whole_months(typed) if typed is not None else None
        if months is None:
            if typed is not None:
                self.collector.add(
                    part.place("every"), "应为月数,如 6 months", "a number of months is expected, such as 6 months"
                )
            return None
        if part.text("after") not in ("promotion", ""):
            self.collector.add(part.place("after"), "只能写 promotion", "only promotion may stand here")
        case = key_of(part.scalars["case"], self.collector) if "case" in part.scalars else None
        if case and case != LEVEL_CHECK:
            self.collector.add(part.place("case"), f"只能写 {LEVEL_CHECK}", f"only {LEVEL_CHECK} may stand here")
        return Check(case, part.text("clause"), part.text("text"), months, part.text("en")) if case else None


def _count(clauses: tuple[Clause, ...]) -> int:
    return sum(len(clause.rules) for clause in clauses)
