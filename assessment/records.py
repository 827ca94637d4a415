"""The records of this app: monthly values, scorecard items, events; and what a sealed month means to any record."""

from __future__ import annotations

from django.utils.translation import gettext as _

from assessment.facts import facts
from assessment.models import EventKind, EventStatus, MetricKind
from assessment.monthly_records import MonthlyTable
from policy import catalogue
from policy.tier_names import tier_names
from staff.kernel.access import Thing
from staff.kernel.records.columns import Column, DayColumn, EmployeeColumn, NamedColumn, NumberColumn
from staff.kernel.records.loading import Loading
from staff.kernel.records.tables import PlainTable

#: What a status may be called besides its names in the catalogue.
_MORE_STATUSES = {"属实": "upheld", "不属实": "dismissed", "通过": "passed", "未通过": "failed", "已撤销": "withdrawn"}


class ValuesTable(MonthlyTable):
    """Numbers that are reported once a month."""

    name = "values"
    aliases = ("指标值", "月度指标", "指标")
    kind = MetricKind.VALUE
    metric = "metric"

    def columns(self) -> list[Column]:
        return self.monthly_columns("指标", "数值")


class ItemsTable(MonthlyTable):
    """Scorecard items: points, or the raw value that points are computed from, and who assessed them."""

    name = "items"
    aliases = ("考核项", "考核评分", "评分")
    kind = MetricKind.ITEM
    metric = "item"
    assessor = "assessor_no"

    def columns(self) -> list[Column]:
        held = "SELECT assessor_id FROM assessment_itemassessor WHERE employee_id IN (SELECT id FROM rec_reach)"
        return [*self.monthly_columns("考核项", "得分或原始值"), EmployeeColumn("assessor_no", "考核人", held=held)]


class EventsTable(PlainTable):
    """Dated events. An empty status means upheld; ``withdrawn`` takes the event back."""

    name = "events"
    aliases = ("事件",)
    thing = Thing.EVENT
    moment = "t.date"
    target = "assessment_event"
    fields = {
        "event_no": "event_no",
        "employee_no": "employee_id",
        "date": "day",
        "kind": "kind",
        "status": "status",
        "subject": "subject",
        "quantity": "quantity",
        "note": "note",
        "decided_on": "decided_on",
    }

    def columns(self) -> list[Column]:
        kinds = EventKind.objects.all()
        statuses = _statuses()
        return [
            Column("event_no", "编号", key=True, most=60, number=True),
            EmployeeColumn("employee_no", "工号", header=True, required=True),
            DayColumn("date", "日期", header=True, required=True),
            NamedColumn(
                "kind",
                "类型",
                required=True,
                names="SELECT DISTINCT ON (name) name, value FROM (SELECT key AS name, key AS value, 0 AS n FROM "
                "assessment_eventkind UNION ALL SELECT zh, key, 1 FROM assessment_eventkind) k ORDER BY name, n",
                what=", ".join(f"{kind.key} ({kind.zh})" for kind in kinds),
            ),
            NamedColumn("status", "状态", names=_as_values(statuses), what=_status_names()),
            Column("subject", "对象", most=200, free=True),
            NumberColumn("quantity", "数量"),
            Column("note", "备注", most=4000, free=True),
            DayColumn("decided_on", "认定日期", extra=True),
        ]

    def read(self, load: Loading) -> None:
        """A subject that is a tier or a degree is kept as its key, by whichever name it came."""
        super().read(load)
        if load.given("subject") and load.given("kind"):
            load.run(
                f"UPDATE rec_typed t SET subject = w.key FROM ({_subject_words()}) w "
                "WHERE t.kind = w.kind AND t.subject = w.name"
            )

    def check_changes(self, load: Loading) -> None:
        self._check_quantities(load)
        load.select_faults(
            "status",
            _("status `%(status)s`: an event of the kind %(kind)s has one of: %(statuses)s"),
            "SELECT d.line, d.status, k.key AS kind, array_to_string(array_remove(k.statuses, ''), ', ') AS statuses "
            "FROM rec_diff d JOIN assessment_eventkind k ON k.key = d.kind "
            "WHERE d.status NOT IN ('', 'withdrawn') AND d.status <> ALL (k.statuses)",
            reads=("kind", "status"),
        )
        load.select_faults(
            "date",
            _(
                "the month %(month)s is sealed and takes no more facts; what was wrong in it is put right by a correction"
            ),
            "SELECT d.line, to_char(greatest(d.date, d.decided_on), 'YYYY-MM') AS month FROM rec_diff d "
            "WHERE EXISTS (SELECT 1 FROM assessment_assessmentmonth m WHERE m.state = 'sealed' AND m.month IN ("
            "staff_month_number(greatest(d.date, d.decided_on)), staff_month_number(greatest(d.old_date, d.old_decided_on))))",
            reads=("event_no", "date", "decided_on"),
        )

    def _check_quantities(self, load: Loading) -> None:
        changed = (
            "SELECT d.line, trim_scale(d.quantity)::text AS quantity, k.key AS kind, "
            "trim_scale(k.quantity_lowest)::text AS lowest, k.quantity_decimals AS decimals "
            "FROM rec_diff d JOIN assessment_eventkind k ON k.key = d.kind "
            "WHERE (d.quantity IS DISTINCT FROM d.old_quantity OR d.kind IS DISTINCT FROM d.old_kind)"
        )
        load.select_faults(
            "quantity",
            _("quantity %(quantity)s: an event of the kind %(kind)s has at least %(lowest)s"),
            f"{changed} AND d.quantity < k.quantity_lowest",
            reads=("kind", "quantity"),
        )
        load.select_faults(
            "quantity",
            _("quantity %(quantity)s: an event of the kind %(kind)s keeps %(decimals)s decimals"),
            f"{changed} AND min_scale(d.quantity) > k.quantity_decimals",
            reads=("kind", "quantity"),
        )

    def warn(self, load: Loading) -> None:
        """Lists also the exams and certificates for a tier that no ladder has: rules compare with a tier's key."""
        super().warn(load)
        if not (load.given("subject") and load.given("kind")):
            return
        load.warn(
            "subject",
            _("`%(subject)s` is no tier's key, nor a name that one tier alone has: kept, and counts for no tier"),
            "SELECT line, subject FROM rec_typed WHERE kind = ANY (%(kinds)s) AND subject <> ALL (%(tiers)s)",
            kinds=[str(kind.key) for kind in facts() if isinstance(kind, catalogue.EventKind)
                   and any(field.name == "subject" and field.tier for field in kind.fields)],
            tiers=[tier.tier for tier in tier_names()] or [""],
        )  # fmt: skip


def refuse_sealed_absences(load: Loading) -> None:
    """Days away inside a sealed month stay, as the trigger holds it; the other days of an absence, and its kind, may change."""
    load.select_faults(
        "first_day",
        _("this changes days of the sealed month %(month)s; what was wrong in it is put right by a correction"),
        """
        WITH sealed AS (
            SELECT daterange(m.first, (m.first + interval '1 month')::date) AS days
            FROM assessment_assessmentmonth a
            CROSS JOIN LATERAL (SELECT make_date(a.month / 12, mod(a.month, 12) + 1, 1) AS first) m
            WHERE a.state = 'sealed'
        ), spans AS (
            SELECT line, daterange(first_day, last_day + 1) AS days,
                CASE WHEN is_new THEN 'empty' ELSE daterange(first_day, old_last_day + 1) END AS old_days
            FROM rec_diff WHERE first_day <= last_day
        )
        SELECT d.line, min(to_char(lower(s.days), 'YYYY-MM')) AS month
        FROM spans d JOIN sealed s ON s.days * d.days <> s.days * d.old_days GROUP BY d.line
        """,
        reads=("employee_no", "first_day", "last_day"),
    )


def _statuses() -> dict[str, str]:
    """Name → status, for every name in the catalogue."""
    found = {status: status for status in EventStatus.values if status} | dict(_MORE_STATUSES)
    for kind in facts():
        if isinstance(kind, catalogue.EventKind):
            for field in kind.fields:
                if field.name == "status":
                    found.update({names.zh: status for status, names in field.words.items()})
    return found


def _status_names() -> str:
    return ", ".join(status for status in EventStatus.values if status)


def _subject_words() -> str:
    """SQL of (kind, name, key): words of a kind's subject. A name that two ladders give to different tiers is left alone."""
    words: dict[tuple[str, str], set[str]] = {}
    tiers = tier_names()
    for kind in facts():
        if not isinstance(kind, catalogue.EventKind):
            continue
        for field in kind.fields:
            if field.name != "subject":
                continue
            for key, names in field.words.items():
                words.setdefault((str(kind.key), names.zh), set()).add(key)
            for tier in tiers if field.tier else ():
                words.setdefault((str(kind.key), tier.zh), set()).add(tier.tier)
    rows = [(kind, name, keys.pop()) for (kind, name), keys in words.items() if len(keys) == 1]
    listed = ", ".join(f"({_quoted(kind)}, {_quoted(name)}, {_quoted(key)})" for kind, name, key in rows)
    return (
        f"SELECT * FROM (VALUES {listed}) v(kind, name, key)"
        if rows
        else "SELECT '' AS kind, '' AS name, '' AS key WHERE false"
    )


def _as_values(names: dict[str, str]) -> str:
    listed = ", ".join(f"({_quoted(name)}, {_quoted(value)})" for name, value in names.items())
    return f"SELECT * FROM (VALUES {listed}) v(name, value)"


def _quoted(text: str) -> str:
    """A literal of SQL whose parameters are named, so a percent sign is doubled."""
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"
