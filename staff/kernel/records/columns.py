"""The columns of a table of records: how a cell is read, what is expected of it, and how it is written back.

A cell comes staged as trimmed text, NULL where it is empty. ``typed`` is SQL that yields NULL for whatever cannot be
read and never raises, so that every fault of a file is found in one pass.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from staff.kernel.records.characters import other_digits, unseen

#: Days outside these years are slips of the pen, and would leave the calendar when months are added.
FIRST_YEAR, LAST_YEAR = 1900, 2199

#: The start of a text that a spreadsheet would run, and of one that was kept from it.
_LIVE = "^(?=[-=+@''])"
_MARKED = "^''(?=[-=+@''])"
#: A key that a spreadsheet would run; `-002` and `+A1` it would only show otherwise. A key is written as it is, since other
#: files refer to it.
_RUNS = "^([=@]|[-+].*[^-+.0-9A-Za-z_])"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of text. ``zh``: its Chinese header; ``title``: its English one, where ``name`` cannot be that in SQL.

    ``key``: part of the key, so it stands in every header and cell. ``header``: it stands in every header. ``required``: no
    cell is empty. ``extra``: beyond the columns that every company has; a dump leaves it out where it is empty
    throughout. ``pattern``: of an address. ``free``: a text in people's own words; a dump puts an apostrophe before what a
    spreadsheet would take for a formula, and a load takes it away. ``number``: a number of people or papers, whose digits are
    0-9.
    """

    name: str
    zh: str
    key: bool = False
    header: bool = False
    required: bool = False
    extra: bool = False
    most: int = 100
    title: str = ""
    pattern: str = ""
    free: bool = False
    number: bool = False

    @property
    def head(self) -> str:
        """The English header."""
        return self.title or self.name

    @property
    def cell(self) -> str:
        return f"s.{self.name}"

    @property
    def needed(self) -> bool:
        return self.key or self.required

    def joins(self) -> str:
        """Relations that ``typed`` reads, joined to the staged row ``s``; each matches once at most."""
        return ""

    def typed(self) -> str:
        cell = f"regexp_replace({self.cell}, '{_MARKED}', '')" if self.free else self.cell
        matches = f" AND {self.cell} ~ '{self.pattern}'" if self.pattern else ""
        matches += f" AND {self.cell} !~ '{_RUNS}'" if self.key else ""
        matches += "".join(f" AND {self.cell} !~ '{pattern}'" for pattern, _expected in self.unwanted())
        return f"CASE WHEN length({self.cell}) <= {self.most}{matches} THEN {cell} END"

    def expected(self) -> str:
        if self.pattern:
            return _("expected an address such as name@example.com")
        if self.key:
            return _("expected at most %(most)s characters, and no formula") % {"most": self.most}
        return _("expected at most %(most)s characters") % {"most": self.most}

    def unwanted(self) -> list[tuple[str, str]]:
        """Patterns of which none is in a cell that can be read, each with what is expected instead."""
        found = []
        if self.key or self.number:
            found.append((unseen(), _("expected no line break and no other invisible character")))
        if self.number:
            found.append((other_digits(), _("expected the digits 0-9, none of another script or width")))
        return found

    def shown(self, value: str) -> str:
        """SQL of the text of a typed value."""
        return f"regexp_replace({value}, '{_LIVE}', chr(39))" if self.free else f"{value}::text"

    def default(self) -> str:
        """SQL of what an empty cell means."""
        return "''"

    def means_absent(self) -> bool:
        """Whether what cannot be read may be something that another file brings."""
        return False


@dataclass(frozen=True, slots=True)
class DayColumn(Column):
    """``YYYY-MM-DD``, also ``YYYY/M/D`` as spreadsheets write it in Chinese."""

    def typed(self) -> str:
        cell = f"replace({self.cell}, '/', '-')"
        return (
            f"CASE WHEN {self.cell} ~ '^(19|20|21)[0-9][0-9](-[0-9]{{2}}-[0-9]{{2}}|/[0-9]{{1,2}}/[0-9]{{1,2}})$' "
            f"AND pg_input_is_valid({cell}, 'date') THEN {cell}::date END"
        )

    def expected(self) -> str:
        return _("expected a day of the calendar as YYYY-MM-DD, such as 2026-10-31, between %(first)s and %(last)s") % {
            "first": FIRST_YEAR,
            "last": LAST_YEAR,
        }

    def shown(self, value: str) -> str:
        return f"to_char({value}, 'YYYY-MM-DD')"

    def default(self) -> str:
        return "NULL::date"


#: Every way to write a month, and its number: a lookup costs a fifth of a regular expression.
_MONTHS = f"""
SELECT DISTINCT unnest(ARRAY[to_char(day, 'YYYY-MM'), to_char(day, 'YYYY/MM'), to_char(day, 'YYYY/FMMM')]) AS text,
       staff_month_number(day::date) AS number
FROM generate_series(timestamp '{FIRST_YEAR}-01-01', timestamp '{LAST_YEAR}-12-01', interval '1 month') AS day
"""


@dataclass(frozen=True, slots=True)
class MonthColumn(Column):
    """``YYYY-MM``; its typed value is the month's number."""

    def joins(self) -> str:
        return f"LEFT JOIN ({_MONTHS}) m_{self.name} ON m_{self.name}.text = {self.cell}"

    def typed(self) -> str:
        return f"m_{self.name}.number"

    def expected(self) -> str:
        return _("expected a month as YYYY-MM, such as 2026-10")

    def shown(self, value: str) -> str:
        return f"to_char(make_date({value} / 12, mod({value}, 12) + 1, 1), 'YYYY-MM')"

    def default(self) -> str:
        return "NULL::integer"


@dataclass(frozen=True, slots=True)
class NumberColumn(Column):
    """A decimal number in ASCII digits. Digits after the point beyond ``decimals`` are a fault, zeros excepted."""

    digits: int = 15
    decimals: int = 4
    negative: bool = True

    def typed(self) -> str:
        sign = "[-+]?" if self.negative else "[+]?"
        cell = self.cell
        return (
            f"CASE WHEN {cell} ~ '^{sign}[0-9]+([.][0-9]+)?$' AND length({cell}) <= 40 AND min_scale({cell}::numeric) <= "
            f"{self.decimals} AND abs({cell}::numeric) < 1e{self.digits} THEN {cell}::numeric END"
        )

    def expected(self) -> str:
        if not self.negative:
            return _("expected a number that is not negative, such as 98.5, with at most %(decimals)s decimals") % {
                "decimals": self.decimals
            }
        return _("expected a number in the digits 0-9, such as 98.5, with at most %(decimals)s decimals") % {
            "decimals": self.decimals
        }

    def shown(self, value: str) -> str:
        return f"trim_scale({value})::text"

    def default(self) -> str:
        return "NULL::numeric"


@dataclass(frozen=True, slots=True)
class EmployeeColumn(Column):
    """An employee's number; its typed value is the employee's id. ``people``: the relation (id, employee_no) it is looked
    up in. ``held``: SQL of the ids that stand in such a column of what is in reach (``rec_reach``), or will."""

    number: bool = True
    people: str = "staff_employee"
    held: str = "SELECT NULL::bigint"

    def in_reach(self) -> EmployeeColumn:
        """The column for a load that is confined: whoever is neither in reach nor named there already is not there."""
        within = f"p.id IN (SELECT id FROM rec_reach) OR p.id IN ({self.held})"
        return replace(self, people=f"(SELECT p.id, p.employee_no FROM {self.people} p WHERE {within})")

    def joins(self) -> str:
        return f"LEFT JOIN {self.people} e_{self.name} ON e_{self.name}.employee_no = {self.cell}"

    def typed(self) -> str:
        return f"e_{self.name}.id"

    def expected(self) -> str:
        return _("there is no such employee; load the person in `staff` first")

    def shown(self, value: str) -> str:
        return f"(SELECT e.employee_no FROM staff_employee e WHERE e.id = {value})"

    def default(self) -> str:
        return "NULL::bigint"

    def means_absent(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class NamedColumn(Column):
    """One of a list of things that have a key and names. ``names``: SQL of a relation (name text, value …), a name once.

    ``back``: SQL of the key of a typed ``{value}``, where that is not the key itself.
    """

    names: str = ""
    sql_type: str = "text"
    what: str = ""
    back: str = ""

    def joins(self) -> str:
        return f"LEFT JOIN ({self.names}) n_{self.name} ON n_{self.name}.name = {self.cell}"

    def typed(self) -> str:
        return f"n_{self.name}.value"

    def expected(self) -> str:
        return _("expected one of: %(names)s") % {"names": self.what}

    def shown(self, value: str) -> str:
        return self.back.format(value=value) if self.back else f"{value}::text"

    def default(self) -> str:
        return f"NULL::{self.sql_type}" if self.sql_type != "text" else "''"
