"""What a tier is paid: bands over dated periods, and the changes by which bands and level pay come and go.

Level pay itself lies in the policy's adoption; a change carries the amounts that its approval adopts. Secret: payroll,
the general manager and auditors alone.
"""

from __future__ import annotations

from typing import Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from staff.kernel.access import Access, Thing, Verb
from staff.models import Account


class BandQuerySet(models.QuerySet[Any]):
    """Rows about tiers, hence about nobody in particular: all of them or none."""

    def visible_to(self, access: Access, verb: Verb = Verb.READ) -> Self:
        return self if access.may(Thing.BAND, verb) else self.none()


def _yuan(name: Any, **options: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(name, max_digits=12, decimal_places=2, **options)


class ChangeState(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("waits for the general manager")
    APPROVED = "approved", _("approved")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


class PayTableChange(models.Model):
    """New amounts for a ladder's tiers from a day on: drafted by payroll, decided by the general manager.

    Once it is submitted what it says stays (a trigger): what is approved is what was looked at.
    """

    ladder = models.CharField(_("ladder"), max_length=41)
    starts_on = models.DateField(_("from"))
    reason = models.TextField(_("reason"))
    consultation = models.TextField(
        _("how employees were heard"), blank=True, help_text=_("Labour Contract Law art. 4. Empty: none was given.")
    )
    state = models.CharField(_("state"), max_length=10, choices=ChangeState, default=ChangeState.DRAFT)
    requested_by = models.ForeignKey(
        Account, verbose_name=_("drafted by"), on_delete=models.PROTECT, related_name="+", editable=False
    )
    requested_at = models.DateTimeField(_("drafted at"), db_default=Now(), editable=False)
    decided_by = models.ForeignKey(
        Account, verbose_name=_("decided by"), null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(
        _("decided at"), null=True, editable=False, help_text=_("Or when it was withdrawn.")
    )
    answer = models.TextField(_("answer"), blank=True)

    objects = BandQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a pay table")
        verbose_name_plural = _("changes of pay tables")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ChangeState.values), name="pay_table_change_state_known"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="pay_table_change_maker_is_not_checker",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["approved", "declined"], decided_by__isnull=False, decided_at__isnull=False)
                | Q(state="withdrawn", decided_by__isnull=True, decided_at__isnull=False)
                | Q(state__in=["draft", "submitted"], decided_by__isnull=True, decided_at__isnull=True),
                name="pay_table_change_decided_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["ladder"], condition=Q(state="submitted"), name="one_change_of_a_ladder_waits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ladder} {self.starts_on}"

    @property
    def open(self) -> bool:
        return self.state in (ChangeState.DRAFT, ChangeState.SUBMITTED)


class PayTableLine(models.Model):
    """What a change sets for one tier, yuan a month. Empty: stays as it is."""

    change = models.ForeignKey(PayTableChange, on_delete=models.CASCADE, related_name="lines")
    tier = models.CharField(_("tier"), max_length=41)
    level_pay = _yuan(_("level pay"), null=True, blank=True)
    minimum = _yuan(_("minimum"), null=True, blank=True)
    midpoint = _yuan(_("midpoint"), null=True, blank=True)
    maximum = _yuan(_("maximum"), null=True, blank=True)

    class Meta:
        verbose_name = _("line of a change")
        verbose_name_plural = _("lines of a change")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["change", "tier"], name="pay_table_line_once_a_tier"),
            models.CheckConstraint(condition=Q(level_pay__gte=0), name="level_pay_is_not_negative"),
            models.CheckConstraint(
                condition=Q(minimum__isnull=True, midpoint__isnull=True, maximum__isnull=True, level_pay__isnull=False)
                | Q(
                    minimum__isnull=False,
                    midpoint__isnull=False,
                    maximum__isnull=False,
                    minimum__gte=0,
                    minimum__lte=F("midpoint"),
                    midpoint__gt=0,
                    midpoint__lte=F("maximum"),
                ),
                name="pay_table_line_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.change_id} {self.tier}"

    @property
    def sets_band(self) -> bool:
        return self.midpoint is not None


class PayBand(models.Model):
    """The least, the middle and the most that a tier's fixed monthly pay is meant to be, over a half-open period."""

    ladder = models.CharField(_("ladder"), max_length=41)
    tier = models.CharField(_("tier"), max_length=41)
    period = DateRangeField(_("period"))
    minimum = _yuan(_("minimum"))
    midpoint = _yuan(_("midpoint"))
    maximum = _yuan(_("maximum"))
    change = models.ForeignKey(
        PayTableChange, verbose_name=_("came by"), on_delete=models.PROTECT, related_name="bands"
    )

    objects = BandQuerySet.as_manager()

    class Meta:
        verbose_name = _("pay band")
        verbose_name_plural = _("pay bands")
        ordering = ["ladder", "tier", "period"]
        constraints = [
            ExclusionConstraint(
                name="one_band_a_day",
                expressions=[
                    ("ladder", RangeOperators.EQUAL),
                    ("tier", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=Q(period__isempty=False), name="pay_band_period_not_empty"),
            models.CheckConstraint(
                condition=Q(minimum__gte=0, minimum__lte=F("midpoint"), midpoint__gt=0, midpoint__lte=F("maximum")),
                name="pay_band_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ladder} {self.tier} {self.period}"
