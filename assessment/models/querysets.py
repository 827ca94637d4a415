"""Row scopes of the facts."""

from __future__ import annotations

from typing import Self

from staff.kernel.access import Thing
from staff.kernel.periods import Month
from staff.models.querysets import AboutEmployee


class MonthlyQuerySet(AboutEmployee):
    thing = Thing.VALUE

    def of_month(self, month: Month) -> Self:
        return self.filter(month=month)


class EventQuerySet(AboutEmployee):
    thing = Thing.EVENT

    def up_to(self, month: Month) -> Self:
        return self.filter(day__lte=month.last_day)


class DoubtQuerySet(AboutEmployee):
    thing = Thing.DOUBT


class FeedbackQuerySet(AboutEmployee):
    thing = Thing.FEEDBACK
