"""What assessments came to: results of people and teams for a month, a quarter or a year, all of one shape."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from policy.models import PolicyVersion
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.fields import MonthField
from staff.models import Department, Employee
from staff.models.querysets import AboutEmployee, within


class Level(models.TextChoices):
    MONTH = "month", _("month")
    QUARTER = "quarter", _("quarter")
    YEAR = "year", _("year")


class Assessed(models.Model):
    """Up to which facts a policy's results of a period are brought. ``month`` is the last month of the period.

    ``watermark`` empty: an earlier result that these rest on has changed. Of record once its month is sealed: it stays so.
    ``failure`` names what could not be computed when it was last tried (``selectors/result_faults.py``); empty: all was.
    """

    policy = models.CharField(_("policy"), max_length=41)
    level = models.CharField(_("level"), max_length=10, choices=Level)
    month = MonthField(_("last month"))
    watermark = models.BigIntegerField(_("watermark"), null=True)
    of_record = models.BooleanField(_("of record"), default=False)
    failure = models.CharField(_("what fails"), max_length=60, blank=True, default="", db_default="")
    assessed_at = models.DateTimeField(_("assessed at"), db_default=Now())

    class Meta:
        verbose_name = _("assessment of a period")
        verbose_name_plural = _("assessments of periods")
        constraints = [
            models.UniqueConstraint(fields=["policy", "level", "month"], name="assessed_once_a_period"),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="assessed_level_known"),
            models.CheckConstraint(
                condition=Q(of_record=False) | Q(watermark__isnull=False), name="assessed_of_record_is_up_to_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy} · {self.month}"


class ResultQuerySet(AboutEmployee):
    thing = Thing.STANDING

    def visible_to(self, access: Access, verb: Verb = Verb.READ) -> Self:
        """Results of the people one may see; of teams, those of whole departments of one's scope."""
        scope = access.scope(self.thing, verb)
        if scope.company:
            return self.all()
        of_people = within(scope, access.day, self.path)
        return self.filter(of_people | Q(employee__isnull=True, department__in=scope.departments))


class Result(models.Model):
    """What a policy says of a person, or of a team (no employee), for a period that ends with ``month``.

    ``counts`` is false where the person was exempt; every number is null then, and where something is ``missing``.
    ``department`` is that of the period's last day, in which it is ranked; of a team it is the team. ``stars`` of a quarter or
    year is its number of five-star months, of whatever else is not known.
    """

    level = models.CharField(_("level"), max_length=10, choices=Level, default=Level.MONTH)
    month = MonthField(_("last month"))
    policy = models.CharField(_("policy"), max_length=41)
    version = models.ForeignKey(PolicyVersion, verbose_name=_("version"), on_delete=models.PROTECT, related_name="+")
    values_digest = models.CharField(max_length=64)
    employee = models.ForeignKey(
        Employee, verbose_name=_("employee"), null=True, on_delete=models.CASCADE, related_name="results",
        db_index=False,
    )  # fmt: skip
    department = models.ForeignKey(
        Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    counts = models.BooleanField(_("counts"))
    items = models.JSONField(_("points"), default=dict)
    total = models.DecimalField(_("total"), null=True, max_digits=12, decimal_places=2)
    full_marks = models.DecimalField(_("full marks"), null=True, max_digits=12, decimal_places=2)
    rank = models.PositiveIntegerField(_("rank"), null=True)
    grade = models.CharField(_("grade"), null=True, max_length=41)  # noqa: DJ001  none where it cannot be said
    stars = models.PositiveSmallIntegerField(_("stars"), null=True)
    cases = ArrayField(models.CharField(max_length=41), verbose_name=_("cases"), default=list)
    missing = ArrayField(models.CharField(max_length=41), verbose_name=_("missing"), default=list)

    objects = ResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")
        constraints = [
            models.UniqueConstraint(
                fields=["employee", "policy", "level", "month"], condition=Q(employee__isnull=False),
                name="one_result_a_person_and_period",
            ),
            models.UniqueConstraint(
                fields=["department", "policy", "level", "month"], condition=Q(employee__isnull=True),
                name="one_result_a_team_and_period",
            ),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="result_level_known"),
            models.CheckConstraint(condition=Q(rank__isnull=True) | Q(total__isnull=False), name="result_ranks_a_total"),
            models.CheckConstraint(
                condition=Q(counts=True, missing=[])
                | Q(total__isnull=True, rank__isnull=True, grade__isnull=True, stars__isnull=True),
                name="result_rests_on_nothing_missing",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["level", "month", "policy", "department"], name="result_by_period")]

    def __str__(self) -> str:
        return f"{self.policy} · {self.month} · {self.employee_id or self.department_id}"
