"""HR says of a day whether it is worked, where the announcement came before the library, or the company does otherwise."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.workdays import regrow_terms
from staff.models import Workday, WorkdaySource


@transaction.atomic
def amend_calendar(*, access: Access, day: date, works: bool, name: str) -> Workday:
    """``name`` says which holiday or why. Running terms may grow by it, never shrink; days that are over stay as they were.

    Raises ``Refused`` (no name, a day that is over), ``Forbidden`` (not HR of the whole company).
    """
    access.require(Thing.MONTH, Verb.DECIDE)
    if not access.scope(Thing.MONTH, Verb.DECIDE).company:
        access.require(Thing.JOB, Verb.UPDATE)
    name = name.strip()
    if not name:
        raise Refused(_("Say which holiday it is, or why."), code="name")
    if day < access.day:
        raise Refused(_("%(day)s is over; what ran by it stays.") % {"day": day}, code="day")
    before = Workday.objects.filter(pk=day).first()
    row, _made = Workday.objects.update_or_create(
        day=day, defaults={"works": works, "name": name[:60], "source": WorkdaySource.HR}
    )
    regrow_terms()
    audit.record(
        access,
        "calendar_amended",
        object_type="calendar",
        object_key=day.isoformat(),
        before=None if before is None else {"works": before.works, "name": before.name},
        after={"works": works, "name": row.name},
    )
    return row
