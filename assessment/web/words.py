"""Values and events as a page says them: values as their document asks them, events as the catalogue has them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from assessment.facts import kind_of
from assessment.measures import YES_NO, Measure
from assessment.models import Doubt, Event, EventKind, EventStatus
from policy.catalogue import Field, Names
from policy.compiler.say import quantity
from policy.tier_names import tier_names
from staff.kernel.words import in_english


def named(row: EventKind) -> str:
    """What the catalogue calls it."""
    return row.en if in_english() and row.en else row.zh


def amount(measure: Measure, value: Decimal) -> str:
    """``3 篇``, ``92.5%``, ``是``: a value as it is asked, with its unit or counting word."""
    if measure.unit == YES_NO:
        return _("yes") if value else _("no")
    english = in_english()
    said = quantity(value, measure.unit, None, "en" if english else "zh")
    counted = measure.word_zh and measure.unit in ("count", "number") and not english
    return f"{said} {measure.word_zh}" if counted else said


def status_of(event: Event) -> str:
    """``成立``; an empty status means upheld where only upheld ones count, and nothing elsewhere."""
    if not event.status:
        return str(EventStatus.UPHELD.label) if event.kind.upheld_by_default else ""
    return str(EventStatus(event.status).label)


def about(doubt: Doubt, measures: Mapping[int, Measure]) -> str:
    """``优秀发布案例数``, or ``投诉 2026-10-09``; ``measures`` are those of ``measures_doubted``."""
    if doubt.event is not None:
        return f"{named(doubt.event.kind)} {doubt.event.day.isoformat()}"
    return measures[doubt.pk].name if doubt.pk in measures else ""


class EventWords:
    """Says what events hold; the names of tiers are read once, and only where an event is for a tier."""

    def details(self, event: Event) -> list[tuple[str, str]]:
        """(meaning, value) of the event's subject and quantity, those that it has."""
        fields = {str(field.name): field for field in kind_of(event.kind).fields}
        found = []
        if event.subject:
            field = fields.get("subject")
            found.append((_meaning(field), self._subject(event.subject, field)))
        if event.quantity is not None:
            found.append((_meaning(fields.get("quantity")), f"{event.quantity.normalize():f}"))
        return found

    def _subject(self, subject: str, field: Field | None) -> str:
        if field is None:
            return subject
        if field.tier:
            return self._tiers.get(subject, subject)
        return _name(field.words[subject]) if subject in field.words else subject

    @cached_property
    def _tiers(self) -> dict[str, str]:
        """key → name; a key to which ladders give different names goes by itself."""
        names: dict[str, set[str]] = {}
        for tier in tier_names():
            names.setdefault(tier.tier, set()).add(tier.en if in_english() and tier.en else tier.zh)
        return {key: found.pop() for key, found in names.items() if len(found) == 1}


def _meaning(field: Field | None) -> str:
    return _name(field.names) if field else ""


def _name(names: Names) -> str:
    return names.en if in_english() else names.zh
