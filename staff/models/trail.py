"""What was done, what was touched, and what must still be told: audit, touches, outbox."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from staff.kernel.fields import MonthField
from staff.models.accounts import Account
from staff.models.people import Employee


class AuditEntry(models.Model):
    """One action: who, when, through what, on what, before and after. Append-only, also for the owner."""

    at = models.DateTimeField(_("at"), db_default=Now())
    actor = models.ForeignKey(
        Account,
        verbose_name=_("who"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Empty: a job, or the operator on the server."),
    )
    channel = models.CharField(_("through"), max_length=20)
    action = models.CharField(_("action"), max_length=60)
    object_type = models.CharField(_("object"), max_length=60)
    object_key = models.CharField(_("key"), max_length=120)
    employee = models.ForeignKey(
        Employee, verbose_name=_("about"), null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)
    reason = models.TextField(_("reason"), blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["object_type", "object_key"], name="audit_by_object"),
            models.Index(fields=["employee", "-id"], name="audit_by_employee"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_key}"


class Touch(models.Model):
    """A fact about somebody changed. Written by triggers of the tables of facts, read by the sweeps.

    The highest id under the gate (``staff.kernel.gate``) is the watermark of all that was known at an instant.
    """

    id = models.BigAutoField(primary_key=True)
    employee_id = models.BigIntegerField(null=True, help_text=_("Empty: everybody may be touched."))
    first_month = MonthField(null=True, help_text=_("Months from this one on may judge differently. Empty: all."))
    source = models.CharField(max_length=40)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("touch")
        verbose_name_plural = _("touches")

    def __str__(self) -> str:
        return f"{self.source} {self.employee_id}"


class OutboxMessage(models.Model):
    """What must be told to somebody, kept in the transaction that made it true. Sent at least once, told once."""

    key = models.CharField(max_length=120, unique=True, help_text=_("Stable: the same fact is never told twice."))
    recipient = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(sent_at__isnull=True), name="outbox_due"),
            models.Index(fields=["recipient", "-id"], name="outbox_inbox"),
        ]

    def __str__(self) -> str:
        return self.key
