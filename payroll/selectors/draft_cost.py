"""What a draft would cost: the pay of the last month that ended, by the document in force and by the draft, by component.

Both run over the facts as they are now, each over the results of its own scorecard, so what differs is the draft's doing alone.
Nothing is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assessment.selectors.results import assessed_now
from payroll.evaluation import paid_over
from policy.drafting.effects import EffectRequest, TooLarge, TooLong, as_if, patient_cursor
from policy.language.checked import PayComponent
from policy.selectors import Governed, governing
from staff.kernel.access import Access, Thing
from staff.kernel.periods import Month

_NO_RESULTS = (
    "SELECT NULL::bigint AS employee_id, NULL::integer AS month, NULL::numeric AS total, NULL::text AS grade, "
    "NULL::integer AS rank, NULL::integer AS stars, NULL::text[] AS cases WHERE false"
)
_SUMS = """
    SELECT coalesce(b.component, a.component) AS component, coalesce(sum(b.amount), 0), coalesce(sum(a.amount), 0),
           count(*) FILTER (WHERE b.amount IS DISTINCT FROM a.amount),
           count(*) FILTER (WHERE a.component IS NOT NULL AND a.amount IS NULL)
    FROM pay_before b FULL JOIN pay_after a ON (a.id, a.component) = (b.id, b.component)
    JOIN staff_employee e ON e.id = coalesce(b.id, a.id)
    WHERE {scope}
    GROUP BY 1
"""
_IN_DEPARTMENTS = (
    "e.id IN (SELECT employee_id FROM staff_departmentperiod p "
    "WHERE p.period @> %(cost_day)s::date AND p.department_id = ANY(%(cost_scope)s))"
)


@dataclass(frozen=True, slots=True)
class Cost:
    """Yuan a month of one component; ``people`` whose amount differs; ``missing`` of whom the draft lacks something."""

    component: PayComponent
    before: Decimal
    after: Decimal
    people: int
    missing: int

    @property
    def change(self) -> Decimal:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class CostSimulation:
    month: Month
    costs: tuple[Cost, ...]
    lacking: tuple[str, ...] = ()
    too_long: bool = False
    too_large: bool = False

    @property
    def before(self) -> Decimal:
        return sum((cost.before for cost in self.costs), Decimal(0))

    @property
    def after(self) -> Decimal:
        return sum((cost.after for cost in self.costs), Decimal(0))

    @property
    def change(self) -> Decimal:
        return self.after - self.before


def costed(request: EffectRequest) -> CostSimulation | None:
    """The month that was asked for, else the last that ended; None where the policy then paid nobody."""
    month = request.month or Month.of(request.access.day).previous
    key = str(request.draft.key)
    governed = [each for each in governing(month.last_day, part="pay") if each.version.key == key]
    if not governed:
        return None
    drafts = [(now, as_if(now, request)) for now in governed]
    if any(draft is None for _now, draft in drafts):
        return CostSimulation(month, (), lacking=request.draft.unset)
    try:
        return CostSimulation(month, tuple(_summed(request, month, [(now, draft) for now, draft in drafts if draft])))
    except TooLong:
        return CostSimulation(month, (), too_long=True)
    except TooLarge:
        return CostSimulation(month, (), too_large=True)


def _summed(request: EffectRequest, month: Month, pairs: list[tuple[Governed, Governed]]) -> list[Cost]:
    where, params = _scope(request.access)
    with patient_cursor() as cursor:
        for side, at in (("pay_before", 0), ("pay_after", 1)):
            _fill(cursor, side, [pair[at] for pair in pairs], month)
        cursor.execute(_SUMS.format(scope=where), params)
        rows = {component: rest for component, *rest in cursor.fetchall()}
        cursor.execute("DROP TABLE pay_before, pay_after")
    known: dict[str, PayComponent] = {}
    for component in (*request.draft.pay, *(one for now, _draft in pairs for one in now.checked.pay)):
        known.setdefault(str(component.key), component)
    return [Cost(component, *rows[name]) for name, component in known.items() if name in rows]


def _fill(cursor: Any, table: str, governed: list[Governed], month: Month) -> None:
    """Lines of pay of every department group, each over its own results, which are laid down first for the planner."""
    for at, each in enumerate(governed):
        results = "pay_results"
        if each.checked.scorecard is None:
            cursor.execute(f"CREATE TEMP TABLE {results} ON COMMIT DROP AS {_NO_RESULTS}")
        else:
            query = assessed_now(each, month)
            cursor.execute(
                f"CREATE TEMP TABLE {results} ON COMMIT DROP AS SELECT id AS employee_id, {month.number} AS month, total, "
                f"grade, rank, stars, CASE WHEN missing = '{{}}' THEN cases END AS cases FROM ({query.sql}) q",
                query.params,
            )
        cursor.execute(f"ANALYZE {results}")
        lines = paid_over(each, month, results=results)
        into = f"INSERT INTO {table}" if at else f"CREATE TEMP TABLE {table} ON COMMIT DROP AS"
        cursor.execute(f"{into} SELECT id, component, amount FROM ({lines.sql}) q", lines.params)
        cursor.execute(f"DROP TABLE {results}")
    cursor.execute(f"ANALYZE {table}")


def _scope(access: Access) -> tuple[str, dict[str, Any]]:
    """Narrows to whose pay the reader may see."""
    scope = access.scope(Thing.PAY)
    if scope.company:
        return "true", {}
    return _IN_DEPARTMENTS, {"cost_day": access.day, "cost_scope": sorted(scope.departments)}
