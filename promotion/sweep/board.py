"""Reads of the board: everybody judged as of a month beside the month before, counted, narrowed and listed.

Each side starts from ``visible_to`` and is narrowed there; pairing the two months is one join, the same for every number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, F, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import Exact

from policy.compiler import Outcome, SweepStatement, Verdict
from policy.compiler.outcome import SweepRow
from policy.models import PolicyVersion
from policy.selectors import checked
from promotion.models import Run, RunShard, RunState, Standing
from promotion.sweep.evaluation import statement_of
from staff.kernel.access import Access, Verb
from staff.kernel.periods import Month
from staff.models import Employee

#: How a person's result differs from the month before: the first that fits. Whoever is new or has moved is told as that,
#: unless something must be done about them.
CHANGES = ("triggered", "eligible", "moved", "left", "no_longer", "waiting", "cleared")
ANY_CHANGE = "any"
_FIRED = f"({Outcome.DEMOTION_PROPOSED:d}, {Outcome.WARNING:d})"
_KIND = f"""CASE
    WHEN c.employee_id IS NULL THEN 'left'
    WHEN c.outcome IN {_FIRED} AND p.outcome IS DISTINCT FROM c.outcome THEN 'triggered'
    WHEN c.outcome = {Outcome.ELIGIBLE:d} AND p.outcome IS DISTINCT FROM c.outcome THEN 'eligible'
    WHEN p.employee_id IS NULL OR (p.tier, p.department_id, p.policy) IS DISTINCT FROM (c.tier, c.department_id, c.policy)
        THEN 'moved'
    WHEN p.outcome = {Outcome.ELIGIBLE:d} AND c.outcome <> p.outcome THEN 'no_longer'
    WHEN c.outcome = {Outcome.WAITING_FOR_DATA:d} AND p.outcome <> c.outcome THEN 'waiting'
    WHEN p.outcome IN {_FIRED} AND c.outcome NOT IN {_FIRED} THEN 'cleared' END"""
_CHANGED = "p.outcome IS DISTINCT FROM c.outcome"
#: Whoever needs an act first.
URGENCY = (
    Outcome.DEMOTION_PROPOSED, Outcome.WARNING, Outcome.ELIGIBLE, Outcome.WAITING_FOR_DATA, Outcome.NOT_YET, Outcome.TOP,
)  # fmt: skip
#: One person's standing of a month; OFFSET keeps it from being joined as a whole.
_BY_KEY = "SELECT * FROM promotion_standing WHERE run_id = r.{side}_run AND employee_id = r.id OFFSET 0"
_EVIDENCE = ("employee_id", "tier", "outcome", "target", "bits", "observed", "missing")


@dataclass(frozen=True, slots=True)
class Applied:
    """A version with its values, by which people were judged."""

    version: PolicyVersion
    digest: str
    statement: SweepStatement

    @property
    def key(self) -> tuple[int, str]:
        return self.version.pk, self.digest


@dataclass(frozen=True, slots=True)
class Step:
    """A tier of a policy as it was applied: the people whose rules, and so columns, are the same."""

    applied: Applied
    tier: str


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a list is narrowed to; empty asks for nothing. ``clause`` is (policy, number)."""

    outcome: int | None = None
    tier: tuple[str, str] | None = None
    departments: frozenset[int] | None = None
    words: str = ""
    clause: tuple[str, str] | None = None
    verdict: Verdict | None = None
    changed: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A person's result: the evidence, and what it was a month before (None: nothing)."""

    employee_id: int
    employee_no: str
    name: str
    step: Step
    department_id: int
    row: SweepRow
    before: int | None
    new: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A person whose result differs, with the evidence of both months; one of the two may be missing."""

    kind: str
    employee_no: str
    name: str
    hired_on: date
    left_on: date | None
    now: Side | None
    before: Side | None


@dataclass(frozen=True, slots=True)
class Side:
    """One month's half of a change."""

    step: Step
    row: SweepRow
    department_id: int
    tier_since: date


@dataclass(slots=True)
class Tally:
    """The counts of the whole scope. ``flow`` is by step and outcome, ``changes`` by kind."""

    flow: Counter[tuple[Step, int]] = field(default_factory=Counter)
    outcomes: Counter[int] = field(default_factory=Counter)
    before: Counter[int] = field(default_factory=Counter)
    changes: Counter[str] = field(default_factory=Counter)
    changed: int = 0

    @property
    def people(self) -> int:
        return self.outcomes.total()

    @property
    def steps(self) -> Counter[Step]:
        """What ``Board.counts`` gives where nothing is narrowed."""
        found: Counter[Step] = Counter()
        for (step, _outcome), people in self.flow.items():
            found[step] += people
        return found


class Board:
    """One month's results for one reader; ``verb`` is what is done with them. Runs are read once."""

    def __init__(self, access: Access, month: Month, verb: Verb = Verb.READ) -> None:
        self.access, self.month, self.verb = access, month, verb

    @cached_property
    def runs(self) -> list[Run]:
        """The newest run of each state for each policy, of the month and the one before; latest first."""
        what = ("month", "version_id", "values_digest", "state")
        months = Run.objects.filter(month__in=[self.month, self.month.previous])
        newest = months.order_by(*what, "-id").distinct(*what).values("pk")
        shards = RunShard.objects.filter(run=OuterRef("pk")).order_by().values("run")
        counted = {
            f"shards_{name}": Subquery(shards.filter(condition).values(n=Count("*")))
            for name, condition in (
                ("all", Q()),
                ("done", Q(state=RunState.DONE)),
                ("failed", Q(state=RunState.FAILED)),
            )
        }
        return list(
            Run.objects.filter(pk__in=newest).select_related("version").annotate(**counted).order_by("-month", "-id")
        )

    @cached_property
    def applied(self) -> dict[tuple[int, str], Applied]:
        found: dict[tuple[int, str], Applied] = {}
        for run in self.runs:
            key = run.version_id, run.values_digest
            if key not in found:
                found[key] = Applied(run.version, run.values_digest, statement_of(checked(run.version, run.values)))
        return found

    @property
    def compared(self) -> bool:
        """Whether the month before was swept, so that there is something to compare with."""
        return any(run.month == self.month.previous and run.state == RunState.DONE for run in self.runs)

    @cached_property
    def steps(self) -> list[Step]:
        """Every step that somebody may stand on, policy by policy from the foot up."""
        applied = sorted(self.applied.values(), key=lambda one: (one.version.key, -one.version.number, one.digest))
        return [Step(one, str(tier.key)) for one in applied for tier in one.statement.ladder.tiers]

    def tally(self) -> Tally:
        """Everybody in scope, by step and outcome, beside the month before. One query."""
        found = Tally()
        current, before = self._standings(self.month), self._standings(self.month.previous)
        by = f"c.version, c.digest, c.tier, c.outcome, p.outcome, {_KIND}"
        query = f"SELECT {by}, count(*) FROM c FULL JOIN p USING (employee_id) GROUP BY 1, 2, 3, 4, 5, 6"
        for version, digest, tier, outcome, earlier, kind, people in self._rows(query, current, before):
            if outcome is not None:
                found.outcomes[outcome] += people
                found.flow[Step(self.applied[version, digest], tier), outcome] += people
                found.changed += people if outcome != earlier else 0
            if earlier is not None:
                found.before[earlier] += people
            if kind:
                found.changes[kind] += people
        return found

    def changes(self, most: int) -> list[Change]:
        """At most so many of each kind, by name, with the evidence of both months. One query.

        The few rows fetch their evidence by key: the planner, which cannot tell how few they are, would read all of it.
        """
        query = f"""
            SELECT r.kind, r.employee_no, r.name, r.hired_on, r.left_on, {_side("c")}, {_side("p")}
            FROM (SELECT *, row_number() OVER (PARTITION BY kind ORDER BY pinyin, employee_no) AS place
                  FROM (SELECT {_KIND} AS kind, {_ref("c")}, {_ref("p")}, e.id, e.employee_no, e.name, e.pinyin,
                            e.hired_on, e.left_on
                        FROM c FULL JOIN p USING (employee_id)
                        JOIN staff_employee e ON e.id = coalesce(c.employee_id, p.employee_id)) q
                  WHERE kind IS NOT NULL) r
            LEFT JOIN LATERAL ({_BY_KEY.format(side="c")}) c ON true
            LEFT JOIN LATERAL ({_BY_KEY.format(side="p")}) p ON true
            WHERE place <= %s ORDER BY kind, place"""
        both = self._standings(self.month), self._standings(self.month.previous)
        half = 5 + len(_EVIDENCE) + 4
        found = []
        for row in self._rows(query, *both, [most]):
            kind, number, name, hired_on, left_on = row[:5]
            now, before = self._side(row[5:half]), self._side(row[half:])
            found.append(Change(kind, number, name, hired_on, left_on, now, before))
        return found

    def counts(self, narrowing: Narrowing) -> Counter[Step]:
        """How many people of each step the list holds."""
        query = "SELECT c.version, c.digest, c.tier, count(*) FROM c LEFT JOIN p USING (employee_id)"
        where, params = _changed(narrowing)
        rows = self._rows(f"{query}{where} GROUP BY 1, 2, 3", *self._both(narrowing), params)
        return Counter({Step(self.applied[version, digest], tier): people for version, digest, tier, people in rows})

    def lines(self, narrowing: Narrowing, *, first: int = 0, most: int | None = None) -> Iterator[Line]:
        """People by step, the most urgent first, then those whose outcome is new, then by name.

        Their evidence is fetched once their places are known: it is wide, and sorting everybody's would cost the most.
        """
        if not self.steps:
            return
        cases, params = self._places()
        where, more = _changed(narrowing)
        urgency = " ".join(f"WHEN {outcome:d} THEN {at}" for at, outcome in enumerate(URGENCY))
        order = f"{cases}, CASE c.outcome {urgency} END, ({_CHANGED}) DESC, e.pinyin, e.employee_no"
        query = f"""
            SELECT r.employee_no, r.name, r.before, {_side("c")}
            FROM (SELECT *, row_number() OVER () AS place
                  FROM (SELECT {_ref("c")}, e.id, e.employee_no, e.name, p.outcome AS before
                        FROM c LEFT JOIN p USING (employee_id) JOIN staff_employee e ON e.id = c.employee_id{where}
                        ORDER BY {order} LIMIT %s OFFSET %s) o) r
            JOIN promotion_standing c ON c.run_id = r.c_run AND c.employee_id = r.id ORDER BY r.place"""
        both = self._both(narrowing)
        for number, name, before, *cells in self._rows(query, *both, [*more, *params, most, first]):
            side = self._side(cells)
            if side is not None:
                new = self.compared and before != side.row.outcome
                yield Line(side.row.id, number, name, side.step, side.department_id, side.row, before, new)

    def _standings(self, month: Month) -> QuerySet[Any]:
        standings = Standing.objects.visible_to(self.access, self.verb).current().filter(month=month)
        named = {"version": F("run__version_id"), "digest": F("run__values_digest"), "policy": F("run__version__key")}
        return standings.order_by().values("employee_id", "run_id", "tier", "outcome", "department_id", **named)

    def _both(self, narrowing: Narrowing) -> tuple[QuerySet[Any], QuerySet[Any]]:
        current = _narrowed(self._standings(self.month), narrowing, self.applied.values())
        return current, self._standings(self.month.previous)

    def _rows(self, query: str, current: QuerySet[Any], before: QuerySet[Any], params: Iterable[Any] = ()) -> list[Any]:
        try:
            (c, c_params), (p, p_params) = (side.query.sql_with_params() for side in (current, before))
        except EmptyResultSet:  # nobody lies in the scope, or nobody can fit
            return []
        with connection.cursor() as cursor:
            cursor.execute(f"WITH c AS ({c}), p AS ({p}) {query}", [*c_params, *p_params, *params])
            return cursor.fetchall()

    def _places(self) -> tuple[str, list[Any]]:
        """The place of a row's step among all steps, as SQL."""
        whens = " ".join(
            f"WHEN (c.version, c.digest, c.tier) = (%s, %s, %s) THEN {at}" for at, _step in enumerate(self.steps)
        )
        return f"CASE {whens} END", [part for step in self.steps for part in (*step.applied.key, step.tier)]

    def _side(self, cells: Sequence[Any]) -> Side | None:
        version, digest, department, tier_since, employee, *evidence = cells
        if version is None:
            return None
        row = SweepRow(employee, *evidence)
        return Side(Step(self.applied[version, digest], row.tier), row, department, tier_since)


def _ref(side: str) -> str:
    """What leads from a row of the pairing to the whole of one month's half."""
    return f"{side}.run_id AS {side}_run, {side}.version AS {side}_version, {side}.digest AS {side}_digest"


def _side(side: str) -> str:
    """The columns of one month's half, in the order in which ``Board`` reads them."""
    columns = ", ".join(f"{side}.{column}" for column in ("department_id", "tier_since", *_EVIDENCE))
    return f"r.{side}_version, r.{side}_digest, {columns}"


def _changed(narrowing: Narrowing) -> tuple[str, list[str]]:
    if not narrowing.changed:
        return "", []
    return (
        (f" WHERE {_CHANGED}", []) if narrowing.changed == ANY_CHANGE else (f" WHERE {_KIND} = %s", [narrowing.changed])
    )


def _narrowed(standings: QuerySet[Any], narrowing: Narrowing, applied: Iterable[Applied]) -> QuerySet[Any]:
    if narrowing.outcome is not None:
        standings = standings.filter(outcome=narrowing.outcome)
    if narrowing.tier is not None:
        standings = standings.filter(policy=narrowing.tier[0], tier=narrowing.tier[1])
    if narrowing.departments is not None:
        standings = standings.filter(department_id__in=narrowing.departments)
    if narrowing.words:
        standings = standings.filter(employee__in=Employee.objects.all().search(narrowing.words))
    if narrowing.clause is not None:
        standings = standings.filter(_with_clause(*narrowing.clause, narrowing.verdict, applied))
    return standings


def _with_clause(policy: str, number: str, verdict: Verdict | None, applied: Iterable[Applied]) -> Q:
    """Those whose tier is judged by the clause; with a verdict, those of whom all its rules together say so."""
    found = Q(pk__in=[])
    for one in applied:
        if one.version.key != policy:
            continue
        for tier in one.statement.ladder.tiers:
            places = [
                at
                for at, (clause, rule) in enumerate(one.statement.rules_of(str(tier.key)))
                if clause.number == number and not rule.by_process
            ]
            if places:
                asked = Q(version=one.version.pk, digest=one.digest, tier=str(tier.key))
                found |= asked & _says(places, verdict) if verdict is not None else asked
    return found


def _says(places: list[int], verdict: Verdict) -> Q:
    """Two bits a rule: met 01, unmet 00, unknown 10. One unmet rule makes a clause unmet, else one unknown unknown."""
    low = sum(1 << 2 * at for at in places)
    none_unmet = Exact(_either_bit().bitand(_signed(low)), _signed(low))
    all_met = Exact(F("bits").bitand(_signed(low * 3)), _signed(low))
    if verdict is Verdict.MET:
        return Q(all_met)
    return Q(none_unmet) & ~Q(all_met) if verdict is Verdict.UNKNOWN else ~Q(none_unmet)


def _either_bit() -> Any:
    """Each rule's low bit set where one of its two is."""
    return Func(F("bits"), F("bits").bitrightshift(1), arg_joiner=" | ", template="(%(expressions)s)")


def _signed(mask: int) -> int:
    """The mask as PostgreSQL's bigint has it."""
    return mask - (1 << 64) if mask >> 63 else mask
