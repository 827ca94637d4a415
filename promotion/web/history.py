"""A person's way: tiers from the ledger, the dates of employment, and findings that matter to a ladder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from assessment.models import Event, EventStatus
from promotion.models import TierPeriod
from promotion.web.tiers import TierView
from staff.kernel.access import Access
from staff.kernel.words import in_english
from staff.models import Employee

#: How many findings are told; the others are with the clauses they bear on.
FINDINGS = 12


@dataclass(frozen=True, slots=True)
class TierSpan:
    """A tier held over a half-open period, and the ledger line that gave it."""

    ladder: str
    tier: str
    period: Any
    kind: str
    seq: int
    author: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A dated line of the timeline; ``tier`` where a tier was gained."""

    day: date
    words: str
    tier: TierView | None = None
    note: str = ""


def tier_spans(employee: Employee) -> tuple[TierSpan, ...]:
    """Oldest first, in one query. What stands in the ledger is told whole, whichever ladder it was."""
    periods = TierPeriod.objects.filter(employee=employee).select_related("line__author__employee").order_by("period")
    return tuple(
        TierSpan(
            period.ladder, period.tier, period.period, period.get_kind_display(), period.line_id,
            str(period.line.author) if period.line.author else "",
        )
        for period in periods
    )  # fmt: skip


def history_of(
    access: Access, employee: Employee, spans: tuple[TierSpan, ...], views: dict[str, TierView], day: date
) -> tuple[Entry, ...]:
    """Latest first, up to ``day``."""
    entries = [_of_tier(span, views) for span in spans]
    entries += [_of_event(event, views) for event in _findings(access, employee, day)]
    entries.append(Entry(employee.hired_on, _("Hired")))
    if employee.regularised_on:
        entries.append(Entry(employee.regularised_on, _("Regularised")))
    if employee.left_on:
        entries.append(Entry(employee.left_on, _("Last day of work")))
    return tuple(sorted((e for e in entries if e.day <= day), key=lambda e: e.day, reverse=True))


def _of_tier(span: TierSpan, views: dict[str, TierView]) -> Entry:
    view = views.get(span.tier) or TierView(span.tier, span.tier, "other")
    line = _("ledger no. %(seq)s") % {"seq": span.seq}
    return Entry(span.period.lower, span.kind, view, f"{line} · {span.author}" if span.author else line)


def _findings(access: Access, employee: Employee, day: date) -> list[Any]:
    """Upheld findings and exams taken; what is merely alleged is told to nobody by the timeline."""
    upheld = Q(kind__upheld_by_default=True, status__in=("", EventStatus.UPHELD))
    taken = Q(status__in=(EventStatus.PASSED, EventStatus.FAILED))
    events = Event.objects.visible_to(access).filter(employee=employee, day__range=(employee.hired_on, day))
    return list(events.filter(upheld | taken).select_related("kind").order_by("-day")[:FINDINGS])


def _of_event(event: Any, views: dict[str, TierView]) -> Entry:
    english = in_english()
    kind = event.kind.en if english else event.kind.zh
    status = str(EventStatus(event.status or EventStatus.UPHELD).label)
    if event.status in (EventStatus.PASSED, EventStatus.FAILED):
        subject = views[event.subject].name if event.subject in views else event.subject
        words = _("%(kind)s for %(subject)s: %(status)s") if subject else _("%(kind)s: %(status)s")
        return Entry(
            event.day, words % {"kind": kind, "subject": subject, "status": status}, note=_score(event, english)
        )
    return Entry(event.day, _("%(kind)s: %(status)s") % {"kind": kind, "status": status})


def _score(event: Any, english: bool) -> str:
    """``分数 86``; nothing where none was recorded."""
    name = event.kind.quantity_en if english else event.kind.quantity_zh
    return f"{name} {event.quantity.normalize():f}" if name and event.quantity is not None else ""
