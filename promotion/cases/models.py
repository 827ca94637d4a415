"""The course of an adverse case 个案程序: demotion and clauses of dismissal, step by step. Nobody's tier or pay changes
before the end.

A proceeding is made by the database with its case, and closed by it when a correction takes the facts away
(``promotion/sql/cases.sql``).
"""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessment.models import Case
from promotion.ledger.models import LedgerLine
from staff.kernel.access import Thing
from staff.kernel.fields import MonthField
from staff.kernel.words import both_names
from staff.models import Account, Employee
from staff.models.querysets import AboutEmployee


class Track(models.TextChoices):
    DEMOTION = "demotion", _("demotion")
    DISMISSAL = "dismissal", _("clause of dismissal")


class ProceedingState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("proceeding", "to be checked")
    CHECKED = "checked", pgettext_lazy("proceeding", "checked")
    SERVED = "served", pgettext_lazy("proceeding", "told, may be answered")
    STATED = "stated", pgettext_lazy("proceeding", "answered by the person")
    PLANNED = "planned", pgettext_lazy("proceeding", "improvement plan")
    DECIDED = "decided", pgettext_lazy("proceeding", "decided, may be appealed")
    APPEALED = "appealed", pgettext_lazy("proceeding", "appealed")
    UPHELD = "upheld", pgettext_lazy("proceeding", "upheld, waits for its day")
    ARRANGED = "arranged", pgettext_lazy("proceeding", "training or another post")
    REASSESSED = "reassessed", pgettext_lazy("proceeding", "assessed again")
    EFFECTIVE = "effective", pgettext_lazy("proceeding", "in the ledger")
    RESTORING = "restoring", pgettext_lazy("proceeding", "to be restored")
    CLOSED = "closed", pgettext_lazy("proceeding", "closed")


#: Nothing follows any more.
ENDED = (ProceedingState.EFFECTIVE, ProceedingState.CLOSED)


class Outcome(models.TextChoices):
    """How a proceeding was closed; an effective one stands in the ledger."""

    NO_ACTION = "no_action", pgettext_lazy("proceeding", "no action")
    PLAN_MET = "plan_met", pgettext_lazy("proceeding", "the plan was met")
    PLAN_MISSED = "plan_missed", pgettext_lazy("proceeding", "the plan was not met; a new case follows")
    OVERTURNED = "overturned", pgettext_lazy("proceeding", "the appeal succeeded")
    WITHDRAWN = "withdrawn", pgettext_lazy("proceeding", "the facts were corrected")
    RESTORED = "restored", pgettext_lazy("proceeding", "the tier was restored")
    RECORDED = "recorded", pgettext_lazy("proceeding", "the outcome is recorded")
    HALTED = "halted", pgettext_lazy("proceeding", "the tier changed otherwise, or the person left")


class Decision(models.TextChoices):
    NO_ACTION = "no_action", _("no demotion, close the case")
    PLAN = "plan", _("no demotion now, an improvement plan")
    DEMOTION = "demotion", _("one tier down")


class Basis(models.TextChoices):
    AGREED = "agreed", _("agreed with the person")
    INCAPABLE = "incapable", _("not competent for the post")
    CONTRACT = "contract", _("by the contract")


class ProtectedBy(models.TextChoices):
    """Labour Contract Law 劳动合同法 art. 42, item by item."""

    OCCUPATIONAL_CHECK = (
        "occupational_check",
        _("exposed to occupational hazards and not checked before leaving, or under observation"),
    )
    INJURY = "injury", _("occupational disease or work injury with loss of ability to work")
    TREATMENT = "treatment", _("in the period of medical treatment")
    MATERNITY = "maternity", _("pregnancy, birth or nursing")
    LONG_SERVICE = "long_service", _("15 years of service and less than 5 to retirement")
    OTHER = "other", _("otherwise protected by law")


class ProceedingQuerySet(AboutEmployee):
    thing = Thing.PROCEEDING
    path = "case__employee__"

    def under_way(self) -> Self:
        return self.exclude(state__in=ENDED)


class Proceeding(models.Model):
    """Where a case stands. Days are the last of their terms, until 24:00; ``due_on`` is that of whoever acts next.

    ``checks`` counts how often HR answered the questions of protection, ``protected`` is what the last answers came to
    (None: not answered). ``tier_on`` and ``pay_on`` are the first days of the effect, apart.
    """

    case = models.OneToOneField(
        Case, verbose_name=_("case"), primary_key=True, on_delete=models.PROTECT, related_name="proceeding"
    )
    track = models.CharField(_("track"), max_length=10, choices=Track)
    state = models.CharField(_("state"), max_length=10, choices=ProceedingState, default=ProceedingState.PROPOSED)
    since = models.DateTimeField(_("since"), db_default=Now())
    due_on = models.DateField(_("due on"), null=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True, default="")
    checks = models.PositiveSmallIntegerField(default=0)
    protected = models.BooleanField(null=True)
    checked_on = models.DateField(null=True)
    checked_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    served_on = models.DateField(_("told on"), null=True)
    statement_due = models.DateField(_("to be answered until"), null=True)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision, blank=True, default="")
    basis = models.CharField(_("basis"), max_length=10, choices=Basis, blank=True, default="")
    decided_on = models.DateField(_("decided on"), null=True)
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    tier_on = models.DateField(_("tier from"), null=True)
    pay_on = models.DateField(_("pay from"), null=True)
    appeal_until = models.DateField(_("may be appealed until"), null=True)
    decider = models.ForeignKey(
        Account, verbose_name=_("decides on the appeal"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    reassess_month = MonthField(_("assessed again as of"), null=True)
    mentor = models.ForeignKey(
        Employee, verbose_name=_("mentor"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    arranged_until = models.DateField(_("arranged until"), null=True)
    line = models.OneToOneField(
        LedgerLine, verbose_name=_("ledger line"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    restoration = models.OneToOneField(
        LedgerLine, verbose_name=_("restored by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    back_pay_until = models.DateField(_("back-pay until"), null=True)

    objects = ProceedingQuerySet.as_manager()

    class Meta:
        verbose_name = _("course of a case")
        verbose_name_plural = _("courses of cases")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(track__in=Track.values), name="proceeding_track_known"),
            models.CheckConstraint(condition=Q(state__in=ProceedingState.values), name="proceeding_state_known"),
            models.CheckConstraint(
                condition=Q(state="closed") & ~Q(outcome="") | ~Q(state="closed") & Q(outcome=""),
                name="closed_proceeding_says_how",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "closed"]) | Q(protected__isnull=False),
                name="proceeding_goes_on_when_checked",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["served", "stated", "decided", "appealed", "upheld", "effective", "arranged"])
                | Q(served_on__isnull=False, statement_due__gt=F("served_on")),
                name="proceeding_goes_on_when_told",
            ),
            models.CheckConstraint(
                condition=~Q(decision="demotion")
                | Q(
                    ~Q(basis=""),
                    decided_by__isnull=False,
                    appeal_until__gt=F("decided_on"),
                    tier_on__gt=F("appeal_until"),
                    pay_on__gt=F("appeal_until"),
                    track="demotion",
                ),
                name="demotion_waits_for_the_appeal",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["decided", "appealed", "upheld", "effective", "restoring"])
                | Q(decision="demotion"),
                name="demotion_is_decided",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["effective", "restoring"], line__isnull=False)
                | Q(outcome="restored", line__isnull=False, restoration__isnull=False)
                | ~Q(state__in=["effective", "restoring"]) & ~Q(outcome="restored") & Q(line__isnull=True),
                name="effective_demotion_is_in_the_ledger",
            ),
            models.CheckConstraint(
                condition=~Q(decision="plan") | Q(reassess_month__isnull=False, mentor__isnull=False),
                name="plan_has_month_and_mentor",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("decided_by")),
                name="appeal_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(track="dismissal") | ~Q(outcome="recorded") | Q(protected=False),
                name="protection_stops_a_dismissal",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_on"], name="proceeding_at_state"),
            models.Index(
                fields=["tier_on"], condition=Q(state__in=["decided", "upheld"]), name="proceeding_takes_effect"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"


class CaseAct(models.TextChoices):
    CHECKED = "checked", pgettext_lazy("case", "facts and protection checked")
    SERVED = "served", pgettext_lazy("case", "letter served")
    READ = "read", pgettext_lazy("case", "letter read")
    STATED = "stated", pgettext_lazy("case", "statement")
    DECIDED = "decided", pgettext_lazy("case", "decision")
    APPEALED = "appealed", pgettext_lazy("case", "appeal")
    NAMED = "named", pgettext_lazy("case", "decider of the appeal named")
    ANSWERED = "answered", pgettext_lazy("case", "decision on the appeal")
    NOTED = "noted", pgettext_lazy("case", "note on the plan")
    ARRANGED = "arranged", pgettext_lazy("case", "training or another post arranged")
    REASSESSED = "reassessed", pgettext_lazy("case", "assessed again")
    RECORDED = "recorded", pgettext_lazy("case", "outcome recorded")
    EFFECTIVE = "effective", pgettext_lazy("case", "in the ledger")
    RESTORED = "restored", pgettext_lazy("case", "tier restored")
    HALTED = "halted", pgettext_lazy("case", "halted")


class Audience(models.TextChoices):
    """Who reads the words of an act: the parties of the case, those and whoever leads the person, or HR and auditors alone."""

    PARTIES = "parties", _("the parties of the case")
    PLAN = "plan", _("the parties and whoever leads the person")
    HR = "hr", _("HR and auditors")


class ProceedingAct(models.Model):
    """One act or document of a case, in order. Append-only; ``words`` and ``data`` can be blanked out, and nothing else.

    ``digest`` is that of ``salt``, act, words and data as they were written (``promotion.cases.digests``): it stays when
    they are erased. ``key`` makes a repeated act one act.
    """

    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="acts")
    act = models.CharField(_("act"), max_length=10, choices=CaseAct)
    by = models.ForeignKey(Account, verbose_name=_("by"), null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(_("as"), max_length=20, blank=True, default="")
    day = models.DateField(_("day"))
    at = models.DateTimeField(_("at"), db_default=Now())
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.PARTIES)
    words = models.TextField(_("words"), blank=True, default="")
    data = models.JSONField(default=dict)
    salt = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    key = models.CharField(max_length=120, null=True, unique=True)  # noqa: DJ001  none where nobody repeats it
    #: Whose role it was, where somebody stood in; filled in by whoever shows the act.
    on_behalf_of = ""

    class Meta:
        verbose_name = _("act of a case")
        verbose_name_plural = _("acts of cases")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(act__in=CaseAct.values), name="case_act_known"),
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="case_act_audience_known"),
        ]

    def __str__(self) -> str:
        return f"{self.proceeding_id} {self.act}"

    @property
    def signed(self) -> str:
        """Who did it, both names where somebody stood in; empty where it came about by itself."""
        return both_names(self.by, self.on_behalf_of)


class ProtectionAnswer(models.Model):
    """HR's answer to one item of art. 42, with its evidence. Silence is no answer; ``hint`` tells what the records
    suggested.
    """

    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="protection")
    attempt = models.PositiveSmallIntegerField()
    item = models.CharField(_("item"), max_length=20, choices=ProtectedBy)
    applies = models.BooleanField(_("applies"))
    evidence = models.TextField(_("evidence"))
    until = models.DateField(_("until"), null=True)
    by = models.ForeignKey(Account, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("answer on protection")
        verbose_name_plural = _("answers on protection")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["proceeding", "attempt", "item"], name="one_answer_an_item"),
            models.CheckConstraint(condition=Q(item__in=ProtectedBy.values), name="protection_item_known"),
            models.CheckConstraint(condition=~Q(evidence=""), name="protection_answer_has_evidence"),
        ]

    def __str__(self) -> str:
        return f"{self.proceeding_id} {self.item}"
