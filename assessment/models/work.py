"""The work of a month: who handed in, who was reminded, which gaps were accepted, what a person doubts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from assessment.models.catalogue import Metric
from assessment.models.facts import Event
from assessment.models.querysets import DoubtQuerySet
from staff.kernel.fields import MonthField
from staff.models import Account, Employee


class HandIn(models.Model):
    """A supervisor says that the team's month is complete, or why it is not. Taken back by deleting it while open."""

    month = MonthField(_("month"))
    supervisor = models.ForeignKey(
        Employee, verbose_name=_("supervisor"), on_delete=models.PROTECT, related_name="hand_ins"
    )
    handed_in_by = models.ForeignKey(Account, verbose_name=_("who"), on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), db_default=Now())
    gaps = models.PositiveIntegerField(_("gaps"), default=0, help_text=_("How many values were missing."))
    note = models.TextField(_("note"), blank=True, default="", help_text=_("Why they are missing."))

    class Meta:
        verbose_name = _("hand-in")
        verbose_name_plural = _("hand-ins")
        ordering = ["-month", "supervisor"]
        constraints = [
            models.UniqueConstraint(fields=["month", "supervisor"], name="hand_in_once"),
            models.CheckConstraint(condition=Q(gaps=0) | ~Q(note=""), name="hand_in_with_gaps_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.supervisor_id}"


class Chase(models.Model):
    """HR reminded a supervisor of what is missing; each reminder is kept."""

    month = MonthField(_("month"))
    supervisor = models.ForeignKey(
        Employee, verbose_name=_("supervisor"), on_delete=models.CASCADE, related_name="chases"
    )
    chased_by = models.ForeignKey(Account, verbose_name=_("who"), null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), db_default=Now())
    gaps = models.PositiveIntegerField(_("gaps"))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-at"]
        indexes = [models.Index(fields=["month", "supervisor"], name="chase_by_month")]

    def __str__(self) -> str:
        return f"{self.month} {self.supervisor_id}"


class AcceptedGap(models.Model):
    """HR accepts that a value is missing: the month may be sealed, and its clauses wait or fail by what is known."""

    month = MonthField(_("month"))
    employee = models.ForeignKey(Employee, verbose_name=_("employee"), on_delete=models.CASCADE, related_name="+")
    metric = models.ForeignKey(Metric, verbose_name=_("metric"), on_delete=models.PROTECT, related_name="+")
    accepted_by = models.ForeignKey(Account, verbose_name=_("who"), on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), db_default=Now())
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        verbose_name = _("accepted gap")
        verbose_name_plural = _("accepted gaps")
        ordering = ["month", "employee", "metric"]
        constraints = [
            models.UniqueConstraint(fields=["month", "employee", "metric"], name="gap_accepted_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="accepted_gap_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.employee_id} {self.metric_id}"


class DoubtState(models.TextChoices):
    RAISED = "raised", _("with the supervisor")
    WITH_HR = "with_hr", _("with HR")
    ANSWERED = "answered", _("answered")
    WITHDRAWN = "withdrawn", _("withdrawn")


#: Somebody still owes an answer.
OPEN_DOUBTS = (DoubtState.RAISED, DoubtState.WITH_HR)


class Doubt(models.Model):
    """A person doubts a value or an event reported about them: to the supervisor first, then to HR.

    Exactly one of ``metric`` and ``event`` says what is doubted; ``shown`` is what stood there when it was raised. Nothing is
    changed by it: whoever answers puts the fact right, or says why it stands.
    """

    employee = models.ForeignKey(Employee, verbose_name=_("employee"), on_delete=models.CASCADE, related_name="doubts")
    month = MonthField(_("month"))
    metric = models.ForeignKey(
        Metric, verbose_name=_("metric"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    event = models.ForeignKey(
        Event, verbose_name=_("event"), null=True, blank=True, on_delete=models.CASCADE, related_name="doubts"
    )
    shown = models.CharField(_("what stood there"), max_length=200, blank=True, default="")
    text = models.TextField(_("what is doubted"))
    state = models.CharField(_("state"), max_length=10, choices=DoubtState, default=DoubtState.RAISED)
    raised_at = models.DateTimeField(_("raised at"), db_default=Now(), editable=False)
    supervisor_answer = models.TextField(_("the supervisor's answer"), blank=True, default="")
    supervisor_answered_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    supervisor_answered_at = models.DateTimeField(null=True)
    answer = models.TextField(_("answer"), blank=True, default="")
    answered_by = models.ForeignKey(
        Account, verbose_name=_("answered by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, editable=False)

    objects = DoubtQuerySet.as_manager()

    class Meta:
        verbose_name = _("doubt")
        verbose_name_plural = _("doubts")
        ordering = ["-raised_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(metric__isnull=True, event__isnull=False) | Q(metric__isnull=False, event__isnull=True),
                name="doubt_is_about_one_thing",
            ),
            models.CheckConstraint(condition=Q(state__in=DoubtState.values), name="doubt_state_known"),
            models.CheckConstraint(condition=~Q(text=""), name="doubt_says_what"),
            models.CheckConstraint(
                condition=~Q(state=DoubtState.ANSWERED) | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="answered_doubt_has_an_answer",
            ),
            models.UniqueConstraint(
                fields=["employee", "month", "metric"],
                condition=Q(state__in=["raised", "with_hr"], metric__isnull=False),
                name="one_open_doubt_a_value",
            ),
            models.UniqueConstraint(
                fields=["event"],
                condition=Q(state__in=["raised", "with_hr"], event__isnull=False),
                name="one_open_doubt_an_event",
            ),
        ]
        indexes = [models.Index(fields=["state", "month"], name="doubt_by_state")]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.month}"

    @property
    def open(self) -> bool:
        return self.state in OPEN_DOUBTS

    @property
    def may_go_on(self) -> bool:
        """Answered by the supervisor and by nobody after: HR can still be asked, once. The last word is another's."""
        return (
            self.state == DoubtState.ANSWERED
            and self.supervisor_answered_at is not None
            and self.answered_by_id == self.supervisor_answered_by_id
        )
