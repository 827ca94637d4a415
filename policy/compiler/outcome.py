"""What a sweep says of a person, as numbers in the database and as words on the wire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum
from typing import NamedTuple, Protocol

from policy.language.checked import NO_TEXT, Clause, Text
from staff.kernel.periods import Month


class Outcome(IntEnum):
    """Result of a sweep for one person. ``str()`` gives the name on the wire (``waiting_for_data``)."""

    ELIGIBLE = 1
    NOT_YET = 2
    WAITING_FOR_DATA = 3
    DEMOTION_PROPOSED = 4
    WARNING = 5
    TOP = 6

    def __str__(self) -> str:
        return self.name.lower()


class Verdict(IntEnum):
    """Verdict of one rule, as its two bits in ``bits``. ``str()`` gives ``met``, ``unmet`` or ``unknown``."""

    UNMET = 0
    MET = 1
    UNKNOWN = 2

    def __str__(self) -> str:
        return self.name.lower()


class Evidence(Protocol):
    """The compact evidence of one person, as the sweep stores it; any row with these attributes will do."""

    @property
    def tier(self) -> str: ...
    @property
    def bits(self) -> int: ...
    @property
    def observed(self) -> Sequence[int | None]: ...
    @property
    def missing(self) -> Sequence[int] | None: ...
    @property
    def outcome(self) -> int: ...
    @property
    def target(self) -> str | None: ...


class SweepRow(NamedTuple):
    """A row of the sweep's result, in the order of its columns.

    ``bits``: two a rule from the lowest up (``Verdict``); ``observed``: integers in the unit's smallest place, dates
    as days since 1970-01-01; ``missing``: a mask of months a rule (bit k: k months before the as-of month), None
    where no rule misses one.
    """

    id: int
    tier: str
    outcome: int
    target: str | None
    bits: int
    observed: Sequence[int | None]
    missing: Sequence[int] | None


Wire = dict[str, object]


@dataclass(frozen=True)
class ReadingUse:
    """A reading behind a rule: its name, the value in words, the clause and the reason."""

    name: str
    value: Text
    clause: str
    why: Text


@dataclass(frozen=True)
class Finding:
    """One rule of a clause, or one attestation, with what was observed of a person.

    ``gap`` is how far the observed value is from the threshold, in ``unit``; None where it is met or cannot be said.
    ``sentence`` is the rule in words, ``standing`` what it means here ("已有 3 篇，还差 1 篇").
    """

    clause: Clause
    rule: str | None
    observed: Decimal | date | bool | None
    op: str | None
    threshold: Decimal | date | bool | None
    unit: str | None
    verdict: Verdict
    missing: tuple[Month, ...] = ()
    gap: Decimal | None = None
    sentence: Text = NO_TEXT
    standing: Text = NO_TEXT
    readings: tuple[ReadingUse, ...] = ()

    @property
    def attest(self) -> str | None:
        """Role that must judge it; None where it is measured."""
        return self.clause.attest

    def wire(self) -> Wire:
        """The object of the interface: plain numbers, ISO dates, months as YYYY-MM."""
        return {
            "clause": self.clause.number,
            "rule": self.rule,
            "text": self.clause.text,
            "observed": plain(self.observed),
            "op": self.op,
            "threshold": plain(self.threshold),
            "unit": self.unit,
            "verdict": str(self.verdict),
            "missing": [str(month) for month in self.missing],
        }


@dataclass(frozen=True)
class Explanation:
    """Everything a sweep says of a person, in the order of the document."""

    tier: str
    outcome: Outcome
    target: str | None
    conditions: tuple[Finding, ...]
    triggers: tuple[Finding, ...]

    def wire(self) -> Wire:
        """``tier, outcome, target, conditions, triggers`` as written to a file."""
        return {
            "tier": self.tier,
            "outcome": str(self.outcome),
            "target": self.target,
            "conditions": [finding.wire() for finding in self.conditions],
            "triggers": [finding.wire() for finding in self.triggers],
        }


def plain(value: Decimal | date | bool | None) -> int | float | str | bool | None:
    """A value as JSON has it: a whole number as int, else the shortest decimal; a date as ISO text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else value
