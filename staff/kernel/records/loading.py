"""One table of one file on its way into the database: staged, typed, checked, compared, written.

Everything happens in the caller's transaction. ``run`` raises ``Faulty`` with every fault of the table and leaves it to the
caller to roll back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from staff.kernel.access import MATRIX, Access, Thing, Verb
from staff.kernel.records import staging
from staff.kernel.records.changes import describe
from staff.kernel.records.columns import Column
from staff.kernel.records.faults import MOST_OF_A_KIND, Fault, Faulty
from staff.kernel.records.report import TableReport
from staff.kernel.records.sheet import Sheet
from staff.kernel.records.tables import RecordTable
from staff.kernel.records.work import Work
from staff.models.querysets import within

#: A load creates and changes many rows at once, which takes all of these on what the table holds.
VERBS = (Verb.CREATE, Verb.UPDATE, Verb.EXPORT)

#: A cell as a message quotes it.
MOST_OF_A_CELL = 60


class Loading(Work):
    """The cursor, the places of the columns and the report of one table's load."""

    def __init__(self, access: Access, table: RecordTable, sheet: Sheet, *, reason: str = "", describing: bool = False):
        super().__init__(access, None)
        self.table = table.at_work()
        self.sheet = sheet
        self.reason = reason
        self.describing = describing
        self.report = TableReport(table.name)
        self.faults: list[Fault] = []
        self.fault_count = 0
        #: Whether rows of the file could not be staged at all.
        self.unread = False
        #: line → columns that are at fault there, of what is wrong with cells by themselves.
        self.bad: dict[int, set[str]] = {}
        self.people = "staff_employee"
        self.places: dict[str, int] = {}
        self.columns: list[Column] = []
        #: What a table finds out in one step and needs in a later one.
        self.notes: dict[str, Any] = {}
        # of the roles that load alone: what another role may change one by one is not theirs to load
        self.scope = replace(access, roles=access.roles & roles_that_load(table.thing)).scope(table.thing, Verb.EXPORT)

    def go(self) -> TableReport:
        """Reads, checks and writes. Raises ``Faulty``."""
        with connection.cursor() as self.cursor:
            self._head()
            self._limit_people()
            self.table.prepare(self)
            self.report.rows = staging.fill(self)
            self.unread = bool(self.faults)
            self.table.read(self)
            self._check_cells()
            self.table.check(self)
            self.table.check_keys(self)
            self._note_bad_cells()
            self.table.compare(self)
            self._check_changes()
            self.table.check_changes(self)
            for check in self.table.more_checks:
                check(self)
            self.stop_if_faulty()
            self.table.warn(self)
            if self.describing:
                describe(self)
            if self.report.added or self.report.changed:
                self._write()
        return self.report

    def _note_bad_cells(self) -> None:
        """Bad cells hide no fault elsewhere: the checks go on, and ``select_faults`` leaves out what a bad cell may cause.
        Raises ``Faulty`` where there are more than can be told apart."""
        if self.fault_count > len(self.faults):
            self.stop_if_faulty()
        names = {place: name for name, place in self.places.items()}
        for fault in self.faults:
            self.bad.setdefault(fault.line, set()).add(names.get(fault.column, ""))

    def _write(self) -> None:
        """A rule of the database that no check foresaw is a fault too, not an accident."""
        try:
            with transaction.atomic():
                self.table.write(self)
        except IntegrityError as error:
            rule = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or str(error)
            self.fault(
                self.sheet.header_line, "", _("these rows break a rule of the database: %(rule)s") % {"rule": rule}
            )
            raise Faulty(self.faults, self.fault_count) from error

    def given(self, name: str) -> bool:
        """Whether the file has the column."""
        return name in self.places

    def fault(self, line: int, column: str, message: str, *, absent: bool = False) -> None:
        self.faults.append(Fault(self.sheet.label, line, self.places.get(column, 1), message, absent))
        self.fault_count += 1

    def select_faults(
        self, column: str, message: str, sql: str, *, absent: bool = False, reads: Iterable[str] = (), **params: Any
    ) -> None:
        """A fault for each row of ``sql``, whose first column is ``line`` and whose others fill the message.

        ``reads``: the columns that decide. A row with a bad cell among them has no such fault, and where none are named no
        row with any bad cell has.
        """
        for place, text in self._listed(column, message, sql, params):
            bad = self.bad.get(place)
            if bad and (not reads or bad.intersection(reads)):
                self.fault_count -= 1
                continue
            self.faults.append(Fault(self.sheet.label, place, self.places.get(column, 1), text, absent))

    def warn(self, column: str, message: str, sql: str, **params: Any) -> None:
        """The same for what is only worth knowing."""
        before = self.fault_count
        for place, text in self._listed(column, message, sql, params):
            self.report.warnings.append(Fault(self.sheet.label, place, self.places.get(column, 1), text))
        self.report.warned += self.fault_count - before
        self.fault_count = before

    def _listed(self, column: str, message: str, sql: str, params: dict[str, Any]) -> list[tuple[int, str]]:
        self.run(f"SELECT count(*) OVER () AS total, q.* FROM ({sql}) q ORDER BY line LIMIT {MOST_OF_A_KIND}", **params)
        names = [part.name for part in self.cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in self.cursor.fetchall()]
        self.fault_count += rows[0]["total"] if rows else 0
        return [(row["line"], message % {key: shorten(value) for key, value in row.items()}) for row in rows]

    def stop_if_faulty(self) -> None:
        if self.faults:
            raise Faulty(self.faults, self.fault_count)

    def _head(self) -> None:
        """Finds the columns of the header. Raises ``Faulty``: without them nothing can be read."""
        names = {header: column for column in self.table.listed for header in (column.head, column.zh)}
        headers = self.sheet.headers
        known = ", ".join(f"{column.head} ({column.zh})" for column in self.table.listed)
        for place, header in enumerate(headers, start=1):
            found = names.get(header) or names.get(header.lower())
            if found is None:
                self._bad_header(place, _("there is no column `%(header)s` in `%(table)s`; expected: %(columns)s") % {
                    "header": shorten(header), "table": self.table.name, "columns": known})  # fmt: skip
            elif found.name in self.places:
                self._bad_header(place, _("the column `%(header)s` stands twice") % {"header": shorten(header)})
            else:
                self.places[found.name] = place
                self.columns.append(found)
        for column in self.table.listed:
            if (column.key or column.header) and column.name not in self.places:
                self._bad_header(
                    1, _("the column %(name)s (%(zh)s) is missing") % {"name": column.head, "zh": column.zh}
                )
        self.stop_if_faulty()

    def _bad_header(self, place: int, message: str) -> None:
        self.faults.append(Fault(self.sheet.label, self.sheet.header_line, place, message))
        self.fault_count += 1

    def _limit_people(self) -> None:
        """In a scope that is not the company, those outside it are not there (roles, rule 8)."""
        if self.scope.company:
            return
        from staff.models import Employee

        reachable = Employee.objects.filter(within(self.scope, self.access.day))
        sql, params = reachable.values("id", "employee_no", "hired_on", "left_on").query.sql_with_params()
        self.cursor.execute("DROP TABLE IF EXISTS rec_reach")
        self.cursor.execute(f"CREATE TEMP TABLE rec_reach ON COMMIT DROP AS {sql}", params)
        self.fill("rec_reach_departments", "id bigint", ((pk,) for pk in self.scope.departments))
        self.people = "rec_reach"

    def _check_cells(self) -> None:
        """Empty cells that must not be, and cells that cannot be read."""
        counts = self.row(
            "SELECT s.n, t.n, s.counts, t.counts FROM "
            f"(SELECT count(*) AS n, ARRAY[{', '.join(f'count({c.name})' for c in self.columns)}] AS counts FROM rec_stage) s, "
            f"(SELECT count(*) AS n, ARRAY[{', '.join(f'count({c.name})' for c in self.columns)}] AS counts FROM rec_typed) t"
        )
        rows, _typed_rows, staged, typed = counts
        for column, filled, readable in zip(self.columns, staged, typed, strict=True):
            if column.needed and filled < rows:
                self.select_faults(
                    column.name,
                    _("%(name)s (%(zh)s) is empty; it is needed") % {"name": column.head, "zh": column.zh},
                    f"SELECT line FROM rec_stage WHERE {column.name} IS NULL",
                )
            if readable < filled:
                self._check_readable(column)

    def _check_readable(self, column: Column) -> None:
        quoted = f"{column.head} `%(cell)s`: "
        rows = (
            f"SELECT t.line, s.{column.name} AS cell FROM rec_typed t JOIN rec_stage s USING (line) "
            f"WHERE s.{column.name} IS NOT NULL AND t.{column.name} IS NULL"
        )
        for pattern, expected in column.unwanted():
            self.select_faults(column.name, quoted + expected, f"{rows} AND s.{column.name} ~ '{pattern}'")
            rows += f" AND s.{column.name} !~ '{pattern}'"
        expected = column.expected().replace("%", "%%")
        self.select_faults(column.name, quoted + expected, rows, absent=column.means_absent())

    def _check_changes(self) -> None:
        """New rows have every needed column, and nobody changes their own record or that of somebody above them."""
        for column in self.table.listed:
            if column.required and not self.given(column.name):
                self.select_faults(
                    column.name,
                    _("a new row needs the column %(name)s (%(zh)s)") % {"name": column.head, "zh": column.zh},
                    "SELECT line FROM rec_diff WHERE is_new",
                )
        if self.table.subject and not self.table.column(self.table.subject).key and not self.access.everything:
            self._check_stored_subjects()
        if self.access.employee_id is None or not self.table.subject:
            return
        self.select_faults(
            self.table.subject,
            _("nobody changes their own record, nor that of somebody above them; ask a colleague"),
            f"""
            WITH RECURSIVE above(id) AS (
                SELECT %(me)s::bigint
                UNION
                SELECT p.supervisor_id FROM staff_supervisorperiod p JOIN above ON p.employee_id = above.id
                WHERE p.period @> %(day)s::date
            )
            SELECT line FROM rec_diff JOIN above ON above.id = rec_diff.{self.table.subject_id}
            """,
            me=self.access.employee_id,
        )

    def _check_stored_subjects(self) -> None:
        """Where the key does not hold the person, a row keeps its person; one of somebody out of reach is not told of."""
        subject = self.table.subject
        self.select_faults(
            self.table.key[-1].name,
            _("this number is taken; choose another"),
            f"SELECT line FROM rec_diff WHERE NOT is_new AND old_{subject} NOT IN (SELECT id FROM {self.people})",
        )
        self.select_faults(
            subject,
            _("a stored record keeps its person; withdraw it and enter another"),
            f"SELECT line FROM rec_diff WHERE NOT is_new AND {subject} <> old_{subject} "
            f"AND old_{subject} IN (SELECT id FROM {self.people})",
        )


def roles_that_load(thing: Thing) -> frozenset[str]:
    """Roles that have every one of ``VERBS`` on the thing."""
    return frozenset(role for role, verbs in MATRIX[thing].items() if all(verb in verbs for verb in VERBS))


def shorten(value: Any) -> Any:
    """A value as a message quotes it: long ones are cut, what cannot be seen is spelled out."""
    if not isinstance(value, str):
        return value
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in value)
    return text if len(text) <= MOST_OF_A_CELL else text[:MOST_OF_A_CELL] + "…"
