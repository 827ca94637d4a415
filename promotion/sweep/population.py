"""Who is judged as of a month, and the row of each as it stood on the evaluation day.

One door for the sweep, an explanation and the pay run: they cannot disagree about a tier or a department.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from policy.compiler import Relation
from policy.selectors import Governed
from staff.kernel.periods import Month

#: Every column of a person's row, in the order in which standings keep them.
PERSON_COLUMNS = (
    "department_id", "position", "hired_on", "regularised_on", "post_since", "left_on", "birth_date", "tier_since",
    "demoted_on",
)  # fmt: skip

_PEOPLE = """
    SELECT e.id, d.department_id, e.position, e.hired_on, e.regularised_on, e.post_since, e.left_on, e.birth_date,
           {tier} AS tier, lower(t.period) AS tier_since,
           down.day AS demoted_on
    FROM staff_employee e
    JOIN staff_departmentperiod d ON d.employee_id = e.id AND d.period @> %(pop_day)s::date
        AND d.department_id = ANY(%(pop_departments)s)
    {ladder} promotion_tierperiod t ON t.employee_id = e.id AND t.period @> %(pop_day)s::date AND t.ladder = %(pop_ladder)s
    LEFT JOIN (SELECT employee_id, max(lower(period)) AS day FROM promotion_tierperiod t
               WHERE kind = 'demotion' AND ladder = %(pop_ladder)s AND lower(period) <= %(pop_day)s{demoted}
               GROUP BY employee_id) down ON down.employee_id = e.id{pay}
    WHERE e.hired_on <= %(pop_day)s AND (e.left_on IS NULL OR e.left_on {leaver} {leaver_day}){narrow}
"""

#: A demotion's pay and tier change on days of their own. In the ledger and not yet in the pay: the tier before is paid on;
#: decided, past its appeal and in the pay before the ledger: the tier to come. A restoration ends both by its own line.
_PAY_EFFECTS = """
    LEFT JOIN (SELECT DISTINCT ON (l.employee_id, l.effective_on) l.employee_id, l.effective_on, l.from_tier AS tier
               FROM promotion_proceeding p JOIN promotion_ledgerline l ON l.seq = p.line_id
               WHERE p.pay_on > %(pop_day)s AND l.ladder = %(pop_ladder)s AND l.effective_on <= %(pop_day)s
               ORDER BY l.employee_id, l.effective_on, l.seq
               ) kept ON kept.employee_id = e.id AND kept.effective_on = lower(t.period)
    LEFT JOIN (SELECT DISTINCT ON (c.employee_id) c.employee_id, c.evidence ->> 'tier' AS held, c.evidence ->> 'target' AS tier
               FROM promotion_proceeding p JOIN assessment_case c ON c.id = p.case_id
               WHERE p.decision = 'demotion' AND p.pay_on <= %(pop_day)s AND p.tier_on > %(pop_day)s
                   AND (p.state IN ('decided', 'upheld') OR p.line_id IS NOT NULL) AND c.policy = %(pop_ladder)s
               ORDER BY c.employee_id, p.case_id DESC
               ) ahead ON ahead.employee_id = e.id AND ahead.held = t.tier"""
_PAID_TIER = "coalesce(kept.tier, ahead.tier, t.tier)"


@dataclass(frozen=True, slots=True)
class Population:
    """A relation of people and its parameters.

    ``facts`` narrows the tables of facts to the same people: the planner does not carry a range over a join by itself, and
    each shard would read them whole.
    """

    relation: Relation
    params: Mapping[str, Any] = field(default_factory=dict)
    facts: str = "true"


def population(
    governed: Governed,
    month: Month,
    *,
    ids: tuple[int, int] | None = None,
    touched: str | None = None,
    only: int | None = None,
) -> Population:
    """Those on the ladder of a policy who are employed, governed and have a tier on the month's last day.

    ``ids`` narrows to a range (low, high]; ``touched`` to the ids of a table; ``only`` to one person.
    """
    narrow, demoted, more = _narrowed(ids, touched, only)
    sql = _PEOPLE.format(
        ladder="JOIN", leaver=">", leaver_day="%(pop_day)s", narrow=narrow, demoted=demoted, tier="t.tier", pay=""
    )
    facts = "employee_id > %(pop_low)s AND employee_id <= %(pop_high)s" if ids else "true"
    return Population(Relation(sql), {**_basics(governed, month), **more}, facts)


def paid_population(governed: Governed, month: Month) -> Population:
    """Those who worked a day of the month, on a tier or not: a leaver's last month is paid. ``tier`` is the one that is paid
    by, which after a demotion changes on a day of its own.
    """
    sql = _PEOPLE.format(
        ladder="LEFT JOIN", leaver=">=", leaver_day="%(pop_first_day)s", narrow="", demoted="", tier=_PAID_TIER,
        pay=_PAY_EFFECTS,
    )  # fmt: skip
    return Population(Relation(sql), {**_basics(governed, month), "pop_first_day": month.first_day})


def on_tiers(people: Population, tiers: Mapping[int, str] | None, among: Iterable[int]) -> Population:
    """Of ``people`` those ``among`` whom it is asked, each on the tier that ``tiers`` names; on their own where it is None."""
    ids = list(among)
    columns = ", ".join(f"q.{name}" for name in PERSON_COLUMNS)
    given = "q.tier" if tiers is None else "n.tier"
    sql = (
        f"SELECT q.id, {given} AS tier, {columns} FROM ({people.relation}) q "
        "JOIN unnest(%(pop_ids)s::bigint[], %(pop_tiers)s::text[]) AS n(id, tier) ON n.id = q.id"
    )
    named = [None if tiers is None else tiers[pk] for pk in ids]
    return Population(Relation(sql), {**people.params, "pop_ids": ids, "pop_tiers": named})


def _basics(governed: Governed, month: Month) -> dict[str, Any]:
    return {
        "pop_day": month.last_day,
        "pop_departments": list(governed.department_ids),
        "pop_ladder": governed.version.key,
    }


def _narrowed(ids: tuple[int, int] | None, touched: str | None, only: int | None) -> tuple[str, str, dict[str, Any]]:
    """Conditions on the people, on their demotions, and the parameters. Each table is read in its range alone."""
    if only is not None:
        return " AND e.id = %(pop_only)s", " AND t.employee_id = %(pop_only)s", {"pop_only": only}
    clauses, demoted, params = "", "", {}
    if ids is not None:
        demoted = " AND t.employee_id > %(pop_low)s AND t.employee_id <= %(pop_high)s"
        for column in ("e.id", "d.employee_id", "t.employee_id"):
            clauses += f" AND {column} > %(pop_low)s AND {column} <= %(pop_high)s"
        params = {"pop_low": ids[0], "pop_high": ids[1]}
    if touched is not None:
        clauses += f" AND e.id IN (SELECT id FROM {touched})"
    return clauses, demoted, params
