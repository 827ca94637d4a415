"""On a draft's page: how the last swept month would have come out by it, and who would stand otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count

from policy.compiler import Explanation, Finding
from policy.drafting.effects import Effect, EffectRequest
from policy.language.nodes import plain_number
from policy.web.tiers import TierView, tier_views
from promotion.models import TierPeriod
from promotion.sweep.simulation import Moved, Simulation, months_swept, simulated
from promotion.web.outcomes import OUTCOMES, OutcomeView
from staff.kernel.access import Access, Thing, Verb
from staff.models import Employee

#: Whoever decides on a draft or writes it; nobody else learns from it how others stand.
_READERS = frozenset({"hr", "gm", "auditor"})
_SIGNS = {">=": "≥", "<=": "≤", "!=": "≠"}
#: Clauses of a person that are told; the rest shows on the person's own page once it is in force.
_TOLD = 3


@dataclass(frozen=True, slots=True)
class Row:
    """An outcome: how many have it now and by the draft."""

    view: OutcomeView
    before: int
    after: int

    @property
    def change(self) -> int:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Line:
    """A person whose outcome changes; a side is None where that document does not judge them."""

    employee_no: str
    name: str
    tier: TierView | None
    before: OutcomeView | None
    after: OutcomeView | None
    why: tuple[str, ...]


def draft_effect(request: EffectRequest) -> Effect | None:
    """None for a policy without a ladder, or whose ladder no sweep has judged by, or where the reader sees no standings."""
    if request.draft.ladder is None or not request.access.roles_for(Thing.STANDING, Verb.READ) & _READERS:
        return None
    found = simulated(request)
    if found is None:
        return None
    context = {
        "month": found.month,
        "months": months_swept(str(request.draft.key)),
        "rows": [Row(view, found.of(n, 0), found.of(n, 1)) for n, view in OUTCOMES.items()],
        "lines": list(_lines(request, found)),
        "found": found,
        "address": request.address,
    }
    return Effect("promotion/_draft_effect.html", context)


def tier_counts(access: Access, key: str) -> dict[str, int] | None:
    """Tier → how many of those whom the reader may see hold it today; None for whoever reads of themselves alone."""
    if not access.roles_for(Thing.LEDGER, Verb.READ) - {"employee"}:
        return None
    rows = TierPeriod.objects.visible_to(access).filter(
        ladder=key, period__contains=access.day, employee__in=Employee.objects.all().employed_on(access.day)
    )
    return dict(rows.order_by().values("tier").annotate(n=Count("pk")).values_list("tier", "n"))


def _lines(request: EffectRequest, found: Simulation) -> Iterator[Line]:
    views = tier_views(request.draft.ladder) if request.draft.ladder else {}
    for moved in found.moved:
        yield Line(
            moved.employee_no,
            moved.name,
            views.get(moved.tier),
            _view(moved.before),
            _view(moved.after),
            tuple(_why(moved))[:_TOLD],
        )


def _view(explanation: Explanation | None) -> OutcomeView | None:
    return OUTCOMES[explanation.outcome] if explanation else None


def _why(moved: Moved) -> Iterator[str]:
    """Clauses whose verdict or figures differ: 四.2.9 2 → 1."""
    if moved.before is None or moved.after is None:
        return
    old = {_key(f): f for f in (*moved.before.conditions, *moved.before.triggers)}
    for new in (*moved.after.conditions, *moved.after.triggers):
        was = old.get(_key(new))
        if was is None or (was.verdict, was.observed, was.threshold) == (new.verdict, new.observed, new.threshold):
            continue
        yield f"{new.clause.number}: {_figures(was, new)}"


def _key(finding: Finding) -> tuple[str, str | None]:
    return (finding.clause.number, finding.rule)


def _figures(was: Finding, new: Finding) -> str:
    """What is seen by each and what is asked: 2 → 1 (≤ 1)."""
    if was.threshold == new.threshold:
        return f"{_plain(was.observed)} → {_plain(new.observed)} ({_asked(new)})"
    return f"{_plain(was.observed)} ({_asked(was)}) → {_plain(new.observed)} ({_asked(new)})"


def _asked(finding: Finding) -> str:
    sign = _SIGNS.get(finding.op or "", finding.op)
    return f"{sign} {_plain(finding.threshold)}"


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return plain_number(value)
    return "?" if value is None else str(value)
