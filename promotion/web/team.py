"""The people of one's scope with their latest standing: who needs an act first, and how far each is from the next tier.

Order and counts are the database's, whatever the number of people; only the rows of a page are read and decoded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, FilteredRelation, Func, IntegerField, Max, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from policy.compiler import Finding, Outcome, SweepStatement, Verdict, findings, label
from policy.compiler.say import rounded
from policy.language.checked import Rule
from policy.language.nodes import plain_number
from policy.selectors import checked
from promotion.models import Run, RunState, Standing, TierPeriod
from promotion.sweep.evaluation import statement_of
from promotion.sweep.selectors import policy_of
from promotion.web.conditions import rule_of, share_away
from promotion.web.outcomes import OUTCOMES, OutcomeView
from promotion.web.tiers import TierView, say, views_of
from staff.kernel.access import Access
from staff.kernel.periods import Month, completed_months
from staff.models import Employee

#: Whoever needs an act first.
FIRST = (
    Outcome.DEMOTION_PROPOSED, Outcome.WARNING, Outcome.ELIGIBLE, Outcome.WAITING_FOR_DATA, Outcome.NOT_YET, Outcome.TOP,
)  # fmt: skip
_LAST = 99


@dataclass(frozen=True, slots=True)
class Distance:
    """How far a standing is from the next tier: measured clauses met of all, and in words what is left.

    ``unmet`` are the nearest first, such as ``客户 3/5``; ``waiting`` what is not reported; ``fired`` the clauses met by which
    a tier is lost.
    """

    met: int
    total: int
    unmet: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    fired: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A person of the list."""

    person: Employee
    tier: TierView | None
    months: int | None
    outcome: OutcomeView | None
    distance: Distance | None


def last_month(today: date) -> Month | None:
    """The last month that has ended and has standings."""
    found: Month | None = Standing.objects.current().filter(month__lt=Month.of(today)).aggregate(n=Max("month"))["n"]
    return found


def judged(people: QuerySet[Any], month: Month | None) -> QuerySet[Any]:
    """The same people with their standing of the month, as ``now``."""
    condition = Q(standings__month=month, standings__superseded_by__isnull=True)
    return people.annotate(now=FilteredRelation("standings", condition=condition))


def counts_of(people: QuerySet[Any]) -> dict[int | None, int]:
    """outcome → how many of these judged people; under None those who have no standing."""
    return dict(people.order_by().values_list("now__outcome").annotate(n=Count("pk")))


def in_order(people: QuerySet[Any], month: Month | None) -> QuerySet[Any]:
    """Leavers last; whoever needs an act first; of those not there yet, whom the fewest clauses part from it."""
    urgency = Case(*(When(now__outcome=one, then=Value(at)) for at, one in enumerate(FIRST)), default=Value(_LAST))
    return people.order_by(F("left_on").desc(nulls_first=True), urgency, *_to_go(month), "pinyin", "employee_no")


def lines_of(found: list[Employee], month: Month | None, today: date) -> list[Line]:
    """Of one page: three queries, and a decoding for each person."""
    standings = {
        standing.employee_id: standing
        for standing in Standing.objects.current()
        .filter(month=month, employee__in=found)
        .select_related("run__version")
    }
    held, views = _held(found, today)
    return [_line(person, held.get(person.pk), standings.get(person.pk), views, today) for person in found]


def tiers_beside(people: Sequence[Employee], access: Access) -> dict[int, TierView]:
    """Employee's id → the tier of the day, for names on other pages; whoever is on no ladder has none."""
    held, views = _held(people, access.day)
    return {pk: _view(one, views) for pk, one in held.items()}


def _held(people: Sequence[Employee], day: date) -> tuple[dict[int, TierPeriod], dict[tuple[str, str], TierView]]:
    held = {one.employee_id: one for one in TierPeriod.objects.filter(employee__in=people, period__contains=day)}
    return held, views_of({one.ladder for one in held.values()})


def _view(held: TierPeriod, views: dict[tuple[str, str], TierView]) -> TierView:
    return views.get((held.ladder, held.tier)) or TierView(held.tier, held.tier, "other")


def _line(
    person: Employee,
    held: TierPeriod | None,
    standing: Standing | None,
    views: dict[tuple[str, str], TierView],
    today: date,
) -> Line:
    return Line(
        person=person,
        tier=_view(held, views) if held else None,
        months=completed_months(held.period.lower, Month.of(today).previous) if held and held.period.lower else None,
        outcome=OUTCOMES[standing.outcome] if standing else None,
        distance=_distance(standing) if standing else None,
    )


def _distance(standing: Standing) -> Distance:
    explanation = findings(statement_of(policy_of(standing)), standing, standing.month)
    measured = [
        (finding, rule)
        for finding in explanation.conditions
        if (rule := rule_of(finding)) is not None and not rule.by_process
    ]
    unmet = sorted((one for one in measured if one[0].verdict is Verdict.UNMET), key=lambda one: _away(one[0]))
    return Distance(
        met=sum(finding.verdict is Verdict.MET for finding, _rule in measured),
        total=len(measured),
        unmet=tuple(_short(finding, rule) for finding, rule in unmet),
        waiting=tuple(say(label(rule)) for finding, rule in measured if finding.verdict is Verdict.UNKNOWN),
        fired=tuple(finding.clause.number for finding in explanation.triggers if finding.verdict is Verdict.MET),
    )


def _away(finding: Finding) -> Decimal:
    """How far it is as a share of what is asked; what no number says is the farthest."""
    away = share_away(finding)
    return Decimal("Infinity") if away is None else away


def _short(finding: Finding, rule: Rule) -> str:
    """``客户 3/5``; the bare name where one of it is all that is asked, or no number says how far it is."""
    seen, asked = finding.observed, finding.threshold
    name = say(label(rule))
    if not isinstance(seen, Decimal) or not isinstance(asked, Decimal) or (finding.op == ">=" and asked == 1):
        return name
    much = plain_number(rounded(seen, asked))
    return f"{name} {much}/{plain_number(asked)}" if finding.op == ">=" else f"{name} {much}"


def _to_go(month: Month | None) -> list[Case]:
    """How many measured clauses are not met, from the bits of the evidence. A case for each policy and tier of the month."""
    if month is None:
        return []
    runs: dict[SweepStatement, list[int]] = {}
    for run in Run.objects.filter(month=month, state=RunState.DONE).select_related("version"):
        runs.setdefault(statement_of(checked(run.version, run.values)), []).append(run.pk)
    cases = [
        When(now__run__in=ids, now__tier=str(tier.key), then=_unmet(statement, str(tier.key)))
        for statement, ids in runs.items()
        for tier in statement.ladder.tiers
    ]
    return [Case(*cases, default=Value(_LAST), output_field=IntegerField())] if cases else []


def _unmet(statement: SweepStatement, tier: str) -> Combinable | Value:
    """Measured clauses of the tier's step whose verdict is not met: met is the only verdict with its low bit set."""
    step = statement.ladder.step_from(tier)
    places = [
        at
        for at, (clause, rule) in enumerate(statement.rules_of(tier))
        if step and clause in step.clauses and not rule.by_process
    ]
    mask = sum(int(Verdict.MET) << 2 * at for at in places)
    met = Func(
        F("now__bits").bitand(mask), template="bit_count((%(expressions)s)::bit(64))::int", output_field=IntegerField()
    )
    return Value(len(places)) - met
