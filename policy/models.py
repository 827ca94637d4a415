"""Versions of policies, and where and since when they are in force."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from staff.kernel.words import in_english
from staff.models import Account, Department


class PolicyVersion(models.Model):
    """A published document. Immutable: a change is a new version, a trigger refuses anything else."""

    key = models.CharField(_("policy"), max_length=41)
    number = models.PositiveIntegerField(_("version"))
    title_zh = models.CharField(_("title"), max_length=200)
    title_en = models.CharField(_("title (English)"), max_length=200)
    document = models.TextField(_("document"))
    digest = models.CharField(_("digest"), max_length=64)
    parts = ArrayField(
        models.CharField(max_length=60),
        verbose_name=_("parts"),
        help_text=_(
            "What it governs: ladder, scorecard, pay:<component>. Two policies never govern one part of a person."
        ),
    )
    published_at = models.DateTimeField(_("published at"), db_default=Now())
    published_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")
        ordering = ["key", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["key", "number"], name="policy_version_number_once"),
            models.UniqueConstraint(fields=["key", "digest"], name="policy_document_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="policy_version_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.number}"

    @property
    def title(self) -> str:
        return self.title_en if in_english() else self.title_zh


class Adoption(models.Model):
    """A version in force for a department and all below, over a half-open period, with values for its parameters."""

    version = models.ForeignKey(
        PolicyVersion, verbose_name=_("version"), on_delete=models.PROTECT, related_name="adoptions"
    )
    policy = models.CharField(_("policy"), max_length=41, editable=False)
    department = models.ForeignKey(
        Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="adoptions"
    )
    period = DateRangeField(_("period"))
    values = models.JSONField(_("parameters and readings"), default=dict, blank=True)
    adopted_at = models.DateTimeField(_("adopted at"), db_default=Now(), editable=False)
    adopted_by = models.ForeignKey(
        Account, verbose_name=_("adopted by"), null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    approved_by = models.ForeignKey(
        Account, verbose_name=_("approved by"), null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    consultation = models.TextField(
        _("how employees were heard"), blank=True, help_text=_("Labour Contract Law art. 4. Empty: none was given.")
    )

    class Meta:
        verbose_name = _("adoption")
        verbose_name_plural = _("adoptions")
        ordering = ["policy", "department", "period"]
        constraints = [
            ExclusionConstraint(
                name="policy_adopted_once_a_day",
                expressions=[
                    ("policy", RangeOperators.EQUAL),
                    ("department", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=Q(period__isempty=False), name="adoption_period_not_empty"),
            models.CheckConstraint(
                condition=Q(adopted_by__isnull=True) | Q(approved_by__isnull=True) | ~Q(adopted_by=F("approved_by")),
                name="adoption_maker_is_not_checker",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy} · {self.department}"


class DraftState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("policy", "draft")
    SUBMITTED = "submitted", _("waits for the general manager")
    APPROVED = "approved", _("published")
    DISCARDED = "discarded", _("discarded")


class PolicyDraft(models.Model):
    """A version in the making: HR writes it, employees are heard, the general manager publishes it.

    ``revision`` grows with every save: whoever saves says which one they read, so that nobody's words are lost. ``base`` is
    the version that it changes; none where the policy has no version yet. Returned, it is a draft again with a ``reason``.
    Whoever wrote in it never decides on it (``sql/drafts.sql``).
    """

    key = models.CharField(_("policy"), max_length=41)
    base = models.ForeignKey(
        PolicyVersion, verbose_name=_("changes version"), null=True, on_delete=models.PROTECT, related_name="drafts"
    )
    document = models.TextField(_("document"))
    digest = models.CharField(_("digest"), max_length=64)
    revision = models.PositiveIntegerField(_("revision"), default=1)
    state = models.CharField(_("state"), max_length=10, choices=DraftState, default=DraftState.DRAFT)
    editors = ArrayField(
        models.BigIntegerField(), verbose_name=_("written by"), help_text=_("Accounts; none of them decides on it.")
    )
    started_by = models.ForeignKey(
        Account, verbose_name=_("begun by"), on_delete=models.PROTECT, related_name="+", editable=False
    )
    started_at = models.DateTimeField(_("begun at"), db_default=Now(), editable=False)
    edited_by = models.ForeignKey(
        Account, verbose_name=_("saved by"), on_delete=models.PROTECT, related_name="+", editable=False
    )
    edited_at = models.DateTimeField(_("saved at"), db_default=Now(), editable=False)
    consultation = models.TextField(
        _("how employees were heard"),
        blank=True,
        help_text=_("Labour Contract Law art. 4: who was asked, when, what came of it."),
    )
    submitted_by = models.ForeignKey(
        Account, verbose_name=_("submitted by"), null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, editable=False)
    decided_by = models.ForeignKey(
        Account, verbose_name=_("decided by"), null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    reason = models.TextField(_("reason"), blank=True)
    version = models.ForeignKey(
        PolicyVersion, verbose_name=_("version"), null=True, on_delete=models.PROTECT, related_name="written_as"
    )

    class Meta:
        verbose_name = _("draft of a policy")
        verbose_name_plural = _("drafts of policies")
        ordering = ["-edited_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DraftState.values), name="policy_draft_state_known"),
            models.CheckConstraint(condition=Q(revision__gte=1), name="policy_draft_revision_from_one"),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "approved"])
                | Q(submitted_by__isnull=False, submitted_at__isnull=False) & ~Q(consultation=""),
                name="policy_draft_employees_were_heard",
            ),
            models.CheckConstraint(
                condition=Q(state="approved", version__isnull=False, decided_by__isnull=False)
                | ~Q(state="approved") & Q(version__isnull=True, decided_by__isnull=True),
                name="policy_draft_published_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} · {self.pk}"

    @property
    def open(self) -> bool:
        """It may be written in."""
        return self.state == DraftState.DRAFT

    @property
    def waits(self) -> bool:
        return self.state == DraftState.SUBMITTED

    @property
    def submission(self) -> str:
        """Names what was sent, text and places; empty where nothing was."""
        return self.submitted_at.isoformat() if self.submitted_at else ""


class RequestState(models.TextChoices):
    PENDING = "pending", _("waits for the general manager")
    APPROVED = "approved", _("approved")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


class AdoptionRequest(models.Model):
    """HR asks that a policy be put in force; nothing is until the general manager approves.

    ``version`` empty: the library's document. One of a ``draft`` is decided with it, and has no version before.
    """

    policy = models.CharField(_("policy"), max_length=41)
    version = models.ForeignKey(
        PolicyVersion, verbose_name=_("version"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    draft = models.ForeignKey(
        PolicyDraft,
        verbose_name=_("draft"),
        null=True,
        on_delete=models.PROTECT,
        related_name="requests",
        editable=False,
    )
    department = models.ForeignKey(
        Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="adoption_requests"
    )
    starts_on = models.DateField(_("from"))
    values = models.JSONField(_("parameters and readings"), default=dict, blank=True)
    consultation = models.TextField(
        _("how employees were heard"), blank=True, help_text=_("Labour Contract Law art. 4. Empty: none was given.")
    )
    requested_by = models.ForeignKey(
        Account, verbose_name=_("requested by"), on_delete=models.PROTECT, related_name="+", editable=False
    )
    requested_at = models.DateTimeField(_("requested at"), db_default=Now(), editable=False)
    state = models.CharField(_("state"), max_length=10, choices=RequestState, default=RequestState.PENDING)
    decided_by = models.ForeignKey(
        Account, verbose_name=_("decided by"), null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(
        _("decided at"), null=True, editable=False, help_text=_("Or when it was withdrawn.")
    )
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("request for an adoption")
        verbose_name_plural = _("requests for adoptions")
        ordering = ["-requested_at"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RequestState.values), name="adoption_request_state_known"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="adoption_request_maker_is_not_checker",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["approved", "declined"], decided_by__isnull=False, decided_at__isnull=False)
                | Q(state="withdrawn", decided_by__isnull=True, decided_at__isnull=False)
                | Q(state="pending", decided_by__isnull=True, decided_at__isnull=True),
                name="adoption_request_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy} · {self.department}"

    @property
    def pending(self) -> bool:
        return self.state == RequestState.PENDING
