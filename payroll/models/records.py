"""What a person is paid, from a day on. Secret: only payroll, the general manager, auditors and the person."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from staff.kernel.access import Thing
from staff.models import Employee
from staff.models.querysets import AboutEmployee


class PayQuerySet(AboutEmployee):
    thing = Thing.PAY


class PayRecord(models.Model):
    """Fixed pay, post wage and monthly performance pay in yuan. Holds until the person's next record starts."""

    employee = models.ForeignKey(
        Employee, verbose_name=_("employee"), on_delete=models.CASCADE, related_name="pay_records"
    )
    starts_on = models.DateField(_("from"))
    base = models.DecimalField(_("fixed pay"), max_digits=12, decimal_places=2, null=True, blank=True)
    post_wage = models.DecimalField(_("post wage"), max_digits=12, decimal_places=2, null=True, blank=True)
    performance = models.DecimalField(_("performance pay"), max_digits=12, decimal_places=2, null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)

    objects = PayQuerySet.as_manager()

    class Meta:
        verbose_name = _("pay record")
        verbose_name_plural = _("pay records")
        ordering = ["employee", "-starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["employee", "starts_on"], name="pay_record_key"),
            models.CheckConstraint(
                condition=(Q(base__isnull=True) | Q(base__gte=0))
                & (Q(post_wage__isnull=True) | Q(post_wage__gte=0))
                & (Q(performance__isnull=True) | Q(performance__gte=0)),
                name="pay_is_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.starts_on}"
