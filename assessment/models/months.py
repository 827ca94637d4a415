"""The state of a month: open → closing → sealed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from staff.kernel.fields import MonthField
from staff.models import Account


class MonthState(models.TextChoices):
    OPEN = "open", _("open")
    CLOSING = "closing", _("closing")
    SEALED = "sealed", _("sealed")


class AssessmentMonth(models.Model):
    """A month without a row is open. Only HR seals; a trigger then refuses every later write of its facts."""

    month = MonthField(_("month"), primary_key=True)
    state = models.CharField(_("state"), max_length=10, choices=MonthState, default=MonthState.OPEN)
    intake_until = models.DateField(
        _("last day of the intake"),
        null=True,
        blank=True,
        help_text=_("Where HR gave supervisors longer than the policy's window. Empty: the window as it is."),
    )
    closing_since = models.DateTimeField(_("closing since"), null=True, editable=False)
    accepted_gaps = models.PositiveIntegerField(_("accepted gaps"), default=0, editable=False)
    sealed_at = models.DateTimeField(_("sealed at"), null=True, editable=False)
    sealed_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    digest = models.CharField(_("digest of its facts"), max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("month")
        verbose_name_plural = _("months")
        ordering = ["-month"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MonthState.values), name="month_state_known"),
            models.CheckConstraint(
                condition=~Q(state="sealed") | (Q(sealed_at__isnull=False) & ~Q(digest="")),
                name="sealed_month_has_digest",
            ),
        ]

    def __str__(self) -> str:
        return str(self.month)
