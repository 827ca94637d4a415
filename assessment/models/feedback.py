"""The talk about a month's result 结果反馈: told by whoever leads the person, answered by the person or not, and its end."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessment.models.querysets import FeedbackQuerySet
from staff.kernel.fields import MonthField
from staff.models import Account, Employee


class FeedbackState(models.TextChoices):
    TOLD = "told", pgettext_lazy("feedback", "fed back, may be answered")
    ACKNOWLEDGED = "acknowledged", pgettext_lazy("feedback", "acknowledged")
    SILENT = "silent", pgettext_lazy("feedback", "not answered, which is no consent")
    OBJECTED = "objected", pgettext_lazy("feedback", "objected to, with the head")
    ANSWERED = "answered", pgettext_lazy("feedback", "answered, may be passed on to HR")
    WITH_HR = "with_hr", pgettext_lazy("feedback", "with HR")
    CLOSED = "closed", pgettext_lazy("feedback", "objection answered")


#: Nobody's turn any more.
FEEDBACK_ENDED = (FeedbackState.ACKNOWLEDGED, FeedbackState.SILENT, FeedbackState.CLOSED)


class Feedback(models.Model):
    """One a person and sealed month. ``due_on`` is the last day of whoever's turn it is, until 24:00, and begins after
    ``since``; none where it has ended. The texts lie in its acts. Nothing of the result changes by it.
    """

    employee = models.ForeignKey(
        Employee, verbose_name=_("employee"), on_delete=models.CASCADE, related_name="feedbacks"
    )
    month = MonthField(_("month"))
    held_on = models.DateField(_("day of the talk"))
    state = models.CharField(_("state"), max_length=12, choices=FeedbackState, default=FeedbackState.TOLD)
    since = models.DateField(_("since"))
    due_on = models.DateField(_("until"), null=True)
    told_by = models.ForeignKey(Account, verbose_name=_("fed back by"), on_delete=models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(
        Account, verbose_name=_("answered by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_by = models.ForeignKey(
        Account, verbose_name=_("answered in the end by"), null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("feedback of a result")
        verbose_name_plural = _("feedback of results")
        ordering = ["-month", "employee"]
        constraints = [
            models.UniqueConstraint(fields=["employee", "month"], name="one_feedback_a_person_and_month"),
            models.CheckConstraint(condition=Q(state__in=FeedbackState.values), name="feedback_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["acknowledged", "silent", "closed"], due_on__isnull=True)
                | Q(Q(due_on__gt=F("since")), ~Q(state__in=["acknowledged", "silent", "closed"])),
                name="feedback_waits_until_a_day",
            ),
            models.CheckConstraint(
                condition=(Q(answered_by__isnull=True) | ~Q(answered_by=F("told_by")))
                & (Q(closed_by__isnull=True) | ~Q(closed_by=F("told_by")))
                & (Q(closed_by__isnull=True) | Q(answered_by__isnull=True) | ~Q(closed_by=F("answered_by"))),
                name="feedback_objection_answered_by_others",
            ),
        ]
        indexes = [models.Index(fields=["month", "state"], name="feedback_by_month")]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.month}"

    @property
    def ended(self) -> bool:
        return self.state in FEEDBACK_ENDED


class FeedbackStep(models.TextChoices):
    TOLD = "told", pgettext_lazy("feedback act", "result fed back")
    ACKNOWLEDGED = "acknowledged", pgettext_lazy("feedback act", "acknowledged")
    SILENT = (
        "silent",
        pgettext_lazy("feedback act", "the term went by without an answer: recorded as silence, not as consent"),
    )
    OBJECTED = "objected", pgettext_lazy("feedback act", "objected")
    ANSWERED = "answered", pgettext_lazy("feedback act", "answered by the head")
    PASSED_ON = "passed_on", pgettext_lazy("feedback act", "passed on to HR")
    CONTENT = "content", pgettext_lazy("feedback act", "not passed on to HR: the head's answer stands")
    CLOSED = "closed", pgettext_lazy("feedback act", "answered by HR, for the last time")


class FeedbackAct(models.Model):
    """Who did what, with the words: each step once. ``words`` and ``agreed`` (next steps) can be blanked out."""

    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, related_name="acts")
    step = models.CharField(_("step"), max_length=12, choices=FeedbackStep)
    by = models.ForeignKey(Account, verbose_name=_("by"), null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), db_default=Now())
    words = models.TextField(_("words"), blank=True, default="")
    agreed = models.TextField(_("agreed next steps"), blank=True, default="")

    class Meta:
        verbose_name = _("act of a feedback")
        verbose_name_plural = _("acts of feedback")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["feedback", "step"], name="one_act_a_feedback_step"),
            models.CheckConstraint(condition=Q(step__in=FeedbackStep.values), name="feedback_step_known"),
            models.CheckConstraint(
                condition=~Q(step__in=["told", "objected", "answered", "closed"]) | ~Q(words=""),
                name="feedback_act_says_what",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.feedback_id} {self.step}"
