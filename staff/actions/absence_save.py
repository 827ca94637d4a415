"""An absence of a person is entered, or one that was entered is put right."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from staff.actions.person_change import require_in_scope
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.refusals import told
from staff.models import Absence, AbsenceKind, Employee


@transaction.atomic
def save_absence(
    *,
    access: Access,
    employee: Employee,
    first_day: date,
    last_day: date,
    kind: str,
    absence: Absence | None = None,
) -> Absence:
    """Both days included. ``absence``: the one to put right. A month that the absences cover whole does not count.

    Raises ``Refused`` (days out of order, a second absence from the same day, unknown kind, days of a sealed
    month that it would change), ``Forbidden``.
    """
    verb = Verb.UPDATE if absence else Verb.CREATE
    access.require_about(employee.pk, Thing.ABSENCE, verb)
    require_in_scope(access, employee, verb, Thing.ABSENCE)
    if kind not in AbsenceKind.values:
        raise Refused(_("There is no kind of absence `%(kind)s`.") % {"kind": kind}, code="kind")
    before = _facts(absence) if absence else None
    row = absence or Absence(employee=employee)
    row.first_day, row.last_day, row.kind = first_day, last_day, kind
    if before == _facts(row):
        return row
    with told(
        {
            "absence_in_order": _("The last day lies before the first."),
            "absence_key": _("An absence from %(day)s is recorded already; put that one right.") % {"day": first_day},
        }
    ):
        row.save()
    audit.record(
        access,
        "absence_saved",
        object_type="absence",
        object_key=row.pk,
        employee_id=employee.pk,
        before=before,
        after=_facts(row),
    )
    return row


def _facts(absence: Absence) -> dict[str, str]:
    return {
        "first_day": absence.first_day.isoformat(),
        "last_day": absence.last_day.isoformat(),
        "kind": str(absence.kind),
    }
