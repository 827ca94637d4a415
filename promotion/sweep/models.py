"""Runs of the sweep and what they found. Evidence is compact; the version's nodes make it readable again."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from policy.compiler.outcome import Outcome
from policy.models import PolicyVersion
from staff.kernel.access import Thing
from staff.kernel.fields import MonthField
from staff.models import Account, Employee
from staff.models.querysets import AboutEmployee


class Statement(models.Model):
    """The text of a compiled statement by its digest: an old run needs no old compiler."""

    digest = models.CharField(max_length=64, primary_key=True)
    sql = models.TextField()

    def __str__(self) -> str:
        return self.digest[:12]


class RunState(models.TextChoices):
    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class Run(models.Model):
    """One evaluation of one policy version with its values, as of one month, of what was known at one instant.

    ``touched_after`` is the watermark of the run before, whose standings this one brings up to date; empty for a full run.
    ``digest`` covers version, values, month, statement and watermark: equal digests mean equal inputs.
    """

    month = MonthField(_("as of"))
    version = models.ForeignKey(PolicyVersion, verbose_name=_("version"), on_delete=models.PROTECT, related_name="+")
    values = models.JSONField(_("parameters and readings"), default=dict)
    values_digest = models.CharField(max_length=64)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="+")
    params = models.JSONField(default=dict, help_text=_("Parameters of the statement, days as ISO text."))
    watermark = models.BigIntegerField(_("watermark"))
    touched_after = models.BigIntegerField(null=True)
    known_at = models.DateTimeField(_("known at"))
    digest = models.CharField(_("digest of its inputs"), max_length=64)
    of_record = models.BooleanField(_("of record"), default=False, help_text=_("Its month was sealed when it ran."))
    state = models.CharField(_("state"), max_length=10, choices=RunState, default=RunState.QUEUED)
    people = models.PositiveIntegerField(_("people"), default=0, help_text=_("How many were judged."))
    written = models.PositiveIntegerField(_("rows written"), default=0)
    started_by = models.ForeignKey(
        Account, verbose_name=_("started by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    channel = models.CharField(_("through"), max_length=20)
    created_at = models.DateTimeField(_("started"), db_default=Now())
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["month", "version", "values_digest", "watermark"],
                condition=~Q(state="failed"),
                name="run_once_for_the_same_facts",
            ),
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="run_state_known"),
            models.CheckConstraint(
                condition=Q(touched_after__isnull=True) | Q(touched_after__lte=F("watermark")), name="run_moves_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month} · {self.version}"


class RunShard(models.Model):
    """A range of people (low, high] of a run: the unit of work, claimed by a conditional UPDATE, done once."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="shards")
    ordinal = models.PositiveIntegerField()
    low = models.BigIntegerField()
    high = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=RunState, default=RunState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    known_at = models.DateTimeField(null=True)
    people = models.PositiveIntegerField(default=0)
    written = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["run", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["run", "ordinal"], name="shard_once_a_run"),
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="shard_state_known"),
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="shard_range_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.ordinal}"


class StandingQuerySet(AboutEmployee):
    thing = Thing.STANDING

    def current(self) -> StandingQuerySet:
        """Without what later facts have superseded."""
        return self.filter(superseded_by__isnull=True)

    def of(self, run: Run) -> StandingQuerySet:
        """What stands by the run's version and values as of its month, whichever run wrote it."""
        return self.current().filter(month=run.month, run__version=run.version_id, run__values_digest=run.values_digest)


class Standing(models.Model):
    """What a run found for a person, with the person's row as it was read (staff edits are not sealed, evidence is).

    ``bits`` holds two bits a rule, ``observed`` the values in the unit's smallest place, ``missing`` a mask of months a
    rule where something is unknown; ``policy.compiler.trace`` reads them with the version's nodes.
    """

    pk = models.CompositePrimaryKey("run_id", "employee_id")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="standings", db_index=False)
    employee = models.ForeignKey(Employee, on_delete=models.CASCADE, related_name="standings", db_index=False)
    month = MonthField(_("as of"))
    tier = models.CharField(_("tier"), max_length=41)
    outcome = models.SmallIntegerField(_("outcome"), choices=[(o.value, o.name.lower()) for o in Outcome])
    target = models.CharField(_("next tier"), max_length=41, null=True)  # noqa: DJ001  none at the top
    bits = models.BigIntegerField()
    observed = ArrayField(models.BigIntegerField(null=True))
    missing = ArrayField(models.BigIntegerField(), null=True)
    department_id = models.BigIntegerField()
    position = models.CharField(max_length=100)
    hired_on = models.DateField()
    regularised_on = models.DateField(null=True)
    post_since = models.DateField(null=True)
    left_on = models.DateField(null=True)
    birth_date = models.DateField(null=True)
    tier_since = models.DateField()
    demoted_on = models.DateField(null=True)
    superseded_by = models.ForeignKey(
        Run, null=True, on_delete=models.PROTECT, related_name="superseded", db_index=False, db_constraint=False
    )

    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        constraints = [
            models.UniqueConstraint(
                fields=["month", "employee"], condition=Q(superseded_by__isnull=True), name="one_standing_a_month"
            ),
            models.CheckConstraint(condition=Q(outcome__in=[o.value for o in Outcome]), name="standing_outcome_known"),
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.month}"
