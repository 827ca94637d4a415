"""Reads of the sweep: standings and what they say, for files, screens and programs alike."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection
from django.db.models.functions import Collate

from assessment.models import AssessmentMonth, MonthState
from policy.compiler import Explanation, ProcessValue, SweepRow, explain, trace
from policy.language import Checked
from policy.selectors import Governed, checked, governing_department
from promotion.models import Run, Standing
from promotion.sweep.evaluation import EVIDENCE_COLUMNS, judged_now, statement_of, statement_with_process
from promotion.sweep.population import population
from staff.kernel.periods import Month
from staff.models import DepartmentPeriod, Employee

Wire = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Judged:
    """One person's evidence with the policy that reads it."""

    governed: Governed
    row: SweepRow

    def wire(self, employee_no: str, month: Month) -> Wire:
        """The object of the sweep's file."""
        return wire(employee_no, month, self.governed, self.row)


def wire(employee_no: str, month: Month, governed: Governed, row: Any) -> Wire:
    """One line of the sweep's file: ``employee_no, as_of, policy, version``, then what the compiler traces."""
    return {
        "employee_no": employee_no,
        "as_of": str(month),
        "policy": governed.version.key,
        "version": governed.version.number,
        **trace(statement_of(governed.checked), row, month),
    }


def as_line(found: Wire) -> str:
    """JSON of one line, the same bytes for the same findings."""
    return json.dumps(found, ensure_ascii=False, separators=(", ", ": "))


def standing_of(employee_id: int, month: Month) -> Standing | None:
    """What holds for a person as of a month; None where no sweep has judged them."""
    return (
        Standing.objects.current()
        .filter(employee_id=employee_id, month=month)
        .select_related("run", "run__version", "employee")
        .first()
    )


def months_to_keep(day: date) -> list[Month]:
    """Months that the nightly job keeps up to date: the last one that ended, and every unsealed one that was swept.

    A month that has not ended may be swept from the shell to look ahead; nothing keeps it.
    """
    sealed = AssessmentMonth.objects.filter(state=MonthState.SEALED).values("month")
    swept = Run.objects.filter(month__lt=Month.of(day)).exclude(month__in=sealed)
    return sorted({*swept.values_list("month", flat=True).distinct(), Month.of(day).previous})


def policy_of(standing: Standing) -> Checked:
    """The checked policy, with its values, by which a standing was judged."""
    return checked(standing.run.version, standing.run.values)


def explanation_of(standing: Standing) -> Explanation:
    """Every clause of a stored standing, read from its evidence with the nodes of its version."""
    return explain(statement_of(policy_of(standing)), standing, standing.month)


def judged_live(employee: Employee, month: Month) -> Judged | None:
    """The same statement over one person and the facts of this moment; None where no ladder governs them as of the month."""
    return _judged_live(employee, month)


def explanation_with_process(
    employee: Employee, month: Month, facts: Mapping[str, ProcessValue], *, by: Governed | None = None
) -> Explanation | None:
    """The same with what the process has yielded for the person: ``{"review_total": Decimal("82.40"), "competition_won":
    True}``; what it
    names with None, or not at all, is unknown. ``by``: the version and values of an application, which hold although another
    has come into force; its departments do not matter. None where no ladder governs them, or they are not on it.
    """
    judged = _judged_live(employee, month, facts, by)
    if judged is None:
        return None
    return explain(statement_with_process(judged.governed.checked), judged.row, month)


def _judged_live(
    employee: Employee, month: Month, process: Mapping[str, ProcessValue] | None = None, by: Governed | None = None
) -> Judged | None:
    placed = DepartmentPeriod.objects.filter(employee=employee, period__contains=month.last_day).first()
    if placed is None:
        return None
    if by is not None:
        by = replace(by, department_ids=(placed.department_id,))
    governed = by or governing_department(placed.department_id, month.last_day, part="ladder")
    if not governed:
        return None
    judgement = judged_now(governed, month, population(governed, month, only=employee.pk), process)
    found = _dicts(judgement.sql, judgement.params)
    if not found:
        return None
    return Judged(governed, SweepRow(found[0]["id"], *(found[0][column] for column in EVIDENCE_COLUMNS)))


def sweep_lines(month: Month) -> Iterator[str]:
    """The sweep's file, line by line in order of ``employee_no``; memory does not grow with people."""
    governed: dict[int, Governed] = {}
    standings = (
        Standing.objects.current()
        .filter(month=month)
        .select_related("run", "run__version")
        .order_by(Collate("employee__employee_no", "C"))
    )
    rows = standings.values_list("employee__employee_no", "run_id", "employee_id", *EVIDENCE_COLUMNS)
    for employee_no, run_id, *row in rows.iterator(chunk_size=2000):
        if run_id not in governed:
            governed[run_id] = _governed_of(run_id)
        yield as_line(wire(employee_no, month, governed[run_id], SweepRow(*row)))


def _governed_of(run_id: int) -> Governed:
    run = Run.objects.select_related("version").get(pk=run_id)
    return Governed(version=run.version, values=run.values, department_ids=(), adoption_ids=())


def _dicts(sql: str, params: Any) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
