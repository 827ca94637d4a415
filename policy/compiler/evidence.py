"""The facts that one rule rests on for one person, for screens.

Printed by the same printers as the sweep, so that a screen cannot count otherwise than the verdict did.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from policy.compiler.plan import event_day, event_value, filters, is_hire
from policy.compiler.scalar import event_leaf, month_leaf, person_leaf, scalar
from policy.compiler.sql import Relation, all_of, month_of
from policy.compiler.sweep import SweepStatement, SweepText
from policy.language import typed as t
from policy.language.checked import Rule
from staff.kernel.periods import Month

Sort = Literal["months", "events", "absences"]


@dataclass(frozen=True, eq=False)
class EvidenceStatement:
    """Lists the facts behind a rule; ``sort`` says which columns the rows have.

    ``months``: ``month`` (its number), ``value``, ``state`` (reported, missing, exempt, before_hire, before_start),
    ``holds`` (of a condition), ``counted``; newest last.
    ``events``: ``id, day, decided_on, kind, subject, quantity, status, note, counted``; newest last. Of a subject that is
    counted once, the latest event is the counted one.
    ``absences``: ``first_day, last_day, kind, days`` inside the window.
    """

    statement: SweepStatement
    rule: Rule
    sort: Sort
    aggregates: tuple[t.Typed, ...]

    def params(self, as_of: Month, employee_id: int) -> dict[str, object]:
        """Parameters of the text for one person and as-of month."""
        return {**self.statement.params(as_of), "employee": employee_id}

    def sql(self, *, people: Relation, months: Relation, events: Relation, absences: Relation) -> str:
        """The text; the relations are those of the sweep."""
        return self._text(people, {"months": months, "events": events, "absences": absences}, everybody=False)

    def sql_of_all(self, *, people: Relation, months: Relation, events: Relation, absences: Relation) -> str:
        """The same of all of ``people`` at once, each row with its ``person``; it takes no ``employee``."""
        return self._text(people, {"months": months, "events": events, "absences": absences}, everybody=True)

    def _text(self, people: Relation, relations: dict[Sort, Relation], *, everybody: bool) -> str:
        layer = SweepText(self.statement).people_layer(people)
        printer = {"months": _months, "events": _events, "absences": _absences}[self.sort]
        bodies = [printer(self.statement, node, relations[self.sort], everybody) for node in self.aggregates]
        order = {"months": "month", "events": "day, id", "absences": "first_day"}[self.sort]
        return f"WITH {layer}\n" + "\nUNION ALL\n".join(bodies) + f"\nORDER BY {order}"


def evidence(statement: SweepStatement, rule: Rule) -> EvidenceStatement | None:
    """What lists the facts of a rule of the statement's ladder; None where it rests on the person's own row alone."""
    sorts: list[tuple[Sort, type[t.Typed]]] = [
        ("months", t.MonthAggregate), ("events", t.EventAggregate), ("absences", t.AbsentDays),
    ]  # fmt: skip
    for sort, type_ in sorts:
        found = tuple(node for node in rule.observed.walk() if isinstance(node, type_))
        if found:
            return EvidenceStatement(statement, rule, sort, found)
    return None


def _whose(everybody: bool) -> tuple[str, str, str]:
    """A column that names the person from the inner query, the same handed on, and the condition on the person."""
    return ("p.id AS person, ", "person, ", "true") if everybody else ("", "", "p.id = %(employee)s")


def _months(statement: SweepStatement, node: t.Typed, months: Relation, everybody: bool) -> str:
    if not isinstance(node, t.MonthAggregate):
        raise TypeError("months are listed for an aggregate of monthly values")
    length = node.span.months or 1
    condition = node.of.unit == "bool"
    inner = node.of.left if isinstance(node.of, t.Compare) else node.of
    value = "NULL::numeric" if inner.unit == "bool" else scalar(inner, month_leaf)
    known = f"({scalar(node.of, month_leaf)}) IS NOT NULL"
    starts = [month_of(scalar(start, person_leaf)) for start in node.span.since if not is_hire(start)]
    begun = all_of(f"coalesce(g.month >= {start}, false)" for start in starts) if starts else "true"
    state = (
        f"CASE WHEN g.month < p.hired_m THEN 'before_hire' WHEN NOT ({begun}) THEN 'before_start'"
        f" WHEN NOT coalesce(f.counts, true) THEN 'exempt' WHEN {known} THEN 'reported' ELSE 'missing' END"
    )
    holds = f"({scalar(node.of, month_leaf)})" if condition else "NULL::boolean"
    counted = "state = 'reported'" + (" AND holds" if condition else "")
    named, person, whose = _whose(everybody)
    return (
        f"SELECT {person}month, CASE WHEN state = 'reported' THEN value END AS value, state,"
        f" CASE WHEN state = 'reported' THEN holds END AS holds, ({counted}) AS counted\n"
        f"FROM (SELECT {named}g.month, {value} AS value, {state} AS state, {holds} AS holds\n"
        f"      FROM p CROSS JOIN generate_series(%(M)s - {length - 1}, %(M)s) AS g(month)\n"
        f"      LEFT JOIN {months} f ON f.employee_id = p.id AND f.month = g.month\n"
        f"      WHERE {whose}) q"
    )


def _events(statement: SweepStatement, node: t.Typed, events: Relation, everybody: bool) -> str:
    if not isinstance(node, t.EventAggregate):
        raise TypeError("events are listed for a count of events")
    day = event_day(node)
    named, person, whose = _whose(everybody)
    window = ["e.day >= p.hired_on", "e.day < %(A_day)s", f"{day} < %(A_day)s"]
    if node.span.months is not None:
        window.append(f"{day} >= %(d{node.span.months})s")
    window += [f"{day} >= {scalar(start, person_leaf)}" for start in node.span.since]
    tests = [*filters(node), *([f"({scalar(node.where, event_leaf)})"] if node.where is not None else [])]
    if node.field is not None:
        value = event_value(node)
        tests.append(f"{value} <> ''" if node.field.type == "text" else f"{value} IS NOT NULL")
        latest = f"row_number() OVER (PARTITION BY {person}matches, {value} ORDER BY {day} DESC, e.id DESC) = 1"
    else:
        latest = "true"
    matches = f"coalesce({all_of(tests)}, false)"
    columns = "e.id, e.day, e.decided_on, e.kind, e.subject, e.quantity, e.status, e.note"
    return (
        f"SELECT {person}{columns}, (matches AND {latest}) AS counted\n"
        f"FROM (SELECT {named}e.*, {matches} AS matches FROM p JOIN {events} e ON e.employee_id = p.id\n"
        f"      WHERE {whose} AND e.kind = '{node.kind.key}' AND {all_of(window)}) e"
    )


def _absences(statement: SweepStatement, node: t.Typed, absences: Relation, everybody: bool) -> str:
    if not isinstance(node, t.AbsentDays):
        raise TypeError("absences are listed for days of absence")
    first = f"greatest(a.first_day, p.hired_on, %(d{node.span.months})s)"
    last = "least(a.last_day, %(last_day)s)"
    named, _person, whose = _whose(everybody)
    return (
        f"SELECT {named}a.first_day, a.last_day, a.kind, ({last} - {first} + 1) AS days\n"
        f"FROM p JOIN {absences} a ON a.employee_id = p.id\n"
        f"WHERE {whose} AND {first} <= {last}"
    )
