"""The only printers of names and literals in SQL.

A document's words reach SQL through these alone: a column must be a ``Column``, a text a ``Key`` or ``Word``, both
checked when made; a plain ``str`` is refused. Months, days and ids are parameters. ``%`` never stands in the text
but in a parameter's name, for psycopg2 reads it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from policy.catalogue import Column, Key, Word


class Sql(str):
    """A piece of SQL that this package has printed."""

    __slots__ = ()


Relation = str
"""What a statement reads rows from: a table's name or a query in brackets, written by an app, never by a document."""

PLANNER = "SET LOCAL enable_hashagg = off; SET LOCAL jit = off; SET LOCAL work_mem = '64MB'"
"""For whoever runs a statement over many people. Sorted aggregates: the planner does not choose them by itself where they are
right. JIT costs more than it gives.
"""


def column(alias: str, name: Column) -> Sql:
    """``alias.name``. ``TypeError`` for anything but a ``Column``."""
    if not isinstance(name, Column):
        raise TypeError(f"{name!r} is not a checked column")
    return Sql(f"{alias}.{name}")


def literal(value: Decimal | date | Key | Word | bool | None) -> Sql:
    """A fixed value; yes and no are 1 and 0. ``TypeError`` for a plain string or a float."""
    if value is None:
        return Sql("NULL")
    if isinstance(value, bool):
        return Sql("1" if value else "0")
    if isinstance(value, Decimal) and value.is_finite():
        text = format(value.normalize() if value else Decimal(0), "f")
        return Sql(f"({text})" if value < 0 else text)
    if isinstance(value, date):
        return Sql(f"DATE '{value.isoformat()}'")
    if isinstance(value, Key | Word):
        return Sql(f"'{value}'")
    raise TypeError(f"{value!r} is not a checked literal")


def all_of(conditions: Iterable[str]) -> Sql:
    """Conditions joined by AND."""
    return Sql(" AND ".join(conditions))


def month_of(day: str) -> Sql:
    """Month number of a date: year * 12 + month - 1."""
    return Sql(f"(date_part('year', {day})::int * 12 + date_part('month', {day})::int - 1)")
