"""What waits for payroll on the admin's first page."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import ngettext

from payroll.models import ChangeState, PayRecord, PayTableChange
from promotion.admin.dues import Due, register_due
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.admin import may_in_admin
from staff.models import Employee


def _without_pay(access: Access) -> QuerySet[Any] | None:
    """People who work here and have no pay record: a pay run would lack them."""
    if not may_in_admin(access, Thing.PAY, Verb.CREATE):
        return None
    paid = PayRecord.objects.filter(employee=OuterRef("pk"), starts_on__lte=access.day)
    people = Employee.objects.visible_to(access, Verb.CREATE, Thing.PAY).employed_on(access.day)
    return people.filter(~Exists(paid))


def _to_decide(access: Access) -> QuerySet[Any] | None:
    """Changes of pay tables that wait for a second person; nobody decides their own."""
    if not may_in_admin(access, Thing.BAND, Verb.DECIDE):
        return None
    return PayTableChange.objects.filter(state=ChangeState.SUBMITTED).exclude(requested_by=access.account_id)


register_due(
    Due(
        "pay_tables",
        _to_decide,
        lambda n: ngettext("%(n)d change of a pay table waits for you", "%(n)d changes of pay tables wait for you", n),
        "admin:bands",
    )
)
register_due(
    Due(
        "without_pay",
        _without_pay,
        lambda n: ngettext("%(n)d person has no pay record", "%(n)d people have no pay record", n),
        "admin:payroll_payrecord_changelist",
    )
)
