"""A person's way on one line: tier, department, supervisor, employment, absences; and how it stood on any day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from staff.models import Absence, DepartmentPeriod, Employee, SupervisorPeriod

TIER, DEPARTMENT, SUPERVISOR, EMPLOYMENT, ABSENCE = "tier", "department", "supervisor", "employment", "absence"
#: What each kind is called beside its entries and in the facts of a day, in the order of those facts.
KINDS = {
    TIER: gettext_lazy("tier"),
    DEPARTMENT: gettext_lazy("department"),
    SUPERVISOR: gettext_lazy("supervisor"),
    EMPLOYMENT: gettext_lazy("employment"),
    ABSENCE: gettext_lazy("absence"),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """What began on a day. ``until`` is the first day on which it held no more; None: it holds, or it took no time."""

    kind: str
    day: date
    what: str
    until: date | None = None
    note: str = ""

    @property
    def called(self) -> str:
        return str(KINDS[self.kind])

    @property
    def last_day(self) -> date | None:
        return self.until - timedelta(days=1) if self.until else None

    def holds_on(self, day: date) -> bool:
        return self.day <= day and (self.until is None or day < self.until)


def of_period(kind: str, period: Any, what: str, note: str = "") -> Moment:
    """From a half-open period."""
    return Moment(kind, period.lower, what, period.upper, note)


def moments_of(
    person: Employee,
    departments: Iterable[DepartmentPeriod],
    supervisors: Iterable[SupervisorPeriod],
    absences: Iterable[Absence],
) -> list[Moment]:
    """In no order: what an app above knows comes to it."""
    found = [of_period(DEPARTMENT, row.period, row.department.name) for row in departments]
    found += [of_period(SUPERVISOR, row.period, str(row.supervisor)) for row in supervisors]
    found += [
        Moment(ABSENCE, row.first_day, row.get_kind_display(), row.last_day + timedelta(days=1)) for row in absences
    ]
    dates = [
        (person.hired_on, _("Hired")),
        (person.regularised_on, _("Regularised")),
        (person.post_since, _("At the post")),
        (person.left_on, _("Last day of work")),
    ]
    return found + [Moment(EMPLOYMENT, day, what) for day, what in dates if day]


@dataclass(frozen=True, slots=True)
class Timeline:
    """``entries``: the latest first, those after ``day`` marked by ``to_come``. ``facts``: what held on ``day``, by kind."""

    day: date
    entries: list[Moment]
    facts: list[tuple[str, str]]

    def to_come(self) -> list[Moment]:
        return [entry for entry in self.entries if entry.day > self.day]

    def past(self) -> list[Moment]:
        return [entry for entry in self.entries if entry.day <= self.day]


def timeline(person: Employee, moments: list[Moment], day: date) -> Timeline:
    entries = sorted(moments, key=lambda moment: (moment.day, list(KINDS).index(moment.kind)), reverse=True)
    facts = [(_("employment"), _employment(person, day))]
    for kind in (TIER, DEPARTMENT, SUPERVISOR):
        held = next((entry for entry in entries if entry.kind == kind and entry.holds_on(day)), None)
        facts.append((str(KINDS[kind]), held.what if held else "—"))
    facts += [(entry.called, entry.what) for entry in entries if entry.kind == ABSENCE and entry.holds_on(day)]
    return Timeline(day, entries, facts)


def _employment(person: Employee, day: date) -> str:
    if day < person.hired_on:
        return pgettext("employment", "not hired yet")
    if person.left_on and day > person.left_on:
        return pgettext("employment", "left")
    if person.regularised_on and day >= person.regularised_on:
        return pgettext("employment", "regular")
    return pgettext("employment", "on probation")
