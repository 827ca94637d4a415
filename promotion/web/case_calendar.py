"""The working days of a case as a month's sheet shows them: told, statement, today, appeal, effect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from promotion.cases.actions.decide import APPEAL
from promotion.cases.actions.serve import STATEMENT
from promotion.cases.models import Proceeding, Track
from staff.kernel.workdays import Workdays

_MOST_WEEKS = 9


@dataclass(frozen=True, slots=True)
class Cell:
    """``look`` is one of told, hear, appeal, live, today, rest, or empty."""

    day: date
    shown: str
    look: str
    label: str = ""


def calendar_of(proceeding: Proceeding, today: date) -> list[Cell]:
    """From the Monday of the letter on; nothing before it is served. Days to come are those of a decision today, where none is
    taken yet.
    """
    if proceeding.served_on is None or proceeding.statement_due is None:
        return []
    known = Workdays.known()
    marks: dict[date, tuple[str, str]] = {proceeding.served_on: ("told", _("told"))}
    for n, day in enumerate(known.days_of_term(proceeding.served_on, STATEMENT), 1):
        marks[day] = ("hear", _("say %(n)s") % {"n": n})
    decided = proceeding.decided_on or max(today, proceeding.statement_due)
    end = max(today, proceeding.statement_due)
    if proceeding.track == Track.DEMOTION and proceeding.decision in ("", "demotion"):
        for n, day in enumerate(known.days_of_term(decided, APPEAL), 1):
            marks.setdefault(day, ("appeal", _("appeal %(n)s") % {"n": n}))
            end = day
        live = proceeding.tier_on or end + timedelta(days=1)
        if (live - proceeding.served_on).days < _MOST_WEEKS * 7:
            marks[live] = ("live", _("effect"))
            end = max(end, live)
    first = proceeding.served_on - timedelta(days=proceeding.served_on.weekday())
    weeks = min(_MOST_WEEKS, (end - first).days // 7 + 1)
    return [_cell(first + timedelta(days=n), marks, known, today, n == 0) for n in range(weeks * 7)]


def _cell(day: date, marks: dict[date, tuple[str, str]], known: Workdays, today: date, first: bool) -> Cell:
    look, label = marks.get(day, ("" if known.works(day) else "rest", ""))
    shown = f"{day.month}/{day.day}" if first or day.day == 1 else str(day.day)
    if day == today:
        return Cell(day, shown, "today", label or _("today"))
    return Cell(day, shown, look, label)
