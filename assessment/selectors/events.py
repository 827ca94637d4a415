"""The events of a team's month."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from assessment.models import Event
from staff.kernel.access import Access
from staff.kernel.periods import Month
from staff.models import AuditEntry, Employee

#: Kinds whose notes are sensitive: only HR, auditors and the person read them, whoever wrote them.
MISCONDUCT = frozenset({"violation", "major_misconduct"})


def events_of_month(access: Access, month: Month, people: Sequence[Employee]) -> QuerySet[Event]:
    """By the day on which they count, which is that of the finding where it came later. Notes are not read: whoever
    enters a month may not see them.
    """
    counted = Event.objects.visible_to(access).annotate(counted_on=Coalesce("decided_on", "day"))
    rows: QuerySet[Event] = counted.filter(employee__in=people, counted_on__range=(month.first_day, month.last_day))
    return rows.select_related("kind").defer("note").order_by("day", "event_no")


def reported_events(access: Access, month: Month, people: Sequence[Employee]) -> QuerySet[Event]:
    """The latest first, with the people they are about; withdrawn ones too."""
    return events_of_month(access, month, people).select_related("employee").order_by("-day", "event_no")


def own_notes(access: Access, events: Sequence[Event]) -> dict[str, str]:
    """Number → note, of those events whose note the account may read back: it was the last to write the event, and it is no
    misconduct. Two queries at most.
    """
    open_ones = [one.event_no for one in events if one.kind_id not in MISCONDUCT]
    if not open_ones or access.account_id is None:
        return {}
    entries = AuditEntry.objects.filter(object_type="event", object_key__in=open_ones)
    latest = entries.order_by("object_key", "-id").distinct("object_key").values_list("object_key", "actor_id")
    mine = [number for number, actor in latest if actor == access.account_id]
    noted = (
        Event.objects.visible_to(access).filter(event_no__in=mine).exclude(note="") if mine else Event.objects.none()
    )
    return dict(noted.values_list("event_no", "note"))
