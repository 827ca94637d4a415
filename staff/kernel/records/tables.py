"""A table of records: what its columns are, what is stored of it, and how it is checked, compared and written.

Every step is a few statements over the whole file. The tables of a load, all temporary:

=============  =====================================================================================================
``rec_stage``  the file's cells as text, with their line
``rec_typed``  the same rows with typed values; NULL for an empty cell and for one that cannot be read
``rec_diff``   of these the rows that add or change something: ``line``, ``is_new``, the values as they are to be, and
               the stored ones as ``old_…``
=============  =====================================================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from django.utils.translation import gettext as _

from staff.kernel.access import Access, Thing
from staff.kernel.periods import Month
from staff.kernel.records.columns import Column, EmployeeColumn

if TYPE_CHECKING:
    from staff.kernel.records.loading import Loading
    from staff.kernel.records.work import Work

#: Names of a table's order of loading: whatever a row refers to is loaded before it.
ORDER = ("departments", "staff", "absences", "pay", "values", "items", "events")

_TABLES: dict[str, RecordTable] = {}


class RecordTable:
    """One of the files. Subclasses declare; ``check`` adds their own rules, ``write`` keeps what ``rec_diff`` holds."""

    name: str
    #: What a Chinese file or sheet may be called.
    aliases: tuple[str, ...] = ()
    thing: Thing
    #: The column that names the person whom a row is about, and the column of ``rec_diff`` that holds their id.
    subject = "employee_no"
    subject_id = "employee_no"
    #: SQL over the typed row ``t`` of when it happened, and until when; in the measure of ``employed``.
    moment = ""
    until = ""
    #: SQL of the people that ``subject`` is looked up in, with the first and the last moment of their employment.
    employed = "(SELECT id, employee_no, hired_on AS employed_from, left_on AS employed_to FROM {people})"

    #: The columns as they were when the load began; see ``at_work``.
    listed: list[Column]

    def columns(self) -> list[Column]:
        """Declares the columns; what they accept may be read from the database."""
        raise NotImplementedError

    #: Whether a template may come with the people of a month in it.
    by_month = False

    def month_rows(self, access: Access, month: Month) -> Iterator[list[str]]:
        """Rows of a template for a month, as a load takes them once they are filled in."""
        raise NotImplementedError

    def at_work(self) -> Self:
        """The table for one load or dump, its columns looked up once."""
        table = copy(self)
        table.listed = self.columns()
        return table

    def stored(self) -> str:
        """SQL of a relation with the same columns, typed, of all that is stored; ``%(day)s`` is the day of the load."""
        raise NotImplementedError

    def stored_now(self) -> str:
        """``stored``, where that may be confined to the rows of ``rec_typed``."""
        return self.stored()

    def check(self, load: Loading) -> None:
        """Reports what is wrong with ``rec_typed`` beyond cells that cannot be read and keys that stand twice."""

    #: Columns that refer to what is loaded later → the suffix of the file in which a dump puts them.
    later: dict[str, str] = {}

    #: Checks of changes that other apps add.
    more_checks: list[Callable[[Loading], None]]

    def __init__(self) -> None:
        self.more_checks = []

    def check_changes(self, load: Loading) -> None:
        """Reports what is wrong with ``rec_diff``: rules that bind only what would change."""

    def write(self, load: Loading) -> None:
        raise NotImplementedError

    def check_keys(self, load: Loading) -> None:
        """A key that stands twice with different values is a fault; identical rows are one."""
        keys = [column.name for column in self.key]
        listed = ", ".join(keys)
        whole = " AND ".join(f"{key} IS NOT NULL" for key in keys)
        load.make("rec_twice", f"SELECT {listed}, min(line) AS first FROM rec_typed WHERE {whole} "
                               f"GROUP BY {listed} HAVING count(*) > 1")  # fmt: skip
        if not load.row("SELECT EXISTS (SELECT 1 FROM rec_twice)")[0]:
            return
        on = " AND ".join(f"t.{key} = d.{key}" for key in keys)
        differs = " OR ".join(f"t.{c.name} IS DISTINCT FROM f.{c.name}" for c in load.columns if not c.key) or "false"
        load.select_faults(
            keys[-1],
            _("the same key stands in line %(first)s with other values; keep one of them"),
            f"SELECT t.line, d.first FROM rec_typed t JOIN rec_twice d ON {on} JOIN rec_typed f ON f.line = d.first "
            f"WHERE t.line > d.first AND ({differs})",
        )
        load.run(f"DELETE FROM rec_typed t USING rec_twice d WHERE {on} AND t.line > d.first")

    def prepare(self, work: Work) -> None:
        """Makes the relations that the columns' ``typed`` reads."""

    @property
    def key(self) -> list[Column]:
        return [column for column in self.listed if column.key]

    def column(self, name: str) -> Column:
        return next(column for column in self.listed if column.name == name)

    def read(self, load: Loading) -> None:
        """``rec_stage`` → ``rec_typed``."""
        columns = [self._looked_up(column, load) for column in load.columns]
        typed = ", ".join(f"{column.typed()} AS {column.name}" for column in columns)
        joins = " ".join(column.joins() for column in columns)
        if self.moment:
            typed += f", e_{self.subject}.employed_from, e_{self.subject}.employed_to"
        load.make("rec_typed", f"SELECT s.line, {typed} FROM rec_stage s {joins}")

    def _looked_up(self, column: Column, load: Loading) -> Column:
        if not isinstance(column, EmployeeColumn):
            return column
        if column.name == self.subject:
            return replace(column, people=self.employed.format(people=load.people))
        return column if load.scope.company else column.in_reach()

    def compare(self, load: Loading) -> None:
        """``rec_typed`` → ``rec_diff``; counts what is added and changed."""
        given = {column.name for column in load.columns}
        values = [column for column in self.listed if not column.key]
        differs = " OR ".join(f"n.{c.name} IS DISTINCT FROM o.{c.name}" for c in values if c.name in given) or "false"
        first = self.key[0].name
        kept = [f"{self.kept(c, given)} AS {c.name}" for c in values]
        carried = "".join(f", o.{name} AS {name}" for name in self.carried)
        load.make(
            "rec_diff",
            "SELECT t.line, "
            + ", ".join([*(f"t.{c.name}" for c in self.key), *(f"n.{c.name}" for c in values)])
            + "".join(f", o.{c.name} AS old_{c.name}" for c in values)
            + f"{carried}, o.{first} IS NULL AS is_new FROM rec_typed t LEFT JOIN ({self.stored_now()}) o ON "
            + " AND ".join(f"t.{c.name} = o.{c.name}" for c in self.key)
            + f" CROSS JOIN LATERAL (SELECT {', '.join(kept)}) n WHERE o.{first} IS NULL OR {differs}",
        )
        load.report.added, load.report.changed = load.row("SELECT count(*) FILTER (WHERE is_new), "
                                                          "count(*) FILTER (WHERE NOT is_new) FROM rec_diff")  # fmt: skip

    #: Columns of ``stored`` beyond the file's that ``rec_diff`` carries along.
    carried: tuple[str, ...] = ()

    def kept(self, column: Column, given: set[str]) -> str:
        """SQL over the typed row ``t`` and the stored row ``o`` of what a column is to be: an empty cell clears it, a column
        left out keeps what is stored."""
        return f"coalesce({'t' if column.name in given else 'o'}.{column.name}, {column.default()})"

    def described(self, load: Loading) -> tuple[str, list[Column]]:
        """SQL of the changes as rows of the file (``line``, ``is_new``, values, ``old_…``), and their columns."""
        return "SELECT * FROM rec_diff", load.columns

    def warn(self, load: Loading) -> None:
        """Lists facts outside employment: they are kept and ignored."""
        if not self.moment:
            return
        load.warn(
            self.subject,
            _("outside employment (hired %(hired)s, last day %(left)s): kept, and ignored"),
            f"SELECT t.line, e.hired_on::text AS hired, coalesce(e.left_on::text, '-') AS left FROM rec_typed t "
            f"JOIN staff_employee e ON e.id = t.{self.subject} "
            f"WHERE {self.moment} < t.employed_from OR {self.until or self.moment} > t.employed_to",
        )


class PlainTable(RecordTable):
    """A table whose rows are rows of one database table."""

    target: str
    #: column of records → column of the database
    fields: dict[str, str]

    def stored(self) -> str:
        return f"SELECT {', '.join(f'{field} AS {name}' for name, field in self.fields.items())} FROM {self.target}"

    def write(self, load: Loading) -> None:
        given = {column.name for column in load.columns}
        load.run(
            f"INSERT INTO {self.target} ({', '.join(self.fields.values())}) "
            f"SELECT {', '.join(f'd.{name}' for name in self.fields)} FROM rec_diff d WHERE d.is_new ORDER BY d.line"
        )
        keys = {column.name for column in self.key}
        sets = [f"{field} = d.{name}" for name, field in self.fields.items() if name in given - keys]
        on = " AND ".join(f"x.{self.fields[name]} = d.{name}" for name in sorted(keys))
        if sets and load.report.changed:
            load.run(f"UPDATE {self.target} x SET {', '.join(sets)} FROM rec_diff d WHERE NOT d.is_new AND {on}")


def register(table: RecordTable) -> None:
    """An app offers a table of records; its name is one of ``ORDER``."""
    _TABLES[table.name] = table


def all_tables() -> list[RecordTable]:
    """In the order of loading."""
    return [_TABLES[name] for name in ORDER if name in _TABLES]


def table_named(name: str) -> RecordTable:
    """Raises ``KeyError``."""
    return _TABLES[name]
