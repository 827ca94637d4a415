"""China's working calendar as data: days that differ from Monday to Friday."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class WorkdaySource(models.TextChoices):
    LIBRARY = "library", _("announced by the State Council")
    HR = "hr", _("set by HR")


class Workday(models.Model):
    """A public holiday on a weekday, or a make-up day at a weekend. A year without any that was announced is provisional:
    it counts Monday to Friday.
    """

    day = models.DateField(_("day"), primary_key=True)
    works = models.BooleanField(_("is worked"))
    name = models.CharField(_("name"), max_length=60)
    source = models.CharField(_("source"), max_length=10, choices=WorkdaySource)

    class Meta:
        verbose_name = _("day of the working calendar")
        verbose_name_plural = _("working calendar")
        ordering = ["day"]
        constraints = [
            models.CheckConstraint(condition=Q(source__in=WorkdaySource.values), name="workday_source_known"),
            models.CheckConstraint(condition=~Q(name=""), name="workday_is_named"),
        ]

    def __str__(self) -> str:
        return self.day.isoformat()
