"""Which numbers a month needs from whom: what the policies in force rest on, and what is reported of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection

from assessment.measures import Measure, catalogued, measure_of
from assessment.models import Metric
from policy.compiler import Relation
from policy.compiler.needs import inputs_asked, ladder_metrics, result_metrics, scope_condition
from policy.language import Checked
from policy.selectors import Governed, governing
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.periods import Month
from staff.models import DepartmentPeriod, Employee

#: (employee's id, metric's id): a value of a month, there or missing.
Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Need:
    """Departments (sub-departments included) whose people owe these metrics, in the order of the policy's document.

    ``ladder``: only those who hold a tier of that ladder on the month's last day; empty, everybody. ``scope``: SQL of who
    is taken in, of an employee ``e``. ``measures``: by metric's id, how the document asks for what it defines itself.
    """

    policy: str
    department_ids: frozenset[int]
    metrics: tuple[Metric, ...]
    ladder: str = ""
    scope: str = ""
    measures: Mapping[int, Measure] = field(default_factory=dict)


#: The condition that ``e.id`` holds a tier of a ladder (first parameter) on a day (second): the ledger's app knows it.
_on_ladder: list[str] = []


def register_membership(condition: str) -> None:
    """Called once, by the app that keeps the tiers, when it is ready."""
    _on_ladder[:] = [condition]


def needs(month: Month, governed: Sequence[Governed] | None = None) -> list[Need]:
    """What the policies in force on the month's last day rest on; ``governed`` are those, where they are read already. Two
    queries, however many policies.
    """
    governed = governing(month.last_day) if governed is None else governed
    rows = {metric.key: metric for metric in Metric.objects.all()} if governed else {}
    rated = _rated(governed, month)
    found = []
    for each in governed:
        policy, departments = each.checked, frozenset(each.department_ids)
        inputs, scope = inputs_asked(policy), _scope(policy, month)
        own = ladder_metrics(policy, rated=True)
        asked = [("", result_metrics(policy), departments, scope), (each.version.key, own, departments, scope)]
        stand_in = tuple(metric for metric in ladder_metrics(policy) if metric not in own)
        asked += [
            (each.version.key, stand_in, among, " AND ".join(filter(None, (scope, outside))))
            for among, outside in _unrated(departments, rated)
        ]
        for ladder, metrics, among, taken_in in asked:
            known = tuple(rows[metric.key] for metric in metrics if metric.key in rows)
            if known and among:
                measures = {one.pk: measure_of(one, inputs[one.key]) for one in known if one.key in inputs}
                found.append(Need(each.version.key, among, known, ladder, taken_in, measures))
    return found


def _scope(policy: Checked, month: Month) -> str:
    return scope_condition(policy, month.last_day, Relation("staff_absence")) or ""


def _rated(governed: Sequence[Governed], month: Month) -> list[tuple[frozenset[int], str]]:
    """Departments whose people a scorecard gives a total, and its scope as SQL; empty: everybody's there."""
    return [
        (frozenset(each.department_ids), _scope(each.checked, month))
        for each in governed
        if each.checked.scorecard and each.checked.scorecard.items
    ]


def _unrated(
    departments: frozenset[int], rated: list[tuple[frozenset[int], str]]
) -> Iterator[tuple[frozenset[int], str]]:
    """Where nobody has a total, and where those have none whom a scorecard does not take in: they owe what stands in for it."""
    yield departments.difference(*(among for among, _ in rated)), ""
    for among, scope in rated:
        if scope:
            yield departments & among, f"({scope}) IS NOT TRUE"


def metrics_needed(found: Iterable[Need], department_ids: Iterable[int]) -> list[Metric]:
    """The metrics that people of any of these departments owe, each once, in the order of the policies."""
    wanted = frozenset(department_ids)
    metrics = {m.pk: m for need in found if need.department_ids & wanted for m in need.metrics}
    return list(metrics.values())


def measure_in(found: Iterable[Need], metric: Metric, department_id: int | None) -> Measure:
    """How the metric is asked of the people of a department; as in the catalogue where no policy has words of its own."""
    for need in found:
        if department_id in need.department_ids and metric.pk in need.measures:
            return need.measures[metric.pk]
    return catalogued(metric)


def measures_of(
    month: Month, metrics: Iterable[Metric], people: Iterable[int], governed: Iterable[Governed] | None = None
) -> dict[Cell, Measure]:
    """How each metric is asked of each of the people (ids) in the month. Two queries at most; ``governed``: what is in force on
    the month's last day, where it has been read.
    """
    chosen, among = list(metrics), list(people)
    in_force = governing(month.last_day) if governed is None else governed
    documents = [(each.department_ids, inputs_asked(each.checked)) for each in in_force]
    own = [(ids, inputs) for ids, inputs in documents if any(metric.key in inputs for metric in chosen)]
    placed = DepartmentPeriod.objects.filter(employee__in=among, period__contains=month.last_day)
    departments = dict(placed.values_list("employee_id", "department_id")) if own else {}
    found = {}
    for pk in among:
        inputs = [inputs for ids, inputs in own if departments.get(pk) in ids]
        for metric in chosen:
            asked = next((theirs[metric.key] for theirs in inputs if metric.key in theirs), None)
            found[pk, metric.pk] = measure_of(metric, asked)
    return found


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many of the values that one team owes of one metric are there. ``supervisor_id`` None: nobody leads them."""

    supervisor_id: int | None
    metric_id: int
    expected: int
    reported: int
    accepted: int

    @property
    def missing(self) -> int:
        return self.expected - self.reported

    @property
    def left(self) -> int:
        """Missing, and HR has not accepted that."""
        return self.missing - self.accepted


@dataclass(frozen=True, slots=True)
class Gap:
    """A value that is missing, and who can enter it today."""

    employee_id: int
    metric_id: int
    supervisor_id: int | None
    accepted: bool

    @property
    def cell(self) -> Cell:
        return self.employee_id, self.metric_id


#: Everybody who owes something: employed on the month's last day in a department of a need, not exempt. Whoever leads
#: them today can act today, so gaps are theirs.
_CELLS = """
    SELECT e.id AS employee_id, s.supervisor_id, m.metric_id, m.value
    FROM staff_employee e
    JOIN staff_departmentperiod d ON d.employee_id = e.id AND d.period @> %s::date AND d.department_id = ANY(%s)
    LEFT JOIN staff_supervisorperiod s ON s.employee_id = e.id AND s.period @> %s::date
    LEFT JOIN assessment_employeemonth f ON f.employee_id = e.id AND f.month = %s
    CROSS JOIN LATERAL (VALUES {columns}) AS m(metric_id, value)
    WHERE e.hired_on <= %s AND (e.left_on IS NULL OR e.left_on > %s) AND coalesce(f.counts, true)
      AND e.id IN ({people}){ladder}{scope}
"""


def completeness(access: Access, month: Month, *, found: list[Need] | None = None) -> list[Completeness]:
    """By team and metric, of the people whose values the account may read."""
    sql, params = owed_cells(access, month, needs(month) if found is None else found)
    if not sql:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.supervisor_id, c.metric_id, count(*), count(c.value), count(a.id) FILTER (WHERE c.value IS NULL) "
            f"FROM ({sql}) c LEFT JOIN assessment_acceptedgap a "
            "ON a.employee_id = c.employee_id AND a.metric_id = c.metric_id AND a.month = %s "
            "GROUP BY c.supervisor_id, c.metric_id ORDER BY c.supervisor_id NULLS LAST, c.metric_id",
            [*params, month.number],
        )
        return [Completeness(*row) for row in cursor.fetchall()]


def gaps(
    access: Access, month: Month, *, found: list[Need] | None = None, verb: Verb = Verb.READ, limit: int | None = None
) -> list[Gap]:
    """Every missing value, by person and metric; those that HR has accepted are marked. ``limit``: at most so many."""
    sql, params = owed_cells(access, month, needs(month) if found is None else found, verb)
    if not sql:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.employee_id, c.metric_id, c.supervisor_id, a.id IS NOT NULL "
            f"FROM ({sql}) c JOIN staff_employee e ON e.id = c.employee_id LEFT JOIN assessment_acceptedgap a "
            "ON a.employee_id = c.employee_id AND a.metric_id = c.metric_id AND a.month = %s "
            "WHERE c.value IS NULL ORDER BY e.employee_no, c.metric_id LIMIT %s",
            [*params, month.number, limit],
        )
        return [Gap(*row) for row in cursor.fetchall()]


def cells_named(cells: Iterable[Cell]) -> dict[str, list[str]]:
    """Metric's key → numbers of the people, as the trail has them."""
    found: dict[str, list[str]] = {}
    chosen = list(cells)
    numbers = dict(Employee.objects.filter(pk__in={pk for pk, _ in chosen}).values_list("pk", "employee_no"))
    keys = dict(Metric.objects.filter(pk__in={pk for _, pk in chosen}).values_list("pk", "key"))
    for employee_id, metric_id in chosen:
        found.setdefault(keys[metric_id], []).append(numbers[employee_id])
    return {key: sorted(found[key]) for key in sorted(found)}


def owed_cells(access: Access, month: Month, found: list[Need], verb: Verb = Verb.READ) -> tuple[str, list[Any]]:
    """SQL of (employee_id, supervisor_id, metric_id, value), a row a person and metric owed, and its parameters; empty where
    nothing is. A metric that two policies ask of one person is owed once.
    """
    people, within = Employee.objects.visible_to(access, verb, Thing.VALUE).values("pk").query.sql_with_params()
    parts, params = [], []
    for need in found:
        columns = ", ".join(f"({metric.pk}, f.s{metric.slot})" for metric in need.metrics)
        ladder = f" AND {_on_ladder[0]}" if need.ladder else ""
        scope = f" AND {need.scope}".replace("%", "%%") if need.scope else ""
        parts.append(_CELLS.format(columns=columns, people=people, ladder=ladder, scope=scope))
        day = month.last_day
        params += [day, list(need.department_ids), access.day, month.number, day, day, *within]
        params += [need.ladder, day] if need.ladder else []
    return " UNION ".join(parts), params


def owed(
    access: Access, month: Month, kind: str, *, verb: Verb = Verb.CREATE
) -> list[tuple[str, Metric, Decimal | None]]:
    """(employee no., metric, value or None) of what a month needs and of what was reported the month before, by person.

    A team reports what it always has, whether a policy asks for it or not.
    """
    metrics = {metric.pk: metric for metric in Metric.objects.filter(kind=kind)}
    needed, params = owed_cells(access, month, needs(month), verb)
    reported, more = _reported(access, month, list(metrics.values()), verb)
    parts = [part for part in (needed, reported) if part]
    if not metrics or not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.employee_no, c.metric_id, max(c.value) "
            f"FROM (SELECT employee_id, metric_id, value FROM ({' UNION ALL '.join(parts)}) u) c "
            "JOIN staff_employee e ON e.id = c.employee_id WHERE c.metric_id = ANY(%s) "
            'GROUP BY e.employee_no, c.metric_id ORDER BY e.employee_no COLLATE "C", c.metric_id',
            [*params, *more, list(metrics)],
        )
        return [(number, metrics[metric], value) for number, metric, value in cursor.fetchall()]


def _reported(access: Access, month: Month, metrics: list[Metric], verb: Verb) -> tuple[str, list[Any]]:
    """The cells of people who still work here, whose metric was reported a month before."""
    people, within = Employee.objects.visible_to(access, verb, Thing.VALUE).values("pk").query.sql_with_params()
    columns = ", ".join(f"({metric.pk}, f.s{metric.slot}, n.s{metric.slot})" for metric in metrics)
    if not columns:
        return "", []
    sql = f"""
        SELECT f.employee_id, NULL::bigint AS supervisor_id, m.metric_id, m.value
        FROM assessment_employeemonth f JOIN staff_employee e ON e.id = f.employee_id
        LEFT JOIN assessment_employeemonth n ON n.employee_id = f.employee_id AND n.month = %s
        CROSS JOIN LATERAL (VALUES {columns}) AS m(metric_id, before, value)
        WHERE f.month = %s AND m.before IS NOT NULL AND coalesce(n.counts, true)
          AND (e.left_on IS NULL OR e.left_on > %s) AND f.employee_id IN ({people})
    """
    return sql, [month.number, month.previous.number, month.last_day, *within]
