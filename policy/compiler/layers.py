"""Layers of a statement that read events and absences: one pass each, whatever the number of rules."""

from __future__ import annotations

from policy.compiler.plan import Plan
from policy.compiler.sql import Relation, all_of


def layer_names(plan: Plan) -> list[str]:
    """Names of the layers that the plan needs; each has a column ``id``."""
    events = ["e"] if plan.events.names else []
    return [*events, *(group.name for group in plan.distincts.values()), *plan.absences.values()]


def event_layers(plan: Plan, events: Relation, leavers: bool = False) -> list[str]:
    """Counts in ``e``, different values in ``d…``. With ``leavers``, events after a person's last day are cut."""
    parts = []
    base = "e.employee_id = p.id AND e.day >= p.hired_on AND e.day < %(A_day)s"
    if leavers:
        base += " AND (p.left_on IS NULL OR e.day <= p.left_on)"
    if plan.events.names:
        kinds = ", ".join(f"'{kind}'" for kind in plan.kinds)
        back = "" if 0 in plan.counted_from else f" AND e.day >= %(d{max(plan.counted_from)})s"
        columns = ",\n    ".join(["p.id", *plan.events.select()])
        parts.append(
            f"e AS MATERIALIZED (\n  SELECT {columns}\n  FROM p JOIN {events} e ON {base}{back} AND e.kind IN ({kinds})\n"
            "  GROUP BY p.id)"
        )
    for group in plan.distincts.values():
        columns = ", ".join(["q.id", *group.windows.select()])
        parts.append(
            f"{group.name} AS MATERIALIZED (\n  SELECT {columns}\n  FROM (SELECT e.employee_id AS id, max({group.day}) AS last"
            f" FROM p JOIN {events} e ON {base}\n        WHERE {all_of(group.conditions)}\n"
            f"        GROUP BY e.employee_id, {group.value}) q\n  GROUP BY q.id)"
        )
    return parts


def absence_layers(plan: Plan, absences: Relation) -> list[str]:
    """Days of the union of absences inside each window, in ``a…``."""
    parts = []
    for months, name in plan.absences.items():
        first, last = f"greatest(a.first_day, p.hired_on, %(d{months})s)", "least(a.last_day, %(last_day)s)"
        parts.append(
            f"{name} AS MATERIALIZED (\n  SELECT q.id, sum(upper(q.r) - lower(q.r)) AS days\n"
            f"  FROM (SELECT p.id, unnest(range_agg(daterange({first}, {last} + 1))) AS r\n"
            f"        FROM p JOIN {absences} a ON a.employee_id = p.id AND {first} <= {last} GROUP BY p.id) q\n"
            f"  GROUP BY q.id)"
        )
    return parts
