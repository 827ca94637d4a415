"""A policy that has been read and found without fault: what screens show and the compiler compiles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from policy.catalogue import Catalogue, Key
from policy.language.faults import At
from policy.language.nodes import Node
from policy.language.typed import Const, Process, Typed


@dataclass(frozen=True)
class Text:
    """The same words in both languages; Chinese is the source of truth, English may be empty."""

    zh: str
    en: str = ""


NO_TEXT = Text("")
REVIEW_TOTAL = "review_total"
"""The fact that a panel's round yields: the total of its sheet."""


@dataclass(frozen=True)
class Tier:
    """A tier 级别 of the ladder."""

    key: Key
    names: Text


@dataclass(frozen=True)
class Reading:
    """A reading 解释口径: what the source leaves open, decided as a named value with its reason."""

    name: Key
    clause: str
    why: Text
    node: Node
    typed: Typed

    @property
    def unit(self) -> str:
        """Unit of the value."""
        return self.typed.unit


@dataclass(frozen=True)
class Parameter:
    """A number that the adoption sets. ``typed`` is None until it has a value."""

    name: Key
    unit: str
    clause: str
    why: Text
    typed: Typed | None
    at: At = field(compare=False, default=At(1, 1))


@dataclass(frozen=True)
class Rule:
    """One comparison of an observed value with a fixed one. ``each(…)`` alone has ``op`` "=" and no threshold."""

    key: Key
    clause: str
    node: Node
    observed: Typed
    op: str
    threshold: Typed | None
    unit: str
    readings: tuple[Key, ...] = ()
    parameters: tuple[Key, ...] = ()

    @property
    def by_process(self) -> bool:
        """Rests on a result of the process: unknown until it exists, and never holds back eligibility."""
        return bool(self.observed.processes)

    @property
    def on_total(self) -> bool:
        """Compares the total of the panel's round with a number."""
        return isinstance(self.observed, Process) and self.observed.fact.key == REVIEW_TOTAL


@dataclass(frozen=True)
class Clause:
    """A clause 条款 with the source's own text: measured by rules, or attested by a role (``attest``)."""

    number: str
    text: str
    en: str = ""
    attest: str | None = None
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class Step:
    """The way from one tier to the next: clauses are ANDed; ``process`` names the steps of the application."""

    source: Key
    target: Key
    process: tuple[str, ...]
    clauses: tuple[Clause, ...]

    @property
    def bar_rule(self) -> Rule | None:
        """The rule that says which total of the panel is enough: ``review_total >= N`` (or ``> N``)."""
        rules = (rule for clause in self.clauses for rule in clause.rules)
        return next((rule for rule in rules if rule.op in (">=", ">") and rule.on_total), None)


@dataclass(frozen=True)
class Check:
    """A periodic check after a promotion: raises ``case`` every so many months."""

    case: Key
    clause: str
    text: str
    every: int
    en: str = ""


@dataclass(frozen=True)
class Ladder:
    """A ladder 晋升体系: tiers from the bottom up, one step between neighbours, demotion clauses ORed."""

    tiers: tuple[Tier, ...]
    steps: tuple[Step, ...]
    demotions: tuple[Clause, ...]
    checks: tuple[Check, ...] = ()

    def step_from(self, tier: str) -> Step | None:
        """The step that leads on from a tier; None at the top."""
        return next((step for step in self.steps if step.source == tier), None)

    def below(self, tier: str) -> Tier | None:
        """The tier under this one; None at the bottom."""
        keys = [str(t.key) for t in self.tiers]
        at = keys.index(tier)
        return self.tiers[at - 1] if at else None

    def tier(self, key: str) -> Tier | None:
        """The tier of this key."""
        return next((t for t in self.tiers if t.key == key), None)


@dataclass(frozen=True)
class Input:
    """What the intake of a scorecard asks, per policy."""

    key: Key
    unit: str
    names: Text
    lo: Decimal | None
    hi: Decimal | None


@dataclass(frozen=True)
class Intake:
    """When a month is entered: days of the next month, both included, which every month has."""

    first: int
    last: int
    clause: str


@dataclass(frozen=True)
class Item:
    """An item 考核项 of a scorecard: full marks and the points it yields. ``gloss`` is its text in English."""

    key: Key
    of: Decimal
    clause: str
    text: str
    score: Typed
    names: Text = NO_TEXT
    gloss: str = ""


@dataclass(frozen=True)
class Case:
    """A case 个案 that results raise: ``when`` a condition holds, or for whoever shares the highest ``top``."""

    kind: Key
    clause: str
    text: str
    when: Typed | None
    top: Typed | None
    restart: bool
    every: str
    subject: str
    en: str = ""


@dataclass(frozen=True)
class Scorecard:
    """A scorecard 考核表: items, how they make a total, and what follows from it.

    ``clause`` and ``text`` are what grade and stars rest on; ``note`` is what whoever reads a total should know;
    ``grades`` names the grades, from the best down.
    """

    total: str
    items: tuple[Item, ...]
    grade: Typed | None
    stars: Typed | None
    clause: str = ""
    text: str = ""
    en: str = ""
    note: Text = NO_TEXT
    grades: tuple[tuple[Key, Text], ...] = ()

    @property
    def full_marks(self) -> Decimal | None:
        """Sum of the items' full marks where the total is their sum, else None."""
        return sum((item.of for item in self.items), Decimal(0)) if self.total == "sum" and self.items else None


@dataclass(frozen=True)
class PayComponent:
    """A component of pay: its amount in yuan; null is an exception, ``none`` is no line. ``on`` "promotion": a proposal."""

    key: Key
    clause: str
    text: str
    amount: Typed
    node: Node
    needs: tuple[str, ...] = ()
    on: str | None = None
    readings: tuple[Key, ...] = ()
    en: str = ""


@dataclass(frozen=True)
class Criterion:
    """A line of the sheet a panel fills in."""

    key: Key
    of: Decimal
    text: str
    clause: str = ""
    names: Text = NO_TEXT

    @property
    def label(self) -> Text:
        """What stands over the line, in both languages."""
        return Text(self.names.zh or self.text, self.names.en)


@dataclass(frozen=True)
class ProcessStep:
    """A step of a promotion's process, as the document says, else as is usual.

    ``days`` are working days: within which its owner acts, or for which a notice stays; None where there is no deadline, or a
    parameter has no value yet. Of a panel's step ``panel`` is how many judge (odd), ``sheet`` what they score, ``bar`` the
    total that is enough (held by ``bar_op``, ``>=`` or ``>``), None where there is none; ``aggregate`` is ``mean`` or
    ``trimmed_mean`` (without the highest and the lowest), empty of any other step. ``asks`` are the texts that an application
    must bring: ``summary``, ``results``. ``readings`` and ``parameters`` are those that its numbers name.
    """

    name: str
    clause: str = ""
    text: str = ""
    en: str = ""
    owner: str = ""
    days: int | None = None
    asks: tuple[str, ...] = ()
    panel: int | None = None
    sheet: tuple[Criterion, ...] = ()
    bar: Decimal | None = None
    aggregate: str = ""
    bar_op: str = ">="
    readings: tuple[Key, ...] = ()
    parameters: tuple[Key, ...] = ()
    at: At = field(compare=False, default=At(1, 1))

    @property
    def by_panel(self) -> bool:
        """Whether judges score it."""
        return bool(self.aggregate)

    @property
    def full_marks(self) -> Decimal:
        """What a judge can give at most."""
        return sum((line.of for line in self.sheet), Decimal(0))


@dataclass(frozen=True)
class Passage:
    """A part of the source that no rule rests on, kept to be read: aims, principles, scope, coming into force."""

    clause: str
    title: Text
    text: str
    en: str = ""


@dataclass(frozen=True)
class Lost:
    """A part that is missing from the source, said to be so."""

    clause: str
    note: Text


@dataclass(frozen=True)
class Checked:
    """A whole policy without fault. ``in_force`` is the first day by its own words, None where it names none; ``unset``
    names the parameters that the adoption must still give, ``unused`` those that no expression of it speaks of.
    """

    key: Key
    title: Text
    in_force: date | None
    approved_by: str
    text: str
    catalogue: Catalogue = field(compare=False, repr=False)
    lost: tuple[Lost, ...] = ()
    passages: tuple[Passage, ...] = ()
    readings: Mapping[str, Reading] = field(default_factory=dict)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    applies: Clause | None = None
    inputs: Mapping[str, Input] = field(default_factory=dict)
    intake: Intake | None = None
    ladder: Ladder | None = None
    scorecard: Scorecard | None = None
    cases: tuple[Case, ...] = ()
    pay: tuple[PayComponent, ...] = ()
    review: tuple[Criterion, ...] = ()
    process: Mapping[str, ProcessStep] = field(default_factory=dict)
    process_stated: bool = True
    """Whether the document has a section ``process``; without one every step is as is usual."""
    unused: tuple[str, ...] = ()

    def __hash__(self) -> int:
        return hash((self.key, self.text, tuple(sorted(self.values.items()))))

    @property
    def unset(self) -> tuple[str, ...]:
        """Parameters without a value."""
        return tuple(name for name, parameter in self.parameters.items() if parameter.typed is None)

    def process_step(self, step: Step, name: str) -> ProcessStep:
        """The step with what the transition itself says: the bar of a panel is that of its rule on the review's total.

        Raises ``KeyError`` for a step that no promotion names.
        """
        found = self.process[name]
        rule = step.bar_rule if found.by_panel else None
        if rule is None or not isinstance(rule.threshold, Const) or not isinstance(rule.threshold.value, Decimal):
            return found
        return replace(
            found,
            bar=rule.threshold.value,
            bar_op=rule.op,
            readings=tuple(dict.fromkeys((*found.readings, *rule.readings))),
            parameters=tuple(dict.fromkeys((*found.parameters, *rule.parameters))),
        )
