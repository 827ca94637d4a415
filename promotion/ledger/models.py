"""The tier ledger: an append-only, hash-chained table of dated transitions. A tier is what it says."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from policy.models import PolicyVersion
from staff.kernel.access import Thing
from staff.kernel.fields import MonthField
from staff.models import Account, Employee
from staff.models.querysets import AboutEmployee


class LedgerQuerySet(AboutEmployee):
    thing = Thing.LEDGER


class LedgerKind(models.TextChoices):
    ENTRY = "entry", _("entry")
    PROMOTION = "promotion", _("promotion")
    DEMOTION = "demotion", _("demotion")
    SKIP = "skip", _("skip-level promotion")
    RESTORATION = "restoration", _("restoration")
    LATERAL = "lateral", _("lateral move")
    CORRECTION = "correction", _("correction")


class LedgerLine(models.Model):
    """One transition. ``seq``, ``prev_hash`` and ``hash`` are the trigger's: whoever inserts cannot choose them.

    A correction names in ``replaces`` the line that it takes the place of; the fold leaves the replaced line out. An empty
    ``to_tier`` takes a person off the ladder. Reasons lie in ``LedgerNote``, which can be erased; here is their salted
    digest.
    """

    seq = models.BigIntegerField(_("no."), primary_key=True)
    employee = models.ForeignKey(Employee, verbose_name=_("employee"), on_delete=models.PROTECT, related_name="ledger")
    kind = models.CharField(_("kind"), max_length=20, choices=LedgerKind)
    ladder = models.CharField(_("ladder"), max_length=41)
    from_tier = models.CharField(_("from"), max_length=41, blank=True)
    to_tier = models.CharField(_("to"), max_length=41, blank=True)
    effective_on = models.DateField(_("effective on"))
    replaces = models.OneToOneField(
        "self", verbose_name=_("replaces"), null=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    policy_version = models.ForeignKey(PolicyVersion, null=True, on_delete=models.PROTECT, related_name="+")
    standing_month = MonthField(_("on the standing of"), null=True)
    author = models.ForeignKey(
        Account,
        verbose_name=_("author"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Empty: the operator on the server, or a load of records."),
    )
    channel = models.CharField(_("through"), max_length=20)
    reason_digest = models.CharField(max_length=64, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now())
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(_("hash"), max_length=64, unique=True)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger line")
        verbose_name_plural = _("tier ledger")
        ordering = ["-seq"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=LedgerKind.values), name="ledger_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind="correction") | Q(replaces__isnull=False), name="correction_names_its_line"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq}"


class LedgerHead(models.Model):
    """The one row that every append locks, so that the chain cannot fork."""

    id = models.SmallIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="ledger_has_one_head")]

    def __str__(self) -> str:
        return f"{self.seq}"


class LedgerNote(models.Model):
    """The reason of a line in words: erasable, while the line keeps its salted digest."""

    line = models.OneToOneField(LedgerLine, primary_key=True, on_delete=models.PROTECT, related_name="note")
    salt = models.CharField(max_length=32)
    text = models.TextField()

    def __str__(self) -> str:
        return self.text


class TierPeriod(models.Model):
    """The ledger folded: who held which tier when. Written by the ledger's trigger alone, in the same transaction."""

    employee = models.ForeignKey(Employee, on_delete=models.CASCADE, related_name="tier_periods")
    ladder = models.CharField(_("ladder"), max_length=41)
    tier = models.CharField(_("tier"), max_length=41)
    period = DateRangeField(_("period"))
    kind = models.CharField(_("came by"), max_length=20, choices=LedgerKind)
    line = models.ForeignKey(LedgerLine, on_delete=models.PROTECT, related_name="+")

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("tier period")
        verbose_name_plural = _("tier periods")
        ordering = ["period"]
        constraints = [
            ExclusionConstraint(
                name="one_tier_a_day",
                expressions=[("employee", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tier} {self.period}"
