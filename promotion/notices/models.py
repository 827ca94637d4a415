"""Public notices 公示 and the objections to them. A notice holds names, numbers, departments and tiers, and nothing more."""

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
from staff.models.querysets import AboutEmployee


class NoticeState(models.TextChoices):
    POSTED = "posted", pgettext_lazy("notice", "posted")
    ENDED = "ended", pgettext_lazy("notice", "ended")


class Notice(models.Model):
    """Posted for ``days`` working days after ``posted_on``, the last of them ``ends_on`` until 24:00; it ends later where an
    objection is open then. ``serial`` counts within the year; ``digest`` covers what is posted.
    """

    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    version = models.ForeignKey(PolicyVersion, verbose_name=_("version"), on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="+")
    posted_on = models.DateField(_("posted on"))
    days = models.PositiveSmallIntegerField(_("working days"))
    ends_on = models.DateField(_("last day"))
    state = models.CharField(_("state"), max_length=10, choices=NoticeState, default=NoticeState.POSTED)
    posted_by = models.ForeignKey(
        Account, verbose_name=_("posted by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    posted_at = models.DateTimeField(db_default=Now())
    ended_on = models.DateField(_("ended on"), null=True)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("public notice")
        verbose_name_plural = _("public notices")
        ordering = ["-year", "-serial"]
        constraints = [
            models.UniqueConstraint(fields=["year", "serial"], name="one_notice_a_number"),
            models.CheckConstraint(condition=Q(state__in=NoticeState.values), name="notice_state_known"),
            models.CheckConstraint(condition=Q(days__gte=1, ends_on__gt=F("posted_on")), name="notice_lasts"),
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(ended_on__isnull=False), name="ended_notice_says_when"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """As it is cited: ``GS-2026-011``."""
        return f"GS-{self.year}-{self.serial:03}"


class NoticeEntry(models.Model):
    """One person on a notice, as posted: later changes of name or department change nothing here. ``taken_back`` where an
    objection was upheld.
    """

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="entries")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="entries")
    name = models.CharField(_("name"), max_length=100)
    employee_no = models.CharField(_("employee no."), max_length=40)
    department = models.CharField(_("department"), max_length=200)
    from_tier = models.CharField(_("present tier"), max_length=41)
    to_tier = models.CharField(_("proposed tier"), max_length=41)
    clauses = models.CharField(_("by"), max_length=200)
    taken_back_on = models.DateField(_("taken back on"), null=True)

    class Meta:
        verbose_name = _("person on a notice")
        verbose_name_plural = _("people on notices")
        ordering = ["notice", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "application"], name="once_on_a_notice"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(taken_back_on__isnull=True), name="posted_on_one_notice"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.employee_no}"


class ObjectionState(models.TextChoices):
    OPEN = "open", pgettext_lazy("objection", "open")
    DISMISSED = "dismissed", pgettext_lazy("objection", "dismissed")
    UPHELD = "upheld", pgettext_lazy("objection", "upheld")


class ObjectionQuerySet(AboutEmployee):
    """Scoped by the person that the objection is about; whoever raised it reads their own."""

    thing = Thing.OBJECTION
    path = "entry__application__employee__"

    def visible_to(self, access: Access, verb: Verb = Verb.READ) -> Self:
        rows = super().visible_to(access.others(), verb)
        return rows | self.filter(by=access.account_id) if verb is Verb.READ and access.account_id else rows


class Objection(models.Model):
    """Facts and grounds against one entry of a notice. Who raised it is HR's to know, and no one else's: nobody who is named in
    the notice, decides on it or audits it reads ``by``.
    """

    entry = models.ForeignKey(NoticeEntry, on_delete=models.PROTECT, related_name="objections")
    by = models.ForeignKey(Account, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("facts and grounds"))
    raised_at = models.DateTimeField(_("raised"), db_default=Now())
    state = models.CharField(_("state"), max_length=10, choices=ObjectionState, default=ObjectionState.OPEN)
    answer = models.TextField(_("answer"), blank=True, default="")
    answered_by = models.ForeignKey(
        Account, verbose_name=_("answered by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ObjectionState.values), name="objection_state_known"),
            models.CheckConstraint(condition=~Q(text=""), name="objection_says_why"),
            models.CheckConstraint(
                condition=Q(state="open") | Q(Q(answered_at__isnull=False), ~Q(answer="")),
                name="settled_objection_is_answered",
            ),
            models.UniqueConstraint(
                fields=["entry", "by"], condition=Q(state="open"), name="one_open_objection_a_person_and_entry"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.state}"
