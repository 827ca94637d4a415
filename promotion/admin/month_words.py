"""A month in words: its three states as steps, its history as sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment.models import AssessmentMonth, MonthState
from assessment.selectors.windows import Window
from staff.kernel.access import Access
from staff.kernel.periods import Month
from staff.kernel.words import channel_name
from staff.models import AuditEntry
from staff.selectors.trail import entries_visible_to

_HISTORY_SHOWN = 30
_ORDER = (MonthState.OPEN, MonthState.CLOSING, MonthState.SEALED)


@dataclass(frozen=True, slots=True)
class Step:
    """One of the three states on a month's way. ``mark``: done, now or todo."""

    label: str
    mark: str
    at: date | datetime | None
    note: str


def steps_of(row: AssessmentMonth, window: Window) -> list[Step]:
    """``window``: that of the whole company."""
    reached = _ORDER.index(MonthState(window.state))
    said = (
        (_("open"), window.first, _("supervisors enter until %(day)s") % {"day": window.last}),
        (_("closing"), row.closing_since, _("HR fills what is missing, or accepts it")),
        (_("sealed"), row.sealed_at, _sealed_by(row)),
    )
    marks = ["done" if at < reached or reached == 2 else "now" if at == reached else "todo" for at in range(3)]
    return [Step(label, mark, at, note) for (label, at, note), mark in zip(said, marks, strict=True)]


def _sealed_by(row: AssessmentMonth) -> str:
    if row.state != MonthState.SEALED:
        return _("HR for the company; nothing changes after it")
    return _("by %(who)s") % {"who": row.sealed_by} if row.sealed_by else _("on the server")


def days_left(window: Window, day: date) -> str:
    """How long supervisors may still enter, in words."""
    left = (window.last - day).days
    if left == 0:
        return _("today is the last day")
    return ngettext("%(n)d day left", "%(n)d days left", left) % {"n": left} if left > 0 else _("over")


@dataclass(frozen=True, slots=True)
class Told:
    """A line of a month's history."""

    at: datetime
    who: str
    what: str
    reason: str


def history(access: Access, month: Month, metrics: dict[str, str]) -> list[Told]:
    """The latest first, as far as the account reads the trail; ``metrics``: key → name. One query."""
    entries: QuerySet[AuditEntry] = entries_visible_to(access).filter(object_type="month", object_key=str(month))
    rows = entries.select_related("actor__employee").order_by("-id")[:_HISTORY_SHOWN]
    return [Told(row.at, str(row.actor or channel_name(row.channel)), _what(row, metrics), row.reason) for row in rows]


def _what(entry: AuditEntry, metrics: dict[str, str]) -> str:
    before, after = entry.before or {}, entry.after or {}
    match entry.action:
        case "month_closing":
            return _("closed the intake")
        case "month_intake_until":
            return _("intake open until %(day)s") % {"day": after.get("until", "")}
        case "gaps_accepted":
            return _("accepted as missing: %(cells)s") % {"cells": _cells(after, metrics)}
        case "gaps_taken_back":
            return _("asked for again: %(cells)s") % {"cells": _cells(before, metrics)}
        case "month_chased":
            teams = after.get("teams", 0)
            return ngettext("reminded %(n)d team", "reminded %(n)d teams", teams) % {"n": teams}
        case "month_handed_in":
            return _("handed in the team of %(no)s") % {"no": after.get("supervisor", "")}
        case "hand_in_taken_back":
            return _("took the hand-in of %(no)s back") % {"no": before.get("supervisor", after.get("supervisor", ""))}
        case "month_sealed":
            return _("sealed, digest %(digest)s") % {"digest": after.get("digest", "")[:12]}
        case _:
            return entry.action


def _cells(numbers_of: dict[str, list[str]], metrics: dict[str, str]) -> str:
    """A few numbers of people a metric, then how many more."""
    return " · ".join(
        f"{metrics.get(key, key)} {' '.join(numbers[:5])}" + (f" +{len(numbers) - 5}" if len(numbers) > 5 else "")
        for key, numbers in numbers_of.items()
    )
