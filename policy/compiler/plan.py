"""What a sweep must compute: aggregates by relation, values of a person, verdicts; each once, keyed by its own SQL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from policy.catalogue import UPHELD, WITHDRAWN, Column, Key
from policy.compiler.scalar import event_leaf, person_leaf, scalar
from policy.compiler.sql import Sql, all_of, column, month_of
from policy.language import typed as t


def process_parameter(key: Key) -> str:
    """The parameter that brings a result of the process. ``TypeError`` for anything but a ``Key``."""
    if not isinstance(key, Key):
        raise TypeError(f"{key!r} is not a checked key")
    return f"process_{key}"


class Columns:
    """Columns of one layer: the same SQL gets the same name."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.names: dict[str, str] = {}

    def add(self, sql: str) -> Sql:
        """The name of the column that holds this SQL."""
        return Sql(self.names.setdefault(sql, f"{self.prefix}{len(self.names)}"))

    def select(self) -> list[str]:
        """``sql AS name`` of each."""
        return [f"{sql} AS {name}" for sql, name in self.names.items()]


@dataclass
class Distinct:
    """One pass over the events of a kind for the different values of a field, whatever the number of windows."""

    name: str
    value: Sql
    day: Sql
    conditions: tuple[str, ...]
    windows: Columns


@dataclass
class Plan:
    """Everything that one statement computes, gathered rule by rule."""

    widest: int
    """Months in the widest window of monthly values."""
    least: int = 0
    """Months that must count for a verdict on monthly values; 0: the months that count decide, however few."""
    people: dict[str, None] = field(default_factory=dict)
    """Columns of the relation of people that are read."""
    since: Columns = field(default_factory=lambda: Columns("s"))
    """Masks of the months on or after a date."""
    months: Columns = field(default_factory=lambda: Columns("m"))
    events: Columns = field(default_factory=lambda: Columns("e"))
    kinds: dict[str, None] = field(default_factory=dict)
    distincts: dict[tuple[str, ...], Distinct] = field(default_factory=dict)
    absences: dict[int, str] = field(default_factory=dict)
    values: Columns = field(default_factory=lambda: Columns("x"))
    verdicts: Columns = field(default_factory=lambda: Columns("v"))
    windows: set[int] = field(default_factory=set)
    """Windows of events and absences, for the parameters ``d<N>``."""
    counted_from: set[int] = field(default_factory=set)
    """Windows of counted events: nothing older is read; 0 among them where one is without such an end."""
    with_process: bool = False
    """What the process has yielded is given as parameters; else it is not known."""
    processes: set[Key] = field(default_factory=set)
    """Results of the process that are read, for the parameters ``process_<key>``."""
    unbounded: bool = False
    """Something reads back to a date of the person, however long ago."""

    @property
    def big(self) -> bool:
        """Masks need 64 bits."""
        return self.widest > 30

    @property
    def one(self) -> str:
        """The lowest bit of a mask, in the width that masks have."""
        return "1::bigint" if self.big else "1"

    def bit_count(self, mask: str) -> Sql:
        """Number of months in a mask."""
        return Sql(f"bit_count(({mask})::bit({64 if self.big else 32}))::int")

    def leaf(self, node: t.Typed) -> Sql | None:
        """Leaves of layer x: facts of the person and whatever is exact."""
        if isinstance(node, t.EventAggregate):
            return self.distinct(node) if node.field is not None else self.count(node)
        if isinstance(node, t.AbsentDays):
            return self.absent(node)
        if isinstance(node, t.Person | t.Completed):
            self.note_people(node)
        if isinstance(node, t.Process) and self.with_process:
            self.processes.add(node.fact.key)
            return Sql(f"%({process_parameter(node.fact.key)})s::numeric")
        return person_leaf(node)

    def note_people(self, node: t.Typed) -> None:
        """Remember the columns of the person that a node reads."""
        for part in node.walk():
            if isinstance(part, t.Person):
                self.people[part.fact.column] = None

    # events

    def count(self, node: t.EventAggregate) -> Sql:
        """Column of layer x with the number of events."""
        self.kinds[node.kind.key] = None
        conditions = [f"e.kind = '{node.kind.key}'", *self._event_conditions(node), *self._event_window(node)]
        name = self.events.add(f"count(*) FILTER (WHERE {all_of(conditions)})")
        return Sql(f"coalesce(e.{name}, 0)")

    def distinct(self, node: t.EventAggregate) -> Sql:
        """Column of layer x with the number of different values of a field; an empty one is none."""
        value, day = event_value(node), event_day(node)
        conditions = (
            f"e.kind = '{node.kind.key}'", *self._event_conditions(node), *self._since(node, day),
            *([f"{day} < %(A_day)s"] if node.by else []),
            f"{value} IS NOT NULL" if node.field and node.field.type != "text" else f"{value} <> ''",
        )  # fmt: skip
        group = self.distincts.setdefault(
            (value, day, *conditions), Distinct(f"d{len(self.distincts)}", value, day, conditions, Columns("n"))
        )
        months = node.span.months
        if months is None:
            name = group.windows.add("count(*)")
        else:
            self.windows.add(months)
            name = group.windows.add(f"count(*) FILTER (WHERE last >= %(d{months})s)")
        return Sql(f"coalesce({group.name}.{name}, 0)")

    def _event_conditions(self, node: t.EventAggregate) -> list[str]:
        conditions = filters(node)
        if node.where is not None:
            for part in node.where.walk():
                self.note_people(part)
            conditions.append(f"({scalar(node.where, event_leaf)})")
        return conditions

    def _event_window(self, node: t.EventAggregate) -> list[str]:
        day = event_day(node)
        conditions = self._since(node, day)
        self.counted_from.add(node.span.months if node.span.months is not None and not node.by else 0)
        if node.span.months is not None:
            self.windows.add(node.span.months)
            conditions.append(f"{day} >= %(d{node.span.months})s")
        if node.by:
            conditions.append(f"{day} < %(A_day)s")
        return conditions

    def _since(self, node: t.EventAggregate, day: str) -> list[str]:
        """Starts of a window but the day of hire, which cuts every event already."""
        if node.span.months is None or node.by:
            self.unbounded = True
        starts = [start for start in node.span.since if not (is_hire(start) and not node.by)]
        for start in starts:
            self.note_people(start)
        return [f"{day} >= {scalar(start, person_leaf)}" for start in starts]

    def absent(self, node: t.AbsentDays) -> Sql:
        """Column of layer x with the days of absence."""
        months = node.span.months or 0
        self.windows.add(months)
        name = self.absences.setdefault(months, f"a{len(self.absences)}")
        return Sql(f"coalesce({name}.days, 0)")

    # months

    def since_mask(self, starts: Iterable[t.Typed]) -> list[str]:
        """Masks of the months from the month of each date on; an absent date leaves none."""
        masks = []
        for start in starts:
            if not is_hire(start):
                self.note_people(start)
                masks.append(f"p.{self.since.add(self.mask_from(month_of(scalar(start, person_leaf))))}")
        return masks

    def mask_from(self, month: str) -> str:
        """Mask of the months from this one on, at most the widest window; none for an absent month."""
        return f"(({self.one} << greatest(least(%(A)s - coalesce({month}, %(A)s), {self.widest}), 0)) - 1)"


def filters(node: t.EventAggregate) -> list[str]:
    """What the status of an event must be: the kind's own filter unless the rule speaks of it; never withdrawn."""
    if node.kind.upheld_by_default and not node.status_free:
        return [f"e.status IN ({', '.join(repr(word) for word in UPHELD)})"]
    return [f"e.status <> '{WITHDRAWN}'"]


def event_value(node: t.EventAggregate) -> Sql:
    """The field whose different values are counted."""
    return column("e", Column(node.field.name)) if node.field else Sql("e.id")


def event_day(node: t.EventAggregate) -> Sql:
    """The day an event counts on."""
    return Sql(f"coalesce({column('e', node.by)}, e.day)") if node.by else Sql("e.day")


def is_hire(node: t.Typed) -> bool:
    """The day of hire, which bounds everything anyhow."""
    return isinstance(node, t.Person) and node.fact.column == "hired_on"
