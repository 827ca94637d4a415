"""HR reminds the judges of a round, all of them alike: a reminder tells nobody who has scored."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from promotion.panels.guards import locked
from promotion.panels.selectors import UNDER_WAY, accounts_of_judges
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.outbox import Message, tell

#: Nobody is reminded more often.
ONCE_IN = timedelta(hours=1)


@transaction.atomic
def remind_judges(*, access: Access, round_id: int, now: datetime) -> int:
    """How many were reminded. Raises ``Refused`` (over; reminded within the hour), ``Forbidden``."""
    access.require(Thing.ROUND, Verb.UPDATE)
    found = locked(access, round_id, *UNDER_WAY)
    hour = int(now.timestamp() // ONCE_IN.total_seconds())
    accounts = accounts_of_judges(found)
    new = tell(
        Message(f"round:{found.pk}:remind:{hour}:{pk}", pk, "round_reminded", {"round": found.pk}) for pk in accounts
    )
    if not new:
        raise Refused(_("They were reminded within this hour."), code="lately")
    audit.record(access, "judges_reminded", object_type="round", object_key=found.pk, after={"judges": len(accounts)})
    return len(accounts)
