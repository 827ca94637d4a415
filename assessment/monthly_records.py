"""Numbers of a month in and out: a file has a row a number, the database one wide row a person and month.

The rows of a file are pivoted once (``rec_pivot``), and only for the metrics that the file holds; from there on the load
works on people's months.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from assessment.models import Metric, MetricKind
from assessment.selectors.needs import owed
from staff.kernel.access import Access, Thing
from staff.kernel.periods import Month
from staff.kernel.records.columns import Column, EmployeeColumn, MonthColumn, NamedColumn, NumberColumn
from staff.kernel.records.loading import Loading
from staff.kernel.records.tables import RecordTable
from staff.kernel.words import in_english

_MONTH_AS_TEXT = "to_char(make_date({0} / 12, mod({0}, 12) + 1, 1), 'YYYY-MM')"


class MonthlyTable(RecordTable):
    """``kind``: of the metrics; ``metric``: the column that names one; ``assessor``: the column of who assessed, if any."""

    thing = Thing.VALUE
    moment = "t.month"
    employed = (
        "(SELECT id, employee_no, staff_month_number(hired_on) AS employed_from, staff_month_number(left_on) AS employed_to "
        "FROM {people})"
    )
    kind: MetricKind
    metric: str
    assessor = ""
    by_month = True

    def monthly_columns(self, metric_zh: str, value_zh: str) -> list[Column]:
        kind = f"FROM assessment_metric WHERE kind = '{self.kind.value}'"
        return [
            EmployeeColumn("employee_no", "工号", key=True),
            MonthColumn("month", "月份", key=True),
            NamedColumn(
                self.metric,
                metric_zh,
                key=True,
                names=f"SELECT DISTINCT ON (name) name, value FROM (SELECT key AS name, slot::integer AS value, 0 AS n {kind} "
                f"UNION ALL SELECT zh, slot, 1 {kind}) m ORDER BY name, n",
                sql_type="integer",
                what=", ".join(f"{m.key} ({m.zh})" for m in self._metrics()),
                back="(SELECT m.key FROM assessment_metric m WHERE m.slot = {value})",
            ),
            NumberColumn("value", value_zh, header=True, required=True),
        ]

    def month_rows(self, access: Access, month: Month) -> Iterator[list[str]]:
        """A row a person and metric that the month needs, with what is reported already."""
        for number, metric, value in owed(access, month, self.kind):
            name = metric.key if in_english() else metric.zh
            shown = "" if value is None else f"{value.normalize():f}"
            yield [number, str(month), name, shown, *([""] if self.assessor else [])]

    def _metrics(self) -> list[Metric]:
        return list(Metric.objects.filter(kind=self.kind))

    def stored(self) -> str:
        slots = ", ".join(f"({metric.slot}, f.s{metric.slot})" for metric in self._metrics())
        assessor = ""
        if self.assessor:
            assessor = (
                f", (SELECT a.assessor_id FROM assessment_itemassessor a JOIN assessment_metric m ON m.id = a.metric_id "
                f"WHERE a.employee_id = f.employee_id AND a.month = f.month AND m.slot = v.slot) AS {self.assessor}"
            )
        return (
            f"SELECT f.employee_id AS employee_no, f.month, v.slot AS {self.metric}, v.value{assessor} "
            f"FROM assessment_employeemonth f CROSS JOIN LATERAL (VALUES {slots}) v(slot, value) WHERE v.value IS NOT NULL"
        )

    def check(self, load: Loading) -> None:
        """Pivots the rows, and holds each metric's numbers against its bounds."""
        load.run(
            f"SELECT m.slot, m.key, coalesce(m.lowest, 0), m.highest, m.decimals, t.least, t.most, t.finest FROM ("
            f"SELECT {self.metric} AS slot, min(value) AS least, max(value) AS most, max(min_scale(value)) AS finest "
            f"FROM rec_typed WHERE {self.metric} IS NOT NULL GROUP BY 1) t JOIN assessment_metric m ON m.slot = t.slot "
            "ORDER BY m.slot"
        )
        found = load.cursor.fetchall()
        load.notes["slots"] = [row[0] for row in found]
        for slot, key, lowest, highest, decimals, least, most, finest in found:
            if least is None:
                continue
            if least < lowest or (highest is not None and most > highest):
                self._fault_bounds(load, slot, key, lowest, highest)
            if finest > decimals:
                self._fault_decimals(load, slot, key, decimals)

    def _fault_bounds(self, load: Loading, slot: int, key: str, lowest: Decimal, highest: Decimal | None) -> None:
        bounds = f"{lowest.normalize():f} … " + ("∞" if highest is None else f"{highest.normalize():f}")
        load.select_faults(
            "value",
            _("value %(value)s of %(metric)s is out of bounds; expected %(bounds)s"),
            f"SELECT line, trim_scale(value)::text AS value, %(metric)s AS metric, %(bounds)s AS bounds FROM rec_typed "
            f"WHERE {self.metric} = %(slot)s AND (value < %(lowest)s OR value > %(highest)s)",
            slot=slot, metric=key, bounds=bounds, lowest=lowest, highest=highest,
        )  # fmt: skip

    def _fault_decimals(self, load: Loading, slot: int, key: str, decimals: int) -> None:
        load.select_faults(
            "value",
            _("value %(value)s: %(metric)s keeps %(decimals)s decimals; expected no more"),
            f"SELECT line, value::text AS value, %(metric)s AS metric, %(decimals)s AS decimals FROM rec_typed "
            f"WHERE {self.metric} = %(slot)s AND min_scale(value) > %(decimals)s",
            slot=slot, metric=key, decimals=decimals,
        )  # fmt: skip

    def check_keys(self, load: Loading) -> None:
        """As many numbers in the pivot as rows in the file: then no key stands twice, and none need be looked for."""
        self._pivot(load)
        numbers = " + ".join(f"count(s{slot})" for slot in load.notes["slots"]) or "count(NULL)"
        rows, kept = load.row(f"SELECT coalesce(sum(rows), 0), {numbers} FROM rec_pivot")
        if load.faults or rows != kept:
            super().check_keys(load)

    def _pivot(self, load: Loading) -> None:
        slots = "".join(
            f", max(value) FILTER (WHERE {self.metric} = {slot}) AS s{slot}" for slot in load.notes["slots"]
        )
        load.make(
            "rec_pivot",
            f"SELECT employee_no, month, min(line) AS line, count(*) AS rows{slots} FROM rec_typed "
            f"WHERE employee_no IS NOT NULL AND month IS NOT NULL AND {self.metric} IS NOT NULL GROUP BY employee_no, month",
        )

    def compare(self, load: Loading) -> None:
        slots = load.notes["slots"]
        changed = " OR ".join(f"p.s{n} <> f.s{n} OR (f.s{n} IS NULL AND p.s{n} IS NOT NULL)" for n in slots) or "false"
        old = "".join(f", f.s{n} AS old_s{n}" for n in slots)
        load.make(
            "rec_diff",
            f"SELECT p.*{old} FROM rec_pivot p LEFT JOIN assessment_employeemonth f "
            f"ON f.employee_id = p.employee_no AND f.month = p.month WHERE f.employee_id IS NULL OR {changed}",
        )
        added = " + ".join(f"count(s{n}) FILTER (WHERE old_s{n} IS NULL)" for n in slots) or "count(NULL)"
        differs = " + ".join(f"count(*) FILTER (WHERE s{n} <> old_s{n})" for n in slots) or "count(NULL)"
        load.report.added, load.report.changed = load.row(f"SELECT {added}, {differs} FROM rec_diff")
        if load.given(self.assessor):
            self._compare_assessors(load)

    def _compare_assessors(self, load: Loading) -> None:
        """Rows whose number stays and whose assessor changes."""
        load.make(
            "rec_assessors",
            f"SELECT t.employee_no, t.month, m.id AS metric_id, t.{self.assessor} AS assessor_id, a.assessor_id AS old_id, "
            f"EXISTS ({self._changes(load, 't')}) AS counted FROM rec_typed t "
            f"JOIN assessment_metric m ON m.slot = t.{self.metric} "
            "LEFT JOIN assessment_itemassessor a ON a.employee_id = t.employee_no AND a.month = t.month "
            f"AND a.metric_id = m.id WHERE a.assessor_id IS DISTINCT FROM t.{self.assessor}",
        )
        load.report.changed += load.row("SELECT count(*) FROM rec_assessors WHERE NOT counted")[0]

    def _changes(self, load: Loading, row: str) -> str:
        """SQL of whether the typed row adds or changes a number."""
        old = ", ".join(f"({n}, d.old_s{n})" for n in load.notes["slots"])
        if not old:
            return "SELECT 1 WHERE false"
        return (
            f"SELECT o.value FROM rec_diff d CROSS JOIN LATERAL (VALUES {old}) o(slot, value) "
            f"WHERE d.employee_no = {row}.employee_no AND d.month = {row}.month AND o.slot = {row}.{self.metric} "
            f"AND o.value IS DISTINCT FROM {row}.value"
        )

    def check_changes(self, load: Loading) -> None:
        month = _MONTH_AS_TEXT.format("t.month")
        load.select_faults(
            "month",
            _(
                "the month %(month)s is sealed and takes no more facts; what was wrong in it is put right by a correction"
            ),
            f"SELECT t.line, {month} AS month FROM rec_typed t JOIN assessment_assessmentmonth m ON m.month = t.month "
            f"WHERE m.state = 'sealed' AND EXISTS ({self._changes(load, 't')})",
            reads=("employee_no", "month", self.metric, "value"),
        )

    def described(self, load: Loading) -> tuple[str, list[Column]]:
        assessor = ""
        if load.given(self.assessor):
            assessor = (
                f", t.{self.assessor}, (SELECT a.old_id FROM rec_assessors a JOIN assessment_metric m ON m.id = a.metric_id "
                f"WHERE a.employee_no = t.employee_no AND a.month = t.month "
                f"AND m.slot = t.{self.metric}) AS old_{self.assessor}"
            )
        return (
            f"SELECT t.line, t.employee_no, t.month, t.{self.metric}, t.value, c.value IS NULL AS is_new, "
            f"c.value AS old_value{assessor} FROM rec_typed t CROSS JOIN LATERAL ({self._changes(load, 't')}) c",
            load.columns,
        )

    def write(self, load: Loading) -> None:
        slots = load.notes["slots"]
        sets = ", ".join(f"s{n} = coalesce(EXCLUDED.s{n}, f.s{n})" for n in slots)
        load.run(
            f"INSERT INTO assessment_employeemonth AS f (employee_id, month{''.join(f', s{n}' for n in slots)}) "
            f"SELECT employee_no, month{''.join(f', s{n}' for n in slots)} FROM rec_diff ORDER BY employee_no, month "
            f"ON CONFLICT (employee_id, month) DO UPDATE SET {sets}"
        )
        if load.given(self.assessor):
            self._write_assessors(load)

    def _write_assessors(self, load: Loading) -> None:
        load.run(
            "DELETE FROM assessment_itemassessor a USING rec_assessors r WHERE r.assessor_id IS NULL "
            "AND a.employee_id = r.employee_no AND a.month = r.month AND a.metric_id = r.metric_id"
        )
        load.run(
            "INSERT INTO assessment_itemassessor (employee_id, month, metric_id, assessor_id) "
            "SELECT employee_no, month, metric_id, assessor_id FROM rec_assessors WHERE assessor_id IS NOT NULL "
            "ON CONFLICT (employee_id, month, metric_id) DO UPDATE SET assessor_id = EXCLUDED.assessor_id"
        )
