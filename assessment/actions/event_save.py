"""An event about a person is entered, or one that was entered is put right."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assessment.models import Event, EventKind, EventStatus
from staff.actions.person_change import as_text, require_in_scope
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.refusals import told
from staff.models import Employee
from staff.selectors.people import things_reached

_COLUMNS = ("day", "kind_id", "status", "subject", "quantity", "decided_on")


@transaction.atomic
def save_event(
    *,
    access: Access,
    employee: Employee,
    event_no: str,
    day: date,
    kind: EventKind,
    status: str,
    subject: str = "",
    quantity: Decimal | None = None,
    note: str = "",
    decided_on: date | None = None,
    event: Event | None = None,
) -> Event:
    """``event``: the one to put right; its number and person stay. A status is always written (clear to everybody), but of
    kinds that nobody judges: a keyword is online, a praise was given.

    Whoever may not decide about this very person writes ``alleged`` alone, and over ``alleged`` alone. Raises ``Refused``
    (a number that is taken, a status or quantity the kind does not have, what HR has decided, a sealed month),
    ``Forbidden``.
    """
    verb = Verb.UPDATE if event else Verb.CREATE
    access.require_about(employee.pk, Thing.EVENT, verb)
    require_in_scope(access, employee, verb, Thing.EVENT)
    may_decide = Thing.EVENT in things_reached(access, employee, [Thing.EVENT], Verb.DECIDE)
    _check_status(may_decide, kind, status)
    if event and event.status != EventStatus.ALLEGED and not may_decide:
        raise Refused(_("HR has decided on this event; only HR of the person changes it."), code="status")
    if event is None or (event.kind_id, event.quantity) != (kind.pk, quantity):
        _check_quantity(kind, quantity)
    row = event or Event(employee=employee, event_no=event_no.strip())
    if not row.event_no:
        raise Refused(_("An event needs a number."), code="event_no")
    before = _facts(row) if event else None
    old_note = row.note
    row.day, row.kind, row.status, row.subject = day, kind, status, subject.strip()
    row.quantity, row.note, row.decided_on = quantity, note.strip(), decided_on
    if before == _facts(row) and old_note == row.note:
        return row
    taken = _("The event no. %(no)s is taken.") % {"no": row.event_no}
    with told({"assessment_event_event_no_key": taken, "event_has_number": _("An event needs a number.")}):
        row.save()
    audit.record(
        access,
        "event_saved",
        object_type="event",
        object_key=row.event_no,
        employee_id=employee.pk,
        before=before,
        after=_facts(row),
    )
    return row


def _check_status(may_decide: bool, kind: EventKind, status: str) -> None:
    known = {*kind.statuses, EventStatus.WITHDRAWN}
    if status == EventStatus.NONE and not kind.judged:
        return
    if status not in known or not status:
        names = ", ".join(str(EventStatus(one).label) for one in sorted(known) if one)
        raise Refused(_("%(kind)s has one of: %(statuses)s.") % {"kind": kind.zh, "statuses": names}, code="status")
    if status != EventStatus.ALLEGED and not may_decide:
        raise Refused(_("You report it as alleged; HR decides what is upheld."), code="status")


def _check_quantity(kind: EventKind, quantity: Decimal | None) -> None:
    if quantity is None:
        return
    names = {"kind": kind.zh, "lowest": f"{kind.quantity_lowest.normalize():f}", "decimals": kind.quantity_decimals}
    if quantity < kind.quantity_lowest:
        raise Refused(_("The quantity of %(kind)s is at least %(lowest)s.") % names, code="quantity")
    if -int(quantity.normalize().as_tuple().exponent) > kind.quantity_decimals:
        raise Refused(_("The quantity of %(kind)s keeps %(decimals)s decimals.") % names, code="quantity")


def _facts(row: Event) -> dict[str, Any]:
    """Without the note, which may hold what not every reader of the trail should see."""
    found = {name: as_text(getattr(row, name)) for name in _COLUMNS}
    return {**found, "quantity": None if row.quantity is None else str(row.quantity)}
