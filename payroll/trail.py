"""What the trail keeps of pay, and what it calls what is done to it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from staff.kernel.access import Thing
from staff.kernel.trail import ACTIONS, OBJECTS, ObjectKind, watch


def declare() -> None:
    watch("payroll.PayRecord", Thing.PAY, left_out=("recorded_at",))
    watch("payroll.PayTableChange", Thing.BAND, personal=("reason", "consultation", "answer"))
    watch("payroll.PayTableLine", Thing.BAND)
    watch("payroll.PayBand", Thing.BAND)
    ACTIONS.update(
        {
            "pay_record_saved": _("Pay record saved"),
            "pay_table_approved": _("Pay table approved"),
            "pay_table_declined": _("Pay table declined"),
            "pay_table_drafted": _("Pay table drafted"),
            "pay_table_submitted": _("Pay table submitted"),
            "pay_table_withdrawn": _("Pay table withdrawn"),
        }
    )
    OBJECTS.update(
        {
            "pay_record": ObjectKind(_("pay record"), Thing.PAY),
            "pay_table_change": ObjectKind(_("change of a pay table"), Thing.BAND),
        }
    )
