"""What was reported, a row a number: the wide rows of people's months, unfolded by the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, QuerySet

from assessment.models import Metric
from staff.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class Reported:
    """``assessor_no``: who assessed an item, where that was told. ``recorded_at``: of the month's row as a whole."""

    employee_no: str
    month: Month
    metric: str
    value: Decimal
    assessor_no: str | None
    recorded_at: datetime


class ReportedNumbers:
    """The numbers of some metrics in some people's months, by person, month and metric: counted and sliced, two queries."""

    def __init__(self, months: QuerySet[Any], metrics: Sequence[Metric]) -> None:
        self.metrics = metrics
        slots = [f"s{metric.slot}" for metric in metrics]
        rows = months.order_by().annotate(no=F("employee__employee_no"))
        try:
            wide = rows.values("no", "employee_id", "month", "recorded_at", *slots)
            self.sql, self.params = wide.query.sql_with_params()
        except EmptyResultSet:  # the filters leave nobody
            self.metrics = []

    def count(self) -> int:
        slots = ", ".join(f"r.s{metric.slot}" for metric in self.metrics)
        if not slots:
            return 0
        return int(self._fetched(f"SELECT coalesce(sum(num_nonnulls({slots})), 0) FROM ({self.sql}) r")[0][0])

    def __getitem__(self, shown: slice) -> list[Reported]:
        if not self.metrics:
            return []
        cells = ", ".join(f"(%s, {metric.pk}, r.s{metric.slot})" for metric in self.metrics)
        found = self._fetched(
            f"SELECT r.no, r.month, m.key, m.value, a.employee_no, r.recorded_at FROM ({self.sql}) r "
            f"CROSS JOIN LATERAL (VALUES {cells}) m(key, id, value) "
            "LEFT JOIN assessment_itemassessor i ON i.employee_id = r.employee_id AND i.month = r.month "
            "AND i.metric_id = m.id LEFT JOIN staff_employee a ON a.id = i.assessor_id "
            "WHERE m.value IS NOT NULL ORDER BY r.no, r.month, m.key LIMIT %s OFFSET %s",
            [metric.key for metric in self.metrics],
            [shown.stop - shown.start, shown.start],
        )
        return [Reported(no, Month(month), *rest) for no, month, *rest in found]

    def _fetched(self, sql: str, *more: list[Any]) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(sql, [*self.params, *(value for values in more for value in values)])
            return cursor.fetchall()
