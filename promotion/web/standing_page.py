"""A person's standing as of a month, put together for one page: who they are, what they hold, what is asked next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery

from policy.compiler import Explanation, Outcome
from policy.language.checked import Checked, Ladder
from policy.selectors import governing_department
from promotion.models import RunShard, Standing
from promotion.sweep.selectors import explanation_of, policy_of
from promotion.web.conditions import Condition, Conditions, conditions_of, grouped, with_evidence
from promotion.web.evidence import facts_of
from promotion.web.history import Entry, TierSpan, history_of, tier_spans
from promotion.web.panels import Panel, PanelRequest, panels_for
from promotion.web.place import Place, led_by, place_of, supervisors_on
from promotion.web.tiers import TierView, tier_views
from staff.kernel.access import Access
from staff.kernel.periods import Month, completed_months
from staff.models import Employee, SupervisorPeriod


class State(StrEnum):
    """Why there is a standing to show, or none."""

    JUDGED = "judged"
    NOT_SWEPT = "not_swept"
    TOO_NEW = "too_new"
    NO_POLICY = "no_policy"
    NO_TIER = "no_tier"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Tread:
    """A tier on the stairs: ``done``, ``here``, ``next`` or ``later``, and since when it was or is held."""

    tier: TierView
    state: str
    since: date | None


@dataclass(frozen=True, slots=True)
class StandingPage:
    """Everything the page shows. ``conditions`` and ``triggers`` are empty where there is no standing."""

    employee: Employee
    own: bool
    gone: bool
    place: Place
    state: State
    month: Month
    months: tuple[Month, ...]
    standing: Standing | None
    tier: TierView | None
    tier_since: date | None
    treads: tuple[Tread, ...]
    target: TierView | None
    conditions: Conditions
    triggers: tuple[Condition, ...]
    history: tuple[Entry, ...]
    panels: tuple[Panel, ...]

    @property
    def outcome(self) -> str:
        """The outcome's name on the wire; empty where there is none."""
        return str(Outcome(self.standing.outcome)) if self.standing else ""

    @property
    def of_record(self) -> bool:
        return self.standing is not None and self.standing.run.of_record

    @property
    def judged_at(self) -> datetime | None:
        return self.standing.run.finished_at if self.standing else None

    @property
    def months_held(self) -> int | None:
        return completed_months(self.tier_since, self.month) if self.tier_since else None

    @property
    def exempt(self) -> bool:
        """Whether the month itself does not count for the person; the reason is nobody else's business."""
        every = (*self.conditions.open, *self.conditions.met, *self.triggers)
        cells = (cell for condition in every if condition.facts for cell in condition.facts.cells)
        return any(cell.month == self.month and cell.state == "off" for cell in cells)

    @property
    def latest(self) -> bool:
        return not self.months or self.month == self.months[0]

    @property
    def next_month(self) -> Month:
        return (self.months[0] if self.months else self.month).next

    @property
    def fired(self) -> tuple[Condition, ...]:
        return tuple(trigger for trigger in self.triggers if trigger.verdict == "met")

    @property
    def pressing(self) -> tuple[Condition, ...]:
        """What is said first: the demotion clauses that have been met, else what stands in the way."""
        return self.fired or self.conditions.open

    @property
    def quiet(self) -> tuple[Condition, ...]:
        """Demotion clauses that have not been met, the undecided ones first."""
        return tuple(sorted((t for t in self.triggers if t.verdict != "met"), key=lambda t: t.verdict != "unknown"))


def standing_page(access: Access, employee: Employee, *, month: Month | None, today: date) -> StandingPage | None:
    """The page as of ``month``, or of the latest standing; None where a month is asked for that has no standing."""
    standing = _standing(employee, month, today)
    if standing is None and month is not None:
        return None
    spans, led = tier_spans(employee), led_by(employee)
    place = place_of(employee, standing.month.last_day if standing else today, led)
    if standing is None:
        return _without_standing(access, employee, place, Month.of(today).previous, spans, today)
    return _judged(access, employee, place, standing, spans, led, today)


def _standing(employee: Employee, month: Month | None, today: date) -> Standing | None:
    """One query for the page: with its run and version, in ``months`` every month that has one, latest first, and in
    ``known_at`` the instant whose facts it was judged by. A month that has not ended is a look
    ahead: shown where it is asked for, listed nowhere.
    """
    ended = Standing.objects.current().filter(month__lt=Month.of(today))
    every = ended.filter(employee=OuterRef("employee")).order_by("-month").values("month")
    shard = RunShard.objects.filter(
        run=OuterRef("run"), low__lt=OuterRef("employee_id"), high__gte=OuterRef("employee_id")
    )
    current = Standing.objects.current().filter(month=month) if month is not None else ended
    found: Standing | None = (
        current.filter(employee=employee)
        .select_related("run__version")
        .annotate(months=ArraySubquery(every), known_at=Subquery(shard.values("known_at")[:1]))
        .order_by("-month")
        .first()
    )
    return found


def _judged(
    access: Access,
    employee: Employee,
    place: Place,
    standing: Standing,
    spans: tuple[TierSpan, ...],
    led: list[SupervisorPeriod],
    today: date,
) -> StandingPage:
    checked, explanation = policy_of(standing), explanation_of(standing)
    views = tier_views(_ladder(checked))
    conditions, triggers = _conditions(standing, explanation, led)
    held = [span for span in spans if span.period.lower <= standing.month.last_day]
    return StandingPage(
        employee=employee,
        own=access.employee_id == employee.pk,
        gone=_gone(employee, today),
        place=place,
        state=State.JUDGED,
        month=standing.month,
        months=tuple(Month.parse(str(month)) for month in standing.months),  # type: ignore[attr-defined]
        standing=standing,
        tier=views.get(standing.tier),
        tier_since=standing.tier_since,
        treads=_treads(views, standing.tier, held),
        target=views.get(_next(checked, standing) or ""),
        conditions=grouped(conditions),
        triggers=triggers,
        history=history_of(access, employee, spans, views, standing.month.last_day),
        panels=_panels(access, employee, standing, checked),
    )


def _without_standing(
    access: Access, employee: Employee, place: Place, month: Month, spans: tuple[TierSpan, ...], today: date
) -> StandingPage:
    """The tier and the ladder are known before anybody has been judged."""
    governed = governing_department(place.department_id, today, part="ladder") if place.department_id else None
    ladder = governed.checked.ladder if governed else None
    key = governed.version.key if governed else ""
    now = next((span for span in spans if today in span.period and span.ladder == key), None)
    views = tier_views(ladder) if ladder else {}
    return StandingPage(
        employee=employee,
        own=access.employee_id == employee.pk,
        gone=_gone(employee, today),
        place=place,
        state=_state(employee, month, today, governed is not None, now is not None),
        month=month,
        months=(),
        standing=None,
        tier=views.get(now.tier) if now else None,
        tier_since=now.period.lower if now else None,
        treads=_treads(views, now.tier if now else "", list(spans)),
        target=None,
        conditions=grouped(()),
        triggers=(),
        history=history_of(access, employee, spans, views, today),
        panels=(),
    )


def _gone(employee: Employee, today: date) -> bool:
    return employee.left_on is not None and employee.left_on < today


def _state(employee: Employee, month: Month, today: date, governed: bool, tiered: bool) -> State:
    if _gone(employee, today):
        return State.LEFT
    if not governed:
        return State.NO_POLICY
    if not tiered:
        return State.NO_TIER
    return State.TOO_NEW if employee.hired_on > month.last_day else State.NOT_SWEPT


def _ladder(checked: Checked) -> Ladder:
    if checked.ladder is None:
        raise ValueError(f"{checked.key} has no ladder, yet somebody was judged by it")
    return checked.ladder


def _next(checked: Checked, standing: Standing) -> str | None:
    step = _ladder(checked).step_from(standing.tier)
    return str(step.target) if step else None


def _treads(views: dict[str, TierView], tier: str, spans: list[TierSpan]) -> tuple[Tread, ...]:
    """Below: done; the tier held; the next one; the rest. A tier skipped has no date."""
    keys = list(views)
    at = keys.index(tier) if tier in keys else -1
    since = {span.tier: span.period.lower for span in spans}
    states = [
        "done" if i < at else "here" if i == at else "next" if i == at + 1 and at >= 0 else "later"
        for i in range(len(keys))
    ]
    return tuple(
        Tread(views[key], state, since.get(key) if state in ("done", "here") else None)
        for key, state in zip(keys, states, strict=True)
    )


def _conditions(
    standing: Standing, explanation: Explanation, led: list[SupervisorPeriod]
) -> tuple[tuple[Condition, ...], tuple[Condition, ...]]:
    facts = facts_of(standing, explanation, standing.known_at)  # type: ignore[attr-defined]
    missing = {month for finding in (*explanation.conditions, *explanation.triggers) for month in finding.missing}
    owners = supervisors_on(led, (month.last_day for month in missing))
    both = []
    for findings in (explanation.conditions, explanation.triggers):
        shown = zip(conditions_of(findings), findings, strict=True)
        both.append(tuple(with_evidence(condition, facts, owners, found.missing) for condition, found in shown))
    return both[0], both[1]


def _panels(access: Access, employee: Employee, standing: Standing, checked: Checked) -> tuple[Panel, ...]:
    run = standing.run
    request = PanelRequest(
        access=access,
        employee=employee,
        day=standing.month.last_day,
        version=run.version,
        values=run.values,
        checked=checked,
        tier=standing.tier,
    )
    return tuple(panels_for(request))
