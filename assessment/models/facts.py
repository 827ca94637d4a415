"""Facts of a month: one wide row of numbers a person and month, and dated events."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from assessment.models.catalogue import EventKind, Metric
from assessment.models.querysets import EventQuerySet, MonthlyQuerySet
from staff.kernel.fields import MonthField
from staff.models import Employee

#: How many metrics fit before a migration adds more. An empty slot costs a bit a row.
SLOTS = 64


class EmployeeMonth(models.Model):
    """Everything reported for a person in a month. A null slot is *missing*, never zero.

    ``counts`` is false where the union of the person's absences covers the month; such a row exists even if nobody
    reported. A trigger of the absences keeps it, so it holds through every door.
    """

    pk = models.CompositePrimaryKey("employee_id", "month")
    employee = models.ForeignKey(Employee, on_delete=models.CASCADE, related_name="months", db_index=False)
    month = MonthField(_("month"))
    counts = models.BooleanField(_("counts"), default=True, db_default=True)
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)

    objects = MonthlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("person's month")
        verbose_name_plural = _("people's months")

    def __str__(self) -> str:
        return f"{self.employee_id} {self.month}"


for _slot in range(1, SLOTS + 1):
    EmployeeMonth.add_to_class(
        f"s{_slot}", models.DecimalField(null=True, max_digits=20, decimal_places=4, editable=False)
    )


class ItemAssessor(models.Model):
    """Who assessed an item of a person's month, where the record says so."""

    pk = models.CompositePrimaryKey("employee_id", "month", "metric_id")
    employee = models.ForeignKey(Employee, on_delete=models.CASCADE, related_name="+", db_index=False)
    month = MonthField()
    metric = models.ForeignKey(Metric, on_delete=models.PROTECT, related_name="+")
    assessor = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("assessor")
        verbose_name_plural = _("assessors")

    def __str__(self) -> str:
        return f"{self.employee_id} {self.month}"


class EventStatus(models.TextChoices):
    NONE = "", _("upheld (not stated)")
    ALLEGED = "alleged", _("alleged")
    UPHELD = "upheld", _("upheld")
    DISMISSED = "dismissed", _("dismissed")
    PASSED = "passed", _("passed")
    FAILED = "failed", _("failed")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Event(models.Model):
    """Something that happened to a person on a day. No event means none."""

    event_no = models.CharField(_("event no."), max_length=60, unique=True)
    employee = models.ForeignKey(
        Employee, verbose_name=_("employee"), on_delete=models.CASCADE, related_name="events", db_index=False
    )
    day = models.DateField(_("date"))
    kind = models.ForeignKey(
        EventKind, verbose_name=_("kind"), on_delete=models.PROTECT, db_column="kind", db_index=False
    )
    status = models.CharField(_("status"), max_length=20, choices=EventStatus, blank=True, default="", db_default="")
    subject = models.CharField(_("subject"), max_length=200, blank=True, default="", db_default="")
    quantity = models.DecimalField(_("quantity"), max_digits=20, decimal_places=4, null=True, blank=True)
    note = models.TextField(_("note"), blank=True, default="", db_default="")
    decided_on = models.DateField(
        _("decided on"),
        null=True,
        blank=True,
        help_text=_("The day of the finding, where it came later than the event."),
    )
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-day", "event_no"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=EventStatus.values), name="event_status_known"),
            models.CheckConstraint(condition=~Q(event_no=""), name="event_has_number"),
        ]
        indexes = [
            models.Index(
                fields=["kind", "employee", "subject", "day"],
                include=["status", "quantity"],
                name="event_by_kind",
            ),
            models.Index(fields=["employee", "day"], name="event_by_employee"),
            models.Index(fields=["-day", "event_no"], name="event_latest_first"),
        ]

    def __str__(self) -> str:
        return self.event_no
