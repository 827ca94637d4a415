"""A person's standing as of a month, put together for one page: who they are, what they hold, what is asked next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery

from assessment.models import Result
from assessment.selectors.own_results import latest_beside, latest_read, latest_result
from policy.compiler import Explanation, Outcome
from policy.language.checked import Checked, Clause, Ladder
from policy.selectors import governing_department
from promotion.applications.models import Application
from promotion.applications.selectors import under_way, why_not_begin
from promotion.models import RunShard, Standing
from promotion.sweep.selectors import explanation_of, policy_of
from promotion.web.absent import State, elsewhere, gone, state_of, why_not_since
from promotion.web.application_words import next_in_words
from promotion.web.conditions import Condition, Conditions, asked_of, conditions_of, grouped, with_evidence
from promotion.web.evidence import Place as Citation
from promotion.web.evidence import facts_of
from promotion.web.facts import Facts
from promotion.web.forecast import Forecast, forecasts_of
from promotion.web.history import Entry, TierSpan, history_of, tier_spans
from promotion.web.panels import Panel, PanelRequest, panels_for
from promotion.web.place import Place, led_by, place_of, supervisors_on
from promotion.web.process import APPLICATION, PROCESS
from promotion.web.tiers import TierView, tier_views
from staff.kernel.access import Access
from staff.kernel.periods import Month, completed_months
from staff.models import Employee, SupervisorPeriod


@dataclass(frozen=True, slots=True)
class Tread:
    """A tier on the stairs: ``done``, ``here``, ``next`` or ``later``, and since when it was or is held."""

    tier: TierView
    state: str
    since: date | None


@dataclass(frozen=True, slots=True)
class StandingPage:
    """Everything the page shows. ``conditions`` and ``triggers`` are empty where there is no standing; ``asked`` then tells
    what the next tier will ask. ``elsewhere``: a tier held by the ledger of another policy. ``since``: why no later month has
    been judged; None where one has, or the standing is of the last month that ended. ``result``: the last one of a scorecard.
    ``application``: the one that is under way; ``why_not_apply``: why none can be begun though the standing would have it.
    ``judged_at_tier``: what was held when it was judged, where the ledger has another tier by now, which is then ``tier``.
    """

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
    process: tuple[str, ...] = ()
    forecasts: tuple[Forecast, ...] = ()
    asked: tuple[Condition, ...] = ()
    elsewhere: TierView | None = None
    scope: Clause | None = None
    since: State | None = None
    result: Result | None = None
    last_ended: Month | None = None
    application: Application | None = None
    why_not_apply: str = ""
    judged_at_tier: TierView | None = None

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
        return max(completed_months(self.tier_since, self.month), 0) if self.tier_since else None

    @property
    def exempt(self) -> bool:
        """Whether the month itself does not count for the person; the reason is nobody else's business."""
        every = (*self.conditions.open, *self.conditions.met, *self.triggers)
        cells = (cell for condition in every if condition.facts for cell in condition.facts.cells)
        return any(cell.month == self.month and cell.state == "off" for cell in cells)

    @property
    def expected(self) -> Month | None:
        """The month as of which everything measured would be met, where every clause that is not yet has such a month."""
        reached = [forecast.reached for forecast in self.forecasts]
        if not reached or len(reached) < len(self.conditions.unmet) or None in reached:
            return None
        return max(month for month in reached if month is not None)

    @property
    def applies_for_it(self) -> bool:
        """Whether the way to the next tier begins with the person's own application."""
        return APPLICATION in self.process

    @property
    def next_of_application(self) -> str:
        """What happens next with the application that is under way; empty without one."""
        return next_in_words(self.application, own=self.own) if self.application else ""

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps that follow, in words."""
        return tuple(str(PROCESS[step]) for step in self.process)

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
    standings = _standings(access, employee, month, today)
    standing = standings[0] if standings else None
    if standing is None and month is not None:
        return None
    spans, led = tier_spans(employee), led_by(employee)
    place = place_of(employee, standing.month.last_day if standing else today, led)
    if standing is None:
        return _without_standing(access, employee, place, Month.of(today).previous, spans, today)
    return _judged(access, employee, place, standings, spans, led, today)


def _standings(access: Access, employee: Employee, month: Month | None, today: date) -> list[Standing]:
    """The one to show and those of the two months before it, in one query: each with its run and version, in ``months``
    every month that has one, latest first, in ``known_at`` the instant whose facts it was judged by, and in ``result`` what
    the person's last month came to. A month that has not ended is a look ahead: shown where it is asked for, listed nowhere.
    """
    ended = Standing.objects.current().filter(month__lt=Month.of(today))
    every = ended.filter(employee=OuterRef("employee")).order_by("-month").values("month")
    shard = RunShard.objects.filter(
        run=OuterRef("run"), low__lt=OuterRef("employee_id"), high__gte=OuterRef("employee_id")
    )
    current = Standing.objects.current().filter(month__lte=month) if month is not None else ended
    found = list(
        current.filter(employee=employee)
        .select_related("run__version")
        .annotate(
            months=ArraySubquery(every),
            known_at=Subquery(shard.values("known_at")[:1]),
            result=latest_beside(access, "employee"),
        )
        .order_by("-month")[:3]
    )
    return [] if month is not None and found and found[0].month != month else found


def _judged(
    access: Access,
    employee: Employee,
    place: Place,
    standings: list[Standing],
    spans: tuple[TierSpan, ...],
    led: list[SupervisorPeriod],
    today: date,
) -> StandingPage:
    standing, *before = standings
    checked, explanation = policy_of(standing), explanation_of(standing)
    views = tier_views(_ladder(checked))
    facts = facts_of(standing, explanation, standing.known_at)  # type: ignore[attr-defined]
    conditions, triggers = _conditions(explanation, facts, led)
    step = _ladder(checked).step_from(standing.tier)
    last = Month.of(today).previous
    months = tuple(Month.parse(str(month)) for month in standing.months)  # type: ignore[attr-defined]
    is_newest = months[:1] == (standing.month,)
    own, under = access.employee_id == employee.pk, under_way(access, employee.pk)
    moved = _moved_to(standing, spans, today) if is_newest and not gone(employee, today) else None
    tier, until = (moved.tier, today) if moved else (standing.tier, standing.month.last_day)
    held = [span for span in spans if span.period.lower <= until]
    return StandingPage(
        employee=employee,
        own=access.employee_id == employee.pk,
        gone=gone(employee, today),
        place=place,
        state=State.JUDGED,
        month=standing.month,
        months=months,
        standing=standing,
        tier=views.get(tier),
        tier_since=moved.period.lower if moved else standing.tier_since,
        treads=_treads(views, tier, held),
        target=views.get(str(step.target)) if step else None,
        conditions=grouped(conditions),
        triggers=triggers,
        history=history_of(access, employee, spans, views, until),
        panels=_panels(access, employee, standing, checked),
        process=step.process if step else (),
        forecasts=() if gone(employee, today) else forecasts_of(standing, explanation, facts, before),
        since=why_not_since(employee, spans, today) if is_newest and standing.month < last else None,
        result=latest_read(standing.result),  # type: ignore[attr-defined]
        last_ended=last,
        application=under,
        why_not_apply=_why_not_apply(
            access,
            standing,
            own=own and under is None and step is not None and APPLICATION in step.process,
            moved=bool(moved),
        ),
        judged_at_tier=views.get(standing.tier) if moved else None,
    )


def _moved_to(standing: Standing, spans: tuple[TierSpan, ...], today: date) -> TierSpan | None:
    """What the ledger has today, where it is another tier of that ladder than the one that was judged."""
    ladder = standing.run.version.key
    now = next((span for span in spans if today in span.period and span.ladder == ladder), None)
    return now if now is not None and now.tier != standing.tier else None


def _why_not_apply(access: Access, standing: Standing, *, own: bool, moved: bool) -> str:
    """Asked where one may by a standing that is not of record, or of another tier: what is applied on is the last of record."""
    may = standing.outcome in (Outcome.ELIGIBLE, Outcome.WAITING_FOR_DATA)
    return why_not_begin(access) if own and may and (moved or not standing.run.of_record) else ""


def _without_standing(
    access: Access, employee: Employee, place: Place, month: Month, spans: tuple[TierSpan, ...], today: date
) -> StandingPage:
    """The tier and the ladder are known before anybody has been judged."""
    governed = governing_department(place.department_id, today, part="ladder") if place.department_id else None
    ladder = governed.checked.ladder if governed else None
    key = governed.version.key if governed else ""
    held = [span for span in spans if today in span.period]
    now = next((span for span in held if span.ladder == key), None)
    views = tier_views(ladder) if ladder else {}
    state = state_of(employee, month, today, governed, now is not None)
    step = ladder.step_from(now.tier) if ladder and now else None
    return StandingPage(
        employee=employee,
        own=access.employee_id == employee.pk,
        gone=gone(employee, today),
        place=place,
        state=state,
        month=month,
        months=(),
        standing=None,
        tier=views.get(now.tier) if now else None,
        tier_since=now.period.lower if now else None,
        treads=_treads(views, now.tier if now else "", list(spans)),
        target=views.get(str(step.target)) if step else None,
        conditions=grouped(()),
        triggers=(),
        history=history_of(access, employee, spans, views, today),
        panels=(),
        process=step.process if step else (),
        asked=asked_of(step.clauses, governed.checked) if step and governed else (),
        elsewhere=elsewhere(held, key),
        scope=governed.checked.applies if governed else None,
        result=latest_result(access, employee),
    )


def _ladder(checked: Checked) -> Ladder:
    if checked.ladder is None:
        raise ValueError(f"{checked.key} has no ladder, yet somebody was judged by it")
    return checked.ladder


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
    explanation: Explanation, facts: dict[Citation, Facts], led: list[SupervisorPeriod]
) -> tuple[tuple[Condition, ...], tuple[Condition, ...]]:
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
