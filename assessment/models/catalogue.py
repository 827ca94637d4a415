"""The catalogue of what may be reported. HR adds a metric by adding a row: no migration, no programmer."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

KEY = RegexValidator(r"^[a-z][a-z0-9_-]{0,40}\Z", _("A key is a-z, then a-z, 0-9, _ or -."))


class MetricKind(models.TextChoices):
    VALUE = "value", _("monthly value")
    ITEM = "item", _("scorecard item")


class Metric(models.Model):
    """A number that is reported once a month for a person. Its slot is the column ``s<slot>`` of ``EmployeeMonth``.

    Bounds are inclusive and enforced at intake; the sweep reasons with them when a month is missing. Without a lowest
    value the bound is 0.
    """

    key = models.CharField(_("key"), max_length=41, unique=True, validators=[KEY])
    kind = models.CharField(_("kind"), max_length=10, choices=MetricKind, default=MetricKind.VALUE)
    zh = models.CharField(_("Chinese name"), max_length=60, unique=True)
    en = models.CharField(_("English name"), max_length=80)
    unit = models.CharField(_("unit"), max_length=10, default="number")
    word_zh = models.CharField(_("counting word"), max_length=10, blank=True)
    lowest = models.DecimalField(_("lowest"), max_digits=20, decimal_places=4, null=True, blank=True, default=0)
    highest = models.DecimalField(_("highest"), max_digits=20, decimal_places=4, null=True, blank=True)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=2)
    slot = models.PositiveSmallIntegerField(_("slot"), unique=True, editable=False)

    class Meta:
        verbose_name = _("metric")
        verbose_name_plural = _("metrics")
        ordering = ["kind", "slot"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=MetricKind.values), name="metric_kind_known"),
            models.CheckConstraint(condition=Q(slot__gte=1, slot__lte=64), name="metric_slot_exists"),
            models.CheckConstraint(condition=Q(decimals__lte=4), name="metric_decimals_kept"),
            models.CheckConstraint(
                condition=Q(lowest__isnull=True) | Q(highest__isnull=True) | Q(lowest__lte=F("highest")),
                name="metric_bounds_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.zh

    @property
    def least(self) -> Decimal:
        """The lowest value that is taken."""
        return Decimal(0) if self.lowest is None else self.lowest


class EventKind(models.Model):
    """A kind of dated event, and what its columns mean. What a quantity may be is held at intake."""

    key = models.CharField(_("key"), max_length=41, primary_key=True, validators=[KEY])
    zh = models.CharField(_("Chinese name"), max_length=60, unique=True)
    en = models.CharField(_("English name"), max_length=80)
    en_plural = models.CharField(_("English plural"), max_length=80)
    word_zh = models.CharField(_("counting word"), max_length=10, default="次")
    upheld_by_default = models.BooleanField(
        _("only upheld ones count"), default=False, help_text=_("Unless a rule names a status. Empty means upheld.")
    )
    statuses = ArrayField(models.CharField(max_length=20), verbose_name=_("statuses"), default=list)
    subject_zh = models.CharField(_("what the subject is"), max_length=40, blank=True)
    subject_en = models.CharField(_("what the subject is (English)"), max_length=40, blank=True)
    quantity_zh = models.CharField(_("what the quantity is"), max_length=40, blank=True)
    quantity_en = models.CharField(_("what the quantity is (English)"), max_length=40, blank=True)
    quantity_lowest = models.DecimalField(_("lowest quantity"), max_digits=20, decimal_places=4, default=Decimal(0))
    quantity_decimals = models.PositiveSmallIntegerField(_("decimals of the quantity"), default=4)

    class Meta:
        verbose_name = _("kind of event")
        verbose_name_plural = _("kinds of event")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.zh

    @property
    def judged(self) -> bool:
        """Whether somebody finds on such an event, or says how it ended; the others simply happened."""
        return not set(self.statuses) <= {"", "withdrawn"}
