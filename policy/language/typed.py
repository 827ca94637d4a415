"""Typed nodes: an expression after names, units, readings and parameters are settled.

They are equal when they mean the same, so that the compiler computes each only once. ``unit`` is one of
``catalogue.UNITS``, ``bool`` for a condition, or ``none``. A share (``%``) is kept as 90, not as 0.9.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal

from policy.catalogue import Column, EventKind, Field, Key, Metric, Names, PayFact, PersonFact, ProcessFact, Word


@dataclass(frozen=True)
class Typed:
    """Any typed node."""

    unit: str

    @property
    def parts(self) -> Iterator[Typed]:
        """The nodes directly inside."""
        for f in fields(self):
            yield from _typed_in(getattr(self, f.name))

    def walk(self) -> Iterator[Typed]:
        """This node and all inside, outermost first."""
        yield self
        for part in self.parts:
            yield from part.walk()

    @property
    def processes(self) -> tuple[ProcessFact, ...]:
        """Results of the process that it rests on."""
        return tuple(node.fact for node in self.walk() if isinstance(node, Process))


def _typed_in(value: object) -> Iterator[Typed]:
    if isinstance(value, Typed):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _typed_in(part)


@dataclass(frozen=True)
class Const(Typed):
    """A fixed value, in the base unit (years as months). ``written`` is the number and unit as written, for sentences.

    ``bare`` literals take the unit of the other side. ``unset`` names the parameter that has no value yet.
    """

    value: Decimal | date | Word | Key | bool | None
    written: tuple[Decimal, str] | None = field(default=None, compare=False)
    bare: bool = field(default=False, compare=False)
    unset: Key | None = field(default=None, compare=False)
    tier: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Value(Typed):
    """A monthly value."""

    metric: Metric


@dataclass(frozen=True)
class InputValue(Typed):
    """A raw input of the policy's own scorecard in a month."""

    policy: Key
    key: Key
    zh: str = field(compare=False)
    en: str = field(compare=False)
    lo: Decimal | None = None
    hi: Decimal | None = None
    column: Column | None = None
    """The slot of the fact of the same key; what the input means and its bounds are the document's."""


@dataclass(frozen=True)
class Result(Typed):
    """A result of the month: ``total``, ``grade``, ``rank`` or ``stars``."""

    column: Column


@dataclass(frozen=True)
class Person(Typed):
    """A fact of the person."""

    fact: PersonFact


@dataclass(frozen=True)
class EvaluationDay(Typed):
    """The last day of the as-of month."""


@dataclass(frozen=True)
class TargetTier(Typed):
    """Key of the tier that the step leads to."""


@dataclass(frozen=True)
class Process(Typed):
    """A result of the process."""

    fact: ProcessFact


@dataclass(frozen=True)
class Pay(Typed):
    """An amount of the person's pay row."""

    fact: PayFact


@dataclass(frozen=True)
class EventField(Typed):
    """A field of the event that a filter looks at."""

    field: Field


@dataclass(frozen=True)
class Arith(Typed):
    """``+ - * /`` of numbers."""

    op: str
    left: Typed
    right: Typed


@dataclass(frozen=True)
class Percent(Typed):
    """A share as a plain number: 90 % as 0.9."""

    of: Typed


@dataclass(frozen=True)
class Negative(Typed):
    """Negation of a number."""

    of: Typed


@dataclass(frozen=True)
class Compare(Typed):
    """A comparison; unit ``bool``."""

    op: str
    left: Typed
    right: Typed


@dataclass(frozen=True)
class Logic(Typed):
    """``and`` / ``or`` of conditions."""

    op: str
    left: Typed
    right: Typed


@dataclass(frozen=True)
class Negation(Typed):
    """``not`` of a condition."""

    of: Typed


@dataclass(frozen=True)
class Membership(Typed):
    """``value in (…)``."""

    of: Typed
    items: tuple[Const, ...]


@dataclass(frozen=True)
class Choice(Typed):
    """Lines: the first whose condition holds; the last has none."""

    lines: tuple[tuple[Typed, Typed | None], ...]


@dataclass(frozen=True)
class First(Typed):
    """The first part that is there."""

    options: tuple[Typed, ...]


@dataclass(frozen=True)
class Extreme(Typed):
    """``max`` or ``min``; missing if a part is."""

    function: str
    options: tuple[Typed, ...]


@dataclass(frozen=True)
class Rounded(Typed):
    """``floor``, or ``round`` half away from zero to some digits."""

    function: str
    of: Typed
    digits: int = 0


@dataclass(frozen=True)
class Span:
    """A window: N months up to the as-of month, from each of some dates on; None: no month limit."""

    months: int | None
    since: tuple[Typed, ...] = ()


@dataclass(frozen=True)
class MonthAggregate(Typed):
    """``sum mean lowest highest months each streak`` over the months of a span that count."""

    function: str
    of: Typed
    span: Span


@dataclass(frozen=True)
class EventAggregate(Typed):
    """``count`` of events or of ``distinct`` values of a field; dated by a field where ``by`` is given and filled."""

    kind: EventKind
    field: Field | None
    where: Typed | None
    by: Column | None
    span: Span
    status_free: bool = False
    """The filter mentions the status, so the kind's own does not hold."""


@dataclass(frozen=True)
class AbsentDays(Typed):
    """Days of the union of absences inside the window."""

    span: Span


@dataclass(frozen=True)
class Completed(Typed):
    """Completed months from a date to the as-of instant."""

    of: Typed


@dataclass(frozen=True)
class Raised(Typed):
    """The month raised this case, called so."""

    case: Key
    names: Names


AGGREGATES = (MonthAggregate, EventAggregate, AbsentDays)
