"""What a person is paid from a day on is entered or put right. Amounts are known to payroll alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from payroll.models import PayRecord
from staff.actions.person_change import require_in_scope
from staff.kernel import audit
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.refusals import told
from staff.models import Employee

_AMOUNTS = ("base", "post_wage", "performance")


@transaction.atomic
def save_pay_record(
    *,
    access: Access,
    employee: Employee,
    starts_on: date,
    base: Decimal | None,
    post_wage: Decimal | None,
    performance: Decimal | None,
    record: PayRecord | None = None,
) -> PayRecord:
    """Yuan. ``record``: the one to put right. The trail says that and when it changed, never the amounts (rule 4).

    Raises ``Refused`` (a second record from the same day, a negative amount), ``Forbidden``.
    """
    verb = Verb.UPDATE if record else Verb.CREATE
    access.require_about(employee.pk, Thing.PAY, verb)
    require_in_scope(access, employee, verb, Thing.PAY)
    row = record or PayRecord(employee=employee)
    before = (row.starts_on, *(getattr(row, name) for name in _AMOUNTS)) if record else None
    row.starts_on, row.base, row.post_wage, row.performance = starts_on, base, post_wage, performance
    if before == (starts_on, base, post_wage, performance):
        return row
    with told(
        {
            "pay_record_key": _("A pay record from %(day)s is there already; put that one right.") % {"day": starts_on},
            "pay_is_not_negative": _("An amount is not below zero."),
        }
    ):
        row.save()
    audit.record(
        access,
        "pay_record_saved",
        object_type="pay_record",
        object_key=row.pk,
        employee_id=employee.pk,
        after={"from": starts_on.isoformat(), "fields": [name for name in _AMOUNTS if getattr(row, name) is not None]},
    )
    return row
