"""Rounds: who judges whom by which sheet, and what each gave. Nobody sees another's score before the round is closed."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from policy.models import PolicyVersion
from promotion.applications.models import Application
from staff.kernel.access import Access, Thing, Verb
from staff.models import Account, Department


class RoundState(models.TextChoices):
    ARRANGED = "arranged", pgettext_lazy("round", "arranged")
    OPEN = "open", pgettext_lazy("round", "open for scores")
    CLOSED = "closed", pgettext_lazy("round", "closed")
    CANCELLED = "cancelled", pgettext_lazy("round", "cancelled, to be repeated")


class Aggregate(models.TextChoices):
    MEAN = "mean", _("mean of the judges")
    TRIMMED_MEAN = "trimmed_mean", _("mean without the highest and the lowest")


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, access: Access, verb: Verb = Verb.READ) -> Self:
        """By department of the scope; a judge's are those assigned to them. An employee's own is read on their application."""
        if access.everything:
            return self
        scope = access.scope(Thing.ROUND, verb)
        if scope.company:
            return self
        rows = Q(department__in=scope.departments)
        if verb is Verb.READ and access.account_id is not None and "judge" in access.roles:
            rows |= Q(pk__in=Judge.objects.filter(account=access.account_id, replaced_at=None).values("round"))
        return self.filter(rows)


class Round(models.Model):
    """One sitting of a panel over candidates for one tier. ``sheet``: ``[{"key", "zh", "en", "of": "40"}]``, ``bar`` and
    ``aggregate`` are those of the version when it was arranged. A competition has ``vacancies``. Scores are given between
    ``opens_at`` and ``closes_at``; after closing they are fixed.
    """

    step = models.CharField(_("step"), max_length=20)
    version = models.ForeignKey(PolicyVersion, verbose_name=_("version"), on_delete=models.PROTECT, related_name="+")
    values = models.JSONField(default=dict)
    to_tier = models.CharField(_("for the tier"), max_length=41)
    department = models.ForeignKey(Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="+")
    place = models.CharField(_("place"), max_length=200, blank=True, default="")
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    sheet = models.JSONField()
    bar = models.DecimalField(_("bar"), max_digits=7, decimal_places=2, null=True)
    aggregate = models.CharField(_("aggregation"), max_length=20, choices=Aggregate, default=Aggregate.MEAN)
    panel = models.PositiveSmallIntegerField(_("judges"), default=3)
    vacancies = models.PositiveSmallIntegerField(_("vacancies"), null=True)
    state = models.CharField(_("state"), max_length=10, choices=RoundState, default=RoundState.ARRANGED)
    arranged_by = models.ForeignKey(
        Account, verbose_name=_("arranged by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    arranged_at = models.DateTimeField(_("arranged"), db_default=Now(), editable=False)
    closed_by = models.ForeignKey(
        Account, verbose_name=_("closed by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(_("closed"), null=True)
    reason = models.TextField(_("why it is repeated"), blank=True, default="")
    minutes = models.TextField(
        pgettext_lazy("round", "minutes"), blank=True, default="", help_text=_("Questions asked, dissent.")
    )

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["-opens_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RoundState.values), name="round_state_known"),
            models.CheckConstraint(condition=Q(aggregate__in=Aggregate.values), name="round_aggregate_known"),
            models.CheckConstraint(condition=Q(opens_at__lt=F("closes_at")), name="round_opens_before_it_closes"),
            models.CheckConstraint(
                condition=Q(step="competition", vacancies__gte=1) | Q(~Q(step="competition"), vacancies__isnull=True),
                name="competition_has_vacancies",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False), name="closed_round_says_when"
            ),
            models.CheckConstraint(condition=~Q(state="cancelled") | ~Q(reason=""), name="cancelled_round_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.pk}"


class Stance(models.TextChoices):
    """A judge's own word on conflicts of interest, for the whole round."""

    ASKED = "asked", _("not declared yet")
    CLEAR = "clear", _("declared none")
    CONFLICT = "conflict", _("declared a conflict")


class Judge(models.Model):
    """A member of a round's panel. Whoever is replaced stays, with the reason; their sheets do not count."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="judges")
    account = models.ForeignKey(Account, verbose_name=_("judge"), on_delete=models.PROTECT, related_name="+")
    stance = models.CharField(_("conflict of interest"), max_length=10, choices=Stance, default=Stance.ASKED)
    words = models.TextField(_("which"), blank=True, default="")
    declared_at = models.DateTimeField(_("declared"), null=True)
    assigned_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(db_default=Now())
    replaced_at = models.DateTimeField(_("replaced"), null=True)
    replaced_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("why replaced"), blank=True, default="")

    class Meta:
        verbose_name = _("judge")
        verbose_name_plural = _("judges")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "account"], condition=Q(replaced_at__isnull=True), name="judge_once_a_round"
            ),
            models.CheckConstraint(condition=Q(stance__in=Stance.values), name="judge_stance_known"),
            models.CheckConstraint(condition=~Q(stance="conflict") | ~Q(words=""), name="conflict_is_named"),
            models.CheckConstraint(
                condition=Q(replaced_at__isnull=True) | ~Q(reason=""), name="replaced_judge_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.account_id}"


class Outcome(models.TextChoices):
    PASSED = "passed", pgettext_lazy("candidate", "over the bar")
    FAILED = "failed", pgettext_lazy("candidate", "under the bar")
    WON = "won", pgettext_lazy("candidate", "won a vacancy")
    NOT_WON = "not_won", pgettext_lazy("candidate", "over the bar, no vacancy left")
    TIED = "tied", pgettext_lazy("candidate", "equal at the last vacancy")


class Candidate(models.Model):
    """An application before a panel. ``total`` (two decimals) and ``outcome`` are there once the round is closed; those tied at
    the last vacancy wait for the general manager. Whom HR takes out before the round opens stays, with ``left_at``, so that
    what was said of a conflict with them is kept; put back, they keep their place.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="candidates")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="candidacies")
    ordinal = models.PositiveSmallIntegerField(_("order"))
    total = models.DecimalField(_("total"), max_digits=7, decimal_places=2, null=True)
    rank = models.PositiveSmallIntegerField(_("rank"), null=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True, default="")
    left_at = models.DateTimeField(_("taken out"), null=True)

    class Meta:
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        ordering = ["round", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["round", "application"], name="candidate_once_a_round"),
            models.UniqueConstraint(fields=["round", "ordinal"], name="candidates_in_one_order"),
            models.CheckConstraint(condition=Q(outcome__in=["", *Outcome.values]), name="candidate_outcome_known"),
            models.CheckConstraint(condition=Q(left_at=None) | Q(outcome=""), name="candidate_out_has_no_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.ordinal}"

    @property
    def live(self) -> bool:
        """Whether the application stands before the panel still: it was not taken out, withdrawn, halted or returned."""
        stands = self.application.state == "open" and self.application.step == self.round.step
        return stands and self.left_at is None


class Recusal(models.Model):
    """A judge does not score a candidate: declared by the judge, or asked for by the candidate (challenge 回避); HR settles it
    before scoring opens. While it is open or upheld the judge gives that candidate no score.
    """

    judge = models.ForeignKey(Judge, on_delete=models.PROTECT, related_name="recusals")
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="recusals")
    by_candidate = models.BooleanField(_("asked for by the candidate"))
    words = models.TextField(_("why"))
    raised_at = models.DateTimeField(db_default=Now())
    upheld = models.BooleanField(_("upheld"), null=True)
    answer = models.TextField(_("HR's answer"), blank=True, default="")
    settled_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("recusal")
        verbose_name_plural = _("recusals")
        constraints = [
            models.UniqueConstraint(fields=["judge", "candidate"], name="one_recusal_a_judge_and_candidate"),
            models.CheckConstraint(condition=~Q(words=""), name="recusal_says_why"),
            models.CheckConstraint(
                condition=Q(upheld__isnull=True) | Q(Q(settled_at__isnull=False), ~Q(answer="")),
                name="settled_recusal_is_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.judge_id} {self.candidate_id}"


class ScoreSheet(models.Model):
    """What one judge gives one candidate: ``points`` by the sheet's keys, decimals as text. A draft is the judge's alone; once
    handed in it never changes (a trigger holds it). ``saved_at`` says when it was typed, not when it arrived: it orders drafts.
    """

    judge = models.ForeignKey(Judge, on_delete=models.PROTECT, related_name="sheets")
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="sheets")
    points = models.JSONField(default=dict)
    comment = models.TextField(_("comment"), blank=True, default="")
    total = models.DecimalField(_("total"), max_digits=7, decimal_places=2, null=True)
    saved_at = models.DateTimeField(_("saved"), db_default=Now())
    submitted_at = models.DateTimeField(_("handed in"), null=True)

    class Meta:
        verbose_name = _("score sheet")
        verbose_name_plural = _("score sheets")
        constraints = [
            models.UniqueConstraint(fields=["judge", "candidate"], name="one_sheet_a_judge_and_candidate"),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | Q(total__isnull=False), name="handed_in_sheet_has_total"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.judge_id} {self.candidate_id}"
