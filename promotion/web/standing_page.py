"""A person's standing as of a month, put together for one page: who they are, what they hold, what is asked next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from policy.compiler import Explanation, Outcome
from policy.language.checked import Checked, Ladder
from policy.selectors import governing_department
from promotion.models import Standing
from promotion.sweep.selectors import explanation_of, months_with_standing, policy_of, standing_of
from promotion.web.conditions import Condition, Conditions, conditions_of, grouped, with_evidence
from promotion.web.evidence import facts_of
from promotion.web.history import Entry, TierSpan, history_of, tier_spans
from promotion.web.panels import Panel, PanelRequest, panels_for
from promotion.web.place import Place, place_of, supervisors_of
from promotion.web.tiers import TierView, tier_views
from staff.kernel.access import Access
from staff.kernel.periods import Month, completed_months
from staff.models import Employee


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
    months = tuple(months_with_standing(employee.pk))
    if month is not None and month not in months:
        return None
    shown = month or (months[0] if months else Month.of(today).previous)
    standing = standing_of(employee.pk, shown) if months else None
    spans = tier_spans(employee)
    place = place_of(employee, min(shown.last_day, today) if standing else today)
    if standing is None:
        return _without_standing(access, employee, place, shown, spans, today)
    return _judged(access, employee, place, standing, months, spans)


def _judged(
    access: Access, employee: Employee, place: Place, standing: Standing, months: tuple[Month, ...],
    spans: tuple[TierSpan, ...],
) -> StandingPage:  # fmt: skip
    checked, explanation = policy_of(standing), explanation_of(standing)
    views = tier_views(_ladder(checked))
    conditions, triggers = _conditions(standing, explanation)
    held = [span for span in spans if span.period.lower <= standing.month.last_day]
    return StandingPage(
        employee=employee,
        own=access.employee_id == employee.pk,
        place=place,
        state=State.JUDGED,
        month=standing.month,
        months=months,
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
    now = next(
        (span for span in spans if today in span.period and ladder and span.ladder == governed.version.key), None
    )  # type: ignore[union-attr]
    views = tier_views(ladder) if ladder else {}
    return StandingPage(
        employee=employee,
        own=access.employee_id == employee.pk,
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


def _state(employee: Employee, month: Month, today: date, governed: bool, tiered: bool) -> State:
    if employee.left_on is not None and employee.left_on < today:
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


def _conditions(standing: Standing, explanation: Explanation) -> tuple[tuple[Condition, ...], tuple[Condition, ...]]:
    facts = facts_of(standing, explanation)
    missing = {month for finding in (*explanation.conditions, *explanation.triggers) for month in finding.missing}
    owners = supervisors_of(standing.employee_id, missing)
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
