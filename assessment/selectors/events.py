"""The events of a team's month."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from assessment.models import Event
from staff.kernel.access import Access
from staff.kernel.periods import Month
from staff.models import Employee


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
