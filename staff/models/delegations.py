"""Standing in 代理: for a while somebody acts in another's role, named by whoever holds it."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from staff.models.accounts import Account, Role

#: Roles that somebody may hold for another. A judge who is away is replaced; the others take a grant, which two people make.
DELEGABLE = (Role.SUPERVISOR, Role.HEAD, Role.GM)
#: Another confirms these, as another would approve a grant of them (roles, rule 2).
CONFIRMED_ROLES = (Role.GM,)


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def in_force(self, day: date) -> DelegationQuerySet:
        """Those that bite on the day."""
        settled = ~Q(role__in=CONFIRMED_ROLES) | Q(confirmed_by__isnull=False)
        return self.filter(settled, period__contains=day, ended_at__isnull=True)

    def not_over(self, day: date) -> DelegationQuerySet:
        """Those that bite now, wait to be confirmed, or begin later."""
        return self.filter(ended_at__isnull=True, period__endswith__gt=day)


class Delegation(models.Model):
    """``deputy`` stands in for ``holder`` in one role, on the days of ``period``: its upper bound is the first day without it.

    What is ended bites no more from that instant on; the row stays as it was.
    """

    holder = models.ForeignKey(
        Account, verbose_name=_("for whom"), on_delete=models.PROTECT, related_name="delegations_given"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    deputy = models.ForeignKey(
        Account, verbose_name=_("deputy"), on_delete=models.PROTECT, related_name="delegations_held"
    )
    period = DateRangeField(_("period"))
    reason = models.CharField(_("reason"), max_length=300)
    made_at = models.DateTimeField(_("made at"), db_default=Now(), editable=False)
    confirmed_by = models.ForeignKey(
        Account, verbose_name=_("confirmed by"), null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)
    ended_by = models.ForeignKey(
        Account, verbose_name=_("ended by"), null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=DELEGABLE), name="delegable_role"),
            models.CheckConstraint(condition=~Q(holder=F("deputy")), name="nobody_stands_in_for_themselves"),
            models.CheckConstraint(
                condition=Q(period__isempty=False, period__startswith__isnull=False, period__endswith__isnull=False),
                name="delegation_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("holder")) & ~Q(confirmed_by=F("deputy")),
                name="delegation_maker_is_not_checker",
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True) | Q(ended_at__isnull=False), name="delegation_ended_at_a_time"
            ),
            ExclusionConstraint(
                name="one_deputy_at_a_time",
                expressions=[
                    ("holder", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder} → {self.deputy}"

    @property
    def since(self) -> date:
        """The first day; never empty, by the table's own rule."""
        return self.period.lower or date.max

    @property
    def until(self) -> date:
        """The first day without it, the day of return."""
        return self.period.upper or date.min

    @property
    def waits(self) -> bool:
        """For another to confirm it."""
        return self.ended_at is None and self.role in CONFIRMED_ROLES and self.confirmed_by_id is None

    def state_on(self, day: date) -> str:
        """``ended``, ``waits``, ``later``, ``now`` or ``over``."""
        if self.ended_at is not None:
            return "ended"
        if day >= self.until:
            return "over"
        if self.waits:
            return "waits"
        return "later" if day < self.since else "now"
