"""Events of a team's month are reported, many at once."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from assessment.actions.event_save import save_event
from assessment.models import Event, EventKind, EventStatus
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.periods import Month
from staff.models import Employee

#: More than a month of a team ever has.
MOST = 200
#: Nothing that is read as something else: no 0 and O, no 1, I and L.
_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Report:
    """What happened to whom when."""

    employee: Employee
    kind: EventKind
    day: date
    subject: str = ""
    quantity: Decimal | None = None
    note: str = ""


class ReportsRefused(Refused):
    """None of the reports is kept. ``faults``: position of the report → what is wrong with it."""

    def __init__(self, faults: dict[int, Refused]) -> None:
        super().__init__(_("Nothing has been saved yet: mend what is marked, then save again."), code="reports")
        self.faults = faults


def reportable(kind: EventKind) -> bool:
    """Whether whoever leads people reports it: what HR then finds on, and what simply happened. Results are HR's."""
    return EventStatus.ALLEGED in kind.statuses or not kind.judged


@transaction.atomic
def report_events(*, access: Access, month: Month, reports: Sequence[Report]) -> list[Event]:
    """All or none. Each gets a number of its own; what takes a finding is reported as alleged.

    Raises ``ReportsRefused`` with every fault, ``Refused`` (too many), ``Forbidden``.
    """
    access.require(Thing.EVENT, Verb.CREATE)
    if len(reports) > MOST:
        raise Refused(_("At most %(most)s events at once. Save them in parts.") % {"most": MOST}, code="reports")
    saved: list[Event] = []
    faults: dict[int, Refused] = {}
    for at, report in enumerate(reports):
        try:
            with transaction.atomic():
                saved.append(_report(access, month, report))
        except Refused as refused:
            faults[at] = refused
    if faults:
        raise ReportsRefused(faults)
    return saved


def _report(access: Access, month: Month, report: Report) -> Event:
    if Month.of(report.day) != month:
        raise Refused(_("%(day)s is not in %(month)s.") % {"day": report.day, "month": month}, code="day")
    if report.day > access.day:
        raise Refused(_("%(day)s has not come yet.") % {"day": report.day}, code="day")
    if not reportable(report.kind):
        raise Refused(_("The result of an exam or a training is entered by HR."), code="kind")
    alleged = EventStatus.ALLEGED in report.kind.statuses
    return save_event(
        access=access,
        employee=report.employee,
        event_no=_new_number(month),
        day=report.day,
        kind=report.kind,
        status=EventStatus.ALLEGED if alleged else EventStatus.NONE,
        subject=report.subject,
        quantity=report.quantity,
        note=report.note,
    )


def _new_number(month: Month) -> str:
    """``2610-7KQ4X``: the month, and five signs that no other event of it has."""
    while True:
        number = f"{month.year % 100:02d}{month.month:02d}-{''.join(secrets.choice(_SIGNS) for _sign in range(5))}"
        if not Event.objects.filter(event_no=number).exists():
            return number
