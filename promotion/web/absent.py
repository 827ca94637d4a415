"""Why somebody has no standing of a month: each reason is a sentence of the page, and none is a guess."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from policy.selectors import Governed, governing_department
from promotion.models import Run, RunState
from promotion.web.history import TierSpan
from promotion.web.tiers import TierView, views_of
from staff.kernel.periods import Month
from staff.models import DepartmentPeriod, Employee


class State(StrEnum):
    """Why there is a standing to show, or none."""

    JUDGED = "judged"
    NOT_SWEPT = "not_swept"
    TOO_NEW = "too_new"
    NO_POLICY = "no_policy"
    OUT_OF_SCOPE = "out_of_scope"
    NO_TIER = "no_tier"
    LEFT = "left"


def gone(employee: Employee, today: date) -> bool:
    return employee.left_on is not None and employee.left_on < today


def state_of(employee: Employee, month: Month, today: date, governed: Governed | None, tiered: bool) -> State:
    """Why there is no standing of the month. Whomever a sweep that has run leaves out, the policy does not concern."""
    if gone(employee, today):
        return State.LEFT
    if governed is None:
        return State.NO_POLICY
    if not tiered:
        return State.NO_TIER
    if employee.hired_on > month.last_day:
        return State.TOO_NEW
    swept = Run.objects.filter(month=month, version=governed.version, state=RunState.DONE)
    if governed.checked.applies is not None and swept.exists():
        return State.OUT_OF_SCOPE
    return State.NOT_SWEPT


def why_not_since(employee: Employee, spans: Iterable[TierSpan], today: date) -> State | None:
    """Why the month that ended last has no standing, where an earlier one has; None for leavers, of whom the page says so."""
    if gone(employee, today):
        return None
    placed = DepartmentPeriod.objects.filter(employee=employee, period__contains=today).first()
    governed = governing_department(placed.department_id, today, part="ladder") if placed else None
    tiered = any(today in span.period and governed and span.ladder == governed.version.key for span in spans)
    return state_of(employee, Month.of(today).previous, today, governed, tiered)


def elsewhere(held: Iterable[TierSpan], ladder: str) -> TierView | None:
    """The tier that the ledger has on another ladder than the one that governs."""
    other = next((span for span in held if span.ladder != ladder), None)
    if other is None:
        return None
    return views_of([other.ladder]).get((other.ladder, other.tier)) or TierView(other.tier, other.tier, "other")
