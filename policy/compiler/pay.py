"""The components of pay → one statement: a line for each component that a policy yields to a person in a month.

Strict: an amount that rests on something missing is null and the line names what is missing; nothing is guessed.
``none`` is no line at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from policy.catalogue import Column, Key
from policy.compiler.layers import absence_layers, event_layers, layer_names
from policy.compiler.plan import Plan
from policy.compiler.scalar import Leaf, month_leaf, scalar
from policy.compiler.sql import Relation, Sql, all_of, column, literal
from policy.language import typed as t
from policy.language.checked import Checked, PayComponent
from staff.kernel.periods import Month


@dataclass(frozen=True, eq=False)
class PayStatement:
    """One policy's pay. ``relations`` names what it reads besides people; the others need not be given."""

    checked: Checked
    components: tuple[PayComponent, ...]
    plan: Plan = field(repr=False)
    scope: Sql | None = field(repr=False)
    relations: frozenset[str]

    @property
    def people_columns(self) -> tuple[str, ...]:
        """Columns of the relation of people that the statement reads."""
        leavers = ("left_on",) if self.plan.events.names or self.plan.distincts else ()
        return tuple(dict.fromkeys(("id", "hired_on", *leavers, *self.plan.people)))

    def params(self, month: Month) -> dict[str, object]:
        """Parameters of the text for one month."""
        days = {f"d{n}": (month + (1 - n)).first_day for n in sorted(self.plan.windows)}
        return {
            "M": month.number, "A": month.next.number, "A_day": month.next.first_day, "last_day": month.last_day, **days,
        }  # fmt: skip

    def sql(
        self, *, people: Relation, months: Relation = "", events: Relation = "", absences: Relation = "",
        pay: Relation = "", results: Relation = "",
    ) -> str:  # fmt: skip
        """The text; rows are ``(id, component, amount numeric, missing text[])``.

        ``people`` as they are on the month's last day; ``pay``: ``employee_id`` and the amounts of the row in force on
        that day; ``results``: ``employee_id, month, total, grade, rank, stars, cases text[]``. ``ValueError`` where one
        of ``relations`` is not given.
        """
        given = {"months": months, "events": events, "absences": absences, "pay": pay, "results": results}
        lacking = sorted(name for name in self.relations if not given[name])
        if lacking:
            raise ValueError(f"the pay of {self.checked.key} reads {', '.join(lacking)}")
        columns = ", ".join(f"p.{name}" for name in self.people_columns)
        layers = [
            f"p AS MATERIALIZED (\n  SELECT {columns}\n  FROM {people} p)",
            *event_layers(self.plan, events, leavers=True), *absence_layers(self.plan, absences),
        ]  # fmt: skip
        joins = "".join(f"\nLEFT JOIN {name} ON {name}.id = p.id" for name in layer_names(self.plan))
        if "months" in self.relations:
            joins += f"\nLEFT JOIN {months} f ON f.employee_id = p.id AND f.month = %(M)s AND f.counts"
        if "pay" in self.relations:
            joins += f"\nLEFT JOIN {pay} y ON y.employee_id = p.id"
        if "results" in self.relations:
            joins += f"\nLEFT JOIN {results} r ON r.employee_id = p.id AND r.month = %(M)s"
        lines = ",\n  ".join(self._line(component) for component in self.components)
        where = all_of(["c.yields IS NOT FALSE", *([str(self.scope)] if self.scope else [])])
        return (
            f"WITH {', '.join(layers)}\n"
            "SELECT p.id, c.component, round(c.amount, 2) AS amount,\n"
            "  CASE WHEN c.amount IS NULL THEN array_remove(c.missing, NULL) ELSE '{}' END AS missing\n"
            f"FROM p{joins}\nCROSS JOIN LATERAL (VALUES\n  {lines}\n) AS c(component, amount, yields, missing)\n"
            f"WHERE {where}"
        )

    def _line(self, component: PayComponent) -> str:
        leaf = pay_leaf(self.plan)
        amount: str = scalar(component.amount, leaf)
        needs = [(Key(need), column("r", Column(need))) for need in component.needs]
        if needs:
            amount = f"CASE WHEN {all_of(f'{sql} IS NOT NULL' for _, sql in needs)} THEN {amount} END"
        leaves = dict.fromkeys([*_leaves(component.amount, leaf), *needs])
        absent = ", ".join(f"CASE WHEN {sql} IS NULL THEN {literal(key)} END" for key, sql in leaves)
        yields = _yields(component.amount, leaf)
        return f"({literal(component.key)}, ({amount})::numeric, ({yields})::boolean, ARRAY[{absent}]::text[])"


def compile_pay(checked: Checked) -> PayStatement:
    """The pay lines of a policy's monthly run; proposals at a promotion are left out.

    ``ValueError`` where it yields none, or a parameter has no value.
    """
    components = tuple(component for component in checked.pay if component.on is None)
    if not components:
        raise ValueError(f"{checked.key} yields no pay")
    if checked.unset:
        raise ValueError(f"{checked.key} lacks values for {', '.join(checked.unset)}")
    plan = Plan(1)
    leaf = pay_leaf(plan)
    nodes = [component.amount for component in components]
    for node in nodes:
        scalar(node, leaf)
    scope = None
    for rule in checked.applies.rules if checked.applies else ():
        comparison = t.Compare("bool", rule.op, rule.observed, rule.threshold or t.Const("none", None))
        nodes.append(comparison)
        scope = Sql(f"coalesce({scalar(comparison, leaf)}, false)")
    relations = {_READ_FROM[type(part)] for node in nodes for part in node.walk() if type(part) in _READ_FROM}
    if any(component.needs for component in components):
        relations.add("results")
    return PayStatement(checked, components, plan, scope, frozenset(relations))


_READ_FROM: dict[type[t.Typed], str] = {
    t.Value: "months", t.InputValue: "months", t.Pay: "pay", t.Result: "results", t.Raised: "results",
    t.EventAggregate: "events", t.AbsentDays: "absences",
}  # fmt: skip


def pay_leaf(plan: Plan) -> Leaf:
    """Leaves of a person's pay: the month's row ``f``, the pay row ``y``, the month's result ``r``, the person ``p``."""

    def leaf(node: t.Typed) -> Sql | None:
        if isinstance(node, t.Pay):
            return column("y", node.fact.column)
        if isinstance(node, t.Result):
            return column("r", node.column)
        if isinstance(node, t.Raised):
            return Sql(f"({literal(node.case)} = ANY (r.cases))")
        return month_leaf(node) or plan.leaf(node)

    return leaf


def _leaves(node: t.Typed, leaf: Leaf) -> list[tuple[Key, Sql]]:
    """The facts that an amount rests on and that may be missing."""
    found: list[tuple[Key, Sql]] = []
    for part in node.walk():
        if isinstance(part, t.Value):
            found.append((part.metric.key, scalar(part, leaf)))
        elif isinstance(part, t.InputValue):
            found.append((part.key, scalar(part, leaf)))
        elif isinstance(part, t.Pay | t.Person):
            found.append((part.fact.key, scalar(part, leaf)))
        elif isinstance(part, t.Result):
            found.append((Key(part.column), scalar(part, leaf)))
        elif isinstance(part, t.Raised):
            found.append((Key("cases"), Sql("r.cases")))
    return found


def _yields(node: t.Typed, leaf: Leaf) -> str:
    """Whether there is a line: not where the lines end in ``none``; not known where a condition is not."""
    if isinstance(node, t.Const) and node.unit == "none":
        return "false"
    if not isinstance(node, t.Choice):
        return "true"
    cases = []
    for value, when in node.lines:
        if when is None:
            cases.append(f"ELSE {_yields(value, leaf)}")
        else:
            condition = scalar(when, leaf)
            cases.append(f"WHEN ({condition}) IS NULL THEN NULL WHEN {condition} THEN {_yields(value, leaf)}")
    return f"CASE {' '.join(cases)} END"
