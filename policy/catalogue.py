"""The facts a policy may speak of, and the registry through which apps make theirs known.

The language and its compiler know no table: each app registers a provider in ``AppConfig.ready`` and the
provider yields the facts that the app owns. Providers run when a document is read, not when they are
registered, so they may read the database (metrics are rows).

Key, column and name rules are checked when a fact is made; a printer of SQL takes ``Column`` and ``Key``
and refuses a plain ``str``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypeVar

Unit = Literal["number", "count", "%", "month", "day", "hour", "minute", "yuan", "point", "date", "text", "yes_no"]
UNITS: tuple[str, ...] = (
    "number", "count", "%", "month", "day", "hour", "minute", "yuan", "point", "date", "text", "yes_no",
)  # fmt: skip
FieldName = Literal["subject", "quantity", "status", "note"]

WITHDRAWN = "withdrawn"
"""Status of an event that was taken back: it is never counted, whatever a rule says."""
UPHELD = ("", "upheld")
"""Statuses that count for a kind with ``upheld_by_default``; an empty one means upheld."""


class Column(str):
    """A column's name, safe to print unquoted: ``[a-z][a-z0-9_]*``, at most 63 characters. ``ValueError`` otherwise."""

    __slots__ = ()
    _shape = re.compile(r"[a-z][a-z0-9_]{0,62}")

    def __new__(cls, value: str) -> Column:
        if not cls._shape.fullmatch(value):
            raise ValueError(f"{value!r} is not a column name")
        return super().__new__(cls, value)


class Key(str):
    """A key of a document or a fact: ``[a-z][a-z0-9_-]{0,40}``. ``ValueError`` otherwise."""

    __slots__ = ()
    _shape = re.compile(r"[a-z][a-z0-9_-]{0,40}")

    def __new__(cls, value: str) -> Key:
        if not cls._shape.fullmatch(value):
            raise ValueError(f"{value!r} is not a key")
        return super().__new__(cls, value)


class Word(str):
    """A bare word of an expression (``passed``, ``前台``): a letter or 汉字, then letters, digits, 汉字 or ``_``."""

    __slots__ = ()
    _shape = re.compile(r"[A-Za-z\u4e00-\u9fff][A-Za-z0-9_\u4e00-\u9fff]*")

    def __new__(cls, value: str) -> Word:
        if not cls._shape.fullmatch(value):
            raise ValueError(f"{value!r} is not a word")
        return super().__new__(cls, value)


@dataclass(frozen=True)
class Names:
    """What a fact is called. ``en`` is the plural where the thing can be counted ("complaints")."""

    zh: str
    en: str
    word_zh: str = ""
    """Counting word: 篇 件 次 个. Empty: the unit's own word."""
    upheld_en: str = ""
    """English with "upheld" in its place ("upheld cases of major misconduct"). Empty: "upheld " + ``en``."""
    since_zh: str = ""
    """A person's date as the start of a window ("入职以来"). Empty: ``zh`` + 以来."""
    since_en: str = ""
    """The same in English ("since hiring"). Empty: "since " + ``en``."""


@dataclass(frozen=True)
class Metric:
    """A monthly value. ``lo`` absent means 0, ``hi`` absent means no upper bound; both bound what a missing value can be."""

    key: Key
    names: Names
    unit: Unit
    column: Column
    lo: Decimal | None = None
    hi: Decimal | None = None
    decimals: int = 0


@dataclass(frozen=True)
class Field:
    """A field of a kind of event: what it means there and, for texts, the words it may hold (key → names)."""

    name: FieldName
    names: Names
    type: Literal["text", "number", "%", "count", "point"] = "text"
    words: Mapping[str, Names] = field(default_factory=dict)
    tier: bool = False
    """The text is a tier's key (``exam`` is for a tier)."""
    free: bool = False
    """Other texts than its ``words`` may stand there too (a complaint is ``internal``, or names a customer)."""

    def __hash__(self) -> int:
        return hash((self.name, self.names, self.type))


@dataclass(frozen=True)
class EventKind:
    """A kind of event. With ``upheld_by_default`` only upheld ones count unless a rule's own filter mentions the status."""

    key: Key
    names: Names
    fields: tuple[Field, ...] = ()
    upheld_by_default: bool = False

    def field(self, name: str) -> Field | None:
        """The field called so, by its name or by its Chinese or English meaning."""
        return next((f for f in self.fields if name in (f.name, f.names.zh)), None)


@dataclass(frozen=True)
class PersonFact:
    """A column of the relation of people, complete by nature: an absent date makes a comparison unmet, never unknown."""

    key: Key
    names: Names
    type: Unit
    column: Column


@dataclass(frozen=True)
class ProcessFact:
    """A result that the process of promotion yields (a competition won, a review's total): unknown until it exists."""

    key: Key
    names: Names
    type: Unit


@dataclass(frozen=True)
class PayFact:
    """A column of a person's pay row of the month's last day, in yuan. A missing amount is an exception, never zero."""

    key: Key
    names: Names
    column: Column
    type: Unit = "yuan"


@dataclass(frozen=True)
class CaseName:
    """A case 个案 that documents may raise, and what it is called."""

    key: Key
    names: Names


Fact = Metric | EventKind | PersonFact | ProcessFact | PayFact | CaseName
Provider = Callable[[], Iterable[Fact]]
F = TypeVar("F", Metric, EventKind, PersonFact, ProcessFact, PayFact, CaseName)


@dataclass(frozen=True)
class Catalogue:
    """All facts known at one moment, by key. Chinese names find the same facts; two facts of one name are refused."""

    metrics: Mapping[str, Metric] = field(default_factory=dict)
    kinds: Mapping[str, EventKind] = field(default_factory=dict)
    persons: Mapping[str, PersonFact] = field(default_factory=dict)
    processes: Mapping[str, ProcessFact] = field(default_factory=dict)
    pays: Mapping[str, PayFact] = field(default_factory=dict)
    cases: Mapping[str, CaseName] = field(default_factory=dict)

    @classmethod
    def of(cls, facts: Iterable[Fact]) -> Catalogue:
        """A catalogue of these facts. ``ValueError`` where two facts of one sort share a key or a Chinese name."""
        shelves: dict[type, dict[str, Fact]] = {
            Metric: {}, EventKind: {}, PersonFact: {}, ProcessFact: {}, PayFact: {}, CaseName: {},
        }  # fmt: skip
        seen: set[tuple[type, str]] = set()
        for fact in facts:
            sort = type(fact)
            for name in {str(fact.key), fact.names.zh}:
                if (sort, name) in seen:
                    raise ValueError(f"two facts are called {name}")
                seen.add((sort, name))
            shelves[sort][str(fact.key)] = fact
        return cls(*shelves.values())  # type: ignore[arg-type]

    def kind(self, name: str) -> EventKind | None:
        """The kind of event with this key or Chinese name."""
        return _find(self.kinds, name)

    def case(self, key: str) -> Names:
        """What the case is called; its key where nobody named it."""
        return self.cases[key].names if key in self.cases else Names(key, key)

    def value(self, name: str) -> Metric | PersonFact | ProcessFact | PayFact | None:
        """The monthly value, person, process or pay fact with this key or Chinese name; a person's fact comes first."""
        return (
            _find(self.persons, name)
            or _find(self.metrics, name)
            or _find(self.processes, name)
            or _find(self.pays, name)
        )


def _find(shelf: Mapping[str, F], name: str) -> F | None:
    return shelf.get(name) or next((fact for fact in shelf.values() if fact.names.zh == name), None)


_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Make an app's facts known. Registering the same provider again changes nothing."""
    if provider not in _providers:
        _providers.append(provider)


def current() -> Catalogue:
    """The catalogue of this moment: every provider is asked again, so that a new metric is known at once."""
    return Catalogue.of(fact for provider in _providers for fact in provider())
