"""Corrections of sealed months: what was reported, what is right, who asked and who approved, and all that followed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessment.models.catalogue import Metric
from assessment.models.facts import Event
from staff.kernel.access import Thing
from staff.kernel.fields import MonthField
from staff.models import AbsenceKind, Account, Attachment, Employee
from staff.models.querysets import AboutEmployee


class CorrectionState(models.TextChoices):
    REQUESTED = "requested", pgettext_lazy("correction", "waits for a second person")
    APPROVED = "approved", pgettext_lazy("correction", "approved")
    DECLINED = "declined", pgettext_lazy("correction", "declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("correction", "withdrawn")


class CorrectionQuerySet(AboutEmployee):
    thing = Thing.VALUE


class Correction(models.Model):
    """One fact of a sealed month put right: a value (``metric``), an event that was entered (``event``), or days away in it
    (neither): of an absence that was entered (``absence``, its id: one that is taken back is gone), or of a new one of
    ``absence_kind``, which is a sensitive fact and so stands apart.

    ``before`` and ``after`` are what stood and what is right: of a value its number as text or null; of an event its ``day``,
    ``status``, ``subject``, ``quantity`` and ``decided_on`` as text; of an absence its ``first_day`` and ``last_day``, or null
    where there was or is none. ``began_at`` is the instant before the fact was written:
    what was known then is what the month was sealed with, but for earlier corrections. Whoever asks does not approve.
    """

    month = MonthField(_("month"))
    employee = models.ForeignKey(
        Employee, verbose_name=_("employee"), on_delete=models.PROTECT, related_name="corrections"
    )
    metric = models.ForeignKey(Metric, verbose_name=_("metric"), null=True, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(Event, verbose_name=_("event"), null=True, on_delete=models.PROTECT, related_name="+")
    absence = models.BigIntegerField(_("absence"), null=True)
    absence_kind = models.CharField(_("kind of absence"), max_length=20, choices=AbsenceKind, blank=True, default="")
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)
    reason = models.TextField(_("reason and evidence"))
    state = models.CharField(_("state"), max_length=10, choices=CorrectionState, default=CorrectionState.REQUESTED)
    requested_by = models.ForeignKey(
        Account, verbose_name=_("asked for by"), on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(_("asked for"), db_default=Now(), editable=False)
    decided_by = models.ForeignKey(
        Account, verbose_name=_("decided by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    words = models.TextField(_("words"), blank=True, default="")
    began_at = models.DateTimeField(null=True, editable=False)
    applied_at = models.DateTimeField(_("carried out"), null=True, editable=False)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CorrectionState.values), name="correction_state_known"),
            models.CheckConstraint(
                condition=Q(metric__isnull=False, event__isnull=True, absence__isnull=True, absence_kind="")
                | Q(metric__isnull=True, event__isnull=False, absence__isnull=True, absence_kind="")
                | Q(
                    metric__isnull=True,
                    event__isnull=True,
                    absence__isnull=False,
                    before__isnull=False,
                    absence_kind="",
                )
                | Q(
                    metric__isnull=True,
                    event__isnull=True,
                    absence__isnull=True,
                    before__isnull=True,
                    after__isnull=False,
                    absence_kind__in=AbsenceKind.values,
                ),
                name="correction_of_one_fact",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="correction_says_why"),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "withdrawn"])
                | Q(Q(decided_by__isnull=False, decided_at__isnull=False), ~Q(decided_by=F("requested_by"))),
                name="correction_is_decided_by_another",
            ),
            models.CheckConstraint(condition=~Q(state="declined") | ~Q(words=""), name="declined_correction_says_why"),
            models.UniqueConstraint(
                fields=["employee", "month", "metric"],
                condition=Q(state="requested", metric__isnull=False),
                name="one_open_correction_a_value",
            ),
            models.UniqueConstraint(
                fields=["event"],
                condition=Q(state="requested", event__isnull=False),
                name="one_open_correction_an_event",
            ),
            models.UniqueConstraint(
                fields=["employee", "month"],
                condition=Q(state="requested", metric__isnull=True, event__isnull=True),
                name="one_open_correction_of_days",
            ),
        ]
        indexes = [models.Index(fields=["month"], condition=Q(state="approved"), name="correction_by_month")]

    def __str__(self) -> str:
        return f"{self.month} {self.employee_id}"

    @property
    def of_absence(self) -> bool:
        """Whether the fact is days away."""
        return self.metric_id is None and self.event_id is None


class CorrectionFile(models.Model):
    """Evidence beside a correction, handed over with it; it stays whatever is decided."""

    correction = models.ForeignKey(Correction, on_delete=models.PROTECT, related_name="files")
    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("file of a correction")
        verbose_name_plural = _("files of corrections")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.correction_id} {self.attachment_id}"


class EffectKind(models.TextChoices):
    RESULT = "result", _("result")
    STANDING = "standing", _("standing")
    CASE = "case", pgettext_lazy("effect", "case")
    APPLICATION = "application", pgettext_lazy("effect", "application")
    PAY = "pay", _("pay line")


class CorrectionEffectQuerySet(AboutEmployee):
    thing = Thing.STANDING


class CorrectionEffect(models.Model):
    """One thing that rested on the fact, as it was and as it is: the old stays readable as what was known then.

    ``month`` is the last of the period at ``level``. ``before`` and ``after`` hold what differs; null where there was
    or is none. Of a team there is no employee. Lines of pay are read by whoever reads the person's pay, and nobody else.
    """

    correction = models.ForeignKey(Correction, on_delete=models.CASCADE, related_name="effects")
    kind = models.CharField(_("what"), max_length=12, choices=EffectKind)
    employee = models.ForeignKey(Employee, null=True, on_delete=models.CASCADE, related_name="+")
    department_id = models.BigIntegerField(null=True)
    policy = models.CharField(max_length=41, blank=True, default="")
    level = models.CharField(max_length=10, blank=True, default="")
    month = MonthField(_("month"))
    key = models.CharField(max_length=100, blank=True, default="", help_text=_("Rule, case, application or component."))
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    objects = CorrectionEffectQuerySet.as_manager()

    class Meta:
        verbose_name = _("effect of a correction")
        verbose_name_plural = _("effects of corrections")
        ordering = ["correction", "kind", "month", "pk"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=EffectKind.values), name="effect_kind_known")]
        indexes = [models.Index(fields=["employee", "month"], name="effect_by_person")]

    def __str__(self) -> str:
        return f"{self.correction_id} {self.kind}"
